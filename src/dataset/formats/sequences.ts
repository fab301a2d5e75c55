// Sequences as the code of SASRec and of S3Rec reads them: whole numbers from 1, a user's items oldest first. SASRec has
// a line a pair, S3Rec a line a user and the items' attributes beside it; both leave the last items out themselves.
// Kang and McAuley 2018; Zhou et al. 2020. What the numbers stand for is in users.tsv, items.tsv and attributes.tsv.

import { csvRow } from '../cells.ts';
import { oneLine, type Exporter } from '../exporter.ts';
import type { Place } from '../place.ts';
import type { Dataset } from '../select.ts';
import { tableNamed } from '../tables.ts';

const columns = tableNamed('interactions').columns.map(({ name }) => name);
const origin = ['session', 'timestamp', ...columns.slice(columns.indexOf('run'))];

export const sequences: Exporter = {
  name: 'sequences',
  summary: 'sequences of opened items for SASRec (pairs) and S3Rec (lines, with attributes)',
  tables: { all: ['interactions', 'items'], standard: ['interactions', 'items'] },
  splits: ['none', 'user'],
  usage: (name) => [
    `python main.py --dataset=${name} (SASRec, with sasrec/ as its data folder)`,
    `python run_finetune_full.py --data_name ${name} (S3Rec, with s3rec/ as its data folder)`,
  ],
  write: async (dataset, place) => {
    const items = numbered([...dataset.rows('items')].map((row) => String(row['item_id'])));
    writeItems(items, dataset, place);
    const users = place.file('users.tsv');
    users.head('number\tuser_id');
    let known: unknown;
    let number = 0;
    let line: { readonly path: string; readonly numbers: number[] } | undefined;
    const seen = new Set<string>();
    const end = (): void => {
      if (line !== undefined) place.file(line.path).line(line.numbers.join(' '));
    };
    for (const { part, row } of dataset.parted('interactions')) {
      const ending = dataset.split.kind === 'none' ? '' : `.${part}`;
      if (row['user_id'] !== known) {
        end();
        known = row['user_id'];
        number += 1;
        line = { path: `s3rec/${place.name}${ending}.txt`, numbers: [number] };
        users.line(`${number}\t${oneLine(String(known), place)}`);
      }
      const item = items.get(String(row['item_id']))!;
      line!.numbers.push(item);
      place.file(`sasrec/${place.name}${ending}.txt`).line(`${number} ${item}`);
      const provenance = place.file(`provenance${ending}.csv`);
      if (!seen.has(ending)) provenance.head(origin.join(','));
      seen.add(ending);
      provenance.line(
        csvRow(
          origin.map((name) => row[name]!),
          false,
        ),
      );
    }
    end();
  },
};

function writeItems(items: ReadonlyMap<string, number>, dataset: Dataset, place: Place): void {
  const listed = [...dataset.rows('items')];
  const genres = numbered(listed.flatMap((row) => row['genres'] as readonly string[]));
  const names = place.file('items.tsv');
  names.head('number\titem_id\ttitle');
  const attributes = place.file('attributes.tsv');
  attributes.head('number\tgenre');
  for (const [genre, number] of genres) attributes.line(`${number}\t${oneLine(genre, place)}`);
  const ofItem: Record<string, number[]> = {};
  for (const row of listed) {
    const number = items.get(String(row['item_id']))!;
    names.line(
      [number, oneLine(String(row['item_id']), place), oneLine(String(row['title']), place)].join('\t'),
    );
    ofItem[number] = (row['genres'] as readonly string[]).map((genre) => genres.get(genre)!);
  }
  place.file(`s3rec/${place.name}_item2attributes.json`).head(JSON.stringify(ofItem));
}

/** Numbers from 1 in order of text, each text once. */
function numbered(texts: readonly string[]): Map<string, number> {
  return new Map([...new Set(texts)].sort().map((text, index) => [text, index + 1]));
}
