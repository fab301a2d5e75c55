// What a run concludes: the document that `run --json` prints and the report draws (design, section 4).
// Numbers that cannot be computed are null with the reason beside them, never zero and never p = 1.

import { z } from 'zod';

const interval = z.tuple([z.number(), z.number()]);

export const comparisonSchema = z.object({
  metric: z.string(),
  arm: z.string(),
  control: z.string(),
  /** Visitors that entered the comparison (pairs for twins, both arms together for split). */
  n: z.int(),
  /** arm − control, in the metric's unit. */
  effect: z.number().nullable(),
  ci: interval.nullable(),
  relative: z.number().nullable(),
  relativeCi: interval.nullable(),
  p: z.number().nullable(),
  /** p of the sign-flip permutation test (twins only). */
  pPermutation: z.number().nullable(),
  method: z.string(),
  /** Probability that the sign of the effect is right, from the t distribution of the estimate. */
  pSign: z.number().nullable(),
  decision: z.enum(['better', 'worse', 'equivalent', 'cannot-tell']),
  /** Why something above is null, or why the decision abstains. */
  note: z.string(),
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const armSummarySchema = z.object({
  name: z.string(),
  method: z.string(),
  visitors: z.int(),
  sessions: z.int(),
  failed: z.int(),
  /** Failed sessions by kind, for example {timeout: 3}. */
  failures: z.record(z.string(), z.int()),
  metrics: z.record(
    z.string(),
    z.object({ mean: z.number().nullable(), n: z.int(), ci: interval.nullable() }),
  ),
  /** Sessions by how they ended. */
  exits: z.record(z.string(), z.int()),
  /** NDCG@20 on the visitors' held-out items, where the arm is a trained method. */
  heldOutNdcg20: z.number().nullable(),
});
export type ArmSummary = z.infer<typeof armSummarySchema>;

export const checkSchema = z.object({
  name: z.string(),
  status: z.enum(['ok', 'warn', 'fail']),
  detail: z.string(),
});
export type Check = z.infer<typeof checkSchema>;

export const resultSchema = z.object({
  run: z.string(),
  scenario: z.string(),
  question: z.string(),
  seed: z.int(),
  design: z.enum(['twins', 'split']),
  mind: z.string(),
  catalogue: z.string(),
  path: z.string(),
  /** SHA-256 over all events without wall-clock times. */
  digest: z.string(),
  status: z.enum(['complete', 'interrupted']),
  arms: z.array(armSummarySchema),
  comparisons: z.array(comparisonSchema),
  /** Mean clicks per session by the visitors' activity level, over all arms. */
  segments: z.array(
    z.object({
      trait: z.literal('activity'),
      level: z.enum(['low', 'medium', 'high']),
      visitors: z.int(),
      clicks: z.object({ mean: z.number(), ci: interval.nullable() }),
    }),
  ),
  checks: z.array(checkSchema),
  verdict: z.object({
    decision: z.enum(['better', 'worse', 'equivalent', 'cannot-tell']),
    arm: z.string().nullable(),
    metric: z.string(),
    pSign: z.number().nullable(),
    text: z.string(),
  }),
  cost: z.object({
    calls: z.int(),
    tokensIn: z.int(),
    tokensOut: z.int(),
    usd: z.number(),
    seconds: z.number(),
  }),
});
export type Result = z.infer<typeof resultSchema>;
