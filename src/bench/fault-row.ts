// What a case of the contest of faults is given, and what it tells.

import { lookAt, type Found, type Ground, type Told } from './torture-ground.ts';

/** What became of a run under one fault. */
export interface FaultRow {
  readonly fault: string;
  /** What was done, with counts. */
  readonly done: string;
  /** How each command ended, in order: a status, with the reason where there is one. */
  readonly ends: readonly string[];
  readonly found: Found;
  /** Whether the digest is that of an undisturbed run; null where sessions failed, as they may under this fault. */
  readonly isSame: boolean | null;
  /** What does not add up beside the record's own checks. */
  readonly wrong: readonly string[];
}

export interface Field {
  readonly ground: Ground;
  readonly visitors: number;
  readonly seed: number;
  /** The digest of the small scenario when nothing goes wrong. */
  readonly digest: string;
}

/** A fault: tried, or why it could not be. */
export type FaultCase = (field: Field) => Promise<FaultRow | string>;

/** How a command ended. */
export const words = ({ status, reason }: Told): string => (reason === '' ? status : `${status}: ${reason}`);

/** What a case tells, with what the record in that folder says. */
export const rowOf = (
  field: Field,
  path: string,
  row: Pick<FaultRow, 'fault' | 'done' | 'ends'> & { digest?: string; wrong?: readonly string[] },
): FaultRow => {
  const found = lookAt(path);
  const { fault, done, wrong = [], digest = field.digest } = row;
  const ends = row.ends.map((end) => end.replaceAll(`${field.ground.root}/`, ''));
  const isSame = Object.keys(found.failed).length > 0 ? null : found.digest === digest;
  return { fault, done, ends, found, isSame, wrong };
};
