// A plain table of texts: the form in which a report shows what is no plot.

import { html, type Html } from './html.ts';

/** Rows under a head; every cell is text. */
export function grid(head: readonly string[], rows: readonly (readonly string[])[]): Html {
  return html`<table>
    <tr>
      ${head.map((cell) => html`<th>${cell}</th>`)}
    </tr>
    ${rows.map(
      (cells) =>
        html`<tr>
          ${cells.map((cell) => html`<td>${cell}</td>`)}
        </tr>`,
    )}
  </table>`;
}
