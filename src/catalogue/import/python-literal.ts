// Python literals as some published data sets write them into cells and lines: lists, dicts, strings,
// numbers, True, False, None. A reader, not an evaluator: anything else is a problem, never run.

/** The value of a literal, dicts as plain objects; `undefined` when the text is not one. */
export function readPythonLiteral(text: string): unknown {
  const cursor = { text, at: 0, depth: 0 };
  const value = readValue(cursor);
  skipSpace(cursor);
  return cursor.at === text.length ? value : undefined;
}

interface Cursor {
  readonly text: string;
  at: number;
  /** Lists and dicts around the cursor. */
  depth: number;
}

/** Deeper nesting is no data. */
const deepest = 100;

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};
const words: Readonly<Record<string, unknown>> = { True: true, False: false, None: null, nan: null };

function readValue(cursor: Cursor): unknown {
  skipSpace(cursor);
  const first = cursor.text[cursor.at];
  if (first === "'" || first === '"') return readString(cursor, first);
  if (first === '[' || first === '(' || first === '{') {
    if (cursor.depth >= deepest) return undefined;
    cursor.depth++;
    const value = first === '{' ? readDict(cursor) : readSequence(cursor, first === '[' ? ']' : ')');
    cursor.depth--;
    return value;
  }
  const token = /^[-+\w.]+/.exec(cursor.text.slice(cursor.at, cursor.at + 64))?.[0];
  if (token === undefined) return undefined;
  cursor.at += token.length;
  if (Object.hasOwn(words, token)) return words[token];
  const number = Number(token);
  return Number.isFinite(number) ? number : undefined;
}

function readSequence(cursor: Cursor, close: ']' | ')'): unknown[] | undefined {
  const values: unknown[] = [];
  cursor.at++;
  for (;;) {
    if (takes(cursor, close)) return values;
    const value = readValue(cursor);
    if (value === undefined) return undefined;
    values.push(value);
    if (!takes(cursor, ',') && !stands(cursor, close)) return undefined;
  }
}

function readDict(cursor: Cursor): Record<string, unknown> | undefined {
  const entries: [string, unknown][] = [];
  cursor.at++;
  for (;;) {
    if (takes(cursor, '}')) return Object.fromEntries(entries);
    const key = readValue(cursor);
    if ((typeof key !== 'string' && typeof key !== 'number') || !takes(cursor, ':')) return undefined;
    const value = readValue(cursor);
    if (value === undefined) return undefined;
    entries.push([String(key), value]);
    if (!takes(cursor, ',') && !stands(cursor, '}')) return undefined;
  }
}

function readString(cursor: Cursor, quote: string): string | undefined {
  const parts: string[] = [];
  let from = ++cursor.at;
  for (; cursor.at < cursor.text.length; cursor.at++) {
    const letter = cursor.text[cursor.at];
    if (letter === quote) {
      parts.push(cursor.text.slice(from, cursor.at++));
      return parts.join('');
    }
    if (letter !== '\\') continue;
    parts.push(cursor.text.slice(from, cursor.at), readEscape(cursor));
    from = cursor.at + 1;
  }
  return undefined;
}

/** Leaves the cursor on the last character of the escape. An unknown escape stands for itself, as in Python. */
function readEscape(cursor: Cursor): string {
  const code = cursor.text[++cursor.at] ?? '';
  const digits = { x: 2, u: 4, U: 8 }[code];
  if (digits !== undefined) {
    const hexadecimal = cursor.text.slice(cursor.at + 1, cursor.at + 1 + digits);
    const point = Number.parseInt(hexadecimal, 16);
    if (/^[0-9a-f]+$/i.test(hexadecimal) && hexadecimal.length === digits && point <= 0x10ffff) {
      cursor.at += digits;
      return String.fromCodePoint(point);
    }
  }
  return escapes[code] ?? `\\${code}`;
}

function skipSpace(cursor: Cursor): void {
  while (/\s/.test(cursor.text[cursor.at] ?? '')) cursor.at++;
}

function stands(cursor: Cursor, letter: string): boolean {
  skipSpace(cursor);
  return cursor.text[cursor.at] === letter;
}

function takes(cursor: Cursor, letter: string): boolean {
  const found = stands(cursor, letter);
  if (found) cursor.at++;
  return found;
}
