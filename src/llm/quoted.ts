// Foreign text in a message of ours: escaped, so that it cannot pass for our own words or move the terminal's
// cursor, and short.

/** The text as a JSON string, cut after `most` characters. */
export function quoted(text: string, most = 200): string {
  const short = text.length > most ? `${text.slice(0, most)}…` : text;
  return JSON.stringify(short.toWellFormed()).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
