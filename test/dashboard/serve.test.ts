// What the server refuses: other hosts, other sites, other methods, and every way of asking for a file outside a run.

import { request } from 'node:http';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRuns } from '../../src/dashboard/runs.ts';
import type { Runs } from '../../src/dashboard/runs.ts';
import { serveDashboard } from '../../src/dashboard/serve.ts';
import type { Dashboard } from '../../src/dashboard/serve.ts';
import { temporaryFolder } from '../experiment/small.ts';
import { hostileRun } from './hostile.ts';

const secret = 'the secret outside';
const root = temporaryFolder();
const logged: string[] = [];
let runs: Runs;
let dashboard: Dashboard;
let run: string;

beforeAll(async () => {
  writeFileSync(join(root.path, 'secret.txt'), secret);
  const folder = await hostileRun(join(root.path, 'runs'));
  run = `/runs/${encodeURIComponent(folder.slice(folder.lastIndexOf('/') + 1))}`;
  const trap = 'ab'.repeat(32);
  mkdirSync(join(folder, 'screens', 'ab'), { recursive: true });
  symlinkSync(join(root.path, 'secret.txt'), join(folder, 'screens', 'ab', `${trap}.jpg`));
  runs = openRuns(join(root.path, 'runs'));
  dashboard = await serveDashboard(runs, { port: 0, log: (line) => logged.push(line) });
});
afterAll(async () => {
  await dashboard.close();
  runs.close();
  root.remove();
});

interface Got {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A request with the path exactly as given, which URL and fetch would tidy up. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  const { port } = new URL(dashboard.url);
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, method, headers: { host: `127.0.0.1:${port}`, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            body: Buffer.concat(chunks).toString(),
            headers: response.headers,
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

function damage(record: string): void {
  const database = new Database(record);
  database.exec('PRAGMA foreign_keys = OFF; DROP TABLE sessions');
  database.close();
}

describe('the server', () => {
  it('answers this machine, with a policy that allows no inline script and no inline style', async () => {
    const { status, headers } = await get('/');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(dashboard.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1', '127.0.0.1.evil.example', 'localhost:1', '[::2]'])(
    'refuses the Host %j',
    async (host) => {
      expect((await get('/', { host })).status).toBe(403);
    },
  );

  it.each(['http://evil.example', 'null', 'http://127.0.0.1', 'https://localhost', 'file://'])(
    'refuses the Origin %s',
    async (origin) => {
      expect((await get('/', { origin })).status).toBe(403);
    },
  );

  it('answers its own Origin and localhost, and refuses pictures embedded by other sites', async () => {
    const { port } = new URL(dashboard.url);
    expect((await get('/', { origin: dashboard.url })).status).toBe(200);
    expect((await get('/', { host: `localhost:${port}`, origin: `http://localhost:${port}` })).status).toBe(
      200,
    );
    expect((await get('/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status).toBe(
      403,
    );
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('does not answer %s', async (method) => {
    expect((await get('/', {}, method)).status).toBe(405);
  });

  it('reads nothing outside the runs, however it is asked', async () => {
    const tricks = [
      '/../secret.txt',
      '/../../etc/passwd',
      '/%2e%2e/secret.txt',
      '/%252e%252e/secret.txt',
      '/..%2fsecret.txt',
      '/..%5csecret.txt',
      '/..\\secret.txt',
      '//etc/passwd',
      '/runs/..',
      '/runs/../secret.txt',
      '/runs/%2e%2e',
      '/runs/..%2f..%2fetc%2fpasswd',
      '/runs/%00',
      `/assets/../../../secret.txt`,
      '/assets/..%2f..%2fpackage.json',
      '/assets/%2e%2e/serve.ts',
      `${run}/screens/..%2f..%2f..%2fsecret.txt`,
      `${run}/screens/../result.json`,
      `${run}/screens/%2e%2e%2fresult.json`,
      `${run}/screens/result.json`,
      `${run}/screens/${'ab'.repeat(32)}.jpg`,
      `${run}/screens/${'AB'.repeat(32)}.jpg`,
      `${run}/screens/${'a'.repeat(64)}.jpg%00.png`,
      `${run}/sessions/1%20OR%201=1`,
      `${run}/sessions/-1`,
      `${run}/sessions/${'9'.repeat(400)}`,
      `${run}/visitors/%27%3B%20DROP%20TABLE%20visitors`,
      `${run}/items/${encodeURIComponent('../../secret.txt')}`,
      `${run}/twins/x/1e9`,
      `${run}/events.sqlite`,
      '/%',
      '/%c0%ae%c0%ae/secret.txt',
      `/${'a/'.repeat(2000)}`,
    ];
    for (const path of tricks) {
      const { status, body } = await get(path);
      if (new URL(path, 'http://x').pathname === '/') expect(body).toContain('<h1>Runs</h1>');
      else expect([400, 404], path.slice(0, 80)).toContain(status);
      expect(body).not.toContain(secret);
      expect(body).not.toContain('root:');
    }
    expect(logged).toEqual([]);
  });

  it('outlives a record that is damaged while a page waits for its news, and still lists the others', async () => {
    const folder = join(root.path, 'runs', 'damaged');
    cpSync(join(root.path, decodeURIComponent(run)), folder, { recursive: true });
    rmSync(join(folder, 'result.json'), { force: true });
    const news = request(`${dashboard.url}/runs/damaged/live`);
    const told = new Promise<string>((resolve, reject) => {
      news.on('error', reject);
      news.on('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          if (text === '') damage(join(folder, 'events.sqlite'));
          text += chunk.toString();
          if (text.includes('event: problem')) resolve(text);
        });
      });
    });
    news.end();
    expect(await told).toMatch(/event: progress[^]*not the whole record of a run: no such table: sessions/);
    news.destroy();
    const { status, body } = await get('/');
    expect(status).toBe(200);
    expect(body).toContain('not the whole record of a run');
    expect(body).toContain(`href="${run}"`);
    expect((await get('/runs/damaged')).status).toBe(500);
    rmSync(folder, { recursive: true });
  });

  it('has no way of writing: the record is opened read-only', async () => {
    const { view } = runs.list()[0] as Extract<ReturnType<Runs['list']>[number], { kind: 'readable' }>;
    expect(view.database.readonly).toBe(true);
    expect(() => view.database.exec('DELETE FROM sessions')).toThrow(/readonly/);
  });
});
