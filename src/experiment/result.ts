// What a run concludes: the document that `run --json` prints and the report draws (design, section 4).
// Numbers that cannot be computed are null with the reason beside them, never zero and never p = 1.

import { z } from 'zod';
import { armHealthSchema } from './result-health.ts';
import { mindsSchema } from './result-minds.ts';

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
  /** Sessions that the budget of model calls cut: neither failed nor left, and no data. */
  cut: z.int().default(0),
  metrics: z.record(
    z.string(),
    z.object({ mean: z.number().nullable(), n: z.int(), ci: interval.nullable() }),
  ),
  /** Sessions by how they ended. */
  exits: z.record(z.string(), z.int()),
  /** NDCG@20 on the visitors' held-out items, where the arm is a trained method. */
  heldOutNdcg20: z.number().nullable(),
  /** Recall@20 on the same, and the chance that such an item scores above one drawn at random. */
  heldOutRecall20: z.number().nullable().default(null),
  heldOutAuc: z.number().nullable().default(null),
});
export type ArmSummary = z.infer<typeof armSummarySchema>;

/** How an offline measure orders the arms, best first, and whether the goal of the visitors orders them alike. */
export const offlineOrderSchema = z.object({
  measure: z.enum(['recall@20', 'ndcg@20', 'auc']),
  order: z.array(z.string()),
  /** Kendall's τ-b between the measure and the goal; null where one of them orders nothing. */
  tau: z.number().nullable(),
  /** Pairs of arms that have both, and those that the two order oppositely. */
  pairs: z.int(),
  disagree: z.array(z.tuple([z.string(), z.string()])),
  note: z.string(),
});
export type OfflineOrder = z.infer<typeof offlineOrderSchema>;

export const checkSchema = z.object({
  name: z.string(),
  status: z.enum(['ok', 'warn', 'fail']),
  detail: z.string(),
});
export type Check = z.infer<typeof checkSchema>;

export const lookSchema = z.object({
  /** Visitors whose journeys were over at this look. */
  visitors: z.int(),
  arms: z.array(
    z.object({
      arm: z.string(),
      n: z.int(),
      effect: z.number().nullable(),
      /** From a confidence sequence: holds at all looks together. */
      ci: interval.nullable(),
      decision: z.enum(['better', 'worse', 'equivalent', 'cannot-tell']),
      /** Chance that the rest of the run would exclude 0. */
      chance: z.number().nullable(),
    }),
  ),
  /** Why the run could end here; null to go on. */
  stop: z.enum(['decided', 'futile']).nullable(),
});
export type Look = z.infer<typeof lookSchema>;

export const stoppingResultSchema = z.object({
  rule: z.enum(['fixed', 'sequential']),
  /** How the run ended: as planned, called off by a look, not yet, cut by its budget, or by itself because too much failed. */
  ended: z.enum(['as-planned', 'decided', 'futile', 'interrupted', 'truncated', 'stopped']),
  looks: z.array(lookSchema),
  planned: z.object({ visitors: z.int(), sessions: z.int() }),
  done: z.object({ visitors: z.int(), sessions: z.int() }),
  /** What an early end saved; tokens and money at the run's own mean a session. */
  saved: z.object({ sessions: z.int(), tokens: z.int(), usd: z.number().nullable() }),
});
export type StoppingResult = z.infer<typeof stoppingResultSchema>;

const quoted = z.object({ expected: z.number(), low: z.number(), high: z.number() }).nullable();

export const quoteSchema = z.object({
  sessions: z.int(),
  calls: quoted,
  tokens: quoted,
  usd: quoted,
  minutes: quoted,
  played: z.int(),
  recorded: z.boolean(),
});

const estimateOf = z.object({ value: z.number(), ci: interval.nullable() }).nullable();

export const guardrailSchema = z.object({
  metric: z.string(),
  arm: z.string(),
  margin: z.number(),
  relative: z.number().nullable(),
  /** The bad end of the relative effect's one-sided 1 − α interval. */
  worst: z.number().nullable(),
  status: z.enum(['holds', 'broken', 'cannot-tell']),
  note: z.string(),
});

export const posteriorSchema = z.object({
  arm: z.string(),
  /** Posterior median of the relative effect, and the central interval of the scenario's certainty. */
  relative: z.number(),
  interval,
  pBetter: z.number(),
  /** Posterior probability of a relative effect inside ± margin. */
  pEquivalent: z.number(),
  /** Relative loss to be expected from choosing the arm over the control. */
  expectedLoss: z.number(),
  decision: z.enum(['better', 'worse', 'equivalent', 'cannot-tell']),
});
export type Posterior = z.infer<typeof posteriorSchema>;

export const adjustedSchema = z.object({
  arm: z.string(),
  method: z.enum(['cuped', 'post-stratification']),
  n: z.int(),
  effect: z.number().nullable(),
  ci: interval.nullable(),
  p: z.number().nullable(),
  /** Variance of the adjusted effect over that of the plain one, on the same visitors. */
  varianceRatio: z.number().nullable(),
  /** Whether the verdict goes by this estimate. */
  decides: z.boolean(),
  note: z.string(),
});

