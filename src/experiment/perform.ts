// One planned session from its parts to its record: opens the visit, runs the session, and turns a fault of an
// arm or of the machine into a *failed* record. A crashed session is never a visitor who left.

import { consolidate, memoryParameters, type Memory } from '../../agents/memory.ts';
import type { Screen } from '../../sandbox/screen.ts';
import { movies } from '../../sandbox/storefronts/movies.ts';
import { openVisit, type SiteEvent } from '../../sandbox/visit.ts';
import { wallMilliseconds } from '../base/clock.ts';
import { RehearsalError } from '../base/error.ts';
import { seedFrom, type StreamPart } from '../base/random.ts';
import { coverUri, type Printed } from '../catalogue/cover.ts';
import type { Item } from '../catalogue/item.ts';
import { ArmError, type RecommendRequest } from '../recommend/recommender.ts';
import type { Event } from '../store/events.ts';
import type { SessionRecord } from '../store/session.ts';
import type { PlannedSession } from './assign.ts';
import type { Experiment } from './build.ts';
import { runSession } from './session.ts';

export interface Machinery {
  /** Memory as the visitor brings it; twins bring the same. */
  readonly memory: Memory;
  capture(html: string): Promise<Screen>;
  saveScreen(screen: Screen): Promise<void>;
}

export interface PerformedSession {
  readonly session: SessionRecord;
  readonly events: readonly Event[];
  /** What the visitor keeps for its next visit under the same arm; unchanged by a failed session. */
  readonly memory: Memory;
}

/** What watching without rating tells an arm, on the 0.5-5 scale of ratings. */
const watchedValue = 4;
const secondsAfterHistory = 3600;
/** A visitor comes back the next day. */
const secondsBetweenVisits = 24 * 3600;

/** Runs a planned session. Never throws for a fault of arm or browser: that is a failed record, counted by kind. */
export async function performSession(
  planned: PlannedSession,
  experiment: Experiment,
  machinery: Machinery,
): Promise<PerformedSession> {
  const { scenario, mind, items } = experiment;
  const arm = experiment.arms.find(({ name }) => name === planned.arm)!;
  const place = experiment.visitors.findIndex(({ profile }) => profile.id === planned.visitor);
  const { profile, history } = experiment.visitors[place]!;
  const key: readonly StreamPart[] = [scenario.seed, planned.visitor, planned.replicate];
  const came = (history.at(-1)?.time ?? 0) + secondsAfterHistory;
  const inVisit: RecommendRequest['history'] = [];
  const consumed = history.map(({ item }) => item);
  const started = wallMilliseconds();
  const base = {
    ...planned,
    mind: mind.name,
    mindVersion: mind.version,
    seed: seedFrom(...key),
  };

  const visit = openVisit({
    storefront: movies,
    presentation: arm.presentation,
    items,
    pages: scenario.site.pages,
    pageSize: scenario.site.pageSize,
    coverOf: (item, printed) => coverOf(item, printed),
    recommend: ({ page, k, exclude }) =>
      arm.recommender.recommend({
        visitor: planned.visitor,
        history: [...history.map(({ item, time, value }) => ({ item, time, value })), ...inVisit],
        context: { page: 'home', number: page },
        k,
        exclude: [...new Set([...consumed, ...exclude])],
        seed: seedFrom(...key, 'slate', page),
      }),
    search: (query, k) => experiment.search(query, k),
    capture: (html) => machinery.capture(html),
  });
  const noted = {
    ...visit,
    act: async (action: Parameters<typeof visit.act>[0]): Promise<readonly SiteEvent[]> => {
      const happened = await visit.act(action);
      for (const event of happened) {
        const time = came + visit.seconds();
        if (event.type === 'item-watched') inVisit.push({ item: event.item, time, value: watchedValue });
        if (event.type === 'item-rated') inVisit.push({ item: event.item, time, value: event.stars });
      }
      return happened;
    },
  };

  try {
    const outcome = await runSession({
      visit: noted,
      mind,
      profile,
      memory: machinery.memory,
      arrival: (planned.replicate - 1) * secondsBetweenVisits,
      key,
      stepLimit: scenario.stepLimit,
      keepScreen: async (screen) => {
        if (place < scenario.keepScreens) await machinery.saveScreen(screen);
      },
    });
    return {
      session: {
        ...base,
        status: outcome.exitReason === 'step-limit' ? 'truncated' : 'complete',
        exitReason: outcome.exitReason,
        failureKind: null,
        failureMessage: null,
        steps: outcome.steps,
        simulatedSeconds: outcome.simulatedSeconds,
        wallMs: wallMilliseconds() - started,
      },
      events: outcome.events,
      memory: consolidate(
        outcome.memory,
        (planned.replicate - 1) * secondsBetweenVisits,
        planned.replicate * secondsBetweenVisits,
        memoryParameters,
      ),
    };
  } catch (error) {
    return {
      session: {
        ...base,
        status: 'failed',
        exitReason: null,
        failureKind: failureKind(error),
        failureMessage: error instanceof Error ? error.message : String(error),
        steps: 0,
        simulatedSeconds: 0,
        wallMs: wallMilliseconds() - started,
      },
      events: [],
      memory: machinery.memory,
    };
  }
}

/** A defect of ours is not a failure of a session: it rises and stops the run. */
function failureKind(error: unknown): string {
  if (error instanceof ArmError) return error.fault;
  if (error instanceof RehearsalError) return 'site';
  if (error instanceof Error && /Target|browser|page.*closed|Protocol error/i.test(error.message))
    return 'browser';
  throw error;
}

const covers = new WeakMap<Item, Map<string, string>>();

/** Covers as data URIs, drawn once for each item and way of showing it. */
function coverOf(item: Item, { year, genres }: Printed): string {
  const known = covers.get(item) ?? new Map<string, string>();
  covers.set(item, known);
  const key = `${year} ${genres}`;
  const uri = known.get(key) ?? coverUri(item, { year, genres });
  known.set(key, uri);
  return uri;
}
