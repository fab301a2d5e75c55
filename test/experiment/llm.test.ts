// The llm mind in whole runs, against the stand-in endpoint on the wire: recorded and replayed, as an agent, with profiles and
// vectors of its own. Servers in trouble are model-faults.test.ts, caps budget.test.ts.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { llmParameters } from '../../agents/minds/llm-parameters.ts';
import type { RunFolder } from '../../src/experiment/folder.ts';
import type { Result } from '../../src/experiment/result.ts';
import { recordedPortraits } from '../../src/experiment/portraits.ts';
import type { Scenario } from '../../src/experiment/scenario.ts';
import { openDatabase } from '../../src/store/database.ts';
import { runValue } from '../../src/store/read.ts';
import { lovingRule, portraitRule } from '../llm/stand-in/portrait.ts';
import { visitorRule } from '../llm/stand-in/visitor.ts';
import { callsOf, modelPlace, modelScenario, runWithModel } from './model-run.ts';
import { folderFor } from './small.ts';

const place = modelPlace();

const run = (folder: RunFolder, asked: Scenario, baseUrl = place.server.baseUrl): Promise<Result> =>
  runWithModel(folder, asked, place.studio, baseUrl);

/** How the run remembers, and how many calls and steps it took. */
function recordOf(folder: RunFolder): {
  readonly memory: unknown;
  readonly embeddings: number;
  readonly chats: number;
  readonly steps: number;
  /** HTTP requests: what two sessions ask alike is asked once. */
  readonly paid: number;
} {
  const database = openDatabase(folder.record, { readonly: true });
  try {
    const count = (sql: string): number => database.prepare(sql).pluck().get() as number;
    return {
      memory: (runValue(database, 'model') as { memory: unknown }).memory,
      embeddings: count("SELECT count(*) FROM calls WHERE operation = 'embeddings'"),
      chats: count("SELECT count(*) FROM calls WHERE operation = 'chat'"),
      paid: count('SELECT sum(attempts) FROM calls'),
      steps: count("SELECT count(*) FROM events WHERE type = 'step-taken'"),
    };
  } finally {
    database.close();
  }
}

function promptsOf(folder: RunFolder): unknown {
  const database = openDatabase(folder.record, { readonly: true });
  try {
    return runValue(database, 'prompts');
  } finally {
    database.close();
  }
}

