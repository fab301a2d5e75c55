// Ways to write an order so that a filter of words does not see it and a reader still might. Pure, and reversible by
// whoever knows the trick; none of them is a secret.

/** Base64 of the text's UTF-8 bytes. */
export function inBase64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

const cyrillic: Readonly<Record<string, string>> = {
  a: 'а',
  e: 'е',
  o: 'о',
  p: 'р',
  c: 'с',
  y: 'у',
  x: 'х',
  i: 'і',
};

/** Latin letters as the Cyrillic ones that look the same. */
export function withHomoglyphs(text: string): string {
  return [...text].map((letter) => cyrillic[letter] ?? letter).join('');
}

/** Latin letters of the full width that East Asian type uses. */
export function inFullWidth(text: string): string {
  return text.replace(/[!-~]/g, (letter) => String.fromCodePoint(letter.codePointAt(0)! + 0xfee0));
}

/** A zero-width space after every letter. */
export function withZeroWidth(text: string): string {
  return [...text].join('\u200b');
}

/** The text in the invisible tag characters of Unicode: nothing is seen of it. */
export function inTags(text: string): string {
  return text.replace(/[ -~]/g, (letter) => String.fromCodePoint(0xe0000 + letter.codePointAt(0)!));
}

/** Letters apart. */
export function spacedOut(text: string): string {
  return text.replace(/(?<=\p{L})(?=\p{L})/gu, ' ');
}

/** Digits in place of letters, as once on bulletin boards. */
export function inDigits(text: string): string {
  return text.replace(/[aeo]/g, (letter) => ({ a: '4', e: '3', o: '0' })[letter]!);
}

/** Last letter first. */
export function backwards(text: string): string {
  return [...text].reverse().join('');
}
