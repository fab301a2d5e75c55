// The tables a run can be exported as: their columns with kinds and meanings, and how each may be split. The list is
// the only definition; writers, the card and docs/datasets.md read it. How rows come about is in rows.ts and pairs.ts.

import { UsageError } from '../base/error.ts';
import { listed } from '../base/listed.ts';

export type Cell = string | number | boolean | null | readonly string[] | Uint8Array;
export type Row = Readonly<Record<string, Cell>>;

export interface Column {
  readonly name: string;
  readonly kind: 'text' | 'integer' | 'number' | 'boolean' | 'texts' | 'image';
  readonly nullable: boolean;
  readonly meaning: string;
}

export type SplitKind = 'none' | 'time' | 'user' | 'leave-one-out';

export interface Table {
  readonly name: TableName;
  readonly meaning: string;
  readonly columns: readonly Column[];
  /** 'whole' tables describe what others refer to and are never split. */
  readonly splits: readonly SplitKind[] | 'whole';
}

export const tableNames = [
  'interactions',
  'impressions',
  'sessions',
  'visitors',
  'items',
  'pairs',
  'thoughts',
  'screens',
] as const;
export type TableName = (typeof tableNames)[number];

/** Tables that are written only where they are asked for. */
export const onRequest: readonly TableName[] = ['thoughts', 'screens'];

const column =
  (kind: Column['kind'], nullable = false) =>
  (name: string, meaning: string): Column => ({ name, kind, nullable, meaning });
const text = column('text');
const integer = column('integer');
const number = column('number');
const boolean = column('boolean');
const texts = column('texts');
const image = column('image');
const maybeText = column('text', true);
const maybeNumber = column('number', true);
const maybeInteger = column('integer', true);

/** Where a row of a visit comes from. */
const provenance: readonly Column[] = [
  text('run', 'name of the run'),
  text('arm', 'arm the visitor met'),
  text('visitor', 'the simulated person; the same in every arm of a design of twins'),
  integer('replicate', 'which visit of this visitor under this arm, from 1; burn-in visits have 0, −1 …'),
  text('mind', 'what decided'),
  text('mind_version', 'digest of the mind and its parameters'),
  maybeText('model', 'the model behind the mind; null for minds without one'),
  maybeText('prompts', 'digest of the prompts; null for minds without any, and where the record has none'),
  integer('seed', 'seed of the visit'),
  boolean('synthetic', 'always true: nobody did this'),
];

/** Where a row about the run as a whole comes from. `seed` is the scenario's. */
const runProvenance: readonly Column[] = provenance.filter(
  ({ name }) => !['arm', 'visitor', 'replicate', 'mind_version'].includes(name),
);

const userId = text(
  'user_id',
  'visitor@arm: one life; twins are different users, since they met different lists',
);
const itemId = text('item_id', 'id of the item in its catalogue');
const session = text('session', 'visitor@arm#replicate');
const timestamp = number(
  'timestamp',
  'simulated seconds: the start of the calendar, a day a replicate, seconds into the visit',
);

