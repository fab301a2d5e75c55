// A run that is broken off in every way a person or a machine can: killed, Ctrl-C, Ctrl-C twice. It goes on by resume
// alone and ends in the digest of a run that nobody disturbed.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { browserProcesses } from '../../sandbox/camera-process.ts';
import { openStudio } from '../../sandbox/camera.ts';
import { besideOf, isUnfinished } from '../../src/base/whole-file.ts';
import { runFolder, type RunFolder } from '../../src/experiment/folder.ts';
import { resultSchema } from '../../src/experiment/result.ts';
import { checkRecord } from '../../src/store/check.ts';
import { openDatabase } from '../../src/store/database.ts';
import { sessionsOf } from '../../src/store/read.ts';
import { sessionKey } from '../../src/store/session.ts';
import { folderFor, runIn, screensOf, small, smallInput, temporaryFolder, writeTiny } from './small.ts';

const root = temporaryFolder();
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
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

/** Sessions recorded so far; none while the record is being made. */
function recorded(folder: RunFolder): number {
  try {
    return inRecord(folder, (database) => sessionsOf(database).length);
  } catch {
    return 0;
  }
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  out(): string;
  said(text: string): Promise<void>;
}

/** Catalogues are looked up where the command is given, so the small one is written there. */
function start(words: readonly string[]): Started {
  const project = fileURLToPath(new URL('../../', import.meta.url));
  const child = spawn(process.execPath, [join(project, 'src/cli.ts'), ...words], {
    cwd: root.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let out = '';
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  return {
    child,
    ended: once(child, 'close').then(([code]) => code as number | null),
    out: () => out,
    said: async (text) => {
      while (!said.includes(text) && child.exitCode === null) await pause(10);
    },
  };
}

/** Starts the command and waits until so many sessions are recorded. */
async function startUntil(folder: RunFolder, sessions: number, words: readonly string[]): Promise<Started> {
  const started = start(words);
  while (started.child.exitCode === null && recorded(folder) < sessions) await pause(20);
  return started;
}

it(
  'a run that was killed, interrupted and left at once has no failed session and ends as if nothing had been',
  { timeout: 900_000 },
  async () => {
    writeTiny(root.path);
    const asked = {
      ...smallInput,
      catalogue: 'tiny',
      population: { visitors: 9, minimumHistory: 10 },
      site: { pages: 1 },
    };
    writeFileSync(join(root.path, 'broken-off.mjs'), `export default ${JSON.stringify(asked)};`);
    const folder = runFolder(join(root.path, 'broken-off'));
    const unfinished = (least: number): void => {
      expect(recorded(folder)).toBeGreaterThanOrEqual(least);
      expect(recorded(folder)).toBeLessThan(18);
      expect(existsSync(join(folder.path, 'result.json'))).toBe(false);
      inRecord(folder, (database) => {
        expect(sessionsOf(database).filter(({ status }) => status === 'failed')).toEqual([]);
        expect(checkRecord(database, folder.path).filter(({ isOk }) => !isOk)).toEqual([]);
      });
    };

    const killed = await startUntil(folder, 2, ['run', 'broken-off.mjs', '--out', 'broken-off']);
    killed.child.kill('SIGKILL');
    await killed.ended;
    unfinished(2);

    const interrupted = await startUntil(folder, 3, ['resume', 'broken-off', '--json']);
    interrupted.child.kill('SIGINT');
    expect(await interrupted.ended).toBe(3);
    expect(resultSchema.parse(JSON.parse(interrupted.out()))).toMatchObject({ status: 'interrupted' });
    unfinished(3);

    const before = recorded(folder);
    const left = await startUntil(folder, before + 1, ['resume', 'broken-off', '--json']);
    left.child.kill('SIGINT');
    await left.said('Ctrl-C again');
    left.child.kill('SIGINT');
    expect(await left.ended).toBe(3);
    expect(JSON.parse(left.out())).toMatchObject({ status: 'interrupted' });
    expect(browserProcesses(`--rehearsal-browser=${left.child.pid}-`)).toEqual([]);
    unfinished(before + 1);

    writeFileSync(besideOf(folder.report), 'half');
    const last = start(['resume', 'broken-off', '--json']);
    await last.ended;
    const result = resultSchema.parse(JSON.parse(last.out()));
    expect(result).toMatchObject({ status: 'complete', run: 'broken-off' });
    expect(readdirSync(folder.path)).not.toContain('owner.json');
    expect(readdirSync(folder.path).filter(isUnfinished)).toEqual([]);

    const scenario = small(asked);
    const place = folderFor(root.path, 'undisturbed', scenario);
    const studio = await openStudio();
    try {
      expect(result.digest).toBe((await runIn(place, scenario, studio)).digest);
    } finally {
      await studio.close();
    }
    const keys = (one: RunFolder): string[] =>
      inRecord(one, (database) => sessionsOf(database).map(sessionKey).sort());
    expect(keys(folder)).toEqual(keys(place));
    expect(screensOf(folder)).toEqual(screensOf(place));
  },
);
