// HTML that cannot be forgotten to be escaped: in html`…` every value is text unless it is Html already.
// Works for SVG as well. No components, no state.

export interface Html {
  readonly html: string;
}

type Value = Html | string | number | null | undefined | readonly Value[];

/** A piece of HTML; lists are joined, null and undefined are nothing, text and numbers are escaped. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  let text = strings[0] ?? '';
  values.forEach((value, place) => {
    text += render(value) + (strings[place + 1] ?? '');
  });
  return { html: text };
}

/** Text that is trusted to be HTML or CSS: only for what this program itself wrote. */
export function trusted(text: string): Html {
  return { html: text };
}

/** Text made safe for element content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function render(value: Value): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  if ('html' in value) return value.html;
  return value.map(render).join('');
}