describe('a run with a vision model', () => {
  it('logs every request with its tokens and hash, sends the screenshot, and replays to the byte with no server', async () => {
    const before = place.server.counts().requests;
    const path = join(place.root, 'tape.jsonl');
    const recorded = modelScenario({ cassette: { path, mode: 'record' } });
    const folder = folderFor(place.root, 'recorded', recorded);
    const first = await run(folder, recorded);
    const sent = place.server.counts().requests - before;
    expect(first.status).toBe('complete');
    expect(first.cost.calls).toBe(sent);
    expect(promptsOf(folder)).toMatchObject({
      act: expect.stringMatching(/^[0-9a-f]{64}$/),
      reflect: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(first.arms.map(({ failed }) => failed)).toEqual([0, 0]);
    const calls = callsOf(folder.path);
    expect(calls.reduce((sum, call) => sum + call.attempts, 0)).toBe(sent);
    expect(calls.every(({ tokens, hash }) => (tokens ?? 0) > 0 && /^[0-9a-f]{64}$/.test(hash))).toBe(true);
    const picture = JSON.stringify(place.server.requests().at(-1)).match(
      /data:image\/jpeg;base64,[A-Za-z0-9+/=]+/,
    );
    expect(picture![0].length).toBeGreaterThan(10_000);

    const replay = modelScenario({ cassette: { path, mode: 'replay' } });
    const second = await run(folderFor(place.root, 'replayed', replay), replay, 'http://127.0.0.1:9/v1');
    expect(second.digest).toBe(first.digest);
    expect(second.cost).toMatchObject({ calls: 0, tokensIn: 0, tokensOut: 0 });
    expect(place.server.counts().requests - before).toBe(sent);
  });

  it('asks the same prefix at every step of a visitor', () => {
    const heads = place.server
      .requests()
      .filter(({ messages }) => JSON.stringify(messages).includes('image_url'))
      .map(({ messages }) => JSON.stringify(messages.slice(0, 2)));
    expect(heads.length).toBeGreaterThan(10);
    expect(new Set(heads).size).toBe(2);
  });

  it('decides as an agent, too, within its calls', async () => {
    const asked = modelScenario({ deciding: 'agent' });
    const before = place.server.counts().requests;
    const heard = place.server.requests().length;
    const folder = folderFor(place.root, 'agent', asked);
    const result = await run(folder, asked);
    expect(result.arms.map(({ failures }) => failures)).toEqual([{}, {}]);
    expect(result.cost.calls).toBe(place.server.counts().requests - before);
    const turns = place.server
      .requests()
      .slice(heard)
      .filter(({ tools }) => tools !== undefined)
      .map(({ messages }) => ({
        called: messages.flatMap(({ tool_calls: calls }) => (calls ?? []).map((call) => call.function.name)),
        picturesAfter: JSON.stringify(
          messages.slice(messages.findIndex(({ role }) => role === 'tool')),
        ).split('data:image/jpeg').length,
      }));
    // The stand-in uses what it is offered in turn: it recalls, looks closer, and has to answer.
    expect(turns.some(({ called }) => called.join() === 'recall')).toBe(true);
    const last = turns.filter(({ called }) => called.join() === 'recall,look-closer');
    expect(last.length).toBeGreaterThan(0);
    expect(Math.max(...turns.map(({ called }) => called.length))).toBe(llmParameters.toolCalls);
    for (const { picturesAfter } of last) expect(picturesAfter).toBe(2);
    const { steps } = recordOf(folder);
    expect(turns.length).toBeLessThanOrEqual(steps * (1 + llmParameters.toolCalls));
    expect(last.length).toBeLessThanOrEqual(steps);
  });

  it('induces profiles once a visitor, keeps them in its record and says how many hold', async () => {
    const asked = modelScenario({ profile: 'induced' });
    place.server.rules = { act: visitorRule(), profile: portraitRule, consistency: lovingRule };
    const folder = folderFor(place.root, 'induced', asked);
    const result = await run(folder, asked);
    place.server.rules = { act: visitorRule() };
    expect(result.arms.map(({ failures }) => failures)).toEqual([{}, {}]);
    const check = result.checks.find(({ name }) => name === 'profiles');
    expect(check?.detail).toMatch(/of 2 induced profiles rate their own past above other people's/);
    const database = openDatabase(folder.record, { readonly: true });
    const portraits = recordedPortraits(database);
    const profiling = database
      .prepare("SELECT count(*) FROM calls WHERE purpose = 'profile' AND attempts > 0")
      .pluck()
      .get() as number;
    database.close();
    expect(portraits.map(({ consistency }) => consistency.length > 0)).toEqual([true, true]);
    expect(profiling).toBe(portraits.reduce((sum, { consistency }) => sum + consistency.length, 0));
    const told = await run(folderFor(place.root, 'told', modelScenario()), modelScenario());
    expect(told.checks.some(({ name }) => name === 'profiles')).toBe(false);
  });

  it('remembers by the vectors of the endpoint where one is named, and its record says so', async () => {
    const asked = modelScenario({ embeddingModel: 'stand-in' });
    const before = place.server.counts().requests;
    const folder = folderFor(place.root, 'embedding', asked);
    const result = await run(folder, asked);
    expect(result.cost.calls).toBe(place.server.counts().requests - before);
    const { memory, embeddings, chats, paid } = recordOf(folder);
    expect({ memory, paid }).toEqual({ memory: 'endpoint', paid: result.cost.calls });
    expect(embeddings).toBeGreaterThan(chats);
    const plain = folderFor(place.root, 'not-embedding', modelScenario());
    await run(plain, modelScenario());
    expect(recordOf(plain)).toMatchObject({ memory: 'embedded', embeddings: 0 });
  });
});
