// A journey that goes on after it was broken off: a visit that ended before is lived again for what it leaves. Where that
// fails now, nobody knows what the next visitor brings, and the visits that follow fail with a name.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import { journeysOf, planOf, type Journey } from '../../src/experiment/assign.ts';
import { buildExperiment, type Experiment } from '../../src/experiment/build.ts';
import { liveJourney } from '../../src/experiment/journey.ts';
import { ArmError } from '../../src/recommend/recommender.ts';
import type { EndedSession } from '../../src/store/ledger.ts';
import { sessionKey } from '../../src/store/session.ts';
import { catalogue, popularityArm, small } from './small.ts';

let studio: Studio;
let experiment: Experiment;
let journey: Journey;
beforeAll(async () => {
  studio = await openStudio();
  const scenario = small({
    arms: [popularityArm, { name: 'chance', method: 'random' }],
    population: { visitors: 2, minimumHistory: 10, replicates: 3, burnIn: 1 },
    site: { pages: 1 },
  });
  experiment = await buildExperiment(scenario, catalogue, () => undefined);
  const visitors = experiment.visitors.map(({ profile }) => profile.id);
  journey = journeysOf(planOf(scenario, visitors))[0]!;
});
afterAll(() => studio.close());

/** Lives what is not recorded; the arm of popularity fails for good at the request of this number (from 1). */
async function lived(recorded: readonly string[], failsAt?: number): Promise<Map<string, EndedSession>> {
  let asked = 0;
  const ended = new Map<string, EndedSession>();
  await liveJourney({
    experiment: {
      ...experiment,
      arms: experiment.arms.map((arm) => ({
        ...arm,
        recommender: {
          ...arm.recommender,
          recommend: (request) => {
            if (arm.name !== 'popularity' || ++asked !== failsAt) return arm.recommender.recommend(request);
            throw new ArmError('short-slate', 'nothing was left to show');
          },
        },
      })),
    },
    journey,
    recorded: new Set(recorded),
    capture: (html) => studio.capture(html),
    saveScreen: async () => undefined,
    halted: () => false,
    ended: (session) => ended.set(sessionKey(session.session), session),
  });
  return ended;
}

describe('a journey that is gone on with', () => {
  it('lives the visits that are missing as they would have been', async () => {
    const whole = await lived([]);
    const keys = [...whole.keys()];
    expect(keys).toHaveLength(7);
    const first = keys.filter((key) => whole.get(key)!.session.replicate <= 1);
    const rest = await lived(first);
    expect([...rest.keys()]).toEqual(keys.filter((key) => !first.includes(key)));
    for (const [key, { events }] of rest) expect(events, key).toEqual(whole.get(key)!.events);
  });

  it('fails what follows a visit that cannot be lived again, and nothing else', async () => {
    const whole = await lived([]);
    const first = [...whole].filter(([, { session }]) => session.replicate <= 1).map(([key]) => key);
    const rest = await lived(first, 2);
    const ofPopularity = [...rest.values()].filter(({ session }) => session.arm === 'popularity');
    expect(ofPopularity.map(({ session }) => session.replicate)).toEqual([2, 3]);
    for (const { session, events } of ofPopularity) {
      expect(session).toMatchObject({ status: 'failed', failureKind: 'short-slate', steps: 0 });
      expect(session.failureMessage).toMatch(/visit 1 under popularity.*nothing was left to show/);
      expect(events).toEqual([]);
    }
    for (const [key, { session, events }] of rest)
      if (session.arm === 'chance') expect(events, key).toEqual(whole.get(key)!.events);
  });

  it('fails all that follows a burn-in that cannot be lived again', async () => {
    const whole = await lived([]);
    const first = [...whole].filter(([, { session }]) => session.replicate <= 1).map(([key]) => key);
    const rest = [...(await lived(first, 1)).values()];
    expect(rest.map(({ session }) => `${session.arm} ${session.replicate}`).sort()).toEqual([
      'chance 2',
      'chance 3',
      'popularity 2',
      'popularity 3',
    ]);
    for (const { session } of rest)
      expect(session).toMatchObject({ status: 'failed', failureMessage: expect.stringContaining('visit 0') });
  });
});
