// What every importer must hold to. The suite knows no layout: a source is handed in that writes a small world in its
// layout, with rows that must be kept, rows that must be dropped and as many broken rows as asked for.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { digest } from '../../src/base/hash.ts';
import { RehearsalError } from '../../src/base/error.ts';
import { itemSchema, type Interaction } from '../../src/catalogue/item.ts';
import { reportText, type Importer, type ImportOptions } from '../../src/catalogue/import/importer.ts';
import { byTime } from '../../src/catalogue/order.ts';

export interface SmallWorld {
  readonly items: readonly { id: string; title: string; year: number; genres: readonly string[] }[];
  /** 250 people with items 1 and 2 or 3, at times 0 and 2; person 0 has item 1 twice, person 1 has item 999, which is unknown. */
  readonly rows: readonly Interaction[];
}

export interface SmallSource {
  readonly name: string;
  readonly importer: Importer;
  /** Writes the world and so many broken rows at the end of the file of interactions. */
  write(
    folder: string,
    world: SmallWorld,
    broken: number,
  ): { path: string; options?: Partial<ImportOptions>; interactions: string };
  /** Values are likes: every value becomes 5. */
  readonly implicit: boolean;
  /** Where the layout has no titles: what stands in their place. */
  readonly titles?: readonly string[];
  /** Whether items and interactions are published together, so that an unknown item is a fault of the whole source. */
  readonly isComplete?: boolean;
}

export function smallWorld(): SmallWorld {
  const items = [
    { id: '1', title: 'Toy Story', year: 1995, genres: ['Animation', 'Comedy'] },
    { id: '2', title: 'Heat', year: 1995, genres: ['Action'] },
    { id: '3', title: 'Léon', year: 1994, genres: ['Crime', 'Drama'] },
  ];
  const rows = Array.from({ length: 250 }, (_, person) => [
    { user: String(person), item: '1', time: 0, value: (person % 5) + 1 },
    { user: String(person), item: person % 2 === 0 ? '2' : '3', time: 2, value: 4 },
  ]).flat();
  return {
    items,
    rows: [
      ...rows,
      { user: '0', item: '1', time: 2, value: 5 },
      { user: '1', item: '999', time: 0, value: 3 },
    ].sort(byTime),
  };
}

/** The small world as the source may write it: without the unknown item where that is a fault. */
export function soundWorld({ isComplete = false }: SmallSource): SmallWorld {
  const { items, rows } = smallWorld();
  return { items, rows: isComplete ? rows.filter(({ item }) => item !== '999') : rows };
}

/** Runs the contract on one layout. */
export function importerContract(source: SmallSource): void {
  describe(`${source.importer.name} (${source.name})`, () => {
    const folders: string[] = [];
    const folder = (): string => {
      folders.push(mkdtempSync(join(tmpdir(), 'rehearsal-import-')));
      return folders.at(-1) ?? '';
    };
    afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true, force: true })));
    const sound = soundWorld(source);
    const read = (broken: number, world = sound) => {
      const { path, options, interactions } = source.write(folder(), world, broken);
      return { promise: source.importer.read(path, { name: 'small', ...options }), interactions };
    };

    it('keeps every good row, in the order of time', async () => {
      const { catalogue } = await read(0).promise;
      expect(catalogue.name).toBe('small');
      expect(catalogue.implicit).toBe(source.implicit);
      expect(catalogue.interactions).toHaveLength(500);
      expect(catalogue.people).toHaveLength(250);
      expect([...catalogue.interactions].sort(byTime)).toEqual(catalogue.interactions);
      expect(catalogue.items.map((item) => item.id)).toEqual(['1', '2', '3']);
      expect(catalogue.items.map((item) => item.title)).toEqual(
        source.titles ?? ['Toy Story', 'Heat', 'Léon'],
      );
      for (const item of catalogue.items) expect(itemSchema.parse(item)).toEqual(item);
      const pairs = new Set(catalogue.interactions.map(({ user, item }) => `${user} ${item}`));
      expect(pairs.size).toBe(500);
      expect(catalogue.interactions.find(({ user, item }) => user === '2' && item === '1')?.value).toBe(
        source.implicit ? 5 : 3,
      );
    });

    it('keeps the last of two ratings of one person and counts the other', async () => {
      const { catalogue, report } = await read(0).promise;
      const kept = catalogue.interactions.filter(({ user, item }) => user === '0' && item === '1');
      expect(kept).toHaveLength(1);
      expect(kept[0]?.value).toBe(5);
      const first = catalogue.interactions.find(({ user, item }) => user === '3' && item === '1');
      expect(kept[0]?.time).toBeGreaterThan(first?.time ?? Number.NaN);
      expect(report.dropped.find(({ reason }) => reason.includes('the last kept'))?.count).toBe(1);
    });

    it('drops and counts interactions on unknown items, or refuses a source that is published with its items', async () => {
      const reading = read(0, smallWorld()).promise;
      if (source.isComplete === true) return await expect(reading).rejects.toThrow(/lacks those of 1 steps/);
      const { report } = await reading;
      const row = report.dropped.find(({ reason }) => reason === 'item not in the item file');
      expect(row?.count).toBe(1);
      expect(row?.examples[0]).toMatch(/:\d+$/);
    });

    it('reports the counts of the catalogue, and the text says them', async () => {
      const { catalogue, report } = await read(0).promise;
      expect([report.items, report.people, report.interactions]).toEqual([
        3,
        250,
        catalogue.interactions.length,
      ]);
      expect(report.rows).toBe(report.files.reduce((sum, file) => sum + file.rows, 0));
      const text = reportText(report);
      expect(text).toContain('kept 3 items, 250 people, 500 interactions');
      for (const { reason } of [...report.dropped, ...report.changed]) expect(text).toContain(reason);
    });

    it('reads the same bytes into the same catalogue', async () => {
      const written = source.write(folder(), sound, 0);
      const options = { name: 'small', ...written.options };
      const [first, second] = [
        await source.importer.read(written.path, options),
        await source.importer.read(written.path, options),
      ];
      expect(digest(first)).toBe(digest(second));
    });

    it('lists malformed rows by line below 1 % of the file', async () => {
      const { promise, interactions } = read(1);
      const malformed = (await promise).report.dropped.find(({ reason }) => reason === 'malformed');
      expect(malformed?.count).toBe(1);
      expect(malformed?.examples[0]).toMatch(new RegExp(`^${interactions.replaceAll('.', '\\.')}:\\d+$`));
    });

    it('fails at 1 % and more, naming the first lines and what was expected', async () => {
      const { promise, interactions } = read(12);
      const error = await promise.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(RehearsalError);
      expect(String(error)).toContain(`12 of `);
      expect(String(error)).toContain(`${interactions}:`);
      expect(String(error)).toMatch(/Expected .+/);
    });

    it('names what is wrong with a missing path, an empty file and a foreign folder', async () => {
      const { path, options, interactions } = source.write(folder(), sound, 0);
      const all = { name: 'small', ...options };
      await expect(source.importer.read(join(folder(), 'nowhere'), all)).rejects.toThrow(
        /no file or folder at/,
      );
      writeFileSync(path.endsWith(interactions) ? path : join(path, interactions), '');
      await expect(source.importer.read(path, all)).rejects.toThrow(RehearsalError);
      const foreign = folder();
      writeFileSync(join(foreign, 'holiday.txt'), 'sun\n');
      writeFileSync(join(foreign, 'letter.md'), 'dear\n');
      await expect(source.importer.read(foreign, all)).rejects.toThrow(/expected/);
    });
  });
}
