// A catalogue survives its folder: written whole, read back equal, and damage is noticed.

import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/base/error.ts';
import { digest } from '../../src/base/hash.ts';
import { catalogueNames, readCatalogue, readManifest, writeCatalogue } from '../../src/catalogue/folder.ts';
import type { Imported } from '../../src/catalogue/import/importer.ts';
import { itemSchema, type Catalogue, type Item } from '../../src/catalogue/item.ts';
import { byTime } from '../../src/catalogue/order.ts';

let root = '';
const roots: string[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rehearsal-folder-'));
  roots.push(root);
});
afterAll(() => roots.forEach((path) => rmSync(path, { recursive: true, force: true })));

const lamp = itemSchema.parse({ id: 'x', title: 'Lamp' });

function imported(fields: Partial<Catalogue> = {}): Imported {
  const catalogue = {
    name: 'small',
    implicit: false,
    items: [lamp],
    people: [{ id: 'a' }],
    interactions: [{ user: 'a', item: 'x', time: 1.5, value: 4 }],
    ...fields,
  };
  const counts = {
    items: catalogue.items.length,
    people: catalogue.people.length,
    interactions: catalogue.interactions.length,
  };
  return {
    catalogue,
    report: { importer: 'table', source: 'log.csv', files: [], rows: 1, ...counts, dropped: [], changed: [] },
  };
}

describe('a catalogue folder', () => {
  it('gives back what was written, whatever the ids and titles hold', () => {
    const id = fc
      .string({ minLength: 1, maxLength: 12, unit: 'binary' })
      .filter((text) => text.isWellFormed());
    fc.assert(
      fc.property(
        id,
        id,
        id,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (user, item, title, time) => {
          const items: Item[] = [{ ...lamp, id: item, title }];
          const interactions = [{ user, item, time: time + 0, value: 4.5 }].sort(byTime);
          const written = imported({ items, people: [{ id: user }], interactions });
          writeCatalogue(written, root);
          expect(digest(readCatalogue('small', root))).toBe(digest(written.catalogue));
        },
      ),
      { numRuns: 40 },
    );
  });
  it('replaces the earlier one and leaves nothing beside it', () => {
    writeCatalogue(imported(), root);
    writeCatalogue(imported({ items: [{ ...lamp, title: 'Lantern' }] }), root);
    expect(readCatalogue('small', root).items[0]?.title).toBe('Lantern');
    expect(readdirSync(root)).toEqual(['small']);
  });
  it('has the same bytes for the same catalogue', () => {
    const bytes = (): string => readFileSync(join(writeCatalogue(imported(), root), 'manifest.json'), 'utf8');
    expect(bytes()).toBe(bytes());
    expect(readManifest('small', root)).toMatchObject({
      source: { importer: 'table', path: 'log.csv' },
      counts: { items: 1, people: 1, interactions: 1 },
    });
  });
  it('notices a changed or missing file, and says how to mend it', () => {
    const folder = writeCatalogue(imported(), root);
    appendFileSync(join(folder, 'interactions.csv'), 'b,x,1,1\n');
    expect(() => readCatalogue('small', root)).toThrow(/interactions\.csv is not the file/);
    rmSync(join(folder, 'interactions.csv'));
    expect(() => readCatalogue('small', root)).toThrow(/interactions\.csv is missing/);
    writeFileSync(join(folder, 'manifest.json'), '{}');
    expect(() => readCatalogue('small', root)).toThrow(/not a catalogue's manifest/);
  });
  it('of an unknown name lists the known ones', () => {
    writeCatalogue(imported(), root);
    expect(catalogueNames(root)).toEqual(['built-in', 'small']);
    for (const name of ['smal', '../small', '', '.']) {
      expect(() => readCatalogue(name, root)).toThrow(UsageError);
      expect(() => readCatalogue(name, root)).toThrow(/Known: built-in, small/);
    }
  });
  it.each(['built-in', '../up', 'Big Name', '', '.hidden'])('cannot be called %j', (name) => {
    expect(() => writeCatalogue(imported({ name }), root)).toThrow(UsageError);
  });
  it('makes image paths absolute and keeps them inside', () => {
    const folder = writeCatalogue(imported({ items: [{ ...lamp, image: 'pictures/lamp.png' }] }), root);
    expect(readCatalogue('small', root).items[0]?.image).toBe(join(folder, 'pictures/lamp.png'));
    writeCatalogue(imported({ items: [{ ...lamp, image: '../secret.png' }] }), root);
    expect(() => readCatalogue('small', root)).toThrow(/outside the catalogue's folder/);
  });
});
