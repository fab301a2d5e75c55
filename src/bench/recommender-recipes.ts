// Who competes in the contest of recommenders, and on what: the published data sets and, for each, the settings with
// which a method is trained there. Recipes only; nothing is read or trained here.

import { UsageError } from '../base/error.ts';
import { clickMethods } from '../recommend/click-methods.ts';
import { methods } from '../recommend/methods.ts';

type Recipes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface ContestSet {
  readonly name: string;
  readonly importer: string;
  /** Below the folder of the real data. */
  readonly path: string;
  /** Long histories of few people, or short ones of many. */
  readonly kind: 'ratings' | 'purchases';
  /** By method, what is trained otherwise here than on others of the kind. */
  readonly apart?: Recipes;
}

/**
 * Click models among nine thousand items: a look at everybody held out takes longer than an epoch. Fewer are looked at,
 * and since that says less, all epochs are trained and the best look is taken.
 */
const amongMany = { epochs: 10, patience: 10, validationPeople: 100 };

export const contestSets: readonly ContestSet[] = [
  { name: 'beauty', importer: 's3rec', path: 'amazon-s3rec/Beauty.txt.gz', kind: 'purchases' },
  {
    name: 'toys',
    importer: 's3rec',
    path: 'amazon-s3rec/Toys_and_Games.txt.gz',
    kind: 'purchases',
    // Its held-out loss still fell after the twenty epochs of the others.
    apart: { tiger: { epochs: 38 } },
  },
  { name: 'ml-100k', importer: 'recbole', path: 'ml-100k', kind: 'ratings' },
  {
    name: 'ml-latest-small',
    importer: 'movielens',
    path: 'ml-latest-small-2016',
    kind: 'ratings',
    apart: { sasrec: { epochs: 13 }, ...forEachOf(clickMethods, amongMany) },
  },
];

function forEachOf(them: readonly { readonly name: string }[], recipe: Recipes[string]): Recipes {
  return Object.fromEntries(them.map(({ name }) => [name, recipe]));
}

/** The data sets of these names, all where none are given. Throws a UsageError that lists the names. */
export function chosenSets(names: readonly string[] | undefined): readonly ContestSet[] {
  return setsNamed(names, contestSets, ({ name }) => name, 'the contest');
}

/** The sets that a contest has under these names. */
export function setsNamed<Set>(
  names: readonly string[] | undefined,
  sets: readonly Set[],
  nameOf: (set: Set) => string,
  contest: string,
): readonly Set[] {
  const unknown = names?.find((name) => !sets.some((set) => nameOf(set) === name));
  if (unknown !== undefined) {
    throw new UsageError(
      `there is no data set '${unknown}' in ${contest}`,
      `Data sets: ${sets.map(nameOf).join(', ')}.`,
    );
  }
  return sets.filter((set) => names?.includes(nameOf(set)) ?? true);
}

export interface Entrant {
  /** A method, or a method and what is special: 'sasrec, binary loss'. */
  readonly name: string;
  readonly method: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** How a method is trained where its own defaults do not fit: on long histories of few people, each in some minutes. */
const ofRatings: Recipes = {
  // Held out are as many as for the other models: of few people the last steps of two thousand are everybody's.
  sasrec: { epochs: 20, history: 64, validationPeople: 500 },
  tiger: { epochs: 20, history: 64 },
  promise: { epochs: 8, history: 64 },
  grlm: { epochs: 3, rate: 0.005 },
  'onerec-v2': { epochs: 2 },
};

/** The same on short histories of many people, with catalogues of ten thousand items. */
const purchased = { scale: 'm', vectors: 'both', codes: 256, beam: 50, epochs: 20 };
const ofPurchases: Recipes = {
  sasrec: { epochs: 14 },
  tiger: purchased,
  promise: purchased,
  'onerec-v2': purchased,
};

/**
 * Entrants of a data set, the yardsticks first, then every other method of the table. grlm needs items with words, which
 * these sets of purchases do not have; the contest of names asks it about others.
 */
export function entrantsOf({ kind, apart }: Pick<ContestSet, 'kind' | 'apart'>): Entrant[] {
  const recipes = kind === 'purchases' ? ofPurchases : ofRatings;
  const entrant = (method: string): Entrant => ({
    name: method,
    method,
    settings: { ...recipes[method], ...apart?.[method] },
  });
  const ordered = entrant('sasrec');
  const first = ['popularity', 'item-knn', 'vector-knn', 'mf'];
  const others = Object.keys(methods).filter(
    (name) => !['random', 'sasrec', ...first, ...(kind === 'purchases' ? ['grlm'] : [])].includes(name),
  );
  return [
    ...first.map(entrant),
    ordered,
    {
      name: 'sasrec, binary loss',
      method: 'sasrec',
      settings: { ...ordered.settings, epochs: 2 * Number(ordered.settings['epochs']), loss: 'binary' },
    },
    ...others.map(entrant),
  ];
}

/** Which entrant is held against which, besides everyone against popularity. */
export const rivals: readonly (readonly [string, string])[] = [
  ['sasrec', 'vector-knn'],
  ['sasrec', 'sasrec, binary loss'],
  ['tiger', 'sasrec'],
  ['promise', 'tiger'],
];
