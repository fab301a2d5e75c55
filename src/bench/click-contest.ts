// The contest of augmentation for click models, as in A/B Agent's Table 5 with the controls it lacks: each model trained on
// labelled real rows and on choices of visitors added to them, clicks and page views apart, with covers and without, and
// asked which of the items that a person really met later it liked. The sets are in src/dataset/click-augmentation.ts.

import { wallMilliseconds } from '../base/clock.ts';
import { UsageError } from '../base/error.ts';
import type { Catalogue } from '../catalogue/item.ts';
import type { HistorySplit } from '../catalogue/split.ts';
import { conditions, type Condition } from '../dataset/augmentation.ts';
import type { Choices } from '../dataset/choices.ts';
import { clickAugmentation, type ClickAugmentation } from '../dataset/click-augmentation.ts';
import { clickAccuracy } from '../recommend/clicks/accuracy.ts';
import type { ClickMethod } from '../recommend/clicks/define.ts';
import { impressionLogOdds } from '../recommend/clicks/impressions.ts';
import type { TrainOptions } from '../recommend/recommender.ts';
import { meanOf } from '../stats/ratio.ts';
import {
  comparisonOf,
  figureOf,
  overSeeds,
  record,
  type Comparison,
  type Figure,
} from './augment-figures.ts';

/** Choices of one kind on pages of one kind. */
export interface ClickSource {
  readonly rows: 'clicks' | 'page views';
  readonly covers: 'shown' | 'hidden';
  readonly choices: Choices;
}

export interface ClickName {
  readonly rows: ClickSource['rows'];
  readonly covers: ClickSource['covers'];
  readonly metric: (typeof metrics)[number];
}

export type ClickRow = Comparison & ClickName;

export interface ClickReport {
  readonly methods: readonly string[];
  readonly settings: unknown;
  readonly seeds: number;
  readonly realRows: number;
  /** Who was asked, and about how many items together. */
  readonly people: number;
  readonly tested: number;
  readonly available: ClickAugmentation['available'];
  readonly rows: readonly ClickRow[];
  /** Rows of pages with covers minus those of pages without, as gains; none where the run has one kind of page. */
  readonly covers: readonly (Omit<ClickName, 'covers'> & {
    readonly method: string;
    readonly over: Figure;
  })[];
  readonly seconds: number;
}

const metrics = ['auc', 'logloss'] as const;
const better = { auc: 'higher', logloss: 'lower' } as const;

/** Grades of one condition: by metric, [seed][person]. */
type Grades = Record<ClickName['metric'], number[][]>;

/** Runs the contest with seeds 1 to `seeds`. `split` is that of the run. */
export async function clickContest(
  catalogue: Catalogue,
  split: HistorySplit,
  sources: readonly ClickSource[],
  options: {
    readonly methods: readonly ClickMethod[];
    readonly settings: unknown;
    readonly seeds: number;
    readonly splitSeed: number;
    trainOptions(label: string): TrainOptions;
    log(line: string): void;
  },
): Promise<ClickReport> {
  const started = wallMilliseconds();
  const prepared = clickAugmentation(
    split,
    sources.map(({ choices }) => choices),
    options.splitSeed,
  );
  if (prepared.available.added === 0)
    throw new UsageError(
      'No visitor has clicks and page views of every kind of page, and real rows to hold back.',
      'Let them come more often (replicates), or leave the click models out: --clicks none.',
    );
  const rows: ClickRow[] = [];
  const covers: ClickReport['covers'][number][] = [];
  for (const method of options.methods) {
    // Neither depends on the source: as many rows are held back for every one.
    const real = await gradesOf(method, 'real', sources[0]!);
    const heldBack = await gradesOf(method, 'held-back', sources[0]!);
    const synthetic = new Map<ClickSource, Grades>();
    for (const source of sources) {
      const own = await gradesOf(method, 'synthetic', source);
      const graded: Record<Condition, Grades> = {
        real,
        synthetic: own,
        'held-back': heldBack,
        permuted: await gradesOf(method, 'permuted', source),
        unchosen: await gradesOf(method, 'unchosen', source),
      };
      synthetic.set(source, own);
      for (const metric of metrics) {
        const name = { rows: source.rows, covers: source.covers, metric };
        const of = record(conditions, (condition) => graded[condition][metric]);
        rows.push({ ...comparisonOf(method.name, name, of, better[metric]), ...name });
      }
    }
    covers.push(...coversOver(method.name, synthetic));
  }
  return {
    methods: options.methods.map(({ name }) => name),
    settings: options.settings,
    seeds: options.seeds,
    realRows: split.armTraining.length,
    people: prepared.cases.length,
    tested: prepared.cases.reduce((sum, { test }) => sum + test.length, 0),
    available: prepared.available,
    rows,
    covers,
    seconds: (wallMilliseconds() - started) / 1000,
  };

  async function gradesOf(method: ClickMethod, condition: Condition, source: ClickSource): Promise<Grades> {
    const grades: Grades = { auc: [], logloss: [] };
    for (let seed = 1; seed <= options.seeds; seed++) {
      const about =
        condition === 'real' || condition === 'held-back' ? '' : `, ${source.rows}, covers ${source.covers}`;
      const label = `${method.name}${about}, ${condition}, seed ${seed} of ${options.seeds}`;
      const training = options.trainOptions(label);
      training.interrupted?.throwIfAborted();
      const data = {
        items: catalogue.items,
        people: catalogue.people,
        train: prepared.training(condition, source.choices, seed),
        test: prepared.cases.flatMap(({ test }) => test),
      };
      const told = await impressionLogOdds(method, data, options.settings, seed, training);
      const own = personGrades(prepared.cases, told);
      for (const metric of metrics) grades[metric].push(own[metric]);
      options.log(`${label}: done`);
    }
    return grades;
  }
}

/** AUC and logloss within each person, of the log-odds of all their test rows in order. */
export function personGrades(
  cases: ClickAugmentation['cases'],
  logOdds: readonly number[],
): Record<ClickName['metric'], number[]> {
  const grades: Record<ClickName['metric'], number[]> = { auc: [], logloss: [] };
  let from = 0;
  for (const { test } of cases) {
    const own = clickAccuracy(
      logOdds.slice(from, from + test.length),
      test.map(({ clicked }) => clicked),
    );
    // A case has both labels, so that both are numbers.
    grades.auc.push(own.auc!);
    grades.logloss.push(own.logloss!);
    from += test.length;
  }
  return grades;
}

function coversOver(method: string, synthetic: ReadonlyMap<ClickSource, Grades>): ClickReport['covers'] {
  const gradesWith = (rows: string, covers: string): Grades | undefined =>
    [...synthetic].find(([source]) => source.rows === rows && source.covers === covers)?.[1];
  return (['clicks', 'page views'] as const).flatMap((rows) => {
    const [shown, hidden] = [gradesWith(rows, 'shown'), gradesWith(rows, 'hidden')];
    if (shown === undefined || hidden === undefined) return [];
    return metrics.map((metric) => {
      const sign = better[metric] === 'higher' ? 1 : -1;
      const without = overSeeds(hidden[metric]);
      const difference = overSeeds(shown[metric]).map((own, person) => sign * (own - without[person]!));
      return { method, rows, metric, over: figureOf(difference, meanOf, [method, rows, metric, 'covers']) };
    });
  });
}
