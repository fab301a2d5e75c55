// `run` with a model as it is typed, against the stand-in: recorded and replayed with the server off, quoted, refused
// where nobody can be asked, capped, and gone on with.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { resultSchema, type Result } from '../../src/experiment/result.ts';
import { openStandIn, type StandIn } from '../llm/stand-in/server.ts';
import { visitorRule } from '../llm/stand-in/visitor.ts';
import { rememberingTerminal, type Remembered } from './terminal.ts';

const root = mkdtempSync(join(tmpdir(), 'rehearsal-run-model-'));
let server: StandIn;
beforeAll(async () => {
  server = await openStandIn();
  server.rules = { act: visitorRule() };
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

/** A small scenario whose model costs a dollar for every thousand tokens: more than anybody is not asked about. */
const dear = join(root, 'dear.ts');
writeFileSync(
  dear,
  `export default ${JSON.stringify({
    name: 'dear',
    question: 'Does anything differ?',
    mind: 'llm',
    llm: { model: 'stand-in', price: { input: 1000, cached: 1000, output: 1000 } },
    arms: [
      { name: 'chance', method: 'random' },
      { name: 'popularity', method: 'popularity' },
    ],
    population: { visitors: 2 },
    site: { pages: 1 },
    stepLimit: 20,
  })}`,
);

async function typed(
  words: readonly string[],
  settings: { answer?: string; baseUrl?: string } = {},
): Promise<{ code: number; terminal: Remembered; result: Result; log: string }> {
  const { baseUrl = server.baseUrl, ...more } = settings;
  const terminal = rememberingTerminal({ json: true, environment: { OPENAI_BASE_URL: baseUrl }, ...more });
  const code = await main([...words, '--json'], verbs, '0', terminal);
  const read = resultSchema.safeParse(terminal.documents[0]);
  return { code, terminal, result: read.data as Result, log: terminal.logged.join('\n') };
}

it('run scenarios/llm.ts: recorded, then replayed with the server off, is the same events without a call', async () => {
  const tape = join(root, 'tape.jsonl');
  const own = await openStandIn();
  own.rules = { act: visitorRule() };
  const words = ['run', 'scenarios/llm.ts', '--visitors', '2', '--out'];
  const recorded = await typed([...words, join(root, 'recorded'), '--record', tape], {
    baseUrl: own.baseUrl,
  });
  const { requests } = own.counts();
  await own.close();
  expect(recorded.result.status).toBe('complete');
  expect(recorded.result.arms.map(({ sessions, failed }) => [sessions, failed])).toEqual([
    [2, 0],
    [2, 0],
  ]);
  expect(recorded.result.cost.calls).toBe(requests);
  expect(recorded.log).toMatch(/quote: \d+ calls \(.*tokens.*price unknown.*from 3 of 4 sessions/);
  const replayed = await typed([...words, join(root, 'replayed'), '--replay', tape], {
    baseUrl: own.baseUrl,
  });
  expect(replayed.code, replayed.log).toBe(recorded.code);
  expect(replayed.result.digest).toBe(recorded.result.digest);
  expect(replayed.result.cost).toMatchObject({ calls: 0, tokensIn: 0, tokensOut: 0, usd: 0 });
  expect(replayed.log).toContain(`all answers from ${tape}, no model calls, $0`);
});

it('asks above its limit, refuses where nobody can be asked, and resume --yes goes on from what was played', async () => {
  const out = join(root, 'dear');
  const before = server.counts().requests;
  const refused = await typed(['run', dear, '--out', out]);
  expect(refused.code, refused.log).toBe(2);
  expect(refused.terminal.documents).toEqual([
    {
      error: {
        message: expect.stringMatching(
          /The run will take about \$\d+\.\d\d, above \$1, and there is no terminal/,
        ),
        hint: `The first sessions are kept. Go on with: rehearsal resume ${out} --yes, or cap it with --max-usd or --max-tokens.`,
      },
    },
  ]);
  const declined = await typed(['resume', out], { answer: 'n' });
  expect(declined.code, declined.log).toBe(3);
  expect(declined.result).toMatchObject({ status: 'interrupted', stopping: { done: { sessions: 3 } } });
  expect(declined.log).toMatch(/Go on\? \[y\/N\]/);
  const paid = server.counts().requests - before;
  const capped = await typed(['resume', out, '--max-usd', '0.001']);
  expect(capped.code, capped.log).toBe(3);
  expect(capped.log).toContain('That is more than the cap of $0.001: the run will be truncated there.');
  expect(capped.result.status).toBe('truncated');
  expect(capped.result.verdict.text).toContain('The run was truncated');
  expect(server.counts().requests - before).toBe(paid);
  const done = await typed(['resume', out, '--yes', '--max-usd', '1000']);
  expect(done.result.status).toBe('complete');
  expect(done.result.cost.calls).toBe(server.counts().requests - before);
});
