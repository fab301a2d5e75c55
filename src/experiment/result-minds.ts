// The part of a result's document that compares the minds of a run: its schema alone. What cannot be computed is null
// with the reason beside it, as everywhere in a result.

import { z } from 'zod';

const interval = z.tuple([z.number(), z.number()]);
const decision = z.enum(['better', 'worse', 'equivalent', 'cannot-tell']);

export const mindsSchema = z.object({
  rule: z.enum(['doubled', 'split', 'few']),
  /** The mind that the verdict and everything else in the result is about. */
  lead: z.string(),
  each: z.array(
    z.object({
      mind: z.string(),
      visitors: z.int(),
      sessions: z.int(),
      failed: z.int(),
      /** Effects on the goal among the mind's own visitors; p values and decisions are not adjusted. */
      effects: z.array(
        z.object({
          arm: z.string(),
          n: z.int(),
          effect: z.number().nullable(),
          ci: interval.nullable(),
          relative: z.number().nullable(),
          p: z.number().nullable(),
          decision,
          note: z.string(),
        }),
      ),
      /** What its model calls cost this run; recorded answers cost nothing again. Null where no price is known. */
      cost: z.object({ calls: z.int(), tokens: z.int(), usd: z.number().nullable() }),
    }),
  ),
  /** The lead mind's effect minus another's. */
  spread: z.array(
    z.object({
      arm: z.string(),
      mind: z.string(),
      n: z.int(),
      difference: z.number().nullable(),
      ci: interval.nullable(),
      p: z.number().nullable(),
      note: z.string(),
    }),
  ),
  /** Few visitors of the lead mind beside many of a cheap one (control variate); only under the rule 'few'. */
  combined: z.array(
    z.object({
      arm: z.string(),
      /** Visitors of both minds, and of the cheap one alone. */
      n: z.int(),
      rest: z.int(),
      effect: z.number().nullable(),
      ci: interval.nullable(),
      p: z.number().nullable(),
      /** How much the cheap mind was trusted, and how its visitors' differences go with the dear mind's. */
      lambda: z.number().nullable(),
      correlation: z.number().nullable(),
      /** Visitors of the dear mind alone that would give the same error. */
      effective: z.number().nullable(),
      /** Sessions of the dear mind that the cheap one replaced, below 0 where it only cost precision; what they would have taken. */
      saved: z.object({ sessions: z.int(), tokens: z.int(), usd: z.number().nullable() }).nullable(),
      note: z.string(),
    }),
  ),
});
export type MindsResult = z.infer<typeof mindsSchema>;
