// Every reference number, each at its own tolerance. A case is answered by its method and input; a method that nobody
// answers fails, so the count of cases that ran is the count of cases there are.

import { afterAll, describe, expect, it } from 'vitest';
import * as d from '../../src/stats/distributions.ts';
import type { Answer, AnswerTable } from './answers/answer.ts';
import { effectAnswers } from './answers/effects.ts';
import { otherAnswers } from './answers/others.ts';
import { planningAnswers } from './answers/planning.ts';
import { sequenceAnswers } from './answers/sequences.ts';
import { everyCase, haveVectors, whySkipped, type VectorCase, type VectorPoint } from './vectors.ts';

const answers: AnswerTable = [...sequenceAnswers, ...effectAnswers, ...planningAnswers, ...otherAnswers];
const distributionTolerance = 1e-9;

type OfNumbers = (at: number, ...args: number[]) => number;
const distributions: Readonly<Record<string, OfNumbers>> = {
  'normal cdf': (x) => d.normalCdf(x),
  'normal sf': (x) => d.normalSurvival(x),
  'normal q': (p) => d.normalQuantile(p),
  't cdf': (x, df) => d.tCdf(x, df!),
  't sf': (x, df) => d.tSurvival(x, df!),
  't q': (p, df) => d.tQuantile(p, df!),
  'chi2 cdf': (x, df) => d.chiSquareCdf(x, df!),
  'chi2 sf': (x, df) => d.chiSquareSurvival(x, df!),
  'chi2 q': (p, df) => d.chiSquareQuantile(p, df!),
  'gamma cdf': (x, shape, rate) => d.gammaCdf(x, shape!, rate),
  'gamma sf': (x, shape, rate) => d.gammaSurvival(x, shape!, rate),
  'gamma q': (p, shape, rate) => d.gammaQuantile(p, shape!, rate),
  'beta cdf': (x, a, b) => d.betaCdf(x, a!, b!),
  'beta sf': (x, a, b) => d.betaSurvival(x, a!, b!),
  'beta q': (p, a, b) => d.betaQuantile(p, a!, b!),
  'f cdf': (x, m, n) => d.fCdf(x, m!, n!),
  'f sf': (x, m, n) => d.fSurvival(x, m!, n!),
  'f q': (p, m, n) => d.fQuantile(p, m!, n!),
};

// A title with the reason is shown by few reporters.
if (!haveVectors) console.warn(`reference numbers${whySkipped}`);

describe.skipIf(!haveVectors)(`reference numbers${whySkipped}`, () => {
  const { cases, points } = haveVectors ? everyCase() : { cases: [], points: [] };
  let ran = 0;
  let worst = { share: 0, what: 'none' };
  const note = (share: number, what: string): void => {
    if (share > worst.share) worst = { share, what };
  };
  afterAll(() => {
    console.info(
      `${ran} of ${cases.length + points.length} cases ran; worst error ${worst.share.toPrecision(2)} of its tolerance (${worst.what})`,
    );
  });

  it('are there', () => {
    expect(cases.length + points.length).toBeGreaterThan(0);
  });

  for (const [name, own] of Map.groupBy(points, ({ d: distribution, fn }) => `${distribution} ${fn}`)) {
    it(`${name}: ${own.length} points to 1e-9 relative`, () => {
      for (const point of own) {
        ran += 1;
        note(distributionShare(name, point), `${name} ${JSON.stringify(point)}`);
      }
    });
  }

  for (const each of cases) {
    it(`${each.method} (${each.id})`, () => {
      ran += 1;
      note(largestShare(each), each.id);
    });
  }
});

/** Error as a share of its tolerance; throws where it is above 1. */
function distributionShare(name: string, point: VectorPoint): number {
  const compute = distributions[name];
  if (compute === undefined) throw new Error(`no distribution function answers "${name}"`);
  const value = compute((point.p ?? point.x)!, ...point.args);
  const share = Math.abs(value - point.v) / (distributionTolerance * Math.abs(point.v) + 1e-305);
  expect(share, JSON.stringify({ point, value })).toBeLessThanOrEqual(1);
  return share;
}

function largestShare({ id, method, input, expected, tolerance }: VectorCase): number {
  const answer = answers.find(([pattern]) => pattern.test(method))?.[1];
  if (answer === undefined) throw new Error(`nobody answers the method "${method}" (${id})`);
  const given: Answer = answer({ method, input, wanted: Object.keys(expected) });
  const relative = typeof tolerance === 'string';
  const limit = relative ? Number(/[0-9.e-]+$/u.exec(tolerance)?.[0]) : tolerance;
  let most = 0;
  const compare = (value: unknown, wanted: unknown, path: string): void => {
    if (Array.isArray(wanted)) {
      expect(Array.isArray(value), path).toBe(true);
      expect((value as unknown[]).length, path).toBe(wanted.length);
      wanted.forEach((each, index) => compare((value as unknown[])[index], each, `${path}[${index}]`));
    } else if (wanted === null) {
      // An open end of a one-sided interval.
      expect(value === null || value === Infinity || value === -Infinity, `${path} is ${String(value)}`).toBe(
        true,
      );
    } else {
      expect(typeof value, `${path} is ${String(value)}`).toBe('number');
      const scale = relative ? Math.abs(wanted as number) : 1;
      const share = Math.abs((value as number) - (wanted as number)) / (limit * scale);
      expect(share, `${path}: ${String(value)}, wanted ${String(wanted)}`).toBeLessThanOrEqual(1);
      most = Math.max(most, share);
    }
  };
  for (const [name, wanted] of Object.entries(expected)) compare(given[name], wanted, name);
  return most;
}
