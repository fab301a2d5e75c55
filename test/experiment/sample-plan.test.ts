// Plans: sample sizes against R's power.t.test, the pilot's components on data made for it, and the bridge to people.

import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/base/error.ts';
import { randomFrom } from '../../src/base/random.ts';
import { planLines } from '../../src/cli/plan-lines.ts';
import { pilotOf } from '../../src/experiment/pilot.ts';
import { realPlan, realRows } from '../../src/experiment/real-users.ts';
import { planFrom, smallestEffect, unitsNeeded } from '../../src/experiment/sample-plan.ts';
import { defineScenario } from '../../src/experiment/scenario.ts';
import type { ScenarioInput } from '../../src/experiment/scenario.ts';
import { openDatabase } from '../../src/store/database.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from '../store/sample.ts';
import { analysed, recordOf, visitorNames, type Clicks } from './hand.ts';

describe('sample sizes', () => {
  it("are R's to within one: power.t.test(delta = d, power = .8, type = 'paired') gives 34 at 0.5 and 199 at 0.2", () => {
    expect(Math.abs(unitsNeeded(1, 0.5, 0.05, 0.8) - 34)).toBeLessThanOrEqual(1);
    expect(Math.abs(unitsNeeded(1, 0.2, 0.05, 0.8) - 199)).toBeLessThanOrEqual(1);
  });

  it("of two arms are R's to within two an arm: 64 at 0.5, 394 at 0.2", () => {
    expect(Math.abs(unitsNeeded(2, 0.5, 0.05, 0.8) - 64)).toBeLessThanOrEqual(2);
    expect(Math.abs(unitsNeeded(2, 0.2, 0.05, 0.8) - 394)).toBeLessThanOrEqual(2);
  });

  it('and smallest effects are each other turned round', () => {
    for (const effect of [0.1, 0.3, 0.9]) {
      const units = unitsNeeded(1, effect, 0.05, 0.8);
      expect(smallestEffect(1, units, 0.05, 0.8)).toBeLessThanOrEqual(effect);
      expect(smallestEffect(1, units - 1, 0.05, 0.8)).toBeGreaterThan(effect * 0.98);
    }
  });
});

describe('a pilot', () => {
  const asked = {
    population: { replicates: 2, visitors: 500 },
    metrics: { goal: 'session-length' },
  } as const;
  const scenario = (changes: Partial<ScenarioInput> = {}) =>
    defineScenario({
      name: 'hand',
      question: 'Which is better?',
      arms: [
        { name: 'old', method: 'random' },
        { name: 'new', method: 'popularity' },
      ],
      ...asked,
      ...changes,
    });

  /** Steps: 100 + a visitor's habit (sd 10, in both arms) + its lasting taste for the new arm (sd 3) + each visit (sd 4). */
  function record(visitors: number) {
    const database = openDatabase(':memory:');
    saveVisitors(database, visitorNames.slice(0, visitors));
    const { saveSession } = writer(database);
    for (const visitor of visitorNames.slice(0, visitors)) {
      const random = randomFrom('pilot', visitor);
      const [habit, taste] = [10 * random.normal(), 3 * random.normal()];
      for (const arm of ['old', 'new']) {
        for (const replicate of [1, 2]) {
          const steps = 100 + habit + (arm === 'new' ? 5 + taste : 0) + 4 * random.normal();
          saveSession(
            sampleSession({ arm, visitor, replicate, steps: Math.round(steps) }),
            sampleEvents({ slates: [] }),
          );
        }
      }
    }
    return database;
  }
  const pilot = (visitors = 60) => {
    const database = record(visitors);
    return pilotOf(database, scenario(), analysed(database, asked));
  };

  it('knows the components of a difference, and how alike twins are', () => {
    const [own] = pilot().components;
    expect(own!.visitors).toBe(60);
    expect(own!.level).toBeCloseTo(100, -1);
    expect(own!.correlation).toBeGreaterThan(0.6);
    // within: 2 × 4² = 32, between: 3² = 9; 60 visitors tell them to a fifth and a half.
    expect(own!.parts!.within).toBeGreaterThan(22);
    expect(own!.parts!.within).toBeLessThan(42);
    expect(own!.parts!.between).toBeGreaterThan(2);
    expect(own!.parts!.between).toBeLessThan(18);
  });

  it('makes a plan in which twins need fewer visitors than a split test, and more power needs more', () => {
    const plan = (power: number) => planFrom(pilot(), scenario(), { power, effects: [0.05] }).arms[0]!;
    const [need] = plan(0.8).needs;
    expect(need!.twins.visitors).toBeLessThan(need!.split.visitors / 4);
    expect(need!.twins.sessions).toBe(need!.twins.visitors * 4);
    expect(need!.split.sessions).toBe(need!.split.visitors * 2);
    expect(plan(0.95).needs[0]!.twins.visitors).toBeGreaterThan(need!.twins.visitors);
    expect(plan(0.8).smallest.twins!).toBeLessThan(plan(0.8).smallest.split!);
  });

  const counted = (clicks: Clicks) => {
    const metrics = { metrics: { goal: 'clicks' }, population: { replicates: 1, visitors: 500 } };
    const database = recordOf(clicks);
    return pilotOf(database, scenario(metrics), analysed(database, metrics));
  };
  const some = Array.from({ length: 20 }, (_unused, index) => 3 + (index % 4));

  it('in which twins all differ by the same, or the control does nothing, teaches nothing and says so', () => {
    expect(() => counted({ old: some, new: some })).toThrow(/20 twins of the pilot all differ by the same/);
    expect(() => counted({ old: some, new: some.map((clicks) => clicks + 1) })).toThrow(/by the same/);
    expect(() => counted({ old: some.map(() => 0), new: some })).toThrow(/value of old in the pilot is 0/);
  });

  it('in which visitors of an arm are all alike says so, and not that twins correlate by nothing', () => {
    const [own] = counted({ old: some, new: some.map(() => 0) }).components;
    expect(own).toMatchObject({ correlation: null, seen: -1 });
  });

  it('never promises what so few visitors cannot decide, however little they vary', () => {
    const clicks = { old: some, new: some.map((count, index) => (index === 0 ? count + 1 : count)) };
    const plan = (visitors: number) =>
      planFrom(counted(clicks), scenario({ population: { visitors } }), { power: 0.8, effects: [0.5] })
        .arms[0]!;
    expect(plan(500).needs[0]!.twins.visitors).toBe(6);
    expect(plan(500).needs[0]!.split.visitors).toBeGreaterThanOrEqual(8);
    expect(plan(5).smallest).toEqual({ twins: null, split: null });
    expect(plan(6).smallest).toMatchObject({ twins: expect.any(Number) as number, split: null });
    const tooFew = planFrom(counted(clicks), scenario({ population: { visitors: 5 } }), {
      power: 0.8,
      effects: [0.5],
    });
    const document = { ...tooFew, goal: 'clicks', pilot: 'runs/pilot', real: null };
    const lines = planLines(document, scenario({ population: { visitors: 5 } })).join('\n');
    expect(lines).toContain('the smallest effect to find is none (too few to decide anything) as twins');
    expect(lines).not.toMatch(/NaN|Infinity/);
  });

  it('of a split test or of too few visitors teaches nothing, and says so', () => {
    expect(() => pilot(4)).toThrow(/at least 5/);
    const database = record(10);
    expect(() => pilotOf(database, scenario({ design: 'split' }), analysed(database, asked))).toThrow(
      UsageError,
    );
  });
});

