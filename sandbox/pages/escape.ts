// HTML as a tagged template that escapes everything put into it; only what the tag itself made goes in as it
// is. There is no way to mark a string as safe.

/** A piece of markup; only `html` can make one. */
class Markup {
  readonly #text: string;

  constructor(strings: readonly string[], values: readonly Fragment[]) {
    let text = '';
    for (const [index, own] of strings.entries()) text += own + render(values[index]);
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type { Markup };
export type Fragment = string | number | Markup | readonly Markup[] | null | undefined;

/** `html\`<b>${title}</b>\``: values are escaped, markup and lists of markup are put in, null is nothing. */
export function html(strings: TemplateStringsArray, ...values: readonly Fragment[]): Markup {
  return new Markup(strings, values);
}

/** Text made safe for element content and quoted attributes. Control characters become U+FFFD. */
export function escape(text: string): string {
  // One pass: a cover in a page is a hundred thousand characters.
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f&<>"'`]/g, (character) =>
    character > '\u001f' && character !== '\u007f' ? `&#${character.charCodeAt(0)};` : '\uFFFD',
  );
}

function render(value: Fragment): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Markup) return value.toString();
  if (typeof value === 'object') return value.map(String).join('');
  return escape(String(value));
}
