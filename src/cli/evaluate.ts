// `rehearsal evaluate METHODS`: leave-one-out with full ranking, one table, and every method against the first with
// a paired bootstrap over people. Trains what has no kept weights for these histories.

import { wallMilliseconds } from '../base/clock.ts';
import { befell, UsageError } from '../base/error.ts';
import { listed } from '../base/listed.ts';
import { listGrades, pairedGrades, pairedText, type GradeOf } from '../bench/paired-grades.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import { parsedSettings } from '../recommend/define-method.ts';
import { methodNamed, methods } from '../recommend/methods.ts';
import {
  answerCases,
  gradesOf,
  leaveOneOut,
  type AnsweredCase,
  type NextItemGrades,
} from '../recommend/next-item.ts';
import { sampledAccuracies, type SampledAccuracy } from '../recommend/sampled-accuracy.ts';
import { meanOf } from '../stats/ratio.ts';
import { typedEndpoint } from './endpoint-options.ts';
import { modelOptions, toldAsking, trainOptions, typedSettings } from './model-options.ts';
import type { Verb } from './verb.ts';

export const evaluateVerb: Verb = {
  name: 'evaluate',
  summary: 'Compare methods on what people chose next.',
  details:
    'Leave-one-out: the last step of each history is asked for, all other items compete. Recall and NDCG at 5, 10 and 20, coverage, long tail, cold items; AUC of the item against those of 50 random draws, and for click models the logloss at one click to four drawn items; differences from the first method with 95 % intervals (paired bootstrap over people). Rows of equal time are ordered by the seed. --set and --scale go to every method with weights.',
  examples: [
    'rehearsal evaluate popularity,item-knn,mf',
    'rehearsal evaluate popularity,sasrec --catalogue ml-small --people 500 --json',
  ],
  arguments: [{ name: 'METHODS', summary: `with commas: ${Object.keys(methods).join(', ')}` }],
  options: [
    ...modelOptions,
    {
      name: 'people',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary: 'Largest number of people asked for.',
    },
  ],
  interruptible: true,
  run: async (input, io) => {
    const asked = listed(input.argument('METHODS'), 'METHODS').map(methodNamed);
    const twice = asked.find((method, place) => asked.indexOf(method) < place);
    if (twice !== undefined)
      throw new UsageError(
        `METHODS names ${twice.name} twice`,
        'Give each method once, with commas between.',
      );
    if (!asked.some((method) => method.hasWeights) && Object.keys(typedSettings(input)).length > 0)
      throw new UsageError(
        '--set and --scale are for methods with weights, and none of METHODS has any',
        'Other methods are compared with their defaults.',
      );
    for (const method of asked) if (method.hasWeights) parsedSettings(method, typedSettings(input));
    const catalogue = readCatalogue(input.text('catalogue')!);
    const seed = input.integer('seed')!;
    const split = leaveOneOut(catalogue, { seed, people: input.integer('people') });
    if (split.cases.length === 0)
      throw new UsageError(
        `nobody in ${catalogue.name} can be asked: leave-one-out wants people with three items they did not dislike`,
        'Use a catalogue with longer histories.',
      );
    io.log(`${catalogue.name}: ${split.cases.length} people, ${split.training.length} training rows`);
    const endpoint = typedEndpoint(input, io, catalogue.name);
    const answers = new Map<string, Answered[]>();
    const ids = catalogue.items.map((item) => item.id);
    const chosen = split.cases.map((one) => ({ ...one, chosen: [one.target] }));
    for (const method of asked) {
      const settings = method.hasWeights ? typedSettings(input) : {};
      const set = { items: catalogue.items, people: catalogue.people, interactions: split.training };
      const options = trainOptions(io, catalogue.name, method.name, wallMilliseconds);
      const recommender = await method
        .train(set, settings, seed, { ...options, ...endpoint })
        .catch((error: unknown) => {
          throw befell(method.name, error);
        });
      const watch = (what: string) =>
        toldAsking(io, `${method.name}, ${what}`, chosen.length, wallMilliseconds);
      const lists = await answerCases(recommender, split.cases, watch('lists'));
      const terms = { seed, logOddsAgainst: method.logOddsAgainst };
      const sampled = await sampledAccuracies(recommender, chosen, ids, terms, watch('AUC'));
      answers.set(
        method.name,
        lists.map((list, at) => ({ ...list, sampled: sampled[at]! })),
      );
    }
    const rows = asked.map(({ name }) => ({
      method: name,
      ...gradesOf(answers.get(name)!, split, catalogue.items),
      auc: meanFound(answers.get(name)!, (sampled) => sampled.auc),
      logloss: meanFound(answers.get(name)!, (sampled) => sampled.logloss),
    }));
    const [first, ...others] = [...answers].map(([method, answered]) => ({ method, answers: answered }));
    const comparisons = others.flatMap((other) => pairedGrades(other, first!, seed, compared));
    io.answer({ catalogue: catalogue.name, seed, methods: rows, comparisons }, [
      ...gradeLines(rows),
      ...comparisons.map((one) => `${one.method} − ${one.against}, ${one.metric}: ${pairedText(one)}`),
    ]);
    return 0;
  },
};

type Answered = AnsweredCase & { readonly sampled: SampledAccuracy | null };

const compared: Readonly<Record<string, GradeOf<Answered>>> = {
  ...listGrades,
  auc: ({ sampled }) => sampled?.auc ?? null,
};

/** Mean over the cases that have it; null where none has. */
function meanFound(
  answers: readonly Answered[],
  value: (sampled: SampledAccuracy) => number | null,
): number | null {
  const values = answers.flatMap(({ sampled }) => (sampled === null ? [] : (value(sampled) ?? [])));
  return values.length === 0 ? null : meanOf(values);
}

type GradeRow = NextItemGrades & {
  readonly method: string;
  readonly auc: number | null;
  readonly logloss: number | null;
};

/** Two tables, each of which fits a terminal of 80 columns. */
function gradeLines(rows: readonly GradeRow[]): string[] {
  const show = (value: number | null): string => (value === null ? '–' : value.toFixed(4));
  const table = (head: readonly string[], cells: (row: GradeRow) => readonly string[]): string[] =>
    [['method', ...head], ...rows.map((row) => [row.method, ...cells(row)])].map(([name = '', ...values]) =>
      [name.padEnd(12), ...values.map((value) => value.padStart(9))].join(' '),
    );
  return [
    ...table(
      [...[5, 10, 20].map((k) => `recall@${k}`), ...[5, 10, 20].map((k) => `ndcg@${k}`)],
      ({ recall, ndcg }) => [...Object.values(recall), ...Object.values(ndcg)].map(show),
    ),
    '',
    ...table(
      ['auc', 'logloss', 'cover@10', 'tail@10', 'cold@20'],
      ({ auc, logloss, coverage10, longTail10, cold }) => [
        ...[auc, logloss, coverage10, longTail10].map(show),
        `${cold.found20}/${cold.cases}`,
      ],
    ),
    '',
  ];
}
