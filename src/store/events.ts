// What can happen, as a closed union: noun-then-past. `time` is simulated seconds since the visit began.
// Every event of a session is appended in order (seq) and committed with the session as a whole.

import { z } from 'zod';

const time = z.number().min(0);
const box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
const list = z.enum(['home', 'results']);

/** An arm (home) or the site's own search (results) filled a page; `slate` numbers the slates of a visit from 1. */
export const slateShownSchema = z.object({
  type: z.literal('slate-shown'),
  time,
  slate: z.int(),
  list,
  page: z.int(),
  method: z.string(),
  version: z.string(),
  items: z.array(
    z.object({
      item: z.string(),
      slot: z.int(),
      score: z.number(),
      propensity: z.number(),
      inView: z.boolean(),
      /** Interleaving only: the arm that drafted the item. */
      drafter: z.string().optional(),
    }),
  ),
});

export const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('visit-started'), time, budget: z.number() }),
  slateShownSchema,
  /** One look and decision: what was noticed (slots for cards, never seen by the mind), thought and done. */
  z.object({
    type: z.literal('step-taken'),
    time,
    page: z.enum(['home', 'results', 'item']),
    screen: z.string(),
    noticed: z.array(z.object({ mark: z.int(), text: z.string(), interest: z.number(), box })),
    interest: z.number().min(1).max(5),
    fatigue: z.number(),
    action: z.string(),
    mark: z.int().nullable(),
    recalled: z.array(z.string()),
    /** Of the recalled memories, in their order; records of before have none. */
    recallScores: z.array(z.number()).optional(),
    reason: z.string(),
  }),
  z.object({ type: z.literal('item-opened'), time, item: z.string(), slate: z.int(), slot: z.int() }),
  z.object({ type: z.literal('item-watched'), time, item: z.string(), slate: z.int(), slot: z.int() }),
  z.object({
    type: z.literal('item-rated'),
    time,
    item: z.string(),
    slate: z.int(),
    slot: z.int(),
    stars: z.int().min(1).max(5),
  }),
  z.object({ type: z.literal('item-listed'), time, item: z.string(), slate: z.int(), slot: z.int() }),
  z.object({ type: z.literal('page-turned'), time, list, page: z.int() }),
  z.object({ type: z.literal('item-closed'), time, item: z.string() }),
  z.object({ type: z.literal('search-made'), time, query: z.string() }),
  z.object({
    type: z.literal('visit-ended'),
    time,
    reason: z.enum(['satisfied', 'bored', 'tired', 'time-over', 'step-limit']),
  }),
]);
export type Event = z.infer<typeof eventSchema>;
export type EventType = Event['type'];
