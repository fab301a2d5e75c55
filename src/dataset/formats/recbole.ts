// RecBole atomic files, three data sets of them: NAME-ratings (stars), NAME-opened (what was opened, in order; no
// rating column, so that none is invented) and NAME-clicks (every impression with a label). Typed header, tabs between
// columns, spaces inside sequences; a YAML beside each says what to load. Zhao et al. 2021, RecBole.

import { oneLine, type Exporter } from '../exporter.ts';
import { cellText } from '../cells.ts';
import type { Place } from '../place.ts';
import type { Dataset } from '../select.ts';
import type { Part } from '../split.ts';
import type { Cell, Row, TableName } from '../tables.ts';

interface Kind {
  readonly name: 'ratings' | 'opened' | 'clicks';
  readonly from: TableName;
  /** Columns a model reads, typed; then those that say where a row comes from. */
  readonly loaded: readonly string[];
  readonly beside: readonly string[];
  rows(dataset: Dataset): Iterable<{ readonly part: Part; readonly row: Row }>;
}

const origin = [
  'session:token',
  'run:token',
  'arm:token',
  'visitor:token',
  'replicate:float',
  'mind:token',
  'mind_version:token',
  'model:token',
  'prompts:token',
  'seed:float',
  'synthetic:float',
];
const ids = ['user_id:token', 'item_id:token'];

const kinds: readonly Kind[] = [
  {
    name: 'ratings',
    from: 'interactions',
    loaded: [...ids, 'rating:float', 'timestamp:float'],
    beside: origin,
    rows: (dataset) => dataset.ratings(),
  },
  {
    name: 'opened',
    from: 'interactions',
    loaded: [...ids, 'timestamp:float'],
    beside: ['watched:float', 'listed:float', ...origin],
    rows: (dataset) => dataset.parted('interactions'),
  },
  {
    name: 'clicks',
    from: 'impressions',
    loaded: [...ids, 'label:float', 'timestamp:float', 'slot:float', 'in_view:float', 'propensity:float'],
    beside: ['list:token', 'page:float', 'slate:float', 'watched:float', ...origin],
    rows: (dataset) => dataset.parted('impressions'),
  },
];

const partNames: Readonly<Record<Part, string>> = { train: 'train', validation: 'valid', test: 'test' };

export const recbole: Exporter = {
  name: 'recbole',
  summary: 'RecBole atomic files with YAML: ratings, opened items and labelled impressions',
  tables: {
    all: ['interactions', 'impressions', 'items', 'visitors'],
    standard: ['interactions', 'impressions', 'items', 'visitors'],
  },
  splits: ['none', 'time', 'user', 'leave-one-out'],
  usage: (name) => [
    `run_recbole(model='SASRec', dataset='${name}-opened', config_file_list=['${name}-opened/${name}-opened.yaml'])`,
    `rehearsal import recbole ${name}-ratings --as NAME`,
  ],
  write: async (dataset, place) => {
    for (const kind of kinds.filter(({ from }) => dataset.hasTable(from))) writeKind(kind, dataset, place);
  },
};

function writeKind(kind: Kind, dataset: Dataset, place: Place): void {
  const name = `${place.name}-${kind.name}`;
  const at = (ending: string): string => `${name}/${name}${ending}`;
  const header = [...kind.loaded, ...kind.beside];
  const columns = header.map((typed) => typed.split(':')[0]!);
  const users = new Map<string, string>();
  const seen = new Set<Part>();
  for (const { part, row } of kind.rows(dataset)) {
    const file = place.file(at(dataset.split.kind === 'none' ? '.inter' : `.${partNames[part]}.inter`));
    if (!seen.has(part)) file.head(header.join('\t'));
    seen.add(part);
    file.line(columns.map((column) => cell(row[column === 'label' ? 'opened' : column]!, place)).join('\t'));
    users.set(String(row['user_id']), String(row['visitor']));
  }
  if (seen.size === 0) {
    place.changed(`no rows, so no ${kind.name}`);
    return;
  }
  if (dataset.hasTable('items')) writeItems(at('.item'), dataset, place);
  if (dataset.hasTable('visitors')) writeUsers(at('.user'), users, dataset, place);
  const yaml = place.file(at('.yaml'));
  for (const line of yamlOf(kind, dataset, [...seen])) yaml.head(line);
}

function writeItems(path: string, dataset: Dataset, place: Place): void {
  const file = place.file(path);
  file.head('item_id:token\ttitle:token\tclass:token_seq');
  for (const { item_id: id, title, genres } of dataset.rows('items')) {
    const words = (genres as readonly string[]).map((genre) => oneWord(oneLine(genre, place), place));
    file.line([cell(id!, place), cell(title!, place), words.join(' ')].join('\t'));
  }
}

/** One row a user; a visitor is as many users as it met arms. */
function writeUsers(path: string, users: ReadonlyMap<string, string>, dataset: Dataset, place: Place): void {
  const levels = new Map([...dataset.rows('visitors')].map((row) => [String(row['visitor']), row]));
  const file = place.file(path);
  file.head(
    'user_id:token\tactivity:token\tdiversity:token\tconformity:token\tvisitor:token\tsynthetic:float',
  );
  for (const [user, visitor] of users) {
    const { activity, diversity, conformity } = levels.get(visitor)!;
    const cells: Cell[] = [user, activity!, diversity!, conformity!, visitor, true];
    file.line(cells.map((each) => cell(each, place)).join('\t'));
  }
}

/** Names by which RecBole finds columns, separators and parts; without it only ids and ratings are read. */
function yamlOf(kind: Kind, dataset: Dataset, seen: readonly Part[]): string[] {
  const names = kind.loaded.map((typed) => typed.split(':')[0]!);
  const list = (words: readonly string[]): string => `[${words.join(', ')}]`;
  return [
    'field_separator: "\\t"',
    'seq_separator: " "',
    'USER_ID_FIELD: user_id',
    'ITEM_ID_FIELD: item_id',
    'TIME_FIELD: timestamp',
    ...(kind.name === 'ratings' ? ['RATING_FIELD: rating'] : []),
    ...(kind.name === 'clicks' ? ['LABEL_FIELD: label'] : []),
    'load_col:',
    `  inter: ${list(names)}`,
    ...(dataset.hasTable('items') ? [`  item: ${list(['item_id', 'title', 'class'])}`] : []),
    ...(dataset.hasTable('visitors')
      ? [`  user: ${list(['user_id', 'activity', 'diversity', 'conformity'])}`]
      : []),
    ...(dataset.split.kind === 'none'
      ? []
      : [
          `benchmark_filename: ${list(
            (['train', 'validation', 'test'] as const)
              .filter((part) => seen.includes(part))
              .map((part) => partNames[part]),
          )}`,
        ]),
  ];
}

function cell(value: Cell, place: Place): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return typeof value === 'string' ? oneLine(value, place) : cellText(value);
}

function oneWord(genre: string, place: Place): string {
  if (!genre.includes(' ')) return genre;
  place.changed('spaces in genres written as underscores');
  return genre.replaceAll(' ', '_');
}
