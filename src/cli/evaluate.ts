// `rehearsal evaluate METHODS`: leave-one-out with full ranking, one table, and every method against the first with
// a paired bootstrap over people. Trains what has no kept weights for these histories.

import { wallMilliseconds } from '../base/clock.ts';
import { UsageError } from '../base/error.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import { methodNamed, methods } from '../recommend/methods.ts';
import {
  answerCases,
  gradesOf,
  leaveOneOut,
  ndcgAt,
  recallAt,
  type AnsweredCase,
  type NextItemGrades,
} from '../recommend/next-item.ts';
import { bootstrappedMean } from '../stats/bootstrap.ts';
import { modelOptions, trainOptions, typedSettings } from './model-options.ts';
import type { Verb } from './verb.ts';

export const evaluateVerb: Verb = {
  name: 'evaluate',
  summary: 'Compare methods on what people chose next.',
  details:
    'Leave-one-out: the last step of each history is asked for, all other items compete. Recall and NDCG at 5, 10 and 20, coverage, long tail, cold items; differences from the first method with 95 % intervals (paired bootstrap over people). Rows of equal time are ordered by the seed. --set and --scale go to every method with weights.',
  examples: [
    'rehearsal evaluate popularity,item-knn,mf',
    'rehearsal evaluate popularity,sasrec --catalogue ml-small --people 500 --json',
  ],
  arguments: [{ name: 'METHODS', summary: `with commas: ${Object.keys(methods).join(', ')}` }],
  options: [
    ...modelOptions,
    { name: 'people', kind: 'integer', value: 'N', summary: 'Largest number of people asked for.' },
  ],
  interruptible: true,
  run: async (input, io) => {
    const asked = input.argument('METHODS').split(',').map(methodNamed);
    if (new Set(asked).size < asked.length) throw new UsageError('METHODS names a method twice');
    const catalogue = readCatalogue(input.text('catalogue')!);
    const seed = input.integer('seed')!;
    const split = leaveOneOut(catalogue, { seed, people: input.integer('people') });
    io.log(`${catalogue.name}: ${split.cases.length} people, ${split.training.length} training rows`);
    const answers = new Map<string, AnsweredCase[]>();
    for (const method of asked) {
      const settings = method.hasWeights ? typedSettings(input) : {};
      const set = { items: catalogue.items, interactions: split.training };
      const options = trainOptions(io, catalogue.name, method.name, wallMilliseconds);
      const recommender = await method.train(set, settings, seed, options);
      answers.set(method.name, await answerCases(recommender, split.cases));
    }
    const rows = asked.map(({ name }) => ({
      method: name,
      ...gradesOf(answers.get(name)!, split, catalogue.items),
    }));
    const comparisons = comparisonsOf(answers, seed);
    io.answer({ catalogue: catalogue.name, seed, methods: rows, comparisons }, [
      ...gradeLines(rows),
      ...comparisons.map(comparisonLine),
    ]);
    return 0;
  },
};

const compared = { 'recall@10': recallAt, 'ndcg@10': ndcgAt } as const;

/** Each method after the first against it, on recall@10 and NDCG@10; null with its reason where nothing can be said. */
function comparisonsOf(answers: ReadonlyMap<string, readonly AnsweredCase[]>, seed: number) {
  const [first, ...others] = [...answers];
  return others.flatMap(([method, own]) =>
    Object.entries(compared).map(([metric, value]) => {
      const differences = own.map((answer, at) => value(10, answer) - value(10, first![1][at]!));
      const found = bootstrappedMean(differences, {
        alpha: 0.05,
        resamples: 2000,
        seed: [seed, 'evaluate', method, metric],
      });
      const about = { method, against: first![0], metric, n: differences.length };
      return found.kind === 'estimated'
        ? { ...about, mean: found.value, ci: found.percentile, note: '' }
        : { ...about, mean: null, ci: null, note: found.reason };
    }),
  );
}

function comparisonLine({
  method,
  against,
  metric,
  mean,
  ci,
  note,
}: ReturnType<typeof comparisonsOf>[number]): string {
  const difference =
    mean === null ? `not estimable (${note})` : `${signed(mean)} [${signed(ci[0])}, ${signed(ci[1])}]`;
  return `${method} − ${against}, ${metric}: ${difference}`;
}

function gradeLines(rows: readonly (NextItemGrades & { readonly method: string })[]): string[] {
  const show = (value: number | null): string => (value === null ? '–' : value.toFixed(4)).padStart(9);
  const head = ['recall@5', 'recall@10', 'recall@20', 'ndcg@5', 'ndcg@10', 'ndcg@20', 'coverage', 'tail'];
  return [
    `${'method'.padEnd(12)}${head.map((word) => ` ${word.padStart(9)}`).join('')}   cold`,
    ...rows.map(({ method, recall, ndcg, coverage10, longTail10, cold }) => {
      const values = [...Object.values(recall), ...Object.values(ndcg), coverage10, longTail10];
      return `${method.padEnd(12)} ${values.map(show).join(' ')}   ${cold.found20}/${cold.cases}`;
    }),
  ];
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
