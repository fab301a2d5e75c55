// Runs beyond the plain twins: visits before the arms, lists drafted from two arms, and runs that end when the answer
// is there. On the small scenario, with the browser.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import { interleavedArm } from '../../src/experiment/assign.ts';
import type { RunFolder } from '../../src/experiment/folder.ts';
import { openDatabase } from '../../src/store/database.ts';
import { eventsOf, sessionsOf } from '../../src/store/read.ts';
import type { StoredSession } from '../../src/store/read.ts';
import type { Event } from '../../src/store/events.ts';
import { folderFor, runIn, small, temporaryFolder } from './small.ts';

const root = temporaryFolder();
let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(async () => {
  await studio.close();
  root.remove();
});

interface Told extends StoredSession {
  readonly events: readonly Event[];
}

function recordOf(folder: RunFolder): Told[] {
  const database = openDatabase(folder.record, { readonly: true });
  try {
    return sessionsOf(database).map((session) => ({ ...session, events: eventsOf(database, session.id) }));
  } finally {
    database.close();
  }
}

const homeItems = (session: Told): string[] =>
  session.events.flatMap((event) =>
    event.type === 'slate-shown' && event.list === 'home' ? event.items.map(({ item }) => item) : [],
  );

describe('burn-in', () => {
  const scenario = small({ population: { visitors: 3, minimumHistory: 10, burnIn: 2 }, site: { pages: 1 } });
  let folder: RunFolder;
  let digest: string;
  beforeAll(async () => {
    folder = folderFor(root.path, 'burn-in', scenario);
    digest = (await runIn(folder, scenario, studio)).digest;
  });

  it('puts visits under the control before the arms, and counts them in no comparison', async () => {
    const sessions = recordOf(folder);
    expect(sessions).toHaveLength(3 * (2 + 2));
    expect(new Set(sessions.filter(({ replicate }) => replicate < 1).map(({ arm }) => arm))).toEqual(
      new Set(['popularity']),
    );
    const result = await runIn(folder, scenario, studio);
    expect(result.arms.map(({ sessions: own }) => own)).toEqual([3, 3]);
    expect(result.comparisons.every(({ n }) => n <= 3)).toBe(true);
  });

  it('is remembered under every arm: the first look of a visit recalls what was seen before', () => {
    const firstSteps = recordOf(folder).map(({ arm, replicate, events }) => {
      const step = events.find((event) => event.type === 'step-taken')!;
      return { arm, replicate, recalled: step.recalled.length };
    });
    const most = (replicate: number, arm: string): number =>
      Math.max(
        ...firstSteps
          .filter((step) => step.replicate === replicate && step.arm === arm)
          .map(({ recalled }) => recalled),
      );
    expect(most(-1, 'popularity')).toBe(0);
    expect(most(1, 'popularity')).toBeGreaterThan(0);
    expect(most(1, 'chance')).toBeGreaterThan(0);
  });

  it('goes on after an interruption to the same end', async () => {
    const place = folderFor(root.path, 'burn-in-stopped', scenario);
    expect((await runIn(place, scenario, studio, 1)).status).toBe('interrupted');
    const resumed = await runIn(place, scenario, studio);
    expect(resumed).toMatchObject({ status: 'complete', digest });
    expect(resumed.checks.find(({ name }) => name === 'peeking')).toMatchObject({ status: 'warn' });
  });
});

describe('interleaving', () => {
  it('shows one list of two drafters, credits them, and has the preference as its answer', async () => {
    const scenario = small({
      design: 'interleaving',
      population: { visitors: 6, minimumHistory: 10 },
      site: { pages: 1 },
    });
    const folder = folderFor(root.path, 'interleaving', scenario);
    const result = await runIn(folder, scenario, studio);
    const sessions = recordOf(folder);
    expect(sessions.map(({ arm }) => arm)).toEqual(Array.from({ length: 6 }, () => interleavedArm));
    for (const session of sessions) {
      const drafters = session.events.flatMap((event) =>
        event.type === 'slate-shown' && event.list === 'home'
          ? event.items.map(({ drafter }) => drafter)
          : [],
      );
      expect(drafters.filter((drafter) => drafter === 'popularity')).toHaveLength(5);
      expect(drafters.filter((drafter) => drafter === 'chance')).toHaveLength(5);
      expect(new Set(homeItems(session)).size).toBe(10);
    }
    expect(result.comparisons).toHaveLength(1);
    expect(result.comparisons[0]).toMatchObject({
      metric: 'preference',
      arm: 'chance',
      control: 'popularity',
    });
    expect(result.verdict.metric).toBe('preference');
    expect(result.arms.map(({ sessions: own }) => own)).toEqual([6, 6]);
  });
});

describe('a sequential run', () => {
  const scenario = small({
    population: { visitors: 12, minimumHistory: 10 },
    site: { pages: 1 },
    metrics: { goal: 'list-diversity' },
    stopping: { rule: 'sequential', batch: 3, minimumVisitors: 3 },
  });

  it('ends at the first look that answers, says what that saved, and again at the same look', async () => {
    const folder = folderFor(root.path, 'sequential', scenario);
    const result = await runIn(folder, scenario, studio);
    const { looks, ended, planned, done, saved } = result.stopping;
    expect(ended).toBe('decided');
    expect(looks.map(({ stop }) => stop)).toEqual([...looks.slice(1).map(() => null), 'decided']);
    expect(planned).toEqual({ visitors: 12, sessions: 24 });
    expect(done.visitors).toBe(looks.at(-1)!.visitors);
    expect(saved.sessions).toBe(24 - done.sessions);
    expect(saved.sessions).toBeGreaterThan(0);
    expect(recordOf(folder)).toHaveLength(done.sessions);
    const goal = result.comparisons.find(({ metric }) => metric === 'list-diversity')!;
    expect(goal).toMatchObject(
      (({ n, effect, ci, decision }) => ({ n, effect, ci, decision }))(looks.at(-1)!.arms[0]!),
    );
    expect(result.verdict.decision).toBe(goal.decision);

    const stopped = folderFor(root.path, 'sequential-stopped', scenario);
    expect((await runIn(stopped, scenario, studio, 2)).stopping.ended).toBe('interrupted');
    const resumed = await runIn(stopped, scenario, studio);
    expect(resumed.digest).toBe(result.digest);
    expect(resumed.stopping).toEqual(result.stopping);
  });

  it('cannot be gone on with under another rule than it began with', async () => {
    const folder = folderFor(root.path, 'changed', scenario);
    await runIn(folder, scenario, studio, 1);
    const changed = { ...scenario, stopping: { rule: 'fixed' as const } };
    await expect(runIn(folder, changed, studio)).rejects.toThrow(/belongs to another scenario/);
  });
});
