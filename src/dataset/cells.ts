// Cells as text, and spreadsheet cells that cannot run: a text that a spreadsheet would take for a formula gets a quote
// in front (OWASP, CSV injection). Both ways are written, so that what was escaped can be read back. Numbers are
// numbers and never escaped; only text is.

import { csvLine } from '../catalogue/import/csv.ts';
import type { Cell } from './tables.ts';

const formula = /^'*[=+\-@\t\r\n]/;

/** Text that no spreadsheet computes. */
export function spreadsheetText(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** What `spreadsheetText` was given. */
export function plainTextOf(text: string): string {
  return text.startsWith("'") && formula.test(text) ? text.slice(1) : text;
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

/** A row of CSV; with `spreadsheet`, texts are escaped. An empty text is quoted, null is nothing at all. */
export function csvRow(cells: readonly Cell[], spreadsheet: boolean): string {
  return cells
    .map((cell) => {
      if (cell === null) return '';
      if (typeof cell === 'number' || typeof cell === 'boolean') return String(cell);
      return csvLine([spreadsheet ? spreadsheetText(cellText(cell)) : cellText(cell)]);
    })
    .join(',');
}
