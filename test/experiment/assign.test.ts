import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf, interleavedArm, journeysOf, planOf } from '../../src/experiment/assign.ts';
import { sessionKey } from '../../src/store/session.ts';
import { small } from './small.ts';

const armNames = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 2, maxLength: 5 });
const anyQuestion = fc.record({
  arms: armNames,
  visitors: fc.integer({ min: 2, max: 40 }),
  replicates: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(1000),
});
const question = (
  design: 'twins' | 'split',
  { arms, replicates, seed }: { arms: string[]; replicates: number; seed: number },
) =>
  small({ design, seed, arms: arms.map((name) => ({ name, method: 'random' })), population: { replicates } });
const visitorsNamed = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `person-${index}`);

describe('the plan', () => {
  it('of twins brings every visitor to every arm in every replicate, once', () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        const visitors = visitorsNamed(asked.visitors);
        const plan = planOf(question('twins', asked), visitors);
        expect(plan).toHaveLength(asked.visitors * asked.arms.length * asked.replicates);
        expect(new Set(plan.map(sessionKey)).size).toBe(plan.length);
        for (const arm of asked.arms) {
          const met = new Set(plan.filter((planned) => planned.arm === arm).map(({ visitor }) => visitor));
          expect(met).toEqual(new Set(visitors));
        }
        expect(Math.min(...plan.map(({ replicate }) => replicate))).toBe(1);
      }),
      { seed: 1 },
    );
  });

  it('of a split brings every visitor to one arm, the arms being equal to within one', () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        const plan = planOf(question('split', asked), visitorsNamed(asked.visitors));
        expect(plan).toHaveLength(asked.visitors * asked.replicates);
        const armOf = new Map<string, Set<string>>();
        for (const { visitor, arm } of plan) armOf.set(visitor, (armOf.get(visitor) ?? new Set()).add(arm));
        expect(armOf.size).toBe(asked.visitors);
        for (const arms of armOf.values()) expect(arms.size).toBe(1);
        const sizes = asked.arms.map(
          (arm) => plan.filter((planned) => planned.arm === arm).length / asked.replicates,
        );
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { seed: 2 },
    );
  });

  it('is the same for the same scenario, and splits otherwise with another seed', () => {
    const visitors = visitorsNamed(30);
    const asked = { arms: ['a', 'b'], replicates: 1 };
    const plan = planOf(question('split', { ...asked, seed: 1 }), visitors);
    expect(planOf(question('split', { ...asked, seed: 1 }), visitors)).toEqual(plan);
    expect(planOf(question('split', { ...asked, seed: 2 }), visitors)).not.toEqual(plan);
  });

  it('begins every visitor with its burn-in visits under the control, before any arm', () => {
    const scenario = small({ population: { replicates: 2, burnIn: 2 } });
    const plan = planOf(scenario, visitorsNamed(5));
    const [control, treatment] = scenario.arms.map(({ name }) => name);
    for (const { burnIn, chains } of journeysOf(plan)) {
      expect(burnIn.map(({ arm, replicate }) => [arm, replicate])).toEqual([
        [control, -1],
        [control, 0],
      ]);
      expect(chains.map((chain) => chain.map(({ arm, replicate }) => [arm, replicate]))).toEqual([
        [
          [control, 1],
          [control, 2],
        ],
        [
          [treatment, 1],
          [treatment, 2],
        ],
      ]);
    }
    expect(new Set(plan.map(sessionKey)).size).toBe(plan.length);
  });

  it('of interleaving brings every visitor to the one list', () => {
    const plan = planOf(small({ design: 'interleaving' }), visitorsNamed(4));
    expect(plan.map(({ arm }) => arm)).toEqual(Array.from({ length: 4 }, () => interleavedArm));
  });

  it('is looked at in batches that together are the whole plan, the first as large as the rule asks', () => {
    fc.assert(
      fc.property(
        fc.record({
          visitors: fc.integer({ min: 2, max: 90 }),
          batch: fc.integer({ min: 2, max: 30 }),
          minimumVisitors: fc.integer({ min: 2, max: 50 }),
        }),
        ({ visitors, batch, minimumVisitors }) => {
          const scenario = small({ stopping: { rule: 'sequential', batch, minimumVisitors } });
          const journeys = journeysOf(planOf(scenario, visitorsNamed(visitors)));
          const batches = batchesOf(scenario, journeys);
          expect(batches.flat()).toEqual(journeys);
          expect(batches[0]).toHaveLength(Math.min(visitors, Math.max(batch, minimumVisitors)));
          expect(batches.slice(1, -1).every((each) => each.length === batch)).toBe(true);
        },
      ),
      { seed: 3 },
    );
  });

  it('of a split keeps the arms equal to within one at every look', () => {
    const scenario = small({
      design: 'split',
      stopping: { rule: 'sequential', batch: 3, minimumVisitors: 2 },
    });
    let seen: string[] = [];
    for (const batch of batchesOf(scenario, journeysOf(planOf(scenario, visitorsNamed(20))))) {
      seen = [...seen, ...batch.flatMap(({ chains }) => chains.map((chain) => chain[0]!.arm))];
      const counts = scenario.arms.map(({ name }) => seen.filter((arm) => arm === name).length);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }
  });
});
