// A catalogue that cannot be written leaves the former one where it was. The file system is made to fail by name.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { RehearsalError } from '../../src/base/error.ts';
import { readCatalogue, writeCatalogue } from '../../src/catalogue/folder.ts';
import type { Imported } from '../../src/catalogue/import/importer.ts';
import { itemSchema } from '../../src/catalogue/item.ts';

const failing = vi.hoisted(() => ({ rename: (_from: string, _to: string): boolean => false }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>();
  const renameSync: typeof real.renameSync = (from, to) => {
    if (failing.rename(String(from), String(to)))
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    real.renameSync(from, to);
  };
  return { ...real, renameSync };
});

const root = mkdtempSync(join(tmpdir(), 'rehearsal-failure-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
afterEach(() => {
  failing.rename = () => false;
});
const titled = (title: string): Imported => {
  const catalogue = {
    name: 'small',
    implicit: false,
    items: [itemSchema.parse({ id: 'x', title })],
    people: [{ id: 'a' }],
    interactions: [{ user: 'a', item: 'x', time: 1, value: 4 }],
  };
  const counts = { items: 1, people: 1, interactions: 1 };
  const report = {
    importer: 'table',
    source: 'log.csv',
    files: [],
    rows: 1,
    ...counts,
    dropped: [],
    changed: [],
  };
  return { catalogue, report };
};

it('the former catalogue stands where it stood when the new one cannot take its place', () => {
  writeCatalogue(titled('Lamp'), root);
  failing.rename = (from) => from.endsWith('new');
  expect(() => writeCatalogue(titled('Lantern'), root)).toThrow(RehearsalError);
  expect(readCatalogue('small', root).items[0]?.title).toBe('Lamp');
  expect(readdirSync(root)).toEqual(['small']);
});

it('the former catalogue is kept, and its place told, where it cannot even be put back', () => {
  failing.rename = (_from, to) => to.endsWith('small');
  let message = '';
  try {
    writeCatalogue(titled('Lantern'), root);
  } catch (error) {
    message = String(error);
  }
  failing.rename = () => false;
  const place = /is now in (.+)\.$/.exec(message)?.[1];
  expect(readdirSync(place ?? '')).toContain('items.jsonl');
});
