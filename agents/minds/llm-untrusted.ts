// Text of the site on its way to a model. It is data: one line for each mark so that a title cannot forge a line,
// without characters that nobody sees, cut to a length, and between delimiters that nobody can guess.

import { sha256 } from '../../src/base/hash.ts';
import type { StreamPart } from '../../src/base/random.ts';

/** One visible line of at most `most` characters: no line ends, no control or invisible characters. */
export function plainLine(text: string, most: number): string {
  const line = text
    .replace(/[\p{Cf}\p{Co}\p{Cn}]/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`;
}

/** The text between delimiters with a number that follows from the stream's name, which the site cannot know. */
export function fenced(what: string, text: string, key: readonly StreamPart[]): string {
  const number = sha256(['delimiter', ...key].join('\u0000')).slice(0, 16);
  return `<<${what} ${number}>>\n${text}\n<<end of ${what} ${number}>>`;
}
