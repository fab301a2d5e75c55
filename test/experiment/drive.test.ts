// What goes from one visit of a visitor to the next under the same arm, seen from the arm's side.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import { planOf } from '../../src/experiment/assign.ts';
import { buildExperiment } from '../../src/experiment/build.ts';
import { driveSessions } from '../../src/experiment/drive.ts';
import { lostSession, strangeness } from '../../src/experiment/perform.ts';
import { inProcessPool } from '../../src/experiment/pool.ts';
import type { RecommendRequest } from '../../src/recommend/recommender.ts';
import type { Event } from '../../src/store/events.ts';
import type { SessionRecord } from '../../src/store/session.ts';
import { catalogue, small } from './small.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(() => studio.close());

it('an arm knows what its visitor watched and rated so far, in this visit and in earlier ones, and never offers it again', async () => {
  const scenario = small({
    population: { visitors: 2, minimumHistory: 10, replicates: 3 },
    site: { pages: 3 },
  });
  const experiment = await buildExperiment(scenario, catalogue, () => undefined);
  const asked: { arm: string; request: RecommendRequest }[] = [];
  const heard = {
    ...experiment,
    arms: experiment.arms.map((arm) => ({
      ...arm,
      recommender: {
        ...arm.recommender,
        recommend: (request: RecommendRequest) => {
          asked.push({ arm: arm.name, request });
          return arm.recommender.recommend(request);
        },
      },
    })),
  };
  const saved: { arm: string; visitor: string; replicate: number; events: readonly Event[] }[] = [];
  await driveSessions({
    scenario,
    plan: planOf(
      scenario,
      experiment.visitors.map(({ profile }) => profile.id),
    ),
    recorded: new Map(),
    ledger: {
      lease: () => 1,
      heard: () => true,
      commit: (_token, { session, events }) => {
        saved.push({ ...session, events });
        return 'saved';
      },
    },
    pool: inProcessPool({
      experiment: heard,
      capture: (html) => studio.capture(html),
      saveScreen: async () => undefined,
    }),
    interrupted: new AbortController().signal,
    strangeness: (session) => strangeness(session, experiment),
    givenUp: (planned, reason) => lostSession(planned, experiment, reason),
    log: () => undefined,
    look: () => {
      throw new Error('no looks are planned');
    },
    progress: () => undefined,
  });

  expect(saved).toHaveLength(12);
  let carried = 0;
  for (const { profile, history } of experiment.visitors)
    for (const { name } of experiment.arms) {
      const own = saved
        .filter(({ arm, visitor }) => arm === name && visitor === profile.id)
        .sort((a, b) => a.replicate - b.replicate);
      const done = own.map(({ events }) =>
        events.flatMap((event) =>
          event.type === 'item-watched' || event.type === 'item-rated' ? [event.item] : [],
        ),
      );
      const requests = asked.filter(({ arm, request }) => arm === name && request.visitor === profile.id);
      const first = requests.filter(({ request }) => request.context.number === 1);
      expect(first).toHaveLength(3);
      for (const [visit, { request }] of first.entries()) {
        const before = done.slice(0, visit).flat();
        expect(request.history.slice(history.length).map(({ item }) => item)).toEqual(before);
        carried += before.length;
      }
      for (const { request } of requests) {
        const times = request.history.map(({ time }) => time);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(request.exclude).toEqual(expect.arrayContaining(request.history.map(({ item }) => item)));
      }
    }
  expect(carried).toBeGreaterThan(0);
});

it('a visitor lost by its workers is failed for that, and not for a session refused before one was taken', async () => {
  const scenario = small();
  const experiment = await buildExperiment(scenario, catalogue, () => undefined);
  const [visitor] = experiment.visitors.map(({ id }) => id);
  const plan = planOf(scenario, [visitor!]);
  const [first] = plan;
  const taken = lostSession(first!, experiment, 'whatever');
  const saved: SessionRecord[] = [];
  const log: string[] = [];
  let lives = 0;
  await driveSessions({
    scenario,
    plan,
    recorded: new Map(),
    ledger: {
      lease: () => 1,
      heard: () => true,
      commit: (_token, { session }) => {
        saved.push(session);
        return 'saved';
      },
    },
    pool: {
      atOnce: 1,
      live: async (_journey, _recorded, { ended }) => {
        lives += 1;
        if (lives > 1) return;
        ended(1, { ...taken, session: { ...taken.session, seed: 5 } });
        ended(1, taken);
      },
    },
    interrupted: new AbortController().signal,
    strangeness: ({ seed }) => (seed === 5 ? 'its seed is 5' : null),
    givenUp: (planned, reason) => lostSession(planned, experiment, reason),
    log: (line) => log.push(line),
    look: () => {
      throw new Error('no looks are planned');
    },
    progress: () => undefined,
  });
  expect(log[0]).toMatch(/^refused a session .*its seed is 5$/);
  expect(saved.map(({ failureMessage }) => failureMessage)).toEqual([
    taken.session.failureMessage,
    ...plan.slice(1).map(() => expect.stringContaining('its worker ended before all sessions did')),
  ]);
});

it('a session is strange whose seed, mind or version of the mind is not the planned one', async () => {
  const scenario = small();
  const experiment = await buildExperiment(scenario, catalogue, () => undefined);
  const [planned] = planOf(
    scenario,
    experiment.visitors.map(({ id }) => id),
  );
  const { session } = lostSession(planned!, experiment, 'nobody came');
  const due = { ...session, status: 'complete', failureKind: null, failureMessage: null } as const;
  expect(strangeness(due, experiment)).toBeNull();
  expect(strangeness({ ...due, seed: 5 }, experiment)).toBe(`its seed is 5, planned was ${due.seed}`);
  expect(strangeness({ ...due, mind: 'random' }, experiment)).toBe('its mind is random, planned was choice');
  expect(strangeness({ ...due, mindVersion: '0' }, experiment)).toMatch(
    /^its mindVersion is 0, planned was /,
  );
});
