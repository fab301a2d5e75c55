// The budget in whole runs, against the stand-in's own count: where it stops, what the result says then, and what going
// on costs.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import { needsHumanLook } from '../../src/experiment/analyse.ts';
import { resultSchema } from '../../src/experiment/result.ts';
import { writeReport } from '../../src/report/write.ts';
import { openStandIn, type StandIn } from '../llm/stand-in/server.ts';
import { visitorRule } from '../llm/stand-in/visitor.ts';
import { callsOf, modelScenario, runWithModel } from './model-run.ts';
import { folderFor, temporaryFolder } from './small.ts';

/** Sessions under way at once, each with one question at a time. */
const workers = 4;
const root = temporaryFolder();
let studio: Studio;
let server: StandIn;
beforeAll(async () => {
  studio = await openStudio({ pages: 2 });
  server = await openStandIn();
  server.rules = { act: visitorRule() };
});
afterAll(async () => {
  await studio.close();
  await server.close();
  root.remove();
});

const price = { input: 2, cached: 1, output: 8 };

it('is passed by at most one call for each worker, by the count of the server', async () => {
  for (const [name, budget] of [
    ['calls', { calls: 6 }],
    ['tokens', { tokens: 9_000 }],
    ['usd', { usd: 0.02 }],
  ] as const) {
    const asked = modelScenario({ budget, price });
    const before = server.counts();
    const cut = await runWithModel(folderFor(root.path, name, asked), asked, studio, server.baseUrl);
    const after = server.counts();
    const calls = after.requests - before.requests;
    const tokens = after.tokensIn + after.tokensOut - before.tokensIn - before.tokensOut;
    expect(cut.cost.calls).toBe(calls);
    expect(cut.cost.tokensIn + cut.cost.tokensOut).toBe(tokens);
    const dearest = Math.max(...callsOf(join(root.path, name)).map((call) => call.tokens ?? 0));
    if (name === 'calls') expect(calls).toBeLessThanOrEqual(6 + workers - 1);
    if (name === 'tokens') expect(tokens).toBeLessThan(9_000 + workers * dearest);
    if (name === 'usd') expect(cut.cost.usd).toBeLessThan(0.02 + (workers * dearest * price.output) / 1e6);
    expect(cut.status, name).toBe('truncated');
  }
}, 180_000);

it('says truncated, counts nobody as having left, and goes on to the same end without paying twice', async () => {
  const path = join(root.path, 'tape.jsonl');
  const asked = modelScenario({ budget: { calls: 8 }, cassette: { path, mode: 'record' } });
  const folder = folderFor(root.path, 'capped', asked);
  const before = server.counts().requests;
  const cut = await runWithModel(folder, asked, studio, server.baseUrl);
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
  const idle = await runWithModel(folder, again, studio, server.baseUrl, stopped.signal);
  expect(idle.status).toBe('interrupted');
  expect(existsSync(join(folder.path, 'result.json'))).toBe(false);
  expect(idle.cost.calls).toBe(cut.cost.calls);

  const resumed = await runWithModel(folder, again, studio, server.baseUrl);
  expect(resumed.status).toBe('complete');
  expect(resumed.cost.calls).toBe(server.counts().requests - before);
  const whole = modelScenario();
  const other = await runWithModel(folderFor(root.path, 'uncapped', whole), whole, studio, server.baseUrl);
  expect(resumed.digest).toBe(other.digest);
  expect(resumed.cost.calls).toBe(other.cost.calls);
}, 180_000);
