// The doors of the house, each tried in many ways, with a canary behind it: what is tried is counted, nothing may be
// through, and SECURITY.md states these very counts. Doors that need a browser or a model have their counts in the tests
// that SECURITY.md names.

import { once } from 'node:events';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { coverUri } from '../../src/catalogue/cover.ts';
import { openSource } from '../../src/catalogue/import/source.ts';
import { openRuns, type Runs } from '../../src/dashboard/runs.ts';
import { serveDashboard, type Dashboard } from '../../src/dashboard/serve.ts';
import { csvRow } from '../../src/dataset/cells.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import { checkHealth, remoteRecommender } from '../../src/recommend/remote.ts';
import { serve, type RunningServer } from '../../src/recommend/serve.ts';
import { screenPath } from '../../src/store/blobs.ts';
import { hiringSchema } from '../../src/workers/messages.ts';
import { tarOf, zipOf } from '../catalogue/archives.ts';
import { smallWorld } from '../contracts/recommender.ts';

const secret = 'the secret behind the door';
const root = mkdtempSync(join(tmpdir(), 'rehearsal-doors-'));
let runs: Runs;
let dashboard: Dashboard;
let recommender: RunningServer;
beforeAll(async () => {
  writeFileSync(join(root, 'secret.txt'), secret);
  mkdirSync(join(root, 'runs'));
  runs = openRuns(join(root, 'runs'));
  dashboard = await serveDashboard(runs, { port: 0, log: () => undefined });
  recommender = await serve(await methodNamed('popularity').train(smallWorld(), {}, 1), { port: 0 });
});
afterAll(async () => {
  await dashboard.close();
  await recommender.close();
  runs.close();
  rmSync(root, { recursive: true, force: true });
});

/** What SECURITY.md must say of a door: its row names the door and how often it was tried. */
const statedIn = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');
function expectStated(door: string, tried: number, through: readonly string[]): void {
  expect(through).toEqual([]);
  expect(statedIn).toMatch(
    new RegExp(`\\| ${door} +\\| [^|]*\`test/hostile/doors.test.ts\`[^|]*\\| +${tried} +\\| +0 +\\|`),
  );
}

interface Got {
  readonly status: number;
  readonly body: string;
}

/** A request with path and headers exactly as given, to the server at `url`. */
function get(url: string, path: string, headers: Record<string, string> = {}): Promise<Got> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path, headers: { host: `127.0.0.1:${port}`, ...headers } },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString('latin1')));
        response.on('end', () => resolve({ status: response.statusCode!, body }));
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

const climbs = [
  '..',
  '%2e%2e',
  '.%2e',
  '%252e%252e',
  '..%00',
  '..;',
  '..\\',
  '%c0%ae%c0%ae',
  '....//..',
  '..%5c',
];
const targets = ['secret.txt', 'etc/passwd', 'package.json', 'runs'];
const starts = ['', 'runs/', 'assets/', 'runs/x/screens/', 'recommend/'];

it('a path never leads out of what is served', async () => {
  const through: string[] = [];
  let tried = 0;
  for (const url of [dashboard.url, recommender.url])
    for (const start of starts)
      for (const climb of climbs)
        for (const target of targets) {
          const path = `/${start}${climb}/${climb}/${target}`;
          const { status, body } = await get(url, path);
          tried += 1;
          const tidied = new URL(path, 'http://x').pathname;
          const isOwn = status === 200 && ['/', '/runs'].includes(tidied);
          if (body.includes(secret) || body.includes('root:') || (status === 200 && !isOwn))
            through.push(`${url}${path}`);
        }
  const names = ['..', '.', '../x', 'a/b', 'a\\b', '/etc', 'a\0b', '../'.repeat(9), ''];
  for (const name of names) {
    tried += 2;
    if (hiringSchema.shape.run.safeParse(name).success) through.push(`a run named ${name}`);
    try {
      through.push(screenPath(root, name));
    } catch {
      // No hash, no path.
    }
  }
  expectStated('paths that climb out', tried, through);
});

const foreign = ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'evil.example#localhost', 'localhost@evil.example', '0.0.0.0', '[::2]', '127.0.0.2', '2130706433', '0x7f000001', '127.1', 'localhost.', 'rebound.local', '10.0.0.1', 'LOCALHOST.evil.example', 'xn--localhost-.example']; // prettier-ignore

it('another Host, as a rebound name brings it, is not answered', async () => {
  const through: string[] = [];
  let tried = 0;
  for (const [url, path] of [[dashboard.url, '/'], [recommender.url, '/health']] as const)
    for (const name of foreign)
      for (const port of ['', ':80', `:${new URL(url).port}`]) {
        tried += 1;
        if ((await get(url, path, { host: `${name}${port}` })).status < 400) through.push(`${url} as ${name}${port}`);
      } // prettier-ignore
  expectStated('other Hosts, rebound names among them', tried, through);
});

it('another Origin is not answered', async () => {
  const through: string[] = [];
  let tried = 0;
  for (const [url, path] of [[dashboard.url, '/'], [recommender.url, '/health']] as const)
    for (const origin of [...foreign.flatMap((name) => [`http://${name}`, `https://${name}:8080`]), 'null', 'file://', 'data:', 'chrome-extension://x']) {
      tried += 1;
      if ((await get(url, path, { origin })).status < 400) through.push(`${url} from ${origin}`);
    } // prettier-ignore
  expectStated('other Origins', tried, through);
});

