import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import { buildExperiment } from '../../src/experiment/build.ts';
import { pausesAfter } from '../../src/experiment/faults.ts';
import { needsHumanLook } from '../../src/experiment/analyse.ts';
import { type RunFolder } from '../../src/experiment/folder.ts';
import { resultSchema, type Result } from '../../src/experiment/result.ts';
import { openDatabase } from '../../src/store/database.ts';
import { completedKeys, sessionsOf } from '../../src/store/read.ts';
import {
  catalogue,
  folderFor,
  healthCounts,
  popularityArm,
  runIn,
  screensOf,
  small,
  temporaryFolder,
} from './small.ts';

const root = temporaryFolder();
let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(async () => {
  await studio.close();
  root.remove();
});

const inRecord = <T>(folder: RunFolder, read: (database: ReturnType<typeof openDatabase>) => T): T => {
  const database = openDatabase(folder.record, { readonly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
};

describe('a run', () => {
  const scenario = small();
  let folder: RunFolder;
  let result: Result;
  beforeAll(async () => {
    folder = folderFor(root.path, 'whole', scenario);
    result = await runIn(folder, scenario, studio);
  });

  it('completes every planned session and leaves its result and its screens in its folder', () => {
    expect(result.status).toBe('complete');
    expect(result.arms.map(({ name, sessions, failed }) => [name, sessions, failed])).toEqual([
      ['popularity', 3, 0],
      ['chance', 3, 0],
    ]);
    expect(resultSchema.parse(JSON.parse(readFileSync(join(folder.path, 'result.json'), 'utf8')))).toEqual(
      result,
    );
    expect(screensOf(folder).length).toBeGreaterThan(6);
  });

  it('is the same bytes again: equal digest, equal screens', async () => {
    const again = folderFor(root.path, 'again', scenario);
    const second = await runIn(again, scenario, studio);
    expect(second.digest).toBe(result.digest);
    expect(second.arms).toEqual(result.arms);
    expect(healthCounts(second)).toEqual(healthCounts(result));
    expect(second.comparisons).toEqual(result.comparisons);
    expect(screensOf(again)).toEqual(screensOf(folder));
  });

  it('is another run with another seed', async () => {
    const other = small({ seed: 2 });
    const place = folderFor(root.path, 'other', other);
    const second = await runIn(place, other, studio);
    expect(second.digest).not.toBe(result.digest);
    expect(screensOf(place)).not.toEqual(screensOf(folder));
  });

  it('keeps what is done when interrupted, and goes on to the same end', async () => {
    const place = folderFor(root.path, 'stopped', scenario);
    const stopped = await runIn(place, scenario, studio, 1);
    expect(stopped.status).toBe('interrupted');
    expect(needsHumanLook(stopped)).toBe(true);
    expect(existsSync(join(place.path, 'result.json'))).toBe(false);
    const done = inRecord(place, completedKeys).size;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(6);
    const whole = await runIn(place, scenario, studio);
    expect(whole.status).toBe('complete');
    expect(whole.digest).toBe(result.digest);
    expect(healthCounts(whole)).toEqual(healthCounts(result));
    expect(screensOf(place)).toEqual(screensOf(folder));
  });

  it('does nothing twice: a finished run that is run again stays as it is', async () => {
    expect((await runIn(folder, scenario, studio)).digest).toBe(result.digest);
  });

  it('runs every mind and the split design to the end', async () => {
    for (const mind of ['random', 'top-slot', 'oracle'] as const) {
      const asked = small({
        mind,
        design: 'split',
        population: { visitors: 4, minimumHistory: 10 },
        site: { pages: 1 },
      });
      const split = await runIn(folderFor(root.path, mind, asked), asked, studio);
      expect(split.arms.map(({ sessions, failed }) => [sessions, failed])).toEqual([
        [2, 0],
        [2, 0],
      ]);
    }
  });

  it('marks a visit that reaches the step limit as cut, and counts it in no comparison', async () => {
    const asked = small({ mind: 'top-slot', stepLimit: 2, site: { pages: 1 } });
    const cut = await runIn(folderFor(root.path, 'cut', asked), asked, studio);
    expect(cut.arms.map(({ exits }) => exits)).toEqual([{ 'step-limit': 3 }, { 'step-limit': 3 }]);
    expect(cut.comparisons.every(({ effect, p }) => effect === null && p === null)).toBe(true);
    expect(needsHumanLook(cut)).toBe(true);
  });
});

describe('broken arms', () => {
  const servers: Server[] = [];
  afterAll(() =>
    servers.forEach((server) => {
      server.closeAllConnections();
      server.close();
    }),
  );
  const serve = async (answer: (body: { k: number; exclude: string[] }) => unknown): Promise<string> => {
    const server = createServer((request, response) => {
      if (request.url === '/health') return response.end('{"status": "ok"}');
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { k: number; exclude: string[] };
        const items = answer(body);
        if (items === 'never') return;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ items, method: 'served', version: '1' }));
      });
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  /** A server that is well when it is asked, and gone when it is needed. */
  const dying = async (): Promise<string> => {
    const url = await serve(() => []);
    const server = servers.pop()!;
    server.once('request', (_, response: ServerResponse) =>
      response.once('finish', () => {
        server.close();
        server.closeAllConnections();
      }),
    );
    return url;
  };
  const ids = catalogue.items.map(({ id }) => id);
  const first = ({ k, exclude }: { k: number; exclude: string[] }) =>
    ids
      .filter((id) => !exclude.includes(id))
      .slice(0, k)
      .map((id) => ({ id, score: 1, propensity: 1 }));

  it('lose every session, counted by kind; the sound arms are whole, nothing is put in place, and a person must look', async () => {
    const faults = {
      dying: [await dying(), 'error'],
      unknown: [
        await serve((body) => first(body).map((item, slot) => ({ ...item, id: `nobody-${slot}` }))),
        'unknown-item',
      ],
      short: [await serve((body) => first({ ...body, k: body.k - 1 })), 'short-slate'],
      // It never answers, so that a busy machine cannot make another fault of it, nor a fault of another arm.
      silent: [await serve(() => 'never'), 'timeout'],
    } as const;
    const scenario = small({
      arms: [
        popularityArm,
        { name: 'served', url: await serve(first) },
        ...Object.entries(faults).map(([name, [url]]) => ({
          name,
          url,
          timeoutMs: name === 'silent' ? 250 : 120_000,
        })),
      ],
    });
    const folder = folderFor(root.path, 'broken', scenario);
    const result = await runIn(folder, scenario, studio);
    expect(result.status).toBe('complete');
    expect(needsHumanLook(result)).toBe(true);
    expect(result.checks.find(({ name }) => name.includes('fail'))).toMatchObject({ status: 'fail' });
    const armNamed = (name: string) => result.arms.find((arm) => arm.name === name)!;
    for (const sound of ['popularity', 'served']) {
      expect(armNamed(sound)).toMatchObject({ failed: 0, failures: {}, sessions: 3 });
      expect(armNamed(sound).metrics['ctr']!.n).toBe(3);
      expect(result.health.find(({ arm }) => arm === sound)).toMatchObject({ refused: {}, complaints: [] });
    }
    for (const [name, [, fault]] of Object.entries(faults)) {
      expect(armNamed(name)).toMatchObject({ failed: 3, failures: { [fault]: 3 } });
      expect(result.health.find(({ arm }) => arm === name)).toMatchObject({
        asked: 3,
        refused: { [fault]: 3 },
        again: pausesAfter(fault).length * 3,
        complaints: [`3 of 3 slates were refused (${fault} 3)`],
      });
      expect(armNamed(name).metrics['ctr']).toMatchObject({ mean: null, n: 0 });
      for (const comparison of result.comparisons.filter(({ arm }) => arm === name)) {
        expect(comparison).toMatchObject({ effect: null, p: null, decision: 'cannot-tell' });
        expect(comparison.note).not.toBe('');
      }
    }
    inRecord(folder, (database) => {
      const sessions = sessionsOf(database);
      expect(sessions).toHaveLength(18);
      for (const { arm, status, failureMessage } of sessions) {
        expect(status).toBe(arm in faults ? 'failed' : 'complete');
        if (status === 'failed') expect(failureMessage).toMatch(/expected|refused|broke/);
      }
      const shown = database
        .prepare('SELECT count(*) FROM events e JOIN sessions s ON s.id = e.session WHERE s.status = ?')
        .pluck();
      expect(shown.get('failed')).toBe(0);
    });
  });

  it('whose server cannot be reached is told before anything is trained or recorded', async () => {
    const url = await serve(first);
    const server = servers.pop()!;
    server.close();
    await once(server, 'close');
    const trained: string[] = [];
    const scenario = small({ arms: [popularityArm, { name: 'mine', url }] });
    const building = buildExperiment(scenario, catalogue, (line) => trained.push(line));
    await expect(building).rejects.toMatchObject({
      message: expect.stringMatching(/The arm 'mine' cannot be asked: Nothing listens at .*\/health/),
      exitCode: 1,
    });
    expect(trained).toEqual([]);
    const folder = folderFor(root.path, 'unreached', scenario);
    await expect(runIn(folder, scenario, studio)).rejects.toThrow(/cannot be asked/);
    expect(inRecord(folder, sessionsOf)).toEqual([]);
  });

  it('are tried again on resuming: mended, they complete the run', async () => {
    let broken = true;
    const url = await serve((body) => (broken ? [] : first(body)));
    const scenario = small({ arms: [popularityArm, { name: 'served', url }], site: { pages: 1 } });
    const folder = folderFor(root.path, 'mended', scenario);
    expect((await runIn(folder, scenario, studio)).arms[1]).toMatchObject({
      failed: 3,
      failures: { 'short-slate': 3 },
    });
    broken = false;
    const mended = await runIn(folder, scenario, studio);
    expect(mended.arms[1]).toMatchObject({ failed: 0, sessions: 3 });
    const sound = folderFor(root.path, 'sound', scenario);
    expect(mended.digest).toBe((await runIn(sound, scenario, studio)).digest);
  });

  it('whose fault is ours stop the run instead of counting as a failed visitor', async () => {
    const scenario = small({ site: { pages: 1 } });
    const folder = folderFor(root.path, 'defect', scenario);
    const torn: Studio = { ...studio, capture: async () => Promise.reject(new TypeError('a defect')) };
    await expect(runIn(folder, scenario, torn)).rejects.toThrow('a defect');
    expect(inRecord(folder, sessionsOf)).toEqual([]);
  });
});
