import { expect, it } from 'vitest';
import { heldOutLoss, heldOutNdcg10 } from '../../src/recommend/held-out.ts';

const step = (next: number, ...past: number[]) => ({ past: Int32Array.from(past), next });

it('ranks the next item among all outside its past, ties against it, a few cases at a time', () => {
  const asked: number[] = [];
  const scores = [
    [0.5, 0.9, 0.9, 0.1], // 1 has a tie: second place
    [0.8, 0.7, 0.1, 0.9], // 1 behind 0, for 3 is known: second place
    [0.1, 0.2, 0.3, 0.4], // 3 is first
  ];
  const cases = [step(1), step(1, 3), step(3)].map((one, row) => ({ ...one, row }));
  const score = heldOutNdcg10(cases, 2, (_parameters, part) => {
    asked.push(part.length);
    return part.map(({ row }) => scores[row]!);
  })!;
  expect(score({})).toBeCloseTo((2 / Math.log2(3) + 1) / 3, 12);
  expect(asked).toEqual([2, 1]);
});

it('gives nothing beyond the tenth place', () => {
  const cases = [10, 9].map((better) => step(better));
  const scores = Float32Array.from({ length: 12 }, (_, item) => -item);
  const score = heldOutNdcg10(cases, 8, () => cases.map(() => scores))!;
  expect(score({})).toBeCloseTo(1 / Math.log2(11) / 2, 12);
});

it('there is nothing to score where nobody is held out', () => {
  expect(heldOutNdcg10([], 8, () => [])).toBeUndefined();
  expect(heldOutLoss([], () => expect.unreachable())).toBeUndefined();
});
