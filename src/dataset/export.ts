// An export as a whole: select, write, describe. The folder appears complete or not at all; an older export is replaced
// only where that was asked for, and anything else never.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { UsageError } from '../base/error.ts';
import { requireMakeable } from '../base/make-folder.ts';
import { newFolder, unwritten } from '../base/new-folder.ts';
import { builtInName } from '../catalogue/builtin.ts';
import { catalogueNames, readCatalogue, readManifest } from '../catalogue/folder.ts';
import type { Catalogue } from '../catalogue/item.ts';
import { notWhole, openDatabase, wholeRecord } from '../store/database.ts';
import { cardJsonSchema, cardOf, cardSchema, type Card, type SourceFacts } from './card.ts';
import { cardPage } from './card-page.ts';
import type { Exporter } from './exporter.ts';
import { fidelityOf, shapeOf, type Fidelity } from './fidelity.ts';
import { openPlace } from './place.ts';
import { selectDataset, type Dataset, type Selection } from './select.ts';

export interface ExportOptions extends Selection {
  readonly name: string;
  /** Replace a former export. */
  readonly force: boolean;
  /** Licence of the source, as the person states it. */
  readonly licence: string | null;
  /** Where catalogues lie, for the fidelity sheet. */
  readonly catalogues: string;
  /** Told once everything asked for is known to be possible. */
  readonly began: () => void;
  readonly progress: (file: string, rows: number) => void;
}

/** Files beside the rows. */
const describing = ['card.json', 'card.schema.json', 'README.md'] as const;

/** Exports the run in `folder` to `out`; returns the card. Throws a UsageError where `out` is taken. */
export async function exportRun(
  folder: string,
  exporter: Exporter,
  out: string,
  options: ExportOptions,
): Promise<Card> {
  requireName(options.name);
  requireFree(out, options.force);
  const database = openDatabase(join(folder, 'events.sqlite'), { readonly: true });
  try {
    const dataset = wholeRecord(database.name, () => selectDataset(database, folder, options));
    options.began();
    const written = newFolder(out, { replaces: options.force });
    try {
      const place = openPlace(written.path, options.name, options.progress);
      try {
        await exporter.write(dataset, place);
      } finally {
        place.close();
      }
      const source = sourceOf(dataset.facts.scenario.catalogue, options);
      const card = cardOf(
        exporter.name,
        dataset,
        place,
        source.facts,
        fidelitySheet(dataset, source.catalogue),
      );
      const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
      const texts: Readonly<Record<(typeof describing)[number], string>> = {
        'card.json': json(card),
        'card.schema.json': json(cardJsonSchema()),
        'README.md': cardPage(card, exporter.usage(options.name)),
      };
      for (const name of describing) writeFileSync(join(written.path, name), texts[name]);
      written.settle();
      return card;
    } catch (cause) {
      throw unwritten(out, notWhole(database.name, cause));
    } finally {
      written.discard();
    }
  } finally {
    database.close();
  }
}

/** A name that can stand in file names of every format. */
function requireName(name: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) return;
  throw new UsageError(
    `${JSON.stringify(name)} cannot name a data set.`,
    'Use letters, digits, dots, hyphens and underscores: --name visits-of-may',
  );
}

function requireFree(out: string, force: boolean): void {
  requireMakeable(out);
  if (!existsSync(out) || readdirSync(out).length === 0) return;
  const card = formerCard(out);
  if (card === null) {
    throw new UsageError(
      `${out} is not empty and holds no export`,
      'Choose another --out. --force replaces only a former export, which its card.json describes.',
    );
  }
  const own = new Set([...card.files.map(({ path }) => path), ...describing]);
  const foreign = filesIn(out).filter((path) => !own.has(path));
  if (foreign.length > 0) {
    throw new UsageError(
      `${out} holds a former export and ${foreign.length === 1 ? 'a file' : `${foreign.length} files`} beside it: ${foreign.slice(0, 3).join(', ')}`,
      'Move what is yours elsewhere, or choose another --out.',
    );
  }
  if (!force)
    throw new UsageError(`${out} holds a former export`, 'Replace it with --force, or choose another --out.');
}

/** The card of the export in a folder; null where there is none. */
function formerCard(folder: string): Card | null {
  try {
    return cardSchema.parse(JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8')));
  } catch {
    return null;
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));

/** The catalogue the run drew from, or the reason why there is none to compare with. */
function sourceOf(
  name: string,
  options: ExportOptions,
): { readonly facts: SourceFacts; readonly catalogue: Catalogue | string } {
  const { licence } = options;
  const inherits = 'The rows name items and people of the source and inherit its terms.';
  if (name === builtInName) {
    return {
      facts: {
        importer: null,
        licence: licence ?? 'BSD-3-Clause',
        note: 'Films of the package vega-datasets (its licence is BSD-3-Clause); the people are planted.',
      },
      catalogue: readCatalogue(name),
    };
  }
  if (!catalogueNames(options.catalogues).includes(name)) {
    const reason = `The catalogue ${name} is not here, so the data could not be held against it.`;
    return { facts: { importer: null, licence, note: `${inherits} ${reason}` }, catalogue: reason };
  }
  const manifest = readManifest(name, options.catalogues);
  const path = basename(manifest.source.path);
  return {
    facts: {
      importer: manifest.source.importer,
      licence,
      note: `Imported as ${manifest.source.importer} from ${path}. ${inherits}${licence === null ? ' Nobody stated them: see the source before you pass the data on, and state them with --licence.' : ''}`,
    },
    catalogue: readCatalogue(name, options.catalogues),
  };
}

function fidelitySheet(dataset: Dataset, source: Catalogue | string): Fidelity {
  const items = [...dataset.rows('items')].length;
  const rows = function* () {
    for (const row of dataset.rows('interactions')) {
      const rating = row['rating'];
      yield {
        user: String(row['user_id']),
        item: String(row['item_id']),
        stars: typeof rating === 'number' ? rating : null,
        sitting: String(row['session']),
      };
    }
  };
  const nothing = {
    users: 0,
    items: 0,
    rows: 0,
    ratings: null,
    popularity: [],
    gini: 0,
    perUser: { n: 0, median: 0, p75: 0, p90: 0 },
    perSitting: null,
  };
  const shape = shapeOf(rows(), items);
  return shape === null
    ? fidelityOf(nothing, 'Nothing was opened in the visits, so they have no shape.')
    : fidelityOf(shape, source);
}
