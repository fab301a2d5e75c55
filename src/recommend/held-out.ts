// When to stop: how a model in training does on the steps that were held out, by where the next items rank or by the
// loss of batches of them. Higher is better in both.

import { deviceBatch, type HostBatch } from './kit/fit.ts';
import { compiled, download, release, type Tensor, type Tensors } from './kit/tensor.ts';
import type { HeldOutStep } from './sequences.ts';

/**
 * Mean NDCG@10 of the next items, each ranked among all outside its past; undefined where nobody is held out. `scores`
 * gives those of all items for at most `together` cases.
 */
export function heldOutNdcg10<Case extends HeldOutStep>(
  cases: readonly Case[],
  together: number,
  scores: (parameters: Tensors, cases: readonly Case[]) => readonly ArrayLike<number>[],
): ((parameters: Tensors) => number) | undefined {
  if (cases.length === 0) return undefined;
  return (parameters) => {
    let gain = 0;
    for (let from = 0; from < cases.length; from += together) {
      const part = cases.slice(from, from + together);
      const found = scores(parameters, part);
      part.forEach(({ past, next }, place) => {
        const rank = rankOf(found[place]!, next, new Set(past));
        gain += rank < 10 ? 1 / Math.log2(rank + 2) : 0;
      });
    }
    return gain / cases.length;
  };
}

/** How many scores are at least as high as the target's, the target and what is left out not counted: ties count against it. */
function rankOf(scores: ArrayLike<number>, target: number, leftOut: ReadonlySet<number>): number {
  const own = scores[target]!;
  let rank = 0;
  for (let place = 0; place < scores.length; place++) {
    if (place !== target && scores[place]! >= own && !leftOut.has(place)) rank++;
  }
  return rank;
}

/** Cases in a batch of one shape, and how many they are. */
export interface HeldOutPart {
  readonly cases: number;
  readonly host: HostBatch;
}

/** −(mean loss) of held-out cases; undefined where there are none. `loss` is a mean over the cases of a batch. */
export function heldOutLoss(
  parts: readonly HeldOutPart[],
  loss: (parameters: Tensors, batch: Tensors) => Tensor,
): ((parameters: Tensors) => number) | undefined {
  if (parts.length === 0) return undefined;
  const program = compiled((parameters, batch) => ({ loss: loss(parameters!, batch!) }));
  const all = parts.reduce((sum, { cases }) => sum + cases, 0);
  return (parameters) => {
    let total = 0;
    for (const { cases, host } of parts) {
      const batch = deviceBatch(host);
      const outputs = program(parameters, batch);
      total += cases * download(outputs.loss)[0]!;
      release(outputs, batch);
    }
    return -total / all;
  };
}
