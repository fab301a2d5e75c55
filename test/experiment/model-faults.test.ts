// Whole runs while the model's server is in trouble: each fault alone, and all mixed at 20 %. Every session ends as
// completed or as failed with its reason, nobody counts as having left, and the run's totals are the server's own.

import { expect, it } from 'vitest';
import type { Result } from '../../src/experiment/result.ts';
import { openDatabase } from '../../src/store/database.ts';
import { sessionsOf, type StoredSession } from '../../src/store/read.ts';
import { always, faults, lasting, mixed, noFaults } from '../llm/stand-in/faults.ts';
import { type StandIn } from '../llm/stand-in/server.ts';
import { modelPlace, modelScenario, runWithModel } from './model-run.ts';
import { folderFor } from './small.ts';

const place = modelPlace();

interface Troubled {
  readonly result: Result;
  readonly sessions: readonly StoredSession[];
}

/** A run under a plan of faults; checks what holds of every one. */
async function troubled(name: string, plan: StandIn['plan'], llm: object): Promise<Troubled> {
  const asked = modelScenario(llm, { site: { pages: 1 } });
  const folder = folderFor(place.root, name, asked);
  const before = place.server.counts();
  place.server.plan = plan;
  const result = await runWithModel(folder, asked, place.studio, place.server.baseUrl);
  place.server.plan = noFaults;
  const after = place.server.counts();
  expect(result.status).toBe('complete');
  expect(result.cost.calls).toBe(after.requests - before.requests);
  expect(result.cost.tokensIn).toBe(after.tokensIn - before.tokensIn);
  expect(result.cost.tokensOut).toBe(after.tokensOut - before.tokensOut);
  for (const arm of result.arms) {
    const left = Object.values(arm.exits).reduce((sum, count) => sum + count, 0);
    expect(left + arm.failed).toBe(arm.sessions);
  }
  const database = openDatabase(folder.record, { readonly: true });
  const sessions = sessionsOf(database);
  const events = database.prepare('SELECT DISTINCT session FROM events').pluck().all() as number[];
  database.close();
  expect(sessions).toHaveLength(4);
  for (const { id, status, failureKind, failureMessage, exitReason } of sessions) {
    expect(['complete', 'failed']).toContain(status);
    if (status === 'complete') expect(exitReason).not.toBeNull();
    else {
      expect(failureKind).not.toBeNull();
      expect(failureMessage!.length).toBeGreaterThan(10);
      expect(exitReason).toBeNull();
      expect(events).not.toContain(id);
    }
  }
  return { result, sessions };
}

it.each(faults)(
  '%s at every request: every session has failed by its name, and there is no verdict',
  async (fault) => {
    const { result, sessions } = await troubled(
      fault,
      always(fault),
      fault === 'slow' ? { timeoutMs: 100 } : {},
    );
    expect(sessions.map(({ failureKind }) => failureKind)).toEqual(sessions.map(() => lasting[fault]));
    for (const arm of result.arms) expect(arm).toMatchObject({ failed: arm.sessions, exits: {} });
    expect(result.verdict.decision).toBe('cannot-tell');
  },
);

it('all at once, a fifth of the time', async () => {
  // A slow answer is one that comes late here: how long is too long has its own case above.
  place.server.slowness = 300;
  const met = { ...place.server.counts().faults };
  const { sessions } = await troubled('mixed', mixed(0.2, 7), { attempts: 2 });
  const kinds = faults.filter((fault) => (place.server.counts().faults[fault] ?? 0) > (met[fault] ?? 0));
  expect(kinds.length, kinds.join(', ')).toBeGreaterThan(1);
  place.server.slowness = 60_000;
  const named = new Set<string>(Object.values(lasting));
  for (const { failureKind } of sessions) if (failureKind !== null) expect(named).toContain(failureKind);
});
