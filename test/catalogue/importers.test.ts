// Every importer on the small world in each of its layouts; the shared contract is test/contracts/importer.ts.

import { describe, expect, it } from 'vitest';
import { importerNamed, importers } from '../../src/catalogue/import/importers.ts';
import { importerContract } from '../contracts/importer.ts';
import { smallSources } from './small-sources.ts';

for (const source of smallSources) importerContract(source);

describe('the table of importers', () => {
  it('holds every kind once, each under contract', () => {
    expect(importers.map((importer) => importer.name)).toEqual([
      'movielens',
      'amazon',
      'recbole',
      'agent4rec',
      's3rec',
      'sequences',
      'table',
    ]);
    expect(new Set(smallSources.map((source) => source.importer.name))).toEqual(
      new Set(importers.map((importer) => importer.name)),
    );
  });
  it('lists the names when one is unknown', () => {
    expect(() => importerNamed('netflix')).toThrow(/no importer "netflix"/);
  });
});
