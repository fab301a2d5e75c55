// The contest of augmentation: each method trained on each of the training sets with each seed, and asked for what
// people really liked later. What the sets are is in src/dataset/augmentation.ts, how a recommender is asked in
// augment-grades.ts, what the grades say in augment-figures.ts; here they are put together.

import { wallMilliseconds } from '../base/clock.ts';
import type { Catalogue } from '../catalogue/item.ts';
import {
  augmentation,
  conditions,
  type Augmentation,
  type AugmentedSet,
  type Condition,
  type SimulatedRows,
} from '../dataset/augmentation.ts';
import type { HistorySplit } from '../catalogue/split.ts';
import type { Method, TrainOptions } from '../recommend/recommender.ts';
import { agreementOf, type Agreement } from './augment-agreement.ts';
import { comparisonOf, record, type Comparison } from './augment-figures.ts';
import { figures, gradesOf, type FigureName } from './augment-grades.ts';

/** A method with its settings as they were typed. */
export interface Contestant {
  readonly method: Method;
  readonly settings: unknown;
}

export type AugmentRow = Comparison & FigureName;

export interface AugmentReport {
  readonly catalogue: string;
  readonly methods: readonly { readonly name: string; readonly settings: unknown }[];
  readonly seeds: number;
  /** Who was asked: visitors with a like in their test part. */
  readonly people: number;
  readonly realRows: number;
  readonly available: Augmentation['available'];
  /** Rows added, mean over seeds. */
  readonly added: Readonly<Record<Condition, number>>;
  readonly agreement: Readonly<Record<(typeof simulated)[number], Agreement>>;
  readonly rows: readonly AugmentRow[];
  readonly seconds: number;
}

/** Conditions whose rows say something about held-out ones; held-back rows are held-out ones. */
export const simulated = ['synthetic', 'permuted', 'unchosen'] as const;

/**
 * Runs the contest. `split` is that of the run, `rows` what its visitors did.
 * Seeds are 1 to `seeds`, two or more: each draws rows, exchanges visitors and trains anew.
 */
export async function augmentContest(
  catalogue: Catalogue,
  split: HistorySplit,
  rows: SimulatedRows,
  settings: {
    readonly contestants: readonly Contestant[];
    readonly seeds: number;
    /** Seed of the scenario: orders rows of equal time. */
    readonly splitSeed: number;
    trainOptions(label: string): TrainOptions;
    log(line: string): void;
  },
): Promise<AugmentReport> {
  const started = wallMilliseconds();
  const prepared = augmentation(split, rows, settings.splitSeed);
  const seeds = Array.from({ length: settings.seeds }, (_, index) => index + 1);
  const sets: Record<Condition, AugmentedSet[]> = record(conditions, (condition) =>
    seeds.map((seed) => prepared.set(condition, seed)),
  );
  const found: AugmentRow[] = [];
  for (const { method, settings: chosen } of settings.contestants) {
    const graded = record(conditions, (): number[][][] => []);
    for (const condition of conditions) {
      for (const [place, seed] of seeds.entries()) {
        const set = sets[condition][place]!;
        const label = `${method.name}, ${condition}, seed ${seed} of ${seeds.length}`;
        const options = settings.trainOptions(label);
        options.interrupted?.throwIfAborted();
        const training = { items: catalogue.items, interactions: prepared.training(set) };
        const recommender = await method.train(training, chosen, seed, options);
        graded[condition].push(await gradesOf(recommender, prepared.cases, set));
        settings.log(`${label}: done`);
      }
    }
    for (const [place, name] of figures.entries()) {
      const of = record(conditions, (condition) => graded[condition].map((grades) => grades[place]!));
      found.push({ ...comparisonOf(method.name, { ...name }, of), ...name });
    }
  }
  return {
    catalogue: catalogue.name,
    methods: settings.contestants.map(({ method, settings: chosen }) => ({
      name: method.name,
      settings: chosen,
    })),
    seeds: seeds.length,
    people: prepared.cases.length,
    realRows: split.armTraining.length,
    available: prepared.available,
    added: record(
      conditions,
      (condition) => sets[condition].reduce((sum, set) => sum + set.rows, 0) / seeds.length,
    ),
    agreement: record(simulated, (condition) => agreementOf(sets[condition], split.heldOut, condition)),
    rows: found,
    seconds: (wallMilliseconds() - started) / 1000,
  };
}
