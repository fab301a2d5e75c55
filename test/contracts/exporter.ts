// What every exporter must hold to. The suite knows no format: each comes with a reader that is not ours where npm has
// one, which gives back rows, and with the rows of the data set that should come back.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportRun, type ExportOptions } from '../../src/dataset/export.ts';
import { chosenTables, type Exporter } from '../../src/dataset/exporter.ts';
import { selectDataset, standardSince, type Dataset } from '../../src/dataset/select.ts';
import type { Row, SplitKind, TableName } from '../../src/dataset/tables.ts';
import { openDatabase } from '../../src/store/database.ts';
import { madeUpRun, type MadeUpRun } from '../dataset/run.ts';

export interface ReadFormat {
  readonly exporter: Exporter;
  readonly allTables?: readonly TableName[];
  /** Rows of a folder as somebody else reads them, by any name; every row with its origin. */
  read(folder: string): Promise<Readonly<Record<string, readonly Row[]>>>;
  /** What should be read, by the same names. */
  expected(dataset: Dataset): Readonly<Record<string, readonly Row[]>>;
}

export const exportName = 'small';

/** Runs the contract on one format. */
export function exporterContract(format: ReadFormat): void {
  const { exporter } = format;
  describe(`exporter ${exporter.name}`, () => {
    let run: MadeUpRun;
    const options = (split: SplitKind = 'none'): ExportOptions => ({
      tables: chosenTables(exporter, split === 'none' ? (format.allTables ?? null) : null, split).tables,
      split,
      seed: 3,
      arms: null,
      since: standardSince,
      name: exportName,
      force: false,
      licence: 'CC0-1.0',
      catalogues: join(run.folder, 'no-catalogues'),
      began: () => undefined,
      progress: () => undefined,
    });
    const write = async (name: string, split: SplitKind = 'none', changes: Partial<ExportOptions> = {}) => {
      const out = join(run.folder, name);
      return { out, card: await exportRun(run.folder, exporter, out, { ...options(split), ...changes }) };
    };
    beforeAll(() => {
      run = madeUpRun();
    });
    afterAll(() => run.remove());

    it('comes back row by row from a reader of others', async () => {
      const { out } = await write('back');
      const database = openDatabase(join(run.folder, 'events.sqlite'), { readonly: true });
      const expected = format.expected(selectDataset(database, run.folder, options()));
      database.close();
      const read = await format.read(out);
      expect(Object.keys(read).sort()).toEqual(Object.keys(expected).sort());
      for (const [name, rows] of Object.entries(expected)) {
        expect(rows.length).toBeGreaterThan(0);
        expect(read[name], name).toEqual(rows);
      }
    });

    it('says of every row where it comes from and that it is synthetic, and holds no failed session', async () => {
      const { out } = await write('origin');
      for (const rows of Object.values(await format.read(out))) {
        for (const row of rows) {
          expect(row['synthetic']).toBe(true);
          expect(row['run']).toBe('made-up');
          expect(row['session']).not.toBe('f-6@other#2');
        }
      }
    });

    it('has a card that its JSON Schema accepts, and that lists what stands beside it', async () => {
      const { out, card } = await write('card');
      const parse = (name: string): unknown => JSON.parse(readFileSync(join(out, name), 'utf8'));
      const schema = parse('card.schema.json') as object;
      const validate = new Ajv2020({ strict: false }).compile(schema);
      validate(parse('card.json'));
      expect(validate.errors).toBeNull();
      expect(parse('card.json')).toEqual(card);
      expect(validate({ ...card, synthetic: false })).toBe(false);
      expect(validate({ ...card, fidelity: undefined })).toBe(false);
      const beside = tree(out).filter((path) => !/^(card|card\.schema)\.json$|^README\.md$/.test(path));
      expect(card.files.map((file) => file.path).sort()).toEqual(beside);
      for (const { path, bytes, sha256 } of card.files) {
        expect(bytes).toBe(statSync(join(out, path)).size);
        expect(sha256).toBe(hashOf(join(out, path)));
      }
      expect(card.mind).toMatchObject({ model: 'eyes-1', prompts: { act: 'ab'.repeat(32) } });
      expect(card.run.sessions).toEqual({ complete: 23, truncated: 0, failed: 1, cut: 0 });
      expect(card.checks).toEqual([{ name: 'srm', status: 'ok', detail: 'as | planned' }]);
      const page = readFileSync(join(out, 'README.md'), 'utf8');
      expect(page).toMatch(/^---\npretty_name: "small"\nlicense: cc0-1\.0\n/);
      expect(page).toContain('**Synthetic.**');
      expect(page).not.toContain('[it](');
    });

    it('writes the same bytes again', async () => {
      const [a, b] = [await write('first'), await write('second')];
      expect(tree(b.out)).toEqual(tree(a.out));
      for (const path of tree(a.out)) expect(hashOf(join(b.out, path)), path).toBe(hashOf(join(a.out, path)));
    });

    it.each(exporter.splits.filter((split) => split !== 'none'))(
      'split by %s, loses no row and doubles none',
      async (split) => {
        const { tables } = options(split);
        const whole = await write(`whole-${split}`, 'none', { tables });
        const parted = await write(`split-${split}`, split);
        const rows = (files: readonly { path: string; rows: number }[]): number =>
          files.filter(({ path }) => isRows(path)).reduce((sum, file) => sum + file.rows, 0);
        expect(rows(parted.card.files)).toBe(rows(whole.card.files));
        expect(parted.card.selection.split.kind).toBe(split);
        expect(parted.card.files.length).toBeGreaterThan(whole.card.files.length);
      },
    );

    it('leaves a taken folder alone, and replaces a former export only where told to', async () => {
      const { out } = await write('taken');
      await expect(write('taken')).rejects.toThrow(/holds a former export/);
      await write('taken', 'none', { force: true });
      const foreign = join(run.folder, 'pictures');
      await write('pictures');
      writeFileSync(join(foreign, 'holiday.txt'), 'sun');
      await expect(write('pictures', 'none', { force: true })).rejects.toThrow(
        /a file beside it: holiday.txt/,
      );
      writeFileSync(join(foreign, 'card.json'), '{}');
      await expect(write('pictures', 'none', { force: true })).rejects.toThrow(/holds no export/);
      rmSync(join(foreign, 'card.json'));
      await expect(write('pictures', 'none', { force: true })).rejects.toThrow(/holds no export/);
      expect(readFileSync(join(foreign, 'holiday.txt'), 'utf8')).toBe('sun');
      expect(existsSync(join(out, 'card.json'))).toBe(true);
      expect(readdirSync(run.folder).filter((name) => name.startsWith('.'))).toEqual([]);
    });
  });
}

/** Files that have a row for each row of a table; the others describe users and items. */
function isRows(path: string): boolean {
  return !/\.(item|user|yaml)$|(items|users|attributes)\.tsv$|\.json$|^s3rec/.test(path);
}

function tree(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
