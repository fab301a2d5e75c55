// Profiles that a model induced, as the run sees them: other people's titles to check them with, their place in the
// record, and the check that says how many were consistent. Inducing is the mind's (agents/minds/llm-portrait.ts).

import { z } from 'zod';
import type { Induced, Portraits } from '../../agents/minds/llm-portrait.ts';
import type { Profile } from '../../agents/profile.ts';
import type { Item } from '../catalogue/item.ts';
import type { HistorySplit } from '../catalogue/split.ts';
import type { Database } from '../store/database.ts';
import { runValue } from '../store/read.ts';
import type { Writer } from '../store/write.ts';
import type { Check } from './result.ts';

const likedFrom = 4;

/** A place for induced profiles. Other people's titles come from training histories, one entry a like. */
export function portraitsOf(items: ReadonlyMap<string, Item>, split: HistorySplit): Portraits {
  const likes = split.armTraining.flatMap(({ user, item, value }) =>
    value < likedFrom ? [] : [{ user, title: items.get(item)!.title }],
  );
  return {
    strangersTo: ({ id, seen }: Profile) => {
      const own = new Set(seen);
      return likes.flatMap(({ user, title }) => (user === id || own.has(title) ? [] : [title]));
    },
    induced: new Map(),
  };
}

const inducedSchema: z.ZodType<Induced> = z.object({
  visitor: z.string(),
  portrait: z
    .object({
      tastes: z.array(z.object({ words: z.string(), evidence: z.array(z.string()) })),
      habits: z.object({
        activity: z.number(),
        diversity: z.number(),
        conformity: z.number(),
        strictness: z.number(),
      }),
    })
    .nullable(),
  consistency: z.array(z.number()),
});

/** Profiles of the record with their visitors. */
export function recordedPortraits(database: Database): readonly Induced[] {
  return z.array(inducedSchema).parse(runValue(database, 'portraits') ?? []);
}

/** Adds the profiles of this part of a run to those of earlier parts; those that ended in a failure are not there. */
export async function recordPortraits(
  record: Pick<Writer, 'setRun'>,
  database: Database,
  induced: Portraits['induced'],
): Promise<void> {
  if (induced.size === 0) return;
  const settled = await Promise.allSettled(induced.values());
  const found = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const all = new Map([...recordedPortraits(database), ...found].map((one) => [one.visitor, one]));
  record.setRun(
    'portraits',
    [...all.values()].sort((a, b) => (a.visitor < b.visitor ? -1 : 1)),
  );
}

/** How many induced profiles know their own person from others; none where no profile was induced. */
export function portraitCheck(database: Database): Check[] {
  const all = recordedPortraits(database);
  if (all.length === 0) return [];
  const kept = all.filter(({ portrait }) => portrait !== null).length;
  const unchecked = all.filter(({ consistency }) => consistency.length === 0).length;
  const detail = [
    `${kept} of ${all.length} induced profiles rate their own past above other people's and are played`,
    ...(kept < all.length ? [`the others are told by rule alone`] : []),
    ...(unchecked > 0 ? [`${unchecked} histories were too short to check a profile`] : []),
  ].join('; ');
  return [{ name: 'profiles', status: 2 * kept < all.length ? 'warn' : 'ok', detail }];
}
