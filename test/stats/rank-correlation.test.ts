import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kendallTau } from '../../src/stats/rank-correlation.ts';

const finite = fc.integer({ min: -5, max: 5 });
const points = fc.array(fc.tuple(finite, finite), { minLength: 2, maxLength: 12 });

describe("Kendall's τ-b", () => {
  it("is that of SciPy's example", () => {
    const x = [12, 2, 1, 12, 2];
    const y = [1, 4, 7, 1, 0];
    const found = kendallTau(x.map((value, at) => [value, y[at]!]));
    expect(found.kind === 'estimated' && found.value).toBeCloseTo(-0.4714045207910316, 14);
  });

  it('is 1 against itself, turns its sign with one side, and does not ask which side is first', () => {
    fc.assert(
      fc.property(points, (all) => {
        const found = kendallTau(all);
        const mirrored = kendallTau(all.map(([x, y]) => [x, -y]));
        const swapped = kendallTau(all.map(([x, y]) => [y, x]));
        const own = kendallTau(all.map(([x]) => [x, x]));
        if (found.kind !== 'estimated') {
          expect(mirrored.kind).not.toBe('estimated');
          return;
        }
        expect(mirrored.kind === 'estimated' && mirrored.value).toBeCloseTo(-found.value, 12);
        expect(swapped).toEqual(found);
        expect(own.kind === 'estimated' && own.value).toBeCloseTo(1, 12);
        expect(Math.abs(found.value)).toBeLessThanOrEqual(1 + 1e-12);
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it('is not estimable where one side is all equal, or a value is not a number', () => {
    expect(kendallTau([]).kind).toBe('not-estimable');
    expect(kendallTau([[1, 1]]).kind).toBe('not-estimable');
    expect(
      kendallTau([
        [1, 1],
        [1, 2],
      ]).kind,
    ).toBe('not-estimable');
    expect(
      kendallTau([
        [1, 1],
        [2, NaN],
      ]).kind,
    ).toBe('not-estimable');
  });
});