describe('the bridge to people', () => {
  const rows = Array.from({ length: 400 }, (_, index) => {
    const random = randomFrom('real', index);
    const shared = random.normal();
    const simulated = 10 + shared;
    return { real: 10 + 0.7 * shared + Math.sqrt(1 - 0.49) * random.normal(), simulated };
  });
  const asked = { effect: 0.01, alpha: 0.05, power: 0.8, simulated: 1e9 };

  it('needs (1 − r²) of the real users when simulated ones are without number, and says the bound', () => {
    const plan = realPlan(rows, asked);
    expect(plan.correlation).toBeGreaterThan(0.6);
    expect(plan.bound).toBeCloseTo(1 / (1 - plan.correlation ** 2), 12);
    expect(plan.withSimulator / plan.alone).toBeCloseTo(1 - plan.correlation ** 2, 2);
    expect(plan.toBuy).toBe(2 * plan.withSimulator - 400);
  });

  it('is worth nothing without simulated visitors, and nothing to buy is nothing', () => {
    const alone = realPlan(rows, { ...asked, simulated: 0 });
    expect(alone.withSimulator).toBe(alone.alone);
    expect(realPlan(rows, { ...asked, effect: 0.5 }).toBuy).toBe(0);
  });

  it('is worth nothing where the simulator points the other way, and a mean of 0 has no relative effects', () => {
    const against = realPlan(
      rows.map(({ real, simulated }) => ({ real, simulated: -simulated })),
      asked,
    );
    expect(against.correlation).toBeLessThan(-0.6);
    expect(against).toMatchObject({ bound: 1, withSimulator: against.alone });
    const around = Array.from({ length: 10 }, (_unused, index) => ({
      real: index % 2 === 0 ? 0.1 : -0.1,
      simulated: index,
    }));
    expect(() => realPlan(around, asked)).toThrow(/mean of the real outcomes is 0/);
  });

  it('reads a table with its mistakes named', () => {
    expect(
      realRows(
        [
          ['real', 'simulated'],
          ['1', '2'],
        ],
        'users.csv',
      ),
    ).toEqual([{ real: 1, simulated: 2 }]);
    expect(() => realRows([['real'], ['1']], 'users.csv')).toThrow(/real and simulated are needed/);
    expect(() =>
      realRows(
        [
          ['real', 'simulated'],
          ['1', ''],
        ],
        'users.csv',
      ),
    ).toThrow(/row 2/);
    expect(() => realPlan(rows.slice(0, 5), asked)).toThrow(/at least 10/);
    expect(() =>
      realPlan(
        rows.map(() => ({ real: 1, simulated: 2 })),
        asked,
      ),
    ).toThrow(/all equal/);
  });
});