export const tables: readonly Table[] = [
  {
    name: 'interactions',
    meaning: 'What a visitor did with an item in a visit, one row an item it opened.',
    splits: ['none', 'time', 'user', 'leave-one-out'],
    columns: [
      userId,
      itemId,
      session,
      timestamp,
      boolean('opened', 'its card was clicked'),
      boolean('watched', 'it was watched'),
      boolean('listed', "it was put on the visitor's list"),
      maybeNumber('rating', 'stars from 1 to 5; null where none were given'),
      integer('slate', 'slate it was first opened from, numbered in the visit from 1'),
      integer('slot', 'its place there, from 1'),
      number('propensity', 'chance that the policy put it into that slate, as recorded'),
      text('list', 'home (the arm) or results (the site’s own search, which is no policy of the arm)'),
      ...provenance,
    ],
  },
  {
    name: 'impressions',
    meaning: 'Every place of every slate, seen or not, opened or not.',
    splits: ['none', 'time', 'user'],
    columns: [
      userId,
      itemId,
      session,
      timestamp,
      text('list', 'home (the arm) or results (the site’s own search, which is no policy of the arm)'),
      integer('page', 'page of the list, from 1'),
      integer('slate', 'slate of the visit, from 1'),
      integer('slot', 'place in the slate, from 1'),
      number('score', 'the score the arm gave'),
      number('propensity', 'chance that the policy put the item into this slate; 1 for a fixed ranking'),
      text('method', 'what made the slate'),
      text('method_version', 'digest of method, settings and training data'),
      maybeText('drafter', 'under interleaving, the arm that put it there'),
      boolean('in_view', 'a screenshot of the visit showed the card'),
      boolean('opened', 'the card was clicked'),
      boolean('watched', 'the item was watched from here'),
      boolean('listed', 'the item was put on the list from here'),
      maybeNumber('rating', 'stars given from here'),
      maybeText('screen', 'hash of the first screenshot after the slate was shown'),
      ...provenance,
    ],
  },
  {
    name: 'sessions',
    meaning:
      'One row a visit. Failed sessions and those that the budget cut are no data and are only counted in the card.',
    splits: ['none', 'user'],
    columns: [
      session,
      userId,
      timestamp,
      text('status', 'complete, or truncated where the visit was cut'),
      text('exit_reason', 'why the visitor left'),
      integer('steps', 'looks and decisions'),
      number('seconds', 'simulated length'),
      integer('slates', 'slates shown'),
      integer('places_shown', 'places in them'),
      integer('places_in_view', 'places that a screenshot showed'),
      integer('items_opened', 'items opened'),
      integer('items_watched', 'items watched'),
      integer('items_listed', 'items put on the list'),
      integer('items_rated', 'items rated'),
      ...provenance,
    ],
  },
  {
    name: 'visitors',
    meaning:
      'Who the visitors are, in levels. Their profiles stay in the run: they retell histories of the source.',
    splits: 'whole',
    columns: [
      text('visitor', 'id; that of the person whose history the profile was induced from'),
      text('activity', 'low, medium or high'),
      text('diversity', 'low, medium or high'),
      text('conformity', 'low, medium or high'),
      ...runProvenance,
    ],
  },
  {
    name: 'items',
    meaning:
      'The catalogue as the run knew it. The facts are the source’s; the row is part of a synthetic data set.',
    splits: 'whole',
    columns: [itemId, text('title', 'title'), texts('genres', 'genres'), ...runProvenance],
  },
  {
    name: 'pairs',
    meaning:
      'Counterfactuals: one visitor’s visit under the control beside its visit under another arm (twins only).',
    splits: ['none', 'user'],
    columns: [
      text('visitor', 'the visitor'),
      integer('replicate', 'which visit'),
      text('control', 'the first arm'),
      text('arm', 'the other arm'),
      maybeInteger(
        'diverged_at',
        'number of the first event that differs, from 0; null where the visits are equal',
      ),
      ...['control', 'arm'].flatMap((side) => [
        texts(`first_slate_${side}`, `items of the first slate under the ${side}`),
        texts(`opened_${side}`, `items opened under the ${side}, in order`),
        texts(`watched_${side}`, `items watched under the ${side}`),
        maybeNumber(`mean_rating_${side}`, `mean stars under the ${side}; null where none were given`),
        number(`seconds_${side}`, `simulated length under the ${side}`),
        text(`exit_reason_${side}`, `why the visitor left the ${side}`),
      ]),
      ...runProvenance,
    ],
  },
  {
    name: 'thoughts',
    meaning: 'Every look and decision with what was noticed and why; written only where asked for.',
    splits: ['none', 'time', 'user'],
    columns: [
      session,
      userId,
      integer('seq', 'number of the event in the visit'),
      timestamp,
      text('page_name', 'home, results or item'),
      maybeText('screen', 'hash of the screenshot'),
      text('action', 'what the visitor did'),
      maybeInteger('mark', 'the number on the screenshot it acted on'),
      number('interest', 'from 1 to 5'),
      number('fatigue', 'budget used up so far'),
      texts('noticed', 'visible text of what was noticed'),
      texts('recalled', 'memories that came up'),
      text('reason', 'the thought'),
      ...provenance,
    ],
  },
  {
    name: 'screens',
    meaning:
      'Screenshots that the run kept, each once, with their marks; written only where asked for, and only as Parquet.',
    splits: 'whole',
    columns: [
      maybeText('screen', 'hash of the screenshot, as in impressions and thoughts; never null here'),
      image('image', 'the picture that the visitor saw, JPEG'),
      text('marks', 'JSON: the numbered marks of the picture'),
      ...runProvenance,
    ],
  },
];

/** The table of this name. */
export function tableNamed(name: TableName): Table {
  return tables.find((table) => table.name === name)!;
}

/** Table names from 'a,b'. Throws a UsageError that lists the known ones. */
export function readTableNames(list: string): TableName[] {
  return listed(list, '--tables').map((word) => {
    const name = tableNames.find((known) => known === word);
    if (name !== undefined) return name;
    throw new UsageError(
      `--tables names ${JSON.stringify(word)}, which is no table.`,
      `Tables: ${tableNames.join(', ')}.`,
    );
  });
}

/** Whether a table has a sense under a split: whole tables always do. */
export function splittable(table: TableName, split: SplitKind): boolean {
  const { splits } = tableNamed(table);
  return splits === 'whole' || splits.includes(split);
}
