// What one method gains over another for the same people: the paired bootstrap over people on Recall@10 and NDCG@10.
// It compares answers that are there; it asks nobody and trains nothing.

import { ndcgAt, recallAt, type AnsweredCase } from '../recommend/next-item.ts';
import { bootstrappedMean } from '../stats/bootstrap.ts';

const compared = [
  { metric: 'recall@10', value: recallAt },
  { metric: 'ndcg@10', value: ndcgAt },
] as const;

/** Mean and 95 % interval of the difference over n people; null with its reason where nothing can be said. */
export interface PairedGrade {
  readonly method: string;
  readonly against: string;
  readonly metric: (typeof compared)[number]['metric'];
  readonly n: number;
  readonly mean: number | null;
  readonly ci: readonly [number, number] | null;
  readonly note: string;
}

export interface Answered {
  readonly method: string;
  /** One for each case of the evaluation, in their order. */
  readonly answers: readonly AnsweredCase[];
}

/** `own` minus `other` on each metric; percentile intervals of 2,000 resamples, drawn by seed and names. */
export function pairedGrades(own: Answered, other: Answered, seed: number): PairedGrade[] {
  return compared.map(({ metric, value }) => {
    const differences = own.answers.map((answer, at) => value(10, answer) - value(10, other.answers[at]!));
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
