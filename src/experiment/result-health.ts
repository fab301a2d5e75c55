// The health of an arm over every slate that was asked of it, as part of a run's result: how long visits waited, what was
// refused, and how a generative method came to its slates. Counts; whether lists please is for metrics.

import { z } from 'zod';

const count = z.int().min(0);
const rate = z.number().min(0).max(1).nullable();

export const armHealthSchema = z.object({
  arm: z.string(),
  /** Slates, also in burn-in visits and in sessions that failed; of a session begun again those of its last try. */
  asked: count,
  /** Wall-clock milliseconds for which visits waited, refused slates too. Times are of no other run. */
  wait: z.object({ median: z.number(), p95: z.number() }).nullable(),
  /** Refused slates by fault, for example {'duplicate-item': 2}. */
  refused: z.record(z.string(), count),
  /** Slates found by a search that follows identifiers of items only: none it generates is invalid. */
  search: z.object({ slates: count, wider: count, everything: count }).nullable(),
  /** Slates of names written freely. */
  writing: z
    .object({
      slates: count,
      written: count,
      valid: count,
      /** Listed items by how they came there, as in a slate's account. */
      named: count,
      nearest: count,
      further: count,
      /** Slates that needed further items. */
      filled: count,
      /** Share of written names that some item has, and of listed items that were named exactly; null where there are none. */
      validRate: rate,
      groundingRate: rate,
    })
    .nullable(),
  /** How often sessions were begun again, for whatever reason. */
  again: count,
  /** Sessions that say nothing of their slates: their worker was lost, or they were recorded before slates were noted. */
  untold: count,
  /** What a person should know, in sentences; empty where the arm is well. */
  complaints: z.array(z.string()),
});
export type ArmHealth = z.infer<typeof armHealthSchema>;
