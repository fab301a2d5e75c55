// From grades to what the contest of augmentation says: means, gains over the real rows alone, and what share of the gain
// of equally many real rows the simulated ones reach. A person's figure is its mean over seeds; intervals resample
// people, all conditions of a person together. Pure.

import { conditions, type Condition } from '../dataset/augmentation.ts';
import { bootstrapped } from '../stats/bootstrap.ts';
import { meanOf } from '../stats/ratio.ts';
import type { FigureName } from './augment-grades.ts';

export interface Figure {
  /** Null where nothing can be said, with the reason in `note`. */
  readonly value: number | null;
  /** 95 %. */
  readonly ci: readonly [number, number] | null;
  readonly note: string;
}

export type Added = Exclude<Condition, 'real'>;

export interface AugmentRow extends FigureName {
  readonly method: string;
  readonly people: number;
  readonly means: Readonly<Record<Condition, Figure>>;
  /** Differences from the real rows alone, over the same people. */
  readonly gains: Readonly<Record<Added, Figure>>;
  readonly syntheticOverPermuted: Figure;
  /** The gain of synthetic rows over that of equally many real ones; null unless real rows gain for certain. */
  readonly shareOfRealGain: Figure;
  /** Standard deviation over seeds of the mean gain: new draws of rows and of the training's chance. */
  readonly seedSpread: Readonly<Record<Added, number>>;
}

/** Grades by condition: [seed][person], the same people everywhere. Two seeds or more. */
export type Graded = Readonly<Record<Condition, readonly (readonly number[])[]>>;

const resamples = 2000;

/** What the grades of one method on one figure say. */
export function augmentRow(method: string, name: FigureName, graded: Graded): AugmentRow {
  const people = graded.real[0]!.length;
  const value = record(conditions, (condition) =>
    Array.from({ length: people }, (_, person) => meanOf(graded[condition].map((seed) => seed[person]!))),
  );
  const difference = (a: Condition, b: Condition): number[] =>
    value[a].map((own, person) => own - value[b][person]!);
  const figure = (what: string, of: readonly number[]): Figure =>
    figureOf(of, meanOf, [method, name.history, name.metric, what]);
  const gain = record(added, (condition) => difference(condition, 'real'));
  const gains = record(added, (condition) => figure(`gain ${condition}`, gain[condition]));
  const real = gains['held-back'].ci;
  return {
    method,
    ...name,
    people,
    means: record(conditions, (condition) => figure(`mean ${condition}`, value[condition])),
    gains,
    syntheticOverPermuted: figure('over permuted', difference('synthetic', 'permuted')),
    shareOfRealGain:
      real !== null && real[0] > 0
        ? figureOf(
            gain.synthetic.map((own, person) => [own, gain['held-back'][person]!] as const),
            (sample) => meanOf(sample.map(([own]) => own)) / meanOf(sample.map(([, other]) => other)),
            [method, name.history, name.metric, 'share'],
          )
        : { value: null, ci: null, note: 'equally many real rows do not gain for certain' },
    seedSpread: record(added, (condition) =>
      deviation(graded[condition].map((own, seed) => meanOf(own) - meanOf(graded.real[seed]!))),
    ),
  };
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

export const added: readonly Added[] = ['synthetic', 'held-back', 'permuted'];

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
