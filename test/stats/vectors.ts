// Reads reference numbers that nobody here wrote (mpmath, R and the test suites of other platforms) in place.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../shared/vectors/stats/', import.meta.url));

/** Whether the reference numbers are there. */
export const haveVectors = existsSync(folder);

/** What a skipped suite adds to its title. */
export const whySkipped = haveVectors ? '' : ' (skipped: ../shared/vectors/stats is absent)';

export interface VectorCase {
  readonly id: string;
  readonly input: Record<string, unknown>;
  readonly expected: Record<string, unknown>;
  readonly tolerance: number;
}

/** A file of reference numbers as parsed JSON. */
export function vectors<T = { cases: VectorCase[] }>(file: string): T {
  return JSON.parse(readFileSync(folder + file, 'utf8')) as T;
}

/** One case of a file. Throws if it is not there. */
export function vectorCase<Input, Expected>(
  file: string,
  id: string,
): { input: Input; expected: Expected; tolerance: number } {
  const found = vectors(file).cases.find((each) => each.id === id);
  if (found === undefined) throw new Error(`${file} has no case ${id}`);
  return found as { input: Input; expected: Expected; tolerance: number };
}
