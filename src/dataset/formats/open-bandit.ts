// The layout of the Open Bandit Dataset, as zr-obp loads it: POLICY/all/all.csv with a row an impression, its position,
// click and propensity, and item_context.csv. Only lists of arms are in it, since the site's own search has no
// propensity. What obp does not know stands in further columns at the end. Saito et al. 2021, arXiv 2008.07146.

import { RehearsalError } from '../../base/error.ts';
import { csvRow } from '../cells.ts';
import type { Exporter } from '../exporter.ts';
import type { Place } from '../place.ts';
import { tableNamed, type Cell, type Row } from '../tables.ts';

const columns = tableNamed('impressions').columns.map(({ name }) => name);
const beside = [
  'user_id',
  'session',
  'slate',
  'page',
  'in_view',
  'watched',
  'listed',
  'rating',
  ...columns.slice(columns.indexOf('run')),
];
const head = [
  '',
  'timestamp',
  'item_id',
  'position',
  'click',
  'propensity_score',
  'user_feature_0',
  'user_feature_1',
  'user_feature_2',
  'item',
  ...beside,
];

export const openBandit: Exporter = {
  name: 'open-bandit',
  summary: 'the layout of the Open Bandit Dataset, one policy an arm, with propensities',
  tables: { all: ['impressions', 'items'], standard: ['impressions', 'items'] },
  splits: ['none'],
  usage: () => [
    "OpenBanditDataset(behavior_policy='ARM', campaign='all', data_path=Path('.')) (obp names its policies random and bts)",
  ],
  write: async (dataset, place) => {
    const items = [...dataset.rows('items')];
    const number = new Map(items.map((row, index) => [String(row['item_id']), index]));
    const levels = new Map([...dataset.rows('visitors')].map((row) => [String(row['visitor']), row]));
    const rows = new Map<string, number>();
    for (const row of dataset.rows('impressions')) {
      if (row['list'] !== 'home') {
        place.changed('impressions of the site’s own search left out: they have no propensity');
        continue;
      }
      const arm = String(row['arm']);
      const count = rows.get(arm) ?? 0;
      requireFolderName(arm);
      const file = place.file(`${arm}/all/all.csv`);
      if (count === 0) file.head(head.join(','));
      rows.set(arm, count + 1);
      file.line(csvRow(cellsOf(row, count, number, levels.get(String(row['visitor']))!), false));
    }
    for (const arm of rows.keys()) writeContext(`${arm}/all/item_context.csv`, items, place);
  },
};

/** An arm names a folder here; scenarios allow nothing else, but a record can be changed. */
function requireFolderName(arm: string): void {
  if (/^[a-z0-9][a-z0-9-]*$/.test(arm)) return;
  throw new RehearsalError(`The record has an arm ${JSON.stringify(arm)}, which cannot name a folder.`, {
    hint: 'The record was changed by another program; run the scenario again.',
  });
}

function cellsOf(row: Row, index: number, items: ReadonlyMap<string, number>, levels: Row): Cell[] {
  return [
    index,
    new Date(Number(row['timestamp']) * 1000).toISOString().replace('T', ' ').replace('Z', '+00:00'),
    items.get(String(row['item_id']))!,
    row['slot']!,
    row['opened'] === true ? 1 : 0,
    row['propensity']!,
    levels['activity']!,
    levels['diversity']!,
    levels['conformity']!,
    row['item_id']!,
    ...beside.map((name) => row[name]!),
  ];
}

/** item_feature_0 is a number, the others are categories, as in the original: here genres, in order. */
function writeContext(path: string, items: readonly Row[], place: Place): void {
  const file = place.file(path);
  file.head(',item_id,item_feature_0,item_feature_1,item_feature_2,item_feature_3,item');
  for (const [index, row] of items.entries()) {
    const genres = row['genres'] as readonly string[];
    const features = [0, 1, 2].map((at) => genres[at] ?? 'none');
    file.line(csvRow([index, index, genres.length, ...features, row['item_id']!], false));
  }
}
