// Cells as text, and spreadsheet cells that cannot run: a text that a spreadsheet would take for a formula gets a quote
// in front (OWASP, CSV injection), and so does what follows a semicolon or a new line within a text: a spreadsheet of many
// countries parts cells at semicolons, and sees no quoting then. Both ways are written, so that what was escaped can be
// read back. Numbers are numbers; only text is escaped.

import { csvLine } from '../catalogue/import/csv.ts';
import type { Cell } from './tables.ts';

const formula = /^['"]*[=+\-@\t\r\n]/;
/** Within a text an empty line is harmless: the line after it is looked at by itself. */
const formulaWithin = /^['"]*[=+\-@\t]/;

/** Text that no spreadsheet computes. */
export function spreadsheetText(text: string): string {
  return byCell(text, (part, isFormula) => (isFormula ? `'${part}` : part));
}

/** What `spreadsheetText` was given. */
export function plainTextOf(text: string): string {
  return byCell(text, (part, isFormula) => (isFormula && part.startsWith("'") ? part.slice(1) : part));
}

/** Changes each part of a text that may become a cell of its own. */
function byCell(text: string, changed: (part: string, isFormula: boolean) => string): string {
  return text
    .split(/(?<=[;\r\n])/)
    .map((part, place) => changed(part, (place === 0 ? formula : formulaWithin).test(part)))
    .join('');
}

/** Texts between bars; as a JSON list where one of them holds a bar or looks like such a list. */
export function joinedTexts(texts: readonly string[]): string {
  const plain = texts.every((text) => text !== '' && !text.includes('|') && !text.startsWith('['));
  return plain ? texts.join('|') : JSON.stringify(texts);
}

/** The texts that were joined. */
export function partedTexts(text: string): string[] {
  if (text === '') return [];
  return text.startsWith('[') ? (JSON.parse(text) as string[]) : text.split('|');
}

/** A cell of exact text formats: empty for null. */
export function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (cell instanceof Uint8Array) throw new Error('defect: a picture is no text');
  return typeof cell === 'object' ? joinedTexts(cell) : String(cell);
}

/** A row of CSV; with `spreadsheet`, texts are escaped and quoted. An empty text is quoted, null is nothing at all. */
export function csvRow(cells: readonly Cell[], spreadsheet: boolean): string {
  return cells
    .map((cell) => {
      if (cell === null) return '';
      if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
      const text = cellText(cell);
      return spreadsheet ? `"${spreadsheetText(text).replaceAll('"', '""')}"` : csvLine([text]);
    })
    .join(',');
}
