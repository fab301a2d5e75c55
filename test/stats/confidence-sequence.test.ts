// The sequence against GrowthBook's own numbers (growthbook/growthbook, sequential tests), and what it promises.

import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { anytimeEstimate, conditionalPower, sequenceReach } from '../../src/stats/confidence-sequence.ts';
import { estimateFromT } from '../../src/stats/estimate.ts';

const estimate = (effect: number, se: number) =>
  estimateFromT({ effect, se, df: 1e6, alpha: 0.05, method: 'z' });

describe('the confidence sequence', () => {
  it("has GrowthBook's interval and p: 0.50336, SE 0.33341, 6,461 users, tuned for 1,000", () => {
    const found = anytimeEstimate(estimate(0.50336, 0.33341), 6461, { alpha: 0.05, tunedFor: 1000 });
    expect(found.ci[0]).toBeCloseTo(-0.55844, 4);
    expect(found.ci[1]).toBeCloseTo(1.56516, 4);
    expect(found.p).toBe(1);
  });

  it('excludes 0 exactly where its p is below α', () => {
    const sequence = { alpha: 0.05, tunedFor: 100 };
    for (const n of [20, 80, 300]) {
      const edge = sequenceReach(n, sequence);
      expect(anytimeEstimate(estimate(edge * 1.0001, 1), n, sequence).p).toBeLessThan(0.05);
      expect(anytimeEstimate(estimate(edge * 0.9999, 1), n, sequence).p).toBeGreaterThan(0.05);
    }
  });

  it('is wider than the fixed interval, and holds at all of 180 looks together', () => {
    const sequence = { alpha: 0.05, tunedFor: 100 };
    expect(sequenceReach(100, sequence)).toBeGreaterThan(1.96);
    let alarms = 0;
    const repetitions = 1_000;
    for (let repetition = 0; repetition < repetitions; repetition++) {
      const random = randomFrom('sequence', repetition);
      let [sum, squares] = [0, 0];
      for (let n = 1; n <= 200; n++) {
        const value = random.normal();
        sum += value;
        squares += value ** 2;
        if (n <= 20) continue;
        const se = Math.sqrt((squares - sum ** 2 / n) / (n - 1) / n);
        if (Math.abs(sum / n) > sequenceReach(n, sequence) * se) {
          alarms += 1;
          break;
        }
      }
    }
    // 5 % is the bound; two standard errors of 1,000 repetitions are 1.4 %.
    expect(alarms / repetitions).toBeLessThan(0.064);
  });

  it('leaves little chance where the trend is flat, and much where it is steep', () => {
    const sequence = { alpha: 0.05, tunedFor: 100 };
    expect(conditionalPower(estimate(0.01, 0.1), 100, 200, 0.01, sequence)).toBeLessThan(0.05);
    expect(conditionalPower(estimate(0.25, 0.1), 100, 200, 0.25, sequence)).toBeGreaterThan(0.5);
    expect(conditionalPower(estimate(9, 0.1), 200, 200, 9, sequence)).toBe(1);
  });
});
