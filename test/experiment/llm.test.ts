// The llm mind in whole runs, against the stand-in endpoint on the wire: recorded, replayed, broken, capped.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import type { RunFolder } from '../../src/experiment/folder.ts';
import type { Result } from '../../src/experiment/result.ts';
import { runScenario } from '../../src/experiment/run.ts';
import type { Scenario } from '../../src/experiment/scenario.ts';
import { openDatabase } from '../../src/store/database.ts';
import { always, faults, mixed, noFaults } from '../llm/stand-in/faults.ts';
import { openStandIn, type StandIn } from '../llm/stand-in/server.ts';
import { visitorRule } from '../llm/stand-in/visitor.ts';
import { everything } from '../llm/asking.ts';
import { catalogue, folderFor, small, temporaryFolder } from './small.ts';

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

const scenario = (llm: object = {}): Scenario =>
  small({
    mind: 'llm',
    llm: { model: 'stand-in', capabilities: everything, attempts: 1, ...llm },
    population: { visitors: 2, minimumHistory: 10 },
    stepLimit: 20,
  });

const run = (folder: RunFolder, asked: Scenario, baseUrl = server.baseUrl): Promise<Result> =>
  runScenario({
    scenario: asked,
    catalogue,
    folder,
    studio,
    access: { baseUrl, key: null },
    interrupted: new AbortController().signal,
    log: () => undefined,
    progress: () => undefined,
  });

interface Call {
  readonly status: string | null;
  readonly attempts: number;
  readonly tokens: number | null;
  readonly hash: string;
}
function callsOf(folder: RunFolder): Call[] {
  const database = openDatabase(folder.record, { readonly: true });
  try {
    return database
      .prepare(
        'SELECT s.status, c.attempts, c.tokens_in AS tokens, c.request_hash AS hash FROM calls c LEFT JOIN sessions s ON s.id = c.session ORDER BY c.id',
      )
      .all() as Call[];
  } finally {
    database.close();
  }
}

describe('a run with a vision model', () => {
  it('logs every request with its tokens and hash, sends the screenshot, and replays to the byte with no server', async () => {
    const before = server.counts().requests;
    const path = join(root.path, 'tape.jsonl');
    const recorded = scenario({ cassette: { path, mode: 'record' } });
    const folder = folderFor(root.path, 'recorded', recorded);
    const first = await run(folder, recorded);
    const sent = server.counts().requests - before;
    expect(first.status).toBe('complete');
    expect(first.cost.calls).toBe(sent);
    expect(first.arms.map(({ failed }) => failed)).toEqual([0, 0]);
    const calls = callsOf(folder);
    expect(calls.reduce((sum, call) => sum + call.attempts, 0)).toBe(sent);
    expect(calls.every(({ tokens, hash }) => (tokens ?? 0) > 0 && /^[0-9a-f]{64}$/.test(hash))).toBe(true);
    const picture = JSON.stringify(server.requests().at(-1)).match(/data:image\/jpeg;base64,[A-Za-z0-9+/=]+/);
    expect(picture![0].length).toBeGreaterThan(10_000);

    const replay = scenario({ cassette: { path, mode: 'replay' } });
    const second = await run(folderFor(root.path, 'replayed', replay), replay, 'http://127.0.0.1:9/v1');
    expect(second.digest).toBe(first.digest);
    expect(second.cost).toMatchObject({ calls: 0, tokensIn: 0, tokensOut: 0 });
    expect(server.counts().requests - before).toBe(sent);
  }, 60_000);

  it('asks the same prefix at every step of a visitor', () => {
    const heads = server
      .requests()
      .filter(({ messages }) => JSON.stringify(messages).includes('image_url'))
      .map(({ messages }) => JSON.stringify(messages.slice(0, 2)));
    expect(heads.length).toBeGreaterThan(10);
    expect(new Set(heads).size).toBe(2);
  });

  it.each(['refusal', 'off-schema', 'truncated-json', 'server-error'] as const)(
    'counts a session that met %s as failed, never as a visitor who left',
    async (fault) => {
      server.plan = always(fault);
      const asked = scenario();
      const result = await run(folderFor(root.path, fault, asked), asked);
      server.plan = noFaults;
      for (const arm of result.arms) {
        expect(arm.failed).toBe(arm.sessions);
        expect(arm.exits).toEqual({});
      }
      expect(result.verdict.decision).toBe('cannot-tell');
    },
    60_000,
  );

  it('stops at its budget, says that it is not whole, and resumes without paying twice', async () => {
    const asked = scenario({ budget: { calls: 8 }, concurrency: 4 });
    const folder = folderFor(root.path, 'capped', asked);
    const before = server.counts().requests;
    const cut = await run(folder, asked);
    expect(cut.status).toBe('interrupted');
    expect(cut.cost.calls).toBeLessThanOrEqual(8 + 4);
    const resumed = await run(folder, scenario({ budget: { calls: 1000 }, concurrency: 4 }));
    expect(resumed.status).toBe('complete');
    expect(resumed.cost.calls).toBe(server.counts().requests - before);
    const whole = scenario();
    const other = await run(folderFor(root.path, 'uncapped', whole), whole);
    expect(resumed.digest).toBe(other.digest);
    expect(resumed.cost.calls).toBe(other.cost.calls);
  }, 60_000);

  it('decides as an agent, too, within its calls', async () => {
    const asked = scenario({ deciding: 'agent' });
    const before = server.counts().requests;
    const result = await run(folderFor(root.path, 'agent', asked), asked);
    expect(result.arms.map(({ failures }) => failures)).toEqual([{}, {}]);
    expect(result.cost.calls).toBe(server.counts().requests - before);
  }, 60_000);

  it('ends every session as complete or failed while the server is in trouble', async () => {
    server.plan = mixed(
      0.2,
      7,
      faults.filter((fault) => fault !== 'slow' && fault !== 'endless-stream'),
    );
    const asked = scenario({ attempts: 2 });
    const result = await run(folderFor(root.path, 'mixed', asked), asked);
    server.plan = noFaults;
    for (const arm of result.arms) {
      const left = Object.values(arm.exits).reduce((sum, count) => sum + count, 0);
      expect(left + arm.failed).toBe(arm.sessions);
    }
  }, 90_000);
});
