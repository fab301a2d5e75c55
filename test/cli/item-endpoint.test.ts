// Methods that ask a model endpoint about items, as they are typed: asked once, told where nobody is named, and found again
// by evaluate, recommend and run.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStandIn, type StandIn } from '../llm/stand-in/server.ts';

const slow = { timeout: 240_000 };
const program = join(import.meta.dirname, '../../src/cli.ts');
const folder = mkdtempSync(join(tmpdir(), 'rehearsal-item-endpoint-'));
let server: StandIn;
beforeAll(async () => {
  server = await openStandIn();
  const rows = Array.from(
    { length: 300 },
    (_, row) => `p${row % 30},i${(row * 7) % 23},${3 + (row % 3)},${row}`,
  );
  writeFileSync(join(folder, 'toys.csv'), ['user,item,value,time', ...rows].join('\n'));
  const columns = ['--columns', 'user=user,item=item,value=value,time=time'];
  expect(await rehearsal(['import', 'table', 'toys.csv', '--as', 'toys', ...columns])).toMatchObject({
    code: 0,
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function rehearsal(words: readonly string[], baseUrl: string | null = server.baseUrl) {
  const environment = { ...process.env, OPENAI_BASE_URL: baseUrl ?? '' };
  const child = spawn(process.execPath, [program, ...words, '--json'], { cwd: folder, env: environment });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => void (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
  const code = await new Promise<number | null>((ended) => child.on('close', ended));
  return { code, document: JSON.parse(stdout) as Record<string, unknown>, log: stderr };
}

const small = 'scale=xs,epochs=1,history=8,validationPeople=8';
const quick = `codes=4,${small}`;
const vectors = [
  '--catalogue',
  'toys',
  '--embedding-model',
  'stand-in',
  '--set',
  `vectors=endpoint,${quick}`,
];

it('vectors are asked for once, and found again by train, evaluate and recommend', slow, async () => {
  const first = await rehearsal(['train', 'tiger', ...vectors]);
  expect(first.code, first.log).toBe(0);
  expect(first.log).toMatch(/vectors of stand-in: \d+ calls/);
  const asked = server.counts().requests;
  expect(asked).toBeGreaterThan(1);
  const again = await rehearsal(['train', 'tiger', ...vectors]);
  expect(again.document['version']).toBe(first.document['version']);
  const slate = await rehearsal(['recommend', 'tiger', ...vectors, '--k', '3']);
  expect(slate.document['version']).toBe(first.document['version']);
  const graded = await rehearsal(['evaluate', 'popularity,tiger', ...vectors, '--people', '5']);
  expect(graded.code, graded.log).toBe(0);
  expect(server.counts().requests).toBe(asked);
});

it('without an address or a model of embeddings there is nobody to ask, and no weights', slow, async () => {
  for (const [words, baseUrl] of [
    [['--embedding-model', 'stand-in'], null],
    [[], server.baseUrl],
  ] as const) {
    const settings = ['--catalogue', 'toys', '--set', `vectors=endpoint,${quick}`, ...words];
    const { code, document } = await rehearsal(['train', 'tiger', ...settings], baseUrl);
    expect(code).toBe(2);
    expect(JSON.stringify(document['error'])).toMatch(/no endpoint is named.*--embedding-model/);
  }
});

it('names are written once, and train says how many items have none', slow, async () => {
  server.rules = {
    'name-item': ({ words }) => {
      const [, id] = /The item:\n.*\n(\S+)/.exec(words) ?? [];
      const own = id?.toLowerCase() ?? 'no word';
      return {
        kind: 'toy',
        use: 'play',
        feature: 'small',
        audience: 'all',
        own: own === 'i3' ? 'no word' : own,
      };
    },
  };
  const words = [
    'train',
    'grlm',
    '--catalogue',
    'toys',
    '--model',
    'stand-in',
    '--set',
    `terms=written,${small}`,
  ];
  const first = await rehearsal(words);
  expect(first.code, first.log).toBe(0);
  expect(first.log).toContain('names: 1 of 23 items kept extracted names');
  expect(first.document['figures']).toMatchObject({
    written: { items: 23, extracted: 1 },
    account: expect.arrayContaining([expect.stringContaining('1 of 23 items kept extracted names')]),
  });
  const asked = server.counts().requests;
  const again = await rehearsal(words);
  expect(again.document['version']).toBe(first.document['version']);
  expect(server.counts().requests).toBe(asked);
});

it('the arms of a run ask the endpoint of its llm, and its workers take what is kept', slow, async () => {
  const settings = { vectors: 'endpoint', codes: 4, scale: 'xs', epochs: 1, history: 8, validationPeople: 8 };
  writeFileSync(
    join(folder, 'arms.ts'),
    `export default ${JSON.stringify({
      name: 'arms',
      question: 'Does anything differ?',
      catalogue: 'toys',
      llm: { model: 'stand-in', embeddingModel: 'stand-in' },
      arms: [
        { name: 'popularity', method: 'popularity' },
        { name: 'tiger', method: 'tiger', settings },
      ],
      population: { visitors: 2, minimumHistory: 3 },
      site: { pages: 1 },
      stepLimit: 10,
    })}`,
  );
  const ran = await rehearsal(['run', 'arms.ts', '--out', 'arms', '--workers', '2']);
  expect(ran.document, ran.log).toMatchObject({ status: 'complete' });
});

it(
  'a run says what naming its items takes, is refused on a pipe, and counts it into its cost and caps, over resume too',
  slow,
  async () => {
    server.rules = {
      'name-item': ({ words }) => {
        const own = /The item:\n.*\n(\S+)/.exec(words)![1]!.toLowerCase();
        return { kind: 'toy', use: 'play', feature: 'small', audience: 'all', own };
      },
    };
    const settings = { terms: 'written', scale: 'xs', epochs: 1, history: 8, validationPeople: 8 };
    writeFileSync(
      join(folder, 'named.ts'),
      `export default ${JSON.stringify({
        name: 'named',
        question: 'Does anything differ?',
        catalogue: 'toys',
        llm: { model: 'named-by', price: { input: 1000, cached: 1000, output: 1000 } },
        arms: [
          { name: 'popularity', method: 'popularity' },
          { name: 'grlm', method: 'grlm', settings },
        ],
        population: { visitors: 2, minimumHistory: 3 },
        site: { pages: 1 },
        stepLimit: 10,
      })}`,
    );
    const run = ['run', 'named.ts', '--out', 'named'];
    const before = server.counts().requests;
    const sinceBefore = (): number => server.counts().requests - before;
    const refused = await rehearsal(run);
    expect(refused.code, refused.log).toBe(2);
    expect(refused.log).toContain('names: 23 items, a question each, 23 not answered yet');
    expect(refused.log).toMatch(
      /quote: 23 calls \(23 to 23\), .* tokens .*\$.*, from 3 of 23 questions for names of items/,
    );
    expect(refused.document['error']).toMatchObject({
      message: expect.stringMatching(/Asking for the names of items will take about \$\d+\.\d\d, above \$1/),
      hint: expect.stringContaining('the same command again and --yes'),
    });
    expect(existsSync(join(folder, 'named'))).toBe(false);
    const asked = sinceBefore();
    const ran = await rehearsal([...run, '--yes']);
    expect(ran.document, ran.log).toMatchObject({ status: 'complete', cost: { calls: 20 } });
    expect(ran.log).toContain('20 not answered yet');
    expect(sinceBefore()).toBe(asked + 20);
    expect(ran.document['stopping']).toMatchObject({ saved: { tokens: 0 } });

    const told = await rehearsal(['resume', 'named']);
    expect(told.document).toMatchObject({ cost: { calls: 20 } });
    rmSync(join(folder, 'data/answers'), { recursive: true });
    const again = await rehearsal(['resume', 'named']);
    expect(again.code, again.log).toBe(2);
    expect(again.log).toContain('Go on with rehearsal resume');
    const more = sinceBefore();
    const capped = await rehearsal(['resume', 'named', '--max-tokens', '100']);
    expect(capped.code, capped.log).toBe(3);
    expect(JSON.stringify(capped.document)).toContain('The budget is spent');
    expect(sinceBefore()).toBe(more);
    const done = await rehearsal(['resume', 'named', '--yes']);
    expect(done.document, done.log).toMatchObject({ status: 'complete', digest: ran.document['digest'] });
    expect(done.document['cost']).toMatchObject({ calls: sinceBefore() - asked });
  },
);
