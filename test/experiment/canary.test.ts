// A key that must not leak from a whole run: visitors behind a model whose server repeats the key in its errors, with
// faults, a cassette, a trace with its content, a record, screens, the result and the report. Every byte is searched.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import { runScenario } from '../../src/experiment/run.ts';
import { writeReport } from '../../src/report/write.ts';
import { openDatabase } from '../../src/store/database.ts';
import { everything } from '../llm/asking.ts';
import { mixed } from '../llm/stand-in/faults.ts';
import { openStandIn } from '../llm/stand-in/server.ts';
import { visitorRule } from '../llm/stand-in/visitor.ts';
import { catalogue, folderFor, small, temporaryFolder } from './small.ts';

const canary = 'sk-live-CANARY-9c2e5d';
const forms = [
  canary,
  'CANARY',
  Buffer.from(canary).toString('base64').slice(0, 20),
  Buffer.from(`Bearer ${canary}`).toString('base64').slice(0, 20),
  encodeURIComponent(`Bearer ${canary}`),
  Buffer.from(canary).toString('hex'),
];

const root = temporaryFolder();
let studio: Studio;
beforeAll(async () => {
  studio = await openStudio({ pages: 2 });
});
afterAll(async () => {
  await studio.close();
  root.remove();
});

/** Runs two visitors with the key against a server that wants `wanted`; what was logged and printed comes back. */
async function runWithKey(name: string, wanted: string) {
  const server = await openStandIn({ key: wanted });
  server.rules = { act: visitorRule() };
  server.plan = mixed(0.25, 11, [
    'rate-limited',
    'server-error',
    'closed-socket',
    'html',
    'truncated-json',
    'refusal',
    'cut-off',
  ]);
  const scenario = small({
    mind: 'llm',
    llm: {
      model: 'stand-in',
      embeddingModel: 'stand-in',
      capabilities: everything,
      attempts: 3,
      traceContent: true,
      cassette: { path: join(root.path, `${name}.jsonl`), mode: 'auto' },
    },
    population: { visitors: 2, minimumHistory: 10 },
    stepLimit: 8,
  });
  const folder = folderFor(root.path, name, scenario);
  const logged: string[] = [];
  const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((way) =>
    vi.spyOn(console, way).mockImplementation((...words) => void logged.push(words.map(String).join(' '))),
  );
  vi.stubEnv('OPENAI_LOG', 'debug');
  try {
    const result = await runScenario({
      scenario,
      catalogue,
      folder,
      studio,
      access: { baseUrl: server.baseUrl, key: canary },
      interrupted: new AbortController().signal,
      log: (line) => logged.push(line),
      progress: () => undefined,
    });
    writeReport(folder.path);
    return { folder, result, logged, counts: server.counts() };
  } finally {
    vi.unstubAllEnvs();
    printed.forEach((spy) => spy.mockRestore());
    await server.close();
  }
}

function filesUnder(path: string): string[] {
  return (readdirSync(path, { recursive: true }) as string[])
    .map((file) => join(path, file))
    .filter((file) => statSync(file).isFile());
}

describe('the key of a whole run', () => {
  it('stands in no file and no line of a run that met faults', async () => {
    const { folder, result, logged, counts } = await runWithKey('accepted', canary);
    expect(counts.answered).toBeGreaterThan(4);
    expect(Object.keys(counts.faults).length).toBeGreaterThan(2);
    const files = [...filesUnder(folder.path), join(root.path, 'accepted.jsonl')];
    const names = files.map((file) => file.slice(root.path.length)).join(' ');
    for (const part of [
      'events.sqlite',
      'trace.jsonl',
      'result.json',
      'report.html',
      'accepted.jsonl',
      '.jpg',
    ])
      expect(names).toContain(part);
    const said = [JSON.stringify(result), ...logged].map((line) => Buffer.from(line));
    for (const [index, bytes] of [...files.map((file) => readFileSync(file)), ...said].entries())
      for (const form of forms)
        expect(bytes.includes(form), `${form} in ${files[index] ?? 'the log'}`).toBe(false);
  });

  it('stands in no file where it was turned away by a server that repeats it', async () => {
    const { folder, result, logged } = await runWithKey('refused', 'another key');
    expect(result.arms.every(({ failed, sessions }) => failed === sessions)).toBe(true);
    const database = openDatabase(folder.record, { readonly: true });
    const message = database.prepare('SELECT failure_message FROM sessions LIMIT 1').pluck().get();
    database.close();
    expect(message).toContain('[key]');
    const bytes = [
      ...filesUnder(folder.path).map((file) => readFileSync(file)),
      ...logged.map((l) => Buffer.from(l)),
    ];
    for (const each of bytes) for (const form of forms) expect(each.includes(form)).toBe(false);
  });
});
