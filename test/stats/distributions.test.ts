// The laws that the distributions obey; vectors.test.ts holds them against 30-digit numbers.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as d from '../../src/stats/distributions.ts';
import { lnGamma } from '../../src/stats/special.ts';

describe('the distributions', () => {
  const df = fc.double({ min: 0.5, max: 1e5, noNaN: true });
  const probability = fc.double({ min: 1e-12, max: 1 - 1e-9, noNaN: true });

  it('quantile undoes cdf', () => {
    fc.assert(
      fc.property(probability, df, (p, own) => {
        expect(d.normalCdf(d.normalQuantile(p)) / p).toBeCloseTo(1, 9);
        expect(d.tCdf(d.tQuantile(p, own), own) / p).toBeCloseTo(1, 8);
        expect(d.chiSquareCdf(d.chiSquareQuantile(p, own), own) / p).toBeCloseTo(1, 8);
      }),
    );
  });

  it('cdf and survival add up to 1, and t is symmetric', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), df, (x, own) => {
        expect(d.tCdf(x, own) + d.tSurvival(x, own)).toBeCloseTo(1, 12);
        expect(d.tCdf(-x, own)).toBe(d.tSurvival(x, own));
        expect(d.normalCdf(x) + d.normalSurvival(x)).toBeCloseTo(1, 12);
        expect(d.chiSquareCdf(Math.abs(x), own) + d.chiSquareSurvival(Math.abs(x), own)).toBeCloseTo(1, 12);
      }),
    );
  });

  it('the tails of t grow with fewer degrees of freedom, down to the normal with many', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 20, noNaN: true }),
        fc.double({ min: 1, max: 1000, noNaN: true }),
        (x, own) => {
          expect(d.tSurvival(x, own)).toBeGreaterThan(d.tSurvival(x, own * 2));
          expect(d.tSurvival(x, own)).toBeGreaterThan(d.normalSurvival(x));
        },
      ),
    );
  });

  it('the binomial tail is the sum of its terms', () => {
    const [trials, chance] = [12, 0.3];
    const term = (k: number): number =>
      Math.exp(lnGamma(trials + 1) - lnGamma(k + 1) - lnGamma(trials - k + 1)) *
      chance ** k *
      (1 - chance) ** (trials - k);
    for (let count = -1; count <= trials; count++) {
      const sum = Array.from({ length: trials - count }, (_unused, index) => term(count + 1 + index)).reduce(
        (a, b) => a + b,
        0,
      );
      expect(d.binomialSurvival(count, trials, chance)).toBeCloseTo(sum, 12);
    }
  });

  it('ln Γ(n + 1) = ln n! and Γ(1/2) = √π', () => {
    expect(lnGamma(11)).toBeCloseTo(Math.log(3628800), 12);
    expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 14);
    expect(lnGamma(1e-10)).toBeCloseTo(Math.log(1e10), 9);
    expect(() => lnGamma(0)).toThrow(RangeError);
    expect(() => d.tQuantile(1, 3)).toThrow(RangeError);
  });

  it('keep ten digits of t where it turns into the normal, and of F and beta far out (mpmath, 40 digits)', () => {
    const points: [number, number][] = [
      [d.tSurvival(3, 9.9e6), 0.0013499013890932340118],
      [d.fSurvival(10, 0.5, 10_000), 0.0092230026553930611111],
      [d.fCdf(0.1, 300, 500), 1.015437198685501209e-80],
      [d.betaCdf(0.1, 800, 3000), 2.7953239527529299665e-90],
      [d.betaSurvival(0.1, 0.01, 5), 0.0059273690703776434823],
      [d.gammaCdf(0.0995, 99.5), 1.8670400163638200912e-257],
    ];
    for (const [value, wanted] of points) expect(Math.abs(value / wanted - 1)).toBeLessThan(1e-11);
  });
});
