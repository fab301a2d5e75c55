// The budget in whole runs, against the stand-in's own count: where it stops, what the result says then, and what going
// on costs.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { needsHumanLook } from '../../src/experiment/analyse.ts';
import { resultSchema } from '../../src/experiment/result.ts';
import { writeReport } from '../../src/report/write.ts';
import { callsOf, modelPlace, modelScenario, runWithModel } from './model-run.ts';
import { folderFor } from './small.ts';

/** Sessions under way at once, each with one question at a time. */
const workers = 4;
const place = modelPlace();

const price = { input: 2, cached: 1, output: 8 };

it('is passed by at most one call for each worker, by the count of the server', async () => {
  for (const [name, budget] of [
    ['calls', { calls: 6 }],
    ['tokens', { tokens: 9_000 }],
    ['usd', { usd: 0.02 }],
  ] as const) {
    const asked = modelScenario({ budget, price });
    const before = place.server.counts();
    const cut = await runWithModel(
      folderFor(place.root, name, asked),
      asked,
      place.studio,
      place.server.baseUrl,
    );
    const after = place.server.counts();
    const calls = after.requests - before.requests;
    const tokens = after.tokensIn + after.tokensOut - before.tokensIn - before.tokensOut;
    expect(cut.cost.calls).toBe(calls);
    expect(cut.cost.tokensIn + cut.cost.tokensOut).toBe(tokens);
    const dearest = Math.max(...callsOf(join(place.root, name)).map((call) => call.tokens ?? 0));
    if (name === 'calls') expect(calls).toBeLessThanOrEqual(6 + workers - 1);
    if (name === 'tokens') expect(tokens).toBeLessThan(9_000 + workers * dearest);
    if (name === 'usd') expect(cut.cost.usd).toBeLessThan(0.02 + (workers * dearest * price.output) / 1e6);
    expect(cut.status, name).toBe('truncated');
  }
});

it('says truncated, counts nobody as having left, and goes on to the same end without paying twice', async () => {
  const path = join(place.root, 'tape.jsonl');
  const asked = modelScenario({ budget: { calls: 8 }, cassette: { path, mode: 'record' } });
  const folder = folderFor(place.root, 'capped', asked);
  const before = place.server.counts().requests;
  const cut = await runWithModel(folder, asked, place.studio, place.server.baseUrl);
  expect(cut.status).toBe('truncated');
  expect(cut.stopping.ended).toBe('truncated');
  expect(cut.verdict.text).toContain('The run was truncated, because its budget was used up');
  expect(cut.checks.find(({ name }) => name === 'budget')).toMatchObject({ status: 'warn' });
  expect(needsHumanLook(cut)).toBe(true);
  expect(cut.arms.reduce((sum, arm) => sum + arm.cut, 0)).toBeGreaterThan(0);
  for (const arm of cut.arms) {
    expect(arm.failed).toBe(0);
    expect(Object.keys(arm.exits)).not.toContain('budget-spent');
  }
  expect(resultSchema.parse(JSON.parse(readFileSync(join(folder.path, 'result.json'), 'utf8')))).toEqual(cut);
  expect(readFileSync(writeReport(folder.path), 'utf8')).toContain(
    'This run was cut when its budget was used up',
  );

  const stopped = new AbortController();
  stopped.abort();
  const again = modelScenario({ budget: { calls: 1000 }, cassette: { path, mode: 'record' } });
  const idle = await runWithModel(folder, again, place.studio, place.server.baseUrl, stopped.signal);
  expect(idle.status).toBe('interrupted');
  expect(existsSync(join(folder.path, 'result.json'))).toBe(false);
  expect(idle.cost.calls).toBe(cut.cost.calls);

  const resumed = await runWithModel(folder, again, place.studio, place.server.baseUrl);
  expect(resumed.status).toBe('complete');
  expect(resumed.cost.calls).toBe(place.server.counts().requests - before);
  const whole = modelScenario();
  const other = await runWithModel(
    folderFor(place.root, 'uncapped', whole),
    whole,
    place.studio,
    place.server.baseUrl,
  );
  expect(resumed.digest).toBe(other.digest);
  expect(resumed.cost.calls).toBe(other.cost.calls);
});
