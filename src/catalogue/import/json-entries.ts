// A JSON file that is one object, id → value: its entries as rows. What a value must be is the importer's business.

import { isUtf8 } from 'node:buffer';
import { RehearsalError } from '../../base/error.ts';
import type { SourceFile } from './source.ts';

export interface JsonEntry {
  /** The place of the entry in the object, from 1: JSON has no lines that mean anything. */
  readonly line: number;
  readonly id: string;
  readonly value: unknown;
}

/** The entries in their order. `expected` says what the object is, as in 'id → {title}'. Throws where it is none. */
export function jsonEntries(file: SourceFile, expected: string): JsonEntry[] {
  const hint = `Expected one object, ${expected}.`;
  const bytes = file.bytes();
  if (!isUtf8(bytes)) throw new RehearsalError(`${file.label} is not UTF-8, as JSON must be.`, { hint });
  let parsed: unknown;
  try {
    parsed = JSON.parse(
      Buffer.from(bytes)
        .toString('utf8')
        .replace(/^\ufeff/, ''),
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new RehearsalError(`${file.label} is not JSON: ${reason}.`, { hint, cause });
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new RehearsalError(`${file.label} is not an object of items.`, { hint });
  return Object.entries(parsed).map(([id, value]: [string, unknown], index) => ({
    line: index + 1,
    id,
    value,
  }));
}
