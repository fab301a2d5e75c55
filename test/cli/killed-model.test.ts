// What a model was asked before its run was killed stays counted: no cap is passed by killing, and the result says what
// the server says.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resultSchema } from '../../src/experiment/result.ts';
import { smallInput, temporaryFolder, writeTiny } from '../experiment/small.ts';
import { openStandIn, type StandIn } from '../llm/stand-in/server.ts';
import { visitorRule } from '../llm/stand-in/visitor.ts';

const root = temporaryFolder();
let server: StandIn;
beforeAll(async () => {
  server = await openStandIn();
  server.rules = { act: visitorRule() };
});
afterAll(async () => {
  await server.close();
  root.remove();
});

function start(words: readonly string[]) {
  const project = fileURLToPath(new URL('../../', import.meta.url));
  const child = spawn(process.execPath, [join(project, 'src/cli.ts'), ...words], {
    cwd: root.path,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, OPENAI_BASE_URL: server.baseUrl },
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  return { child, ended: once(child, 'close'), out: () => out };
}

it('counts the requests of sessions that a kill has cut off', { timeout: 300_000 }, async () => {
  writeTiny(root.path);
  const asked = {
    ...smallInput,
    catalogue: 'tiny',
    mind: 'llm',
    llm: { model: 'stand-in' },
    population: { visitors: 2, minimumHistory: 10 },
    site: { pages: 1 },
  };
  writeFileSync(join(root.path, 'asked.mjs'), `export default ${JSON.stringify(asked)};`);
  const first = start(['run', 'asked.mjs', '--out', 'asked', '--yes']);
  const probing = 8;
  while (server.counts().requests < probing + 3 && first.child.exitCode === null) await pause(2);
  first.child.kill('SIGKILL');
  await first.ended;
  const sent = server.counts().requests;
  expect(sent).toBeGreaterThanOrEqual(probing + 3);

  const second = start(['resume', 'asked', '--json', '--yes']);
  await second.ended;
  const result = resultSchema.parse(JSON.parse(second.out()));
  expect(result.status).toBe('complete');
  // A request that was on its way when the process died counts, whether it arrived or not: four at most.
  expect(result.cost.calls).toBeGreaterThanOrEqual(server.counts().requests);
  expect(result.cost.calls).toBeLessThanOrEqual(server.counts().requests + 4);
});
