import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOf } from '../../src/experiment/assign.ts';
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
});
