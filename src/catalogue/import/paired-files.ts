// Two files that belong together, as publications of sequences give them: who met what, and what is known of the items.

import { basename } from 'node:path';
import { RehearsalError } from '../../base/error.ts';
import { findFile, openWithCompanions, type SourceFile } from './source.ts';

/** What follows a data set's name in the names of its two files. */
export interface Layout {
  readonly sequences: string;
  readonly items: string;
}

export interface FilePair {
  readonly sequences: SourceFile;
  readonly items: SourceFile;
}

/**
 * The pair that one of its two files names, or the only one in a folder or archive. Throws a RehearsalError where
 * there is none or more than one, with those found and the companions that are missing.
 */
export function pairAt(path: string, layouts: readonly Layout[]): FilePair {
  const files = openWithCompanions(path);
  const lone: string[] = [];
  const pairs = files.flatMap((sequences): FilePair[] => {
    const layout = layouts.find((one) => sequences.name.endsWith(one.sequences));
    if (layout === undefined) return [];
    const companion = sequences.name.slice(0, -layout.sequences.length) + layout.items;
    const items = findFile(files, companion);
    if (items !== undefined) return [{ sequences, items }];
    lone.push(`${sequences.label} without ${companion}`);
    return [];
  });
  const named = files.find(({ label }) => label === basename(path));
  const fitting =
    named === undefined ? pairs : pairs.filter((pair) => pair.sequences === named || pair.items === named);
  const [pair] = fitting;
  if (pair !== undefined && fitting.length === 1) return pair;
  const expected = layouts
    .map(({ sequences, items }) => `NAME${sequences} beside NAME${items}`)
    .join(', or ');
  const found = [...pairs.map(({ sequences }) => sequences.label), ...lone].join(', ') || 'none';
  throw new RehearsalError(`${path} is not one set of sequences: expected ${expected}; found ${found}.`, {
    hint: 'Give the path of the sequences of one set, gzipped or not, with its other file beside it.',
  });
}
