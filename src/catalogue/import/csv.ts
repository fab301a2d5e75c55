// Comma- and tab-separated text with quotes (RFC 4180): fields may hold separators, doubled quotes and
// line breaks. A quote inside an unquoted field is an ordinary character. No types, no header magic.

import type { Line } from './lines.ts';

/** What the bytes of a row were like, where that must be told. */
export interface RowBytes {
  /** Some of it was not UTF-8 and was read as Latin-1. */
  readonly latin1?: boolean;
  /** The file ends in it without a line end: it may be cut. */
  readonly unended?: boolean;
}

export interface CsvRow extends RowBytes {
  /** The line the row starts on, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
  /** Set when the row cannot be read; `fields` is then empty. */
  readonly problem?: string;
}

/** A field may run over so many lines; beyond, its opening quote is taken for a mistake of that one line. */
const longestField = 500;

/** Rows of the lines; empty lines are skipped. A row with an unclosed or stray quote comes with its problem. */
export function* csvRows(source: Iterable<Line>, separator = ','): Iterable<CsvRow> {
  const reader = source[Symbol.iterator]();
  const waiting: Line[] = [];
  const peek = (index: number): Line | undefined => {
    while (waiting.length <= index) {
      const next = reader.next();
      if (next.done === true) return undefined;
      waiting.push(next.value);
    }
    return waiting[index];
  };

  for (let first = peek(0); first !== undefined; first = peek(0)) {
    if (first.text === '') {
      waiting.shift();
      continue;
    }
    let parsed = parseFields(first.text, separator);
    let text = first.text;
    let used = 1;
    while (parsed === 'unclosed quote' && used < longestField) {
      const next = peek(used);
      if (next === undefined) break;
      text += (waiting[used - 1]?.ending ?? '\n') + next.text;
      used++;
      if (next.text.includes('"')) parsed = parseFields(text, separator);
    }
    if (typeof parsed === 'string') {
      waiting.shift();
      yield { line: first.number, fields: [], problem: parsed, ...bytesOf([first]) };
    } else {
      yield { line: first.number, fields: parsed, ...bytesOf(waiting.splice(0, used)) };
    }
  }
}

/** What is to be told of the bytes of these lines. */
export function bytesOf(lines: readonly Line[]): RowBytes {
  return { latin1: lines.some((line) => line.latin1), unended: lines.at(-1)?.ending === '' };
}

/** One row as text without its line end; fields are quoted where they need it. */
export function csvLine(fields: readonly string[], separator = ','): string {
  return fields
    .map((field) =>
      /["\r\n]|^$/.test(field) || field.includes(separator) ? `"${field.replaceAll('"', '""')}"` : field,
    )
    .join(separator);
}

function parseFields(
  text: string,
  separator: string,
): string[] | 'unclosed quote' | 'text after a closing quote' {
  if (!text.includes('"')) return text.split(separator);
  const fields: string[] = [];
  for (let at = 0; ;) {
    if (text[at] !== '"') {
      const end = text.indexOf(separator, at);
      fields.push(text.slice(at, end < 0 ? undefined : end));
      if (end < 0) return fields;
      at = end + 1;
      continue;
    }
    let field = '';
    for (at++; ;) {
      const quote = text.indexOf('"', at);
      if (quote < 0) return 'unclosed quote';
      field += text.slice(at, quote);
      at = quote + 1;
      if (text[at] !== '"') break;
      field += '"';
      at++;
    }
    fields.push(field);
    if (at >= text.length) return fields;
    if (text[at] !== separator) return 'text after a closing quote';
    at++;
  }
}

/** Rows of text that knows no quotes ('::', '|', tab); empty lines are skipped. */
export function* plainRows(source: Iterable<Line>, separator: string): Iterable<CsvRow> {
  for (const line of source) {
    if (line.text === '') continue;
    const { number, text, latin1, ending } = line;
    yield { line: number, fields: text.split(separator), latin1, unended: ending === '' };
  }
}

/** Rows by the names of the first one. A row of another length comes with its problem. */
export function* namedRows(rows: Iterable<CsvRow>): Iterable<NamedRow> {
  let header: readonly string[] | undefined;
  for (const { line, fields, problem, latin1, unended } of rows) {
    if (header === undefined) {
      header = fields.map((field) => field.trim());
      continue;
    }
    const names = header;
    const wrong =
      problem ??
      (fields.length === names.length
        ? undefined
        : `${fields.length} fields where the header has ${names.length}`);
    yield { line, problem: wrong, cell: (name) => fields[names.indexOf(name)], names, latin1, unended };
  }
}

export interface NamedRow extends RowBytes {
  readonly line: number;
  readonly problem?: string;
  readonly names: readonly string[];
  /** The text under that name, undefined where the header has no such name. */
  cell(name: string): string | undefined;
}
