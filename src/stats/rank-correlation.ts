// Whether two numbers order the same things alike: Kendall's τ-b. With as few things as a run has arms it describes,
// it does not test.

import { notEstimable, type NotEstimable } from './estimate.ts';

/**
 * (concordant − discordant pairs) / √(pairs that differ in the first × pairs that differ in the second), in [−1, 1]; ties
 * count for neither side (Kendall 1945). Not estimable where one of the two has no two different values.
 */
export function kendallTau(
  points: readonly (readonly [number, number])[],
): { readonly kind: 'estimated'; readonly value: number } | NotEstimable {
  if (!points.flat().every(Number.isFinite)) return notEstimable('a value is not a finite number');
  let balance = 0;
  let firstDiffer = 0;
  let secondDiffer = 0;
  points.forEach((one, place) => {
    for (const other of points.slice(place + 1)) {
      const [first, second] = [Math.sign(one[0] - other[0]), Math.sign(one[1] - other[1])];
      balance += first * second;
      firstDiffer += Math.abs(first);
      secondDiffer += Math.abs(second);
    }
  });
  if (firstDiffer === 0 || secondDiffer === 0) return notEstimable('all values of one side are equal');
  return { kind: 'estimated', value: balance / Math.sqrt(firstDiffer * secondDiffer) };
}
