// The command as it is typed: a process of its own, its streams, its exit code. Verbs that drive the browser are
// tested where they live; here are the ones that end quickly.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { statusAs, whileServing } from './served.ts';
import { rememberingTerminal } from './terminal.ts';

const program = join(import.meta.dirname, '../../src/cli.ts');
const folder = mkdtempSync(join(tmpdir(), 'rehearsal-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function rehearsal(...words: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

describe('the program', () => {
  it('can be executed and names its interpreter, as npx needs it', () => {
    expect(statSync(program).mode & 0o111).toBe(0o111);
    expect(readFileSync(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('prints its help on stdout, and its version', () => {
    expect(rehearsal('--help')).toMatchObject({ code: 0, out: expect.stringContaining('doctor'), err: '' });
    expect(rehearsal('--version').out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('tells an unknown verb and an unknown option once, with the nearest, exit 2', () => {
    expect(rehearsal('improt')).toEqual({
      code: 2,
      out: '',
      err: "error: unknown verb 'improt'\nDid you mean import? See: rehearsal --help\n",
    });
    expect(rehearsal('report', 'x', '--jsn')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--json'),
    });
  });

  it('with --json prints an error as the only document on stdout', () => {
    const { code, out } = rehearsal('report', 'nowhere', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({
      error: { message: expect.stringContaining('nowhere'), hint: expect.any(String) },
    });
  });
});

describe('bench', () => {
  const contest = ['bench', 'scale', '--events', '5000'];

  it('asks before the first contest whether its page can be written', () => {
    writeFileSync(join(folder, 'docs'), '');
    const { code, out, err } = rehearsal(...contest);
    rmSync(join(folder, 'docs'));
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: No folder can be made at docs: /);
  });

  it('makes the page where there is none', () => {
    const { code, out } = rehearsal(...contest, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ scale: { events: 5000 } });
    expect(readFileSync(join(folder, 'docs/bench.md'), 'utf8')).toContain(
      '`npm run bench -- scale --events 5000`',
    );
  });
});

describe('import', () => {
  const table = join(folder, 'clicks.csv');
  const rows = Array.from({ length: 200 }, (_, row) => `p${row % 20},i${row % 13},${(row % 5) + 1},${row}`);
  writeFileSync(table, ['who,what,stars,at', ...rows].join('\n'));
  const columns = ['--columns', 'user=who,item=what,value=stars,time=at'];

  it('writes the catalogue and says what was read', () => {
    const { code, out } = rehearsal('import', 'table', table, '--as', 'clicks', ...columns, '--json');
    expect(code).toBe(0);
    const answer = JSON.parse(out) as { path: string };
    expect(answer).toMatchObject({ catalogue: 'clicks', report: { rows: 200, items: 13, people: 20 } });
    expect(existsSync(join(folder, answer.path, 'manifest.json'))).toBe(true);
    expect(rehearsal('import', 'table', table, '--as', 'clicks', ...columns).out).toMatch(
      /200 rows[\s\S]*catalogue clicks/,
    );
  });

  it.each([
    [['import', 'tabel', table, '--as', 'x'], 2, 'tabel'],
    [['import', 'table', table], 2, '--as'],
    [['import', 'table', table, '--as', 'Not A Name', ...columns], 2, 'Not A Name'],
    [['import', 'table', table, '--as', 'built-in', ...columns], 2, 'built-in'],
    [['import', 'table', join(folder, 'gone.csv'), '--as', 'x', ...columns], 1, 'gone.csv'],
    [['import', 'movielens', table, '--as', 'x', ...columns], 2, '--columns does not go with movielens'],
    [['import', 'recbole', table, '--as', 'x', '--items', table], 2, '--items does not go with recbole'],
    [['import', 'amazon', table, '--as', 'x', '--item-columns', 'id=a'], 2, 'it is for table'],
  ] as const)('%j fails with exit code %i and one message', async (words, code, message) => {
    const terminal = rememberingTerminal();
    expect(await main(words, verbs, '0', terminal)).toBe(code);
    expect(terminal.logged[0]).toContain(message);
    expect(terminal.logged.join('\n')).not.toContain('    at ');
  });
});

it('what a file says cannot act on the terminal that shows it', () => {
  const file = join(folder, 'binary.csv');
  writeFileSync(file, Buffer.from('u\u001b[2J\u0007,i\u009b31m\na,b\n'));
  const { code, err } = rehearsal('import', 'table', file, '--as', 'x', '--columns', 'user=u,item=i');
  expect(code).toBe(2);
  expect(err).toContain('u\\u001b[2J\\u0007');
  expect(err).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
});

describe('serve', () => {
  it('answers over HTTP until it is interrupted, and then exits with 0', async () => {
    const words = ['serve', '--method', 'popularity', '--json'];
    const server = spawn(process.execPath, [program, ...words], { cwd: folder });
    const ended = new Promise<number | null>((done) => server.once('exit', (code) => done(code)));
    const { url } = z.object({ url: z.string() }).parse(JSON.parse(await firstDocument(server.stdout)));
    const response = await fetch(`${url}/recommend`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ visitor: 'a', history: [], k: 5 }),
    });
    const slate = z.object({ items: z.array(z.unknown()) }).parse(await response.json());
    server.kill('SIGINT');
    expect(slate.items).toHaveLength(5);
    expect(await ended).toBe(0);
  });

  it('answers by the names of --allow-host and by no other', async () => {
    const words = ['--method', 'popularity', '--allow-host', 'recommender,Shop.local'];
    const statuses = await whileServing(words, (port) =>
      Promise.all(
        [
          `recommender:${port}`,
          'shop.local',
          'SHOP.local:80',
          `127.0.0.1:${port}`,
          'recommender.evil.example',
          'shop',
        ].map((host) => statusAs(host, port)),
      ),
    );
    expect(statuses).toEqual([200, 200, 200, 200, 403, 403]);
  });

  it.each([
    [
      ['--method', 'random', '--allow-host', 'http://shop'],
      "--allow-host expects names of hosts, got 'http://shop'",
    ],
    [['--method', 'random', '--allow-host', 'shop:8080'], "got 'shop:8080'"],
    [['--method', 'random', '--allow-host', '*'], "got '*'"],
    [['--method', 'random', '--allow-host', 'shop,'], "got ''"],
    [['--method', 'random', '--allow-host', ''], "got ''"],
    [['--method', 'populraity'], "Did you mean 'popularity'?"],
    [['--method', 'random', '--port', '70000'], '--port expects a whole number from 0 to 65535'],
    [['--method', 'random', '--set', 'no'], '--set expects KEY=VALUE pairs'],
    [['--method', 'random', '--set', 'no=1'], 'random'],
    [['--method', 'random', '--catalogue', 'none'], 'none'],
  ])('%j is wrong usage', async (words, message) => {
    const terminal = rememberingTerminal();
    expect(await main(['serve', ...words], verbs, '0', terminal)).toBe(2);
    expect(terminal.logged.join('\n')).toContain(message);
  });
});

async function firstDocument(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.endsWith('}\n')) return text;
  }
  return text;
}
