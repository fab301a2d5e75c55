// Training on the newest step alone, as impressions arrive (OneRec-V2, section 2.1): each step of each history is a
// target once, at the moment when it was the newest, and what came before is its context. No history is learned twice
// and nothing is learned from what came later.

import { randomFrom } from '../base/random.ts';
import type { HeldOutStep } from './sequences.ts';

export interface NewestSteps {
  readonly stepsPerEpoch: number;
  /** The targets of a training step (from 1), at most `rows`, each with at most `length` − 1 steps before it. */
  cases(step: number): HeldOutStep[];
}

/** Every step of every sequence, in another seeded order in each epoch: a pure function of the training step. */
export function newestSteps(
  sequences: readonly Int32Array[],
  { rows, length }: { readonly rows: number; readonly length: number },
  seed: number,
): NewestSteps {
  const examples = sequences.flatMap((sequence, person) => Array.from(sequence, (_, at) => ({ person, at })));
  const stepsPerEpoch = Math.ceil(examples.length / rows);
  let shuffled: { epoch: number; examples: typeof examples } | undefined;
  return {
    stepsPerEpoch,
    cases(step) {
      const epoch = Math.floor((step - 1) / stepsPerEpoch);
      if (shuffled?.epoch !== epoch) {
        shuffled = { epoch, examples: randomFrom('newest', seed, epoch).shuffle(examples) };
      }
      const from = ((step - 1) % stepsPerEpoch) * rows;
      return shuffled.examples.slice(from, from + rows).map(({ person, at }) => {
        const sequence = sequences[person]!;
        return { past: sequence.subarray(Math.max(0, at - (length - 1)), at), next: sequence[at]! };
      });
    },
  };
}
