// What a catalogue is, as three hashes: its items, its people, their histories. Taken of the data as they are used,
// not of files, so the built-in catalogue and an imported one are named alike. Where an image lies is left out: the
// same catalogue may stand in another folder.

import { createHash } from 'node:crypto';
import { canonicalJson } from '../base/hash.ts';
import type { Catalogue } from './item.ts';

export interface CatalogueDigest {
  readonly items: string;
  readonly people: string;
  readonly interactions: string;
}

/** SHA-256 of each part, lower-case hex. A million interactions take about a second. */
export function catalogueDigest({ items, people, interactions }: Catalogue): CatalogueDigest {
  return {
    items: hashOf(items, ({ image, ...item }) => canonicalJson({ ...item, pictured: image !== undefined })),
    people: hashOf(people, canonicalJson),
    interactions: hashOf(interactions, ({ user, item, time, value }) =>
      JSON.stringify([user, item, time, value]),
    ),
  };
}

function hashOf<Row>(rows: readonly Row[], text: (row: Row) => string): string {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(`${text(row)}\n`);
  return hash.digest('hex');
}
