// Where twins part: the first step at which the same visitor, with the same memory and the same chance, did something
// else under another arm, and what was different by then. A comparison of two replays; nothing is estimated here.

import type { Frame, Replay } from './replay.ts';

export interface SlotDifference {
  readonly slot: number;
  /** Item ids; null where a list has no such slot. */
  readonly items: readonly [string | null, string | null];
}

export interface Divergence {
  /** From 1; null where all steps are the same. */
  readonly step: number | null;
  /** The first step at which the two screens were different pictures; null where they never were before parting. */
  readonly screens: number | null;
  /**
   * list: another list stood there. page: the same list was shown in another way, or another page was open. mind: the
   * same picture, but another decision. ended: one visit has no such step. none: they never part.
   */
  readonly why: 'list' | 'page' | 'mind' | 'ended' | 'none';
  /** Slots with different items in the lists shown at `step`. */
  readonly slots: readonly SlotDifference[];
}

/** Compares two replays step by step: same page, same action, and the same thing acted on. */
export function divergenceOf(one: Replay, two: Replay): Divergence {
  const steps = Math.max(one.frames.length, two.frames.length);
  let screens: number | null = null;
  for (let place = 0; place < steps; place++) {
    const a = one.frames[place];
    const b = two.frames[place];
    if (a === undefined || b === undefined) return { step: place + 1, screens, why: 'ended', slots: [] };
    const sameScreen = a.step.screen === b.step.screen;
    if (!sameScreen) screens ??= place + 1;
    if (did(a) === did(b)) continue;
    const slots = differentSlots(a, b);
    const why = sameScreen ? 'mind' : slots.length > 0 ? 'list' : 'page';
    return { step: place + 1, screens, why, slots };
  }
  return { step: null, screens, why: 'none', slots: [] };
}

/** Page, action and the text of what was acted on, or its number where nothing was read on it. */
function did({ step }: Frame): string {
  const target = step.noticed.find(({ mark }) => mark === step.mark)?.text ?? step.mark;
  return JSON.stringify([step.page, step.action, target]);
}

function differentSlots(a: Frame, b: Frame): SlotDifference[] {
  const inSlots = (frame: Frame): Map<number, string> =>
    new Map((frame.slate?.items ?? []).map(({ slot, item }) => [slot, item]));
  const [one, two] = [inSlots(a), inSlots(b)];
  return [...new Set([...one.keys(), ...two.keys()])]
    .sort((x, y) => x - y)
    .filter((slot) => one.get(slot) !== two.get(slot))
    .map((slot) => ({ slot, items: [one.get(slot) ?? null, two.get(slot) ?? null] }));
}
