// What a mind does on the same page again and again: with other chance, with other numbers on the marks, with the cards in
// other places. The data of the audits of a mind's moments; what they say is in moment-figures.ts.

import type { Screen } from '../../sandbox/screen.ts';
import { randomFrom } from '../base/random.ts';
import type { ReadyArm } from '../experiment/arms.ts';
import type { Experiment } from '../experiment/build.ts';
import type { Visitor } from '../experiment/population.ts';
import { ModelError } from '../llm/failure.ts';
import { decided, meaningOf, sceneOf, staged, type Scene, type Staged } from './scene.ts';

/** One decision on the first page of an arm. */
export interface Draw {
  /** As `meaningOf` tells it. */
  readonly meaning: string;
  readonly action: string;
  /** Place of the opened card, from 1 in reading order; null where none was opened. */
  readonly slot: number | null;
  /** Rank of the opened card's number among the numbers of all cards, from 1. */
  readonly rank: number | null;
  readonly cards: number;
  readonly interest: number;
}

export interface Moment {
  readonly arm: string;
  readonly visitor: string;
}

export type MomentTrial = Moment &
  (
    | {
        readonly status: 'judged';
        readonly first: Draw;
        /** The same page with other chance; place i of every list has the same chance. */
        readonly again: readonly Draw[];
        /** The same page with the numbers of its marks shuffled, in the picture and in the list. */
        readonly renumbered: readonly Draw[];
        /** The same cards in shuffled places. */
        readonly shuffled: readonly Draw[];
      }
    /** The mind gave no answer at one of its decisions. */
    | { readonly status: 'failed'; readonly failure: string }
  );

export interface AuditParts {
  readonly experiment: Experiment;
  /** How often each page is shown in each way, besides the first time. */
  readonly repeats: number;
  capture(html: string): Promise<Screen>;
  /** Trials side by side. */
  readonly width?: number;
  progress?(done: number, total: number): void;
}

/** Every visitor at the door of every arm, in order of arm and visitor. */
export async function momentTrials(parts: AuditParts): Promise<MomentTrial[]> {
  return await overScenes(parts, async (arm, visitor) => {
    const scene = await sceneOf(parts.experiment, arm, visitor, 'moment');
    return { status: 'judged', ...(await drawsOf(scene, parts)) } as const;
  });
}

/** Asks of each visitor under each arm; a ModelError is a failed trial, and anything else rises. */
export async function overScenes<Found extends { readonly status: string }>(
  { experiment, width = 8, progress }: AuditParts,
  ask: (arm: ReadyArm, visitor: Visitor) => Promise<Found>,
): Promise<(Moment & (Found | { readonly status: 'failed'; readonly failure: string }))[]> {
  const plan = experiment.arms.flatMap((arm) => experiment.visitors.map((visitor) => ({ arm, visitor })));
  const trials: (Moment & (Found | { readonly status: 'failed'; readonly failure: string }))[] = [];
  for (let from = 0; from < plan.length; from += width) {
    const batch = plan.slice(from, from + width).map(async ({ arm, visitor }) => {
      const moment: Moment = { arm: arm.name, visitor: visitor.profile.id };
      try {
        return { ...moment, ...(await ask(arm, visitor)) };
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        return { ...moment, status: 'failed' as const, failure: error.failure.kind };
      }
    });
    trials.push(...(await Promise.all(batch)));
    progress?.(trials.length, plan.length);
  }
  return trials;
}

/** One after the other: a mind that carries something from one decision to the next shows it as a drift from the first. */
async function drawsOf(
  scene: Scene,
  { experiment, repeats, capture }: AuditParts,
): Promise<Pick<Extract<MomentTrial, { status: 'judged' }>, 'first' | 'again' | 'renumbered' | 'shuffled'>> {
  const { slate, key } = scene;
  const plain = await staged(scene, experiment, capture);
  const count = plain.screen.marks.length;
  const first = await drawOn(scene, plain, 0, experiment);
  const [again, renumbered, shuffled]: [Draw[], Draw[], Draw[]] = [[], [], []];
  for (let chance = 1; chance <= repeats; chance++) {
    again.push(await drawOn(scene, plain, chance, experiment));
    const numbers = randomFrom(...key, 'numbers', chance).shuffle(
      Array.from({ length: count }, (_, index) => index + 1),
    );
    const other = await staged(scene, experiment, capture, { numbers });
    renumbered.push(await drawOn(scene, other, chance, experiment));
    const moved: Scene = {
      ...scene,
      slate: { ...slate, items: randomFrom(...key, 'places', chance).shuffle(slate.items) },
    };
    shuffled.push(await drawOn(moved, await staged(moved, experiment, capture), chance, experiment));
  }
  return { first, again, renumbered, shuffled };
}

/** One decision of a mind on a page, with this chance. */
export async function drawOn(
  scene: Scene,
  shown: Staged,
  chance: number,
  { mind }: Pick<Experiment, 'mind'>,
): Promise<Draw> {
  const { screen } = shown;
  const cards = screen.marks.filter(({ role }) => role === 'card');
  // Listed by number, as every page is: other numbers make another order of the list, too.
  const listed = { ...screen, marks: [...screen.marks].sort((a, b) => a.number - b.number) };
  const decision = await decided(mind, { ...scene, key: [...scene.key, 'chance', chance] }, listed);
  const { action, thought } = decision;
  const opened = action.type === 'open' ? action.mark : null;
  const place = cards.findIndex(({ number }) => number === opened);
  return {
    meaning: meaningOf(decision, shown),
    action: action.type,
    slot: place < 0 ? null : place + 1,
    rank: place < 0 ? null : cards.filter(({ number }) => number <= opened!).length,
    cards: cards.length,
    interest: thought.interest,
  };
}
