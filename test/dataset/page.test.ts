// docs/datasets.md is generated; here it is held equal to its source, and the tables to their promises.

import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { datasetPage } from '../../src/dataset/dataset-page.ts';
import { readTableNames, tableNames, tables } from '../../src/dataset/tables.ts';

test('docs/datasets.md is what tables and formats say', () => {
  expect(readFileSync(new URL('../../docs/datasets.md', import.meta.url), 'utf8')).toBe(datasetPage());
});

describe('the tables', () => {
  it('are all there, once', () => {
    expect(tables.map(({ name }) => name)).toEqual(tableNames);
  });
  it('mean one thing by a name, whatever the table', () => {
    const kinds = new Map<string, string>();
    for (const { columns } of tables) {
      expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
      for (const { name, kind, nullable } of columns) {
        const said = `${kind} ${nullable}`;
        expect(`${name} ${kinds.get(name) ?? said}`).toBe(`${name} ${said}`);
        kinds.set(name, said);
      }
    }
  });
  it('say of every row that it is synthetic, and of which run', () => {
    for (const { columns } of tables)
      expect(columns.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['run', 'mind', 'seed', 'synthetic']),
      );
  });
  it('are named by the list of an option, and a wrong name is told with the right ones', () => {
    expect(readTableNames('items, pairs')).toEqual(['items', 'pairs']);
    expect(() => readTableNames('items,pears')).toThrow(/"pears".*no table/);
  });
});
