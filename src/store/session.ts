// What the record says of one session as a whole; its events stand beside it. The schema is used where a row is
// read back. A failed session has a failure and is never data; a truncated one was cut at the step limit, or by the budget
// of model calls, and then it is no data either.

import { z } from 'zod';
import { askedSlateSchema } from './slates.ts';

export const levelSchema = z.enum(['low', 'medium', 'high']);
export type Level = z.infer<typeof levelSchema>;

export const sessionRecordSchema = z.object({
  visitor: z.string(),
  arm: z.string(),
  /** From 1: the how-manieth visit of the same visitor under the same arm. Burn-in visits have 0, −1 … */
  replicate: z.int(),
  mind: z.string(),
  mindVersion: z.string(),
  seed: z.int(),
  status: z.enum(['complete', 'failed', 'truncated']),
  /** Why the visit ended; null only where it failed. */
  exitReason: z.string().nullable(),
  /** Set exactly where the session failed: 'timeout', 'short-slate', 'browser' … */
  failureKind: z.string().nullable(),
  failureMessage: z.string().nullable(),
  /** How many times the session was begun before it was recorded, from 1; 1 where it is left out. */
  tries: z.int().min(1).optional(),
  steps: z.int(),
  simulatedSeconds: z.number(),
  /** Wall-clock milliseconds; for progress and cost, never part of a digest. */
  wallMs: z.number(),
  /** The slates it asked of arms when it was last begun; left out where nobody noted them. Never part of a digest. */
  slates: z.array(askedSlateSchema).optional(),
});
export type SessionRecord = z.infer<typeof sessionRecordSchema>;

type Ending = Pick<SessionRecord, 'status' | 'exitReason'>;

/** Whether the budget of model calls ended this session: nobody left, nothing failed. */
export function isCutByBudget({ status, exitReason }: Ending): boolean {
  return status === 'truncated' && exitReason === 'budget-spent';
}

/** Whether a session is data: it came to its end, by itself or at the limit of its steps. */
export function isData(session: Ending): boolean {
  return session.status !== 'failed' && !isCutByBudget(session);
}

export const visitorRecordSchema = z.object({
  id: z.string(),
  activity: levelSchema,
  diversity: levelSchema,
  conformity: levelSchema,
  /** The profile as the minds know it. */
  profile: z.unknown(),
});
export type VisitorRecord = z.infer<typeof visitorRecordSchema>;

/** What metrics may know of an item. */
export const itemRecordSchema = z.object({ id: z.string(), title: z.string(), genres: z.array(z.string()) });
export type ItemRecord = z.infer<typeof itemRecordSchema>;

/** One text per planned session, for sets of what is done. */
export function sessionKey(session: Pick<SessionRecord, 'arm' | 'visitor' | 'replicate'>): string {
  return JSON.stringify([session.arm, session.visitor, session.replicate]);
}

/** One exchange of a session with a model. `attempts`, `source` and `wallMs` depend on the weather. */
export interface CallRecord {
  readonly purpose: string;
  readonly operation: 'chat' | 'embeddings';
  readonly model: string;
  readonly servedBy: string | null;
  readonly mode: string | null;
  readonly requestHash: string;
  /** What the model said, untouched. */
  readonly raw: string | null;
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
  readonly tokensCached: number | null;
  /** Dollars; null where the model has no price. */
  readonly usd: number | null;
  readonly repair: 0 | 1;
  readonly attempts: number;
  readonly source: 'endpoint' | 'cassette';
  readonly failureKind: string | null;
  readonly failureMessage: string | null;
  readonly wallMs: number;
}