/** A server that must not be reached, and how often it was. */
async function withCanary(work: (at: string, reached: () => number) => Promise<void>): Promise<void> {
  let reached = 0;
  const canary = createServer((_request, response) => {
    reached += 1;
    response.end('reached');
  });
  canary.listen(0, '127.0.0.1');
  await once(canary, 'listening');
  try {
    await work(`http://127.0.0.1:${(canary.address() as AddressInfo).port}`, () => reached);
    // It could have been reached: so it was a canary.
    expect(await (await fetch(canaryUrl(canary))).text()).toBe('reached');
  } finally {
    canary.closeAllConnections();
    canary.close();
  }
}
const canaryUrl = (server: ReturnType<typeof createServer>): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

it('no address in a catalogue and no redirect of a server is followed', async () => {
  await withCanary(async (at, reached) => {
    const { port } = new URL(at);
    let tried = 0;
    const images = ['http', 'HTTP', 'https', 'ftp', 'file', 'gopher', 'data', 'javascript', ''].flatMap(
      (scheme) =>
        ['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1', '127.1', '169.254.169.254'].map((host) =>
          scheme === '' ? `//${host}:${port}/x.png` : `${scheme}://${host}:${port}/x.png`,
        ),
    );
    for (const image of images) {
      tried += 1;
      expect(() => coverUri({ title: 'A title', genres: [], image }), image).toThrow(
        /cannot be used|no image file/,
      );
    }
    const answers = [301, 302, 303, 307, 308, 300].flatMap((status) =>
      [`${at}/`, `//127.0.0.1:${port}/`, `http://localhost:${port}/`].map((location) => ({
        status,
        location,
      })),
    );
    let answer = answers[0]!;
    const redirecting = createServer((_request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(answer.status, { location: answer.location }).end();
    });
    redirecting.listen(0, '127.0.0.1');
    await once(redirecting, 'listening');
    try {
      const url = canaryUrl(redirecting);
      for (answer of answers) {
        tried += 2;
        await expect(checkHealth(url)).rejects.toMatchObject({ name: 'ArmError' });
        const asked = remoteRecommender({ url, timeoutMs: 10_000 });
        const wish = {
          visitor: 'v',
          history: [],
          context: { page: 'home', number: 1 },
          k: 1,
          exclude: [],
          seed: 1,
        };
        await expect(asked.recommend(wish)).rejects.toMatchObject({ name: 'ArmError' });
      }
    } finally {
      redirecting.closeAllConnections();
      redirecting.close();
    }
    expectStated(
      'addresses in catalogues and redirects, against a canary',
      tried,
      reached() === 0 ? [] : [at],
    );
  });
});

it('no entry of an archive lies outside it, and none fills the machine', () => {
  const through: string[] = [];
  let tried = 0;
  const good = { name: 'ml/ratings.dat', content: Buffer.from('1::1::4::1\n') };
  const names = ['../e', '/etc/e', 'a/../../e', 'C:\\e', 'a\\..\\e', '..', '../', './../e', '//e', '\\\\host\\e', 'a/..', '..\\e', 'a/b/../../../e']; // prettier-ignore
  const refused = (what: string, name: string, bytes: Uint8Array): void => {
    tried += 1;
    const path = join(root, name);
    writeFileSync(path, bytes);
    try {
      for (const file of openSource(path, { bytes: 10 ** 6, entries: 50 })) file.bytes();
      through.push(what);
    } catch {
      // Refused, as it must be.
    }
  };
  for (const name of names) {
    const entry = { name, content: Buffer.from('x') };
    refused(`zip ${name}`, 'slip.zip', zipOf([good, entry]));
    refused(`tar ${name}`, 'slip.tar.gz', gzipSync(tarOf([good, entry])));
  }
  for (const type of ['1', '2', '3', '4', '6'] as const)
    refused(`tar of type ${type}`, 'link.tar.gz', gzipSync(tarOf([good, { name: 'l', type }])));
  refused(
    'a link in a zip',
    'link.zip',
    zipOf([good, { name: 'l', content: Buffer.from('/etc'), mode: 0o120777 }]),
  );
  for (const megabytes of [2, 20]) {
    const bomb = { name: 'bomb', content: Buffer.alloc(megabytes * 2 ** 20) };
    refused(`zip of ${megabytes} MB`, 'bomb.zip', zipOf([good, bomb]));
    refused(`tar of ${megabytes} MB`, 'bomb.tar.gz', gzipSync(tarOf([good, bomb])));
    refused(`gzip of ${megabytes} MB`, 'bomb.gz', gzipSync(bomb.content));
  }
  const many = Array.from({ length: 60 }, (_, index) => ({ name: `e${index}`, content: Buffer.from('x') }));
  refused('a zip of too many', 'many.zip', zipOf(many));
  refused('a tar of too many', 'many.tar.gz', gzipSync(tarOf(many)));
  expectStated('archives that slip, link or explode', tried, through);
});

it('no text of a record is a formula in a spreadsheet', () => {
  const begins = ['=', '+', '-', '@', '\t', '\r', '\n', "'=", "''+", '=\t', '\t=', '\r\n='];
  const texts = ['1+1', "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example")', 'SUM(A1:A9)', 'IMPORTXML("http://x","//a")', 'DDE("cmd";"/C calc";"x")', '']; // prettier-ignore
  const through = begins.flatMap((begin) =>
    texts.filter((text) => {
      const [[cell]] = parse(`${csvRow([`${begin}${text}`, 'x'], true)}\n`) as [[string]];
      return /^[=+\-@\t\r\n]/.test(cell);
    }),
  );
  expectStated('formulas in spreadsheet exports', begins.length * texts.length, through);
});
