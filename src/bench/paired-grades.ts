// What one method gains over another for the same people: the paired bootstrap over people.
// It compares answers that are there; it asks nobody and trains nothing.

import { ndcgAt, recallAt, type AnsweredCase } from '../recommend/next-item.ts';
import { bootstrappedMean } from '../stats/bootstrap.ts';

/** A metric of one answered case; null where the case has none. */
export type GradeOf<Answer> = (answer: Answer) => number | null;

/** A metric of a list, which every case has. */
export type ListGrade = (answer: AnsweredCase) => number;

export const nextItemGrades = {
  'recall@10': (answer) => recallAt(10, answer),
  'ndcg@10': (answer) => ndcgAt(10, answer),
} as const satisfies Readonly<Record<string, ListGrade>>;

/** The same at twice the length, too. */
export const listGrades = {
  ...nextItemGrades,
  'recall@20': (answer) => recallAt(20, answer),
  'ndcg@20': (answer) => ndcgAt(20, answer),
} as const satisfies Readonly<Record<string, ListGrade>>;
export type ListMetric = keyof typeof listGrades;

/** Mean and 95 % interval of the difference over n people; null with its reason where nothing can be said. */
export interface PairedGrade {
  readonly method: string;
  readonly against: string;
  readonly metric: string;
  readonly n: number;
  readonly mean: number | null;
  readonly ci: readonly [number, number] | null;
  readonly note: string;
}

export interface Answered<Answer = AnsweredCase> {
  readonly method: string;
  /** One for each case of the evaluation, in their order. */
  readonly answers: readonly Answer[];
}

/** `own` minus `other` on each metric; percentile intervals of 2,000 resamples, drawn by seed and names. */
export function pairedGrades<Answer>(
  own: Answered<Answer>,
  other: Answered<Answer>,
  seed: number,
  grades: Readonly<Record<string, GradeOf<Answer>>>,
): PairedGrade[] {
  return Object.entries(grades).map(([metric, grade]) => {
    const differences = own.answers.flatMap((answer, at) => {
      const [a, b] = [grade(answer), grade(other.answers[at]!)];
      return a === null || b === null ? [] : a - b;
    });
    const found = bootstrappedMean(differences, {
      alpha: 0.05,
      resamples: 2000,
      seed: [seed, 'evaluate', own.method, metric],
    });
    const about = { method: own.method, against: other.method, metric, n: differences.length };
    return found.kind === 'estimated'
      ? { ...about, mean: found.value, ci: found.percentile, note: '' }
      : { ...about, mean: null, ci: null, note: found.reason };
  });
}

/** '+0.0123 [+0.0100, +0.0146]', or the reason why there is none. */
export function pairedText({ mean, ci, note }: PairedGrade): string {
  return mean === null || ci === null
    ? `not estimable (${note})`
    : `${signed(mean)} [${signed(ci[0])}, ${signed(ci[1])}]`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
