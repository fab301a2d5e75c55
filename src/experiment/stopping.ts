// How a run ended, and what ending early saved. Planned is the whole plan, done what the record holds.

import type { StoredSession } from '../store/read.ts';
import type { Look, Result, StoppingResult } from './result.ts';
import { visitorCount } from './minds.ts';
import type { Scenario } from './scenario.ts';

export interface Ended {
  readonly scenario: Scenario;
  readonly sessions: readonly StoredSession[];
  /** Looks of a sequential run, in order. */
  readonly looks: readonly Look[];
  /** Sessions of the whole plan. */
  readonly planned: number;
  readonly status: Result['status'];
  readonly cost: Omit<Result['cost'], 'seconds'>;
}

/** The stopping part of the result. Tokens and money saved are the run's own mean a session times the sessions saved. */
export function stoppingOf({ scenario, sessions, looks, planned, status, cost }: Ended): StoppingResult {
  const done = sessions.length;
  const saved = status === 'complete' ? planned - done : 0;
  const perSession = done === 0 ? 0 : saved / done;
  return {
    rule: scenario.stopping.rule,
    ended: status !== 'complete' ? status : saved > 0 ? (looks.at(-1)?.stop ?? 'as-planned') : 'as-planned',
    looks: [...looks],
    planned: { visitors: visitorCount(scenario), sessions: planned },
    done: { visitors: new Set(sessions.map(({ visitor }) => visitor)).size, sessions: done },
    saved: {
      sessions: saved,
      tokens: Math.round((cost.tokensIn + cost.tokensOut) * perSession),
      usd: cost.usd === null ? null : cost.usd * perSession,
    },
  };
}
