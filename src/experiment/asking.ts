// Asks arms for slates and notes what came of it: how long the visit waited, what a slate was refused for, and what the arm
// told of how it generated it. None of that goes on to the site, so nothing a visitor sees and no event depends on it.

import { wallMilliseconds } from '../base/clock.ts';
import { ArmError, type RecommendRequest, type Slate } from '../recommend/recommender.ts';
import type { AskedSlate } from '../store/slates.ts';
import type { ReadyArm } from './arms.ts';

export interface Asking {
  /** The arm's slate. Rejects with what the arm's door rejects with. */
  ask(arm: Pick<ReadyArm, 'name' | 'recommender'>, request: RecommendRequest): Promise<Slate>;
  /** Every slate that was asked for so far, in order; also those that were refused. */
  readonly slates: readonly AskedSlate[];
}

/** Begins to note; one for each session. */
export function openAsking(): Asking {
  const slates: AskedSlate[] = [];
  return {
    slates,
    async ask({ name, recommender }, request) {
      const started = wallMilliseconds();
      const note = (refused: string | null, generated: Slate['generated'] | null): void => {
        const ms = Math.round((wallMilliseconds() - started) * 1000) / 1000;
        slates.push({ arm: name, ms, refused, generated: generated ?? null });
      };
      try {
        const { generated, ...slate } = await recommender.recommend(request);
        note(null, generated);
        return slate;
      } catch (error) {
        if (error instanceof ArmError) note(error.fault, null);
        throw error;
      }
    },
  };
}
