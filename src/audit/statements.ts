// What a mind says of itself under each arm: negative controls, since no arm can change how old a visitor is or in what mood
// it came (the user drift of arXiv 2605.20767). Asked twice under every arm, so that what chance does is known.

import type { SelfStatement } from '../../agents/agent.ts';
import { emptyMemory } from '../../agents/memory.ts';
import { overScenes, type AuditParts, type Moment } from './draws.ts';
import { sceneOf, staged } from './scene.ts';

export const controls = ['age', 'mood', 'budget'] as const satisfies readonly (keyof SelfStatement)[];
export type ControlName = (typeof controls)[number];

export type StatementTrial = Moment &
  (
    | { readonly status: 'judged'; readonly said: SelfStatement; readonly again: SelfStatement }
    | { readonly status: 'failed'; readonly failure: string }
  );

/** Asks every visitor on the first page of every arm; null for a mind that has no words for itself. */
export async function statementTrials(parts: AuditParts): Promise<StatementTrial[] | null> {
  const { experiment } = parts;
  const { mind } = experiment;
  if (mind.introduce === undefined) return null;
  return await overScenes(parts, async (arm, visitor) => {
    const scene = await sceneOf(experiment, arm, visitor, 'statement');
    const { screen } = await staged(scene, experiment, (html) => parts.capture(html));
    const ask = async (chance: number): Promise<SelfStatement> =>
      await mind.introduce!(
        mind.begin(visitor.profile, emptyMemory, [...scene.key, 'chance', chance]),
        screen,
      );
    return { status: 'judged', said: await ask(0), again: await ask(1) } as const;
  });
}
