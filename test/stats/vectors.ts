// Reads reference numbers that nobody here wrote (mpmath, R and the test suites of other platforms) in place: from
// ../shared/vectors/stats, or from the folder that the variable VECTORS names.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const vectorFolder =
  process.env['VECTORS'] ?? fileURLToPath(new URL('../../../shared/vectors/stats/', import.meta.url));

/** Whether the reference numbers are there. */
export const haveVectors = existsSync(vectorFolder);

/** What a skipped suite adds to its title. */
export const whySkipped = haveVectors ? '' : ` (skipped: ${vectorFolder} is absent)`;

export interface VectorCase {
  readonly id: string;
  readonly method: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
  /** Absolute, or "relative 0.005". */
  readonly tolerance: number | string;
}

/** A point of a distribution: q the quantile at p, cdf and sf at x. */
export interface VectorPoint {
  readonly d: string;
  readonly fn: string;
  readonly args: readonly number[];
  readonly p?: number;
  readonly x?: number;
  readonly v: number;
}

/** Every case of every file of the folder. */
export function everyCase(): { cases: VectorCase[]; points: VectorPoint[] } {
  const files = readdirSync(vectorFolder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(vectorFolder, name), 'utf8')) as { cases?: unknown[] });
  const all = files.flatMap(({ cases }) => cases ?? []) as (VectorCase | VectorPoint)[];
  return {
    cases: all.filter((each): each is VectorCase => 'method' in each),
    points: all.filter((each): each is VectorPoint => 'fn' in each),
  };
}