export const segmentEffectSchema = z.object({
  trait: z.enum(['activity', 'diversity', 'conformity']),
  level: z.enum(['low', 'medium', 'high']),
  arm: z.string(),
  n: z.int(),
  effect: z.number().nullable(),
  ci: interval.nullable(),
  relative: z.number().nullable(),
  p: z.number().nullable(),
  /** After Benjamini and Hochberg over all segments. */
  pAdjusted: z.number().nullable(),
  note: z.string(),
});

/** An effect at a page of the list, or in one of several visits. */
const stageSchema = z.object({
  number: z.int(),
  arm: z.string(),
  n: z.int(),
  effect: z.number(),
  ci: interval,
});

export const noveltySchema = z.object({
  pages: z.array(stageSchema),
  visits: z.array(stageSchema),
  /** The effect in the last visit minus that in the first. */
  changes: z.array(
    z.object({
      arm: z.string(),
      n: z.int(),
      change: z.number().nullable(),
      ci: interval.nullable(),
      p: z.number().nullable(),
      note: z.string(),
    }),
  ),
});

export const offPolicySchema = z.object({
  logged: z.string(),
  target: z.string(),
  /** Visitors whose first slates of both arms are known. */
  n: z.int(),
  /** Clicks on the target's first slate: estimated from the log of `logged`, and as they really were. */
  ips: estimateOf,
  snips: estimateOf,
  truth: estimateOf,
  /** (Σw)² / Σw² over the places of the log, and how many places that are. */
  effectiveSize: z.number(),
  logSize: z.int(),
  note: z.string(),
});

/** Items that look as if they spoke to their readers. */
export const suspectsSchema = z.object({
  /** Of the catalogue. */
  items: z.int(),
  /** Whether they were kept from every arm. */
  quarantined: z.boolean(),
  /** Places of slates that they took. */
  places: z.int(),
  /** The goal's comparisons as if nobody had seen them; empty where none was shown. */
  without: z.array(comparisonSchema),
});
export type Suspects = z.infer<typeof suspectsSchema>;

export const resultSchema = z.object({
  run: z.string(),
  scenario: z.string(),
  question: z.string(),
  /** Digest of the whole scenario, analysis and stopping rule included, as it was fixed before the run. */
  scenarioHash: z.string(),
  seed: z.int(),
  design: z.enum(['twins', 'split', 'interleaving']),
  mind: z.string(),
  catalogue: z.string(),
  path: z.string(),
  /** SHA-256 over all events without wall-clock times. */
  digest: z.string(),
  /**
   * 'truncated': the budget of model calls was used up before the plan, and resume goes on. 'stopped': the run ended itself
   * because too much failed.
   */
  status: z.enum(['complete', 'interrupted', 'truncated', 'stopped']),
  /** Why it stopped itself; empty where it did not. */
  reason: z.string().default(''),
  arms: z.array(armSummarySchema),
  /** Of every arm; empty in records of before. */
  health: z.array(armHealthSchema).default([]),
  /** The offline order of the arms beside the simulated one. */
  offline: z.array(offlineOrderSchema).default([]),
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
  /** The goal's effect with what was known before the arms taken out. */
  adjusted: z.array(adjustedSchema),
  /** The goal read against a prior, by arm; empty where the scenario asks for none. */
  posteriors: z.array(posteriorSchema),
  /** Effects on the goal by kind of visitor; explorations. */
  segmentEffects: z.array(segmentEffectSchema),
  guardrails: z.array(guardrailSchema),
  /** What each mind of several made of the goal; null in a run of one mind. */
  minds: mindsSchema.nullable().default(null),
  novelty: noveltySchema,
  /** Clicks on first slates, from the logs of other arms and in truth (twins). */
  offPolicy: z.array(offPolicySchema),
  suspects: suspectsSchema,
  stopping: stoppingResultSchema,
  checks: z.array(checkSchema),
  verdict: z.object({
    decision: z.enum(['better', 'worse', 'equivalent', 'cannot-tell']),
    arm: z.string().nullable(),
    metric: z.string(),
    pSign: z.number().nullable(),
    /** Visitors more that would give 80 % power at the observed effect; null where it is decided or none was seen. */
    more: z.int().nullable(),
    text: z.string(),
  }),
  /** What was said beforehand of calls, tokens, dollars and minutes of the model, in all; null where nothing was quoted. */
  quote: quoteSchema.nullable().default(null),
  cost: z.object({
    calls: z.int(),
    tokensIn: z.int(),
    tokensOut: z.int(),
    /** Of calls whose price is known; null where none is. */
    usd: z.number().nullable(),
    seconds: z.number(),
  }),
});
export type Result = z.infer<typeof resultSchema>;
