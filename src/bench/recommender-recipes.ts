// Who competes in the contest of recommenders, and on what: the published data sets and, for each, the settings with
// which a method is trained there. Recipes only; nothing is read or trained here.

import { UsageError } from '../base/error.ts';
import { methods } from '../recommend/methods.ts';

export interface ContestSet {
  readonly name: string;
  readonly importer: string;
  /** Below the folder of the real data. */
  readonly path: string;
  /** Long histories of few people, or short ones of many. */
  readonly kind: 'ratings' | 'purchases';
}

export const contestSets: readonly ContestSet[] = [
  { name: 'beauty', importer: 's3rec', path: 'amazon-s3rec/Beauty.txt.gz', kind: 'purchases' },
  { name: 'toys', importer: 's3rec', path: 'amazon-s3rec/Toys_and_Games.txt.gz', kind: 'purchases' },
  { name: 'ml-100k', importer: 'recbole', path: 'ml-100k', kind: 'ratings' },
  { name: 'ml-latest-small', importer: 'movielens', path: 'ml-latest-small-2016', kind: 'ratings' },
];

/** The data sets of these names, all where none are given. Throws a UsageError that lists the names. */
export function chosenSets(names: readonly string[] | undefined): readonly ContestSet[] {
  const unknown = names?.find((name) => !contestSets.some((set) => set.name === name));
  if (unknown !== undefined) {
    throw new UsageError(
      `there is no data set '${unknown}' in the contest`,
      `Data sets: ${contestSets.map(({ name }) => name).join(', ')}.`,
    );
  }
  return contestSets.filter(({ name }) => names?.includes(name) ?? true);
}

export interface Entrant {
  /** A method, or a method and what is special: 'sasrec, binary loss'. */
  readonly name: string;
  readonly method: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Entrants of a data set, the yardsticks first. Methods of the table that are not named here run as they are. */
export function entrantsOf({ kind }: ContestSet): Entrant[] {
  const plain = (method: string): Entrant => ({ name: method, method, settings: {} });
  const ordered = kind === 'purchases' ? { epochs: 14 } : { epochs: 20, history: 64 };
  const semantic =
    kind === 'purchases'
      ? { scale: 'm', vectors: 'both', codes: 256, beam: 50, epochs: 20 }
      : { codes: 64, epochs: 10, history: 64 };
  const own: Entrant[] = [
    plain('popularity'),
    plain('item-knn'),
    plain('vector-knn'),
    plain('mf'),
    { name: 'sasrec', method: 'sasrec', settings: ordered },
    {
      name: 'sasrec, binary loss',
      method: 'sasrec',
      settings: { ...ordered, epochs: 2 * ordered.epochs, loss: 'binary' },
    },
    ...['tiger', 'promise', 'onerec-v2'].map((method) => ({ name: method, method, settings: semantic })),
  ];
  const named = new Set(['random', ...own.map(({ method }) => method)]);
  return [
    ...own,
    ...Object.keys(methods)
      .filter((method) => !named.has(method))
      .map(plain),
  ];
}

/** Which entrant is held against which, besides everyone against popularity. */
export const rivals: readonly (readonly [string, string])[] = [
  ['sasrec', 'vector-knn'],
  ['sasrec', 'sasrec, binary loss'],
  ['tiger', 'sasrec'],
  ['promise', 'tiger'],
];
