// The lines of a text file as they were written. UTF-8; a line that is not UTF-8 is Latin-1 and says so, and the
// other lines stay what they are. No fields, no types: csv.ts cuts lines into those.

import { isUtf8 } from 'node:buffer';
import { RehearsalError } from '../../base/error.ts';

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** '' for a last line without an end: whole, or cut. */
  readonly ending: '\n' | '\r\n' | '';
  /** Not UTF-8, and read as Latin-1. */
  readonly latin1: boolean;
}

/** Text is decoded in pieces of about so many bytes; no line may be longer. */
const pieceSize = 1 << 24;

/**
 * Lines of bytes. A UTF-8 byte order mark is skipped. `label` names the file in errors: a RehearsalError where the
 * bytes begin as UTF-16 or UTF-32 do, or where a line is longer than 16 MB, which no data set has.
 */
export function* linesOf(content: Uint8Array, label = 'The text'): Iterable<Line> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  requireBytes(bytes, label);
  let number = 0;
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (start < bytes.length) {
    const end = pieceEnd(bytes, start, label, number + 1);
    const isWhole = isUtf8(bytes.subarray(start, end));
    for (const line of isWhole ? decoded(bytes, start, end) : mixed(bytes, start, end)) {
      number++;
      yield { number, ...line };
    }
    start = end;
  }
}

type Text = Omit<Line, 'number'>;

/** Lines of a piece that is UTF-8 throughout: decoded at once. */
function* decoded(bytes: Buffer, start: number, end: number): Iterable<Text> {
  const text = bytes.toString('utf8', start, end);
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from);
    const to = newline < 0 ? text.length : newline;
    yield { ...ended(text.slice(from, to), newline >= 0), latin1: false };
    from = to + 1;
  }
}

/** Lines of a piece that is not: each is decoded for itself. */
function* mixed(bytes: Buffer, start: number, end: number): Iterable<Text> {
  for (let from = start; from < end;) {
    const newline = bytes.indexOf(10, from);
    const to = newline < 0 || newline >= end ? end : newline;
    const latin1 = !isUtf8(bytes.subarray(from, to));
    yield { ...ended(bytes.toString(latin1 ? 'latin1' : 'utf8', from, to), to < end), latin1 };
    from = to + 1;
  }
}

function ended(text: string, hasNewline: boolean): Pick<Line, 'text' | 'ending'> {
  if (!hasNewline) return { text, ending: '' };
  return text.endsWith('\r') ? { text: text.slice(0, -1), ending: '\r\n' } : { text, ending: '\n' };
}

/** Behind the last line that ends within a piece. */
function pieceEnd(bytes: Buffer, start: number, label: string, line: number): number {
  if (bytes.length - start <= pieceSize) return bytes.length;
  const cut = bytes.lastIndexOf(10, start + pieceSize);
  if (cut >= start) return cut + 1;
  throw new RehearsalError(`${label}: line ${line} is longer than ${pieceSize} bytes.`, {
    hint: 'Is it a text file with one row a line?',
  });
}

function requireBytes(bytes: Buffer, label: string): void {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (!isUtf16) return;
  throw new RehearsalError(`${label} begins with the mark of UTF-16; expected UTF-8 (or Latin-1).`, {
    hint: 'Save it as UTF-8, for example: iconv -f UTF-16 -t UTF-8',
  });
}
