// Amazon reviews (McAuley lab; 2014 and 2018): 5-core reviews as JSON lines with an optional metadata file, or
// the titled csv set of MiniOneRec (NAME_train/valid/test.csv with NAME.item.json), which holds no ratings and no
// times: there every row of a history is a like of 5, and its place in the person's sequence is its time.

import { RehearsalError, UsageError } from '../../base/error.ts';
import { titledSet } from './amazon-titled.ts';
import { bytesOf, type RowBytes } from './csv.ts';
import { gather } from './gather.ts';
import type { Gathering } from './gather.ts';
import type { Importer } from './importer.ts';
import { readPythonLiteral } from './python-literal.ts';
import { lines, openSource } from './source.ts';
import type { SourceFile } from './source.ts';
import { plainText } from './title.ts';

export const amazon: Importer = {
  name: 'amazon',
  summary:
    'Amazon reviews: 5-core JSON lines (meta_*.json beside them or --items), or a folder with the titled csv set',
  takes: ['items'],
  read: async (path, options) => {
    const files = openSource(path);
    const gathering = gather('amazon', path);
    if (files.some((file) => file.name.endsWith('.item.json'))) {
      if (options.items !== undefined) {
        throw new UsageError(
          `${path} is a titled set, whose NAME.item.json has its items; --items was given besides.`,
          'Leave --items out.',
        );
      }
      titledSet(path, files, gathering);
      return gathering.finish({ name: options.name, implicit: true, keepItems: 'all' });
    }
    const json = files.filter((file) => /\.(json|jsonl)$/.test(file.name));
    const isMetadata = (file: SourceFile): boolean => file.name.startsWith('meta_');
    const reviews = json.filter((file) => !isMetadata(file));
    const metadata = options.items === undefined ? json.filter(isMetadata) : openSource(options.items);
    const [review] = reviews;
    if (review === undefined || reviews.length > 1 || metadata.length > 1) {
      throw new RehearsalError(
        `${path} is not an Amazon data set: expected one review file (.json or .json.gz, lines with reviewerID, asin, overall, unixReviewTime) and at most one meta_*.json, or NAME.item.json with NAME_train/valid/test.csv; found ${
          files
            .map((file) => file.label)
            .slice(0, 12)
            .join(', ') || 'no files'
        }.`,
        { hint: 'Give the path of the review file, and the metadata with --items.' },
      );
    }
    const [products] = metadata;
    if (products === undefined) itemsFromReviews(review, gathering);
    else readProducts(products, gathering);
    gathering.rows(
      review.label,
      records(review),
      'JSON lines with reviewerID, asin, overall, unixReviewTime',
      ({ line, fields }) => {
        const [user, item, value, time] = ['reviewerID', 'asin', 'overall', 'unixReviewTime'].map((name) =>
          fields?.get(name),
        );
        if (fields === undefined) return 'not a line of JSON';
        if (typeof user !== 'string' || typeof item !== 'string') return 'no reviewerID or asin';
        if (typeof value !== 'number' || typeof time !== 'number')
          return 'overall or unixReviewTime is not a number';
        return gathering.interaction({ user, item, time, value }, review.label, line);
      },
    );
    return gathering.finish({ name: options.name, implicit: false, keepItems: 'with interactions' });
  },
};

interface Entry extends RowBytes {
  readonly line: number;
  readonly fields: ReadonlyMap<string, unknown> | undefined;
}

function* records(file: SourceFile): Iterable<Entry> {
  for (const line of lines(file)) {
    if (line.text.trim() === '') continue;
    const value = readRecord(line.text);
    const isRecord = value !== null && typeof value === 'object' && !Array.isArray(value);
    const fields = isRecord ? new Map<string, unknown>(Object.entries(value)) : undefined;
    yield { line: line.number, fields, ...bytesOf([line]) };
  }
}

/** JSON, or the Python dict that the metadata of 2014 has on each line. */
function readRecord(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return readPythonLiteral(text);
  }
}

function itemsFromReviews(file: SourceFile, gathering: Gathering): void {
  const seen = new Set<string>();
  for (const { line, fields } of records(file)) {
    const id = fields?.get('asin');
    if (typeof id !== 'string' || id === '' || seen.has(id)) continue;
    seen.add(id);
    if (gathering.item({ id, title: id }, file.label, line) === undefined)
      gathering.changed('no metadata, the id stands for the title', file.label, line);
  }
}

function readProducts(file: SourceFile, gathering: Gathering): void {
  gathering.rows(
    file.label,
    records(file),
    'JSON lines with asin, title, description, brand, categories, price',
    ({ line, fields }) => {
      const id = fields?.get('asin');
      if (fields === undefined) return 'not a line of JSON';
      if (typeof id !== 'string' || id === '') return 'no asin';
      const title = plainText(texts(fields.get('title')).join(' '));
      if (title === '') gathering.changed('no title, the id stands in', file.label, line);
      const brand = plainText(texts(fields.get('brand')).join(' '));
      return gathering.item(
        {
          id,
          title: title === '' ? id : title,
          text: texts(fields.get('description'))
            .map((text) => plainText(text))
            .filter((text) => text !== '')
            .join(' '),
          genres: texts(fields.get('categories') ?? fields.get('category'))
            .map(plainText)
            .filter((text) => text !== ''),
          price: readPrice(fields.get('price')),
          attributes: brand === '' ? {} : { brand },
        },
        file.label,
        line,
      );
    },
  );
}

/** The strings of a value: itself, or those of lists within lists, three deep. */
function texts(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) && depth < 3 ? value.flatMap((part) => texts(part, depth + 1)) : [];
}

/** 12.5 or '$12.50'; ranges and other text give no price. */
function readPrice(value: unknown): number | undefined {
  if (typeof value === 'number') return value >= 0 ? value : undefined;
  const found = typeof value === 'string' ? /^\s*\$?\s*(\d[\d,]*(?:\.\d+)?)\s*$/.exec(value) : null;
  return found?.[1] === undefined ? undefined : Number(found[1].replaceAll(',', ''));
}
