// What every mind must hold to, whatever it decides: legal actions only, pure decisions, fatigue that never
// falls, visits that end, thoughts about what is on the screen. The suite knows no mind; it is handed one.

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/base/hash.ts';
import { actionSchema, isLegal } from '../../sandbox/actions.ts';
import type { MarkRole, Screen } from '../../sandbox/screen.ts';
import type { AgentState, Decision, Mind } from '../../agents/agent.ts';
import { emptyMemory } from '../../agents/memory.ts';
import {
  homeScreen,
  itemRoles,
  itemScreen,
  paint,
  resultsScreen,
  type PaintedFilm,
} from '../agents/painted.ts';
import { entrance, profiles, toyMove, toyScreen } from '../agents/toy.ts';

/** A visit with more steps than this does not end by itself. */
const mostSteps = 200;
const visitors = profiles.slice(0, 4);

export interface Opened {
  readonly mind: Mind;
  /** Whether equal visitors with other keys may do other things. */
  readonly usesChance: boolean;
}

const words = fc.constantFrom(
  'The Third Man',
  'Amélie',
  'A very long title that wraps',
  '東京物語',
  '12',
  '…',
  '?!',
);
const anyFilm: fc.Arbitrary<PaintedFilm> = fc.record({
  title: fc.oneof(words, fc.array(words, { minLength: 1, maxLength: 3 })),
  facts: fc.constantFrom('', '1995 · Drama, Crime', 'Drama', '1994', 'Animation, Children’s, Adventu…'),
  rating: fc.constantFrom(null, '★ 3.9 (1,204)', '★ 4.0', '★ 0.5 (1)'),
});
const someFilms = fc.array(anyFilm, { maxLength: 10 });

/** Pages of the site, and pages that the site would never show. */
const anyScreen: fc.Arbitrary<Screen> = fc.oneof(
  fc
    .tuple(someFilms, fc.boolean(), fc.boolean())
    .map(([shown, next, previous]) => homeScreen(shown, { next, previous })),
  fc
    .tuple(anyFilm, fc.subarray<MarkRole>([...itemRoles]), fc.boolean())
    .map(([film, can, back]) => itemScreen(film, can, { back })),
  someFilms.map(resultsScreen),
  fc.constant(paint([])),
);

/** The suite. `realScreens` are taken by the real camera; the mind meets them as it meets the painted ones. */
export function mindContract(
  name: string,
  open: () => Opened,
  realScreens: () => Promise<readonly Screen[]>,
): void {
  describe(`the ${name} mind holds to the contract`, () => {
    const { mind, usesChance } = open();
    const begin = (visitor = visitors[0]!, key: readonly (string | number)[] = [1, 'v', 1]): AgentState =>
      mind.begin(visitor, emptyMemory, key);
    let real: readonly Screen[];
    beforeAll(async () => {
      real = await realScreens();
    });

    it('has a name and a version that its parts decide', () => {
      expect(mind.name).toBe(name);
      expect(mind.version).toMatch(/^[0-9a-f]{8,64}$/);
      expect(open().mind.version).toBe(mind.version);
    });

    it('begins rested, with the profile and the memory it was given', () => {
      const state = begin();
      expect(state).toMatchObject({ profile: visitors[0]!, memory: emptyMemory, time: 0 });
      expect(state.fatigue.spent).toBe(0);
      expect(state.fatigue.budget).toBeGreaterThan(0);
    });

    it('does on any screen what is legal there, and thinks of what is on it', async () => {
      await fc.assert(
        fc.asyncProperty(anyScreen, fc.integer({ min: 0, max: 1000 }), async (screen, key) => {
          soundDecision(screen, await mind.decide(begin(visitors[key % visitors.length], [key]), screen));
        }),
        { numRuns: 50, seed: 1 },
      );
    });

    it('does so on photographed screens', async () => {
      expect(real.length).toBeGreaterThan(3);
      for (const screen of real) soundDecision(screen, await mind.decide(begin(), screen));
    });

    it('decides the same on the same state and screen, here and in a new mind, and changes neither', async () => {
      for (const screen of [...real, toyScreen(entrance), resultsScreen([])]) {
        let state = begin();
        for (let step = 0; step < 3; step++) {
          const before = structuredClone({ state, marks: screen.marks, bytes: sha256(screen.pixels.data) });
          const once = await mind.decide(state, screen);
          expect(await mind.decide(state, screen)).toEqual(once);
          expect(await open().mind.decide(structuredClone(state), screen)).toEqual(once);
          expect({ state, marks: screen.marks, bytes: sha256(screen.pixels.data) }).toEqual(before);
          state = once.state;
        }
      }
    });

    it('makes equal visits of equal keys', async () => {
      expect(await visitOf(mind, begin(visitors[1]!, [7, 'x']))).toEqual(
        await visitOf(mind, begin(visitors[1]!, [7, 'x'])),
      );
    });

    it(usesChance ? 'makes other visits of other keys' : 'makes the same visit of every key', async () => {
      const traces = new Set<string>();
      for (let key = 0; key < 12; key++) {
        const visit = await visitOf(mind, begin(visitors[0]!, [key, 'x']));
        traces.add(JSON.stringify(visit.map(({ action }) => action)));
      }
      if (usesChance) expect(traces.size).toBeGreaterThan(3);
      else expect(traces.size).toBe(1);
    });

    it('ends every visit by itself, grows no fresher on the way, and lets time pass', async () => {
      for (const visitor of visitors) {
        for (let key = 0; key < 8; key++) {
          let before = begin(visitor, [key]);
          const visit = await visitOf(mind, before);
          expect(visit.at(-1)?.action.type).toBe('leave');
          for (const { state, thought } of visit) {
            expect(state.fatigue.spent).toBeGreaterThanOrEqual(before.fatigue.spent);
            expect(state.fatigue.budget).toBe(before.fatigue.budget);
            expect(state.profile).toBe(before.profile);
            expect(state.time).toBeCloseTo(before.time + thought.seconds, 9);
            before = state;
          }
        }
      }
    });
  });
}

/** The visit of a toy site from the door to leaving. Every decision is checked. */
export async function visitOf(mind: Mind, begun: AgentState): Promise<Decision[]> {
  const decisions: Decision[] = [];
  let site = entrance;
  let state = begun;
  while (site.place !== 'ended' && decisions.length < mostSteps) {
    const screen = toyScreen(site);
    const decision = await mind.decide(state, screen);
    soundDecision(screen, decision);
    decisions.push(decision);
    state = decision.state;
    site = toyMove(site, decision.action, screen);
  }
  return decisions;
}

function soundDecision(screen: Screen, { action, thought, state }: Decision): void {
  expect(actionSchema.safeParse(action).success, JSON.stringify(action)).toBe(true);
  expect(isLegal(action, screen.marks), JSON.stringify(action)).toBe(true);
  expect(JSON.parse(JSON.stringify(thought))).toEqual(thought);
  expect(thought.seconds).toBeGreaterThan(0);
  expect(thought.reason).not.toBe('');
  expect(Number.isFinite(state.fatigue.spent)).toBe(true);
  for (const interest of [thought.interest, ...thought.noticed.map((noticed) => noticed.interest)]) {
    expect(interest).toBeGreaterThanOrEqual(1);
    expect(interest).toBeLessThanOrEqual(5);
  }
  for (const noticed of thought.noticed) {
    const mark = screen.marks.find((candidate) => candidate.number === noticed.mark);
    expect(mark?.box).toEqual(noticed.box);
  }
  expect(new Set(thought.noticed.map((noticed) => noticed.mark)).size).toBe(thought.noticed.length);
}
