// A catalogue on disk: items.jsonl, people.jsonl, interactions.csv and manifest.json in data/catalogues/<name>/.
// Written whole or not at all (a folder beside, then renamed); what is read is checked against the manifest's
// hashes. The name 'built-in' is no folder: it is made by builtin.ts.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { RehearsalError, UsageError } from '../base/error.ts';
import { canonicalJson, sha256 } from '../base/hash.ts';
import { isInside } from '../base/inside.ts';
import { newFolder, unwritten } from '../base/new-folder.ts';
import { builtIn, builtInName } from './builtin.ts';
import { csvLine, csvRows } from './import/csv.ts';
import { importReportSchema } from './import/importer.ts';
import type { Imported } from './import/importer.ts';
import { linesOf } from './import/lines.ts';
import { itemSchema, personSchema } from './item.ts';
import type { Catalogue, Interaction } from './item.ts';
import { byText } from './order.ts';

/** Where catalogues lie, relative to the project. */
export const catalogueRoot = 'data/catalogues';

export const manifestSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  implicit: z.boolean(),
  source: z.object({ importer: z.string(), path: z.string() }),
  counts: z.object({ items: z.int(), people: z.int(), interactions: z.int() }),
  /** SHA-256 of each file beside the manifest. */
  sha256: z.object({ 'items.jsonl': z.string(), 'people.jsonl': z.string(), 'interactions.csv': z.string() }),
  report: importReportSchema,
});
export type Manifest = z.infer<typeof manifestSchema>;

type DataFile = keyof Manifest['sha256'];

/**
 * Writes an import to `root/<name>/` and returns the folder. A catalogue of that name is replaced only after the
 * new one stands complete. Throws a UsageError on a name that is not lower-case letters, digits, dots and hyphens.
 */
export function writeCatalogue(imported: Imported, root: string = catalogueRoot): string {
  const { catalogue, report } = imported;
  checkName(catalogue.name);
  const jsonLines = (rows: readonly unknown[]): string =>
    rows.map((row) => `${canonicalJson(row)}\n`).join('');
  const files: Record<DataFile, string> = {
    'items.jsonl': jsonLines(catalogue.items),
    'people.jsonl': jsonLines(catalogue.people),
    'interactions.csv':
      ['user,item,time,value', ...catalogue.interactions.map(interactionLine)].join('\n') + '\n',
  };
  const manifest: Manifest = {
    format: 1,
    name: catalogue.name,
    implicit: catalogue.implicit,
    source: { importer: report.importer, path: report.source },
    counts: {
      items: catalogue.items.length,
      people: catalogue.people.length,
      interactions: catalogue.interactions.length,
    },
    sha256: {
      'items.jsonl': sha256(files['items.jsonl']),
      'people.jsonl': sha256(files['people.jsonl']),
      'interactions.csv': sha256(files['interactions.csv']),
    },
    report,
  };

  const folder = join(root, catalogue.name);
  const written = newFolder(folder, { replaces: true });
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(written.path, name), text);
    writeFileSync(join(written.path, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    written.settle();
  } catch (cause) {
    throw unwritten(folder, cause);
  } finally {
    written.discard();
  }
  return folder;
}

/**
 * The catalogue of that name. Relative image paths become absolute and must stay inside the folder.
 * Throws when the name is unknown (listing the known ones), when a file is damaged, or when an item is not one.
 */
export function readCatalogue(name: string, root: string = catalogueRoot): Catalogue {
  if (name === builtInName) return builtIn().catalogue;
  const manifest = readManifest(name, root);
  const folder = join(root, name);
  const read = (file: DataFile): Buffer => {
    const bytes = bytesAt(join(folder, file));
    if (bytes !== undefined && sha256(bytes) === manifest.sha256[file]) return bytes;
    throw new RehearsalError(
      `${join(folder, file)} is ${bytes === undefined ? 'missing' : 'not the file its manifest describes'}.`,
      {
        hint: `Import it again, as it was: rehearsal import ${manifest.source.importer} '${manifest.source.path}' --as ${name}, with the options that were given then.`,
      },
    );
  };
  return {
    name: manifest.name,
    implicit: manifest.implicit,
    items: jsonRows(read('items.jsonl'), itemSchema, join(folder, 'items.jsonl')).map((item) =>
      item.image === undefined ? item : { ...item, image: imagePath(item.image, folder) },
    ),
    people: jsonRows(read('people.jsonl'), personSchema, join(folder, 'people.jsonl')),
    interactions: interactionRows(read('interactions.csv'), join(folder, 'interactions.csv')),
  };
}

