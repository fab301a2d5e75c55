// From grades to what the contest of augmentation says: means, gains over the real rows alone, and what share of the gain
// of equally many real rows the simulated ones reach. A person's figure is its mean over seeds; intervals resample
// people, all conditions of a person together. Pure.

import { conditions, type Condition } from '../dataset/augmentation.ts';
import { bootstrapped } from '../stats/bootstrap.ts';
import { meanOf } from '../stats/ratio.ts';

export interface Figure {
  /** Null where nothing can be said, with the reason in `note`. */
  readonly value: number | null;
  /** 95 %. */
  readonly ci: readonly [number, number] | null;
  readonly note: string;
}

export type Added = Exclude<Condition, 'real'>;

/** What the conditions come to in one figure. Gains and differences count what is better as positive. */
export interface Comparison {
  readonly method: string;
  readonly people: number;
  readonly means: Readonly<Record<Condition, Figure>>;
  /** Differences from the real rows alone, over the same people. */
  readonly gains: Readonly<Record<Added, Figure>>;
  /** Synthetic minus each control of the same size. */
  readonly syntheticOver: Readonly<Record<(typeof controls)[number], Figure>>;
  /** The gain of synthetic rows over that of equally many real ones; null unless real rows gain for certain. */
  readonly shareOfRealGain: Figure;
  /** Standard deviation over seeds of the mean gain: new draws of rows and of the training's chance. */
  readonly seedSpread: Readonly<Record<Added, number>>;
}

export const controls = ['permuted', 'unchosen'] as const;

/** Grades by condition: [seed][person], the same people everywhere. Two seeds or more. */
export type Graded = Readonly<Record<Condition, readonly (readonly number[])[]>>;

const resamples = 2000;

/** What the grades of one method on one figure, which `name` names, say. */
export function comparisonOf(
  method: string,
  name: Readonly<Record<string, string>>,
  graded: Graded,
  better: 'higher' | 'lower' = 'higher',
): Comparison {
  const people = graded.real[0]!.length;
  const value = record(conditions, (condition) => overSeeds(graded[condition]));
  const sign = better === 'higher' ? 1 : -1;
  const difference = (a: Condition, b: Condition): number[] =>
    value[a].map((own, person) => sign * (own - value[b][person]!));
  const figure = (what: string, of: readonly number[]): Figure =>
    figureOf(of, meanOf, [method, ...Object.values(name), what]);
  const gain = record(added, (condition) => difference(condition, 'real'));
  const gains = record(added, (condition) => figure(`gain ${condition}`, gain[condition]));
  const real = gains['held-back'].ci;
  return {
    method,
    people,
    means: record(conditions, (condition) => figure(`mean ${condition}`, value[condition])),
    gains,
    syntheticOver: record(controls, (control) => figure(`over ${control}`, difference('synthetic', control))),
    shareOfRealGain:
      real !== null && real[0] > 0
        ? figureOf(
            gain.synthetic.map((own, person) => [own, gain['held-back'][person]!] as const),
            (sample) => meanOf(sample.map(([own]) => own)) / meanOf(sample.map(([, other]) => other)),
            [method, ...Object.values(name), 'share'],
          )
        : { value: null, ci: null, note: 'equally many real rows do not gain for certain' },
    seedSpread: record(added, (condition) =>
      deviation(graded[condition].map((own, seed) => sign * (meanOf(own) - meanOf(graded.real[seed]!)))),
    ),
  };
}

/** The mean over seeds of each person's grades. */
export function overSeeds(graded: readonly (readonly number[])[]): number[] {
  return graded[0]!.map((_, person) => meanOf(graded.map((seed) => seed[person]!)));
}

/** A figure of people with its interval, or the reason why there is none. */
export function figureOf<Unit>(
  units: readonly Unit[],
  figure: (sample: readonly Unit[]) => number,
  stream: readonly string[],
): Figure {
  const found = bootstrapped(units, figure, { alpha: 0.05, resamples, seed: ['augment', ...stream] });
  return found.kind === 'estimated'
    ? { value: found.value, ci: found.percentile, note: '' }
    : { value: null, ci: null, note: found.reason };
}

export const added: readonly Added[] = ['synthetic', 'held-back', 'permuted', 'unchosen'];

/** A record with a value for each key. */
export function record<Key extends string, Value>(
  keys: readonly Key[],
  value: (key: Key) => Value,
): Record<Key, Value> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<Key, Value>;
}

function deviation(values: readonly number[]): number {
  const centre = meanOf(values);
  return Math.sqrt(values.reduce((sum, each) => sum + (each - centre) ** 2, 0) / (values.length - 1));
}
