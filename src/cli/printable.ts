// Text for a terminal in which nothing can act: data, file names and answers of servers may hold sequences that move
// the cursor, rename the window or turn the reading direction. They are shown as \uXXXX, which JSON reads as the same.

/** Controls (C0 but tab and line end, DEL, C1), line and paragraph separators, and marks that change the direction of text. */
const acting = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The text with everything that acts written out. Line ends and tabs stay. */
export function printable(text: string): string {
  return text.replace(acting, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The text on one line, for a row of a list: line ends and tabs, which `printable` leaves, are spaces. */
export function oneLine(text: string): string {
  return text.replace(/[\n\t]+/g, ' ');
}