/** What a file holds, undefined where there is none. Throws where it may not be read. */
function bytesAt(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new RehearsalError(`${path} cannot be read: ${(cause as Error).message}.`, {
      hint: 'Check who may read it: the catalogue may have been imported by somebody else.',
      cause,
    });
  }
}

/** The manifest of an imported catalogue. Throws a UsageError that lists the known names. */
export function readManifest(name: string, root: string = catalogueRoot): Manifest {
  const path = join(root, name, 'manifest.json');
  if (!/^[a-z0-9]/.test(name) || name.includes('/') || !existsSync(path)) {
    throw new UsageError(
      `There is no catalogue ${JSON.stringify(name)}. Known: ${catalogueNames(root).join(', ')}.`,
      `Import one with: rehearsal import <source> <path> --as ${/^[a-z0-9][a-z0-9.-]*$/.test(name) ? name : 'NAME'}`,
    );
  }
  let written: unknown;
  try {
    written = JSON.parse(String(bytesAt(path)));
  } catch (cause) {
    if (cause instanceof RehearsalError) throw cause;
    throw new RehearsalError(`${path} is not JSON: ${String(cause)}.`, {
      hint: 'Import the catalogue again.',
      cause,
    });
  }
  const manifest = manifestSchema.safeParse(written);
  if (manifest.success) return manifest.data;
  throw new RehearsalError(`${path} is not a catalogue's manifest:\n${z.prettifyError(manifest.error)}`, {
    hint: 'Import the catalogue again.',
  });
}

/** 'built-in' and the names of the imported catalogues, sorted. */
export function catalogueNames(root: string = catalogueRoot): string[] {
  const folders = existsSync(root) ? readdirSync(root, { withFileTypes: true }) : [];
  const names = folders
    .filter((folder) => folder.isDirectory() && existsSync(join(root, folder.name, 'manifest.json')))
    .map((folder) => folder.name);
  return [builtInName, ...names.sort(byText)];
}

function checkName(name: string): void {
  if (name === builtInName)
    throw new UsageError(
      `The name ${builtInName} is taken by the catalogue that comes with Rehearsal.`,
      'Choose another name.',
    );
  if (!/^[a-z0-9][a-z0-9.-]{0,79}$/.test(name)) {
    throw new UsageError(
      `${JSON.stringify(name)} cannot name a catalogue.`,
      'Use lower-case letters, digits, dots and hyphens, for example ml-small.',
    );
  }
}

function imagePath(image: string, folder: string): string {
  if (isAbsolute(image)) return image;
  const path = resolve(folder, image);
  if (isInside(folder, path)) return path;
  throw new RehearsalError(
    `The image ${JSON.stringify(image)} lies outside the catalogue's folder ${folder}.`,
    {
      hint: 'Put the image into the folder, or import with absolute paths.',
    },
  );
}

function jsonRows<Schema extends z.ZodType>(bytes: Buffer, schema: Schema, path: string): z.infer<Schema>[] {
  const rows: z.infer<Schema>[] = [];
  for (const { number, text } of linesOf(bytes)) {
    const parsed = schema.safeParse(JSON.parse(text));
    if (!parsed.success) {
      throw new RehearsalError(
        `${path}:${number} is not what was expected: ${z.prettifyError(parsed.error)}`,
        {
          hint: 'Import the catalogue again.',
        },
      );
    }
    rows.push(parsed.data);
  }
  return rows;
}

function interactionLine({ user, item, time, value }: Interaction): string {
  return csvLine([user, item, String(time), String(value)]);
}

function interactionRows(bytes: Buffer, path: string): Interaction[] {
  const rows: Interaction[] = [];
  for (const { line, fields } of csvRows(linesOf(bytes))) {
    if (line === 1) continue;
    const [user, item, time, value] = [fields[0], fields[1], Number(fields[2]), Number(fields[3])];
    if (user === undefined || item === undefined || !Number.isFinite(time) || !(value >= 0 && value <= 5)) {
      throw new RehearsalError(`${path}:${line} is not user,item,time,value.`, {
        hint: 'Import the catalogue again.',
      });
    }
    rows.push({ user, item, time, value });
  }
  return rows;
}
