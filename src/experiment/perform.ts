// One planned session from its parts to its record: opens the visit, runs the session, and turns a fault of an
// arm or of the machine into a *failed* record. A crashed session is never a visitor who left.

import { consolidate, emptyMemory, memoryParameters, type Memory } from '../../agents/memory.ts';
import type { Screen } from '../../sandbox/screen.ts';
import { movies } from '../../sandbox/storefronts/movies.ts';
import { openVisit, type SiteEvent } from '../../sandbox/visit.ts';
import { wallMilliseconds } from '../base/clock.ts';
import { randomFrom, seedFrom, type StreamPart } from '../base/random.ts';
import { keptCoverUri } from '../catalogue/cover.ts';
import type { Exchange } from '../llm/client.ts';
import { ModelError } from '../llm/failure.ts';
import { type RecommendRequest, type Slate } from '../recommend/recommender.ts';
import type { Event } from '../store/events.ts';
import type { EndedSession } from '../store/ledger.ts';
import type { SessionRecord } from '../store/session.ts';
import type { ReadyArm } from './arms.ts';
import { interleavedArm } from './assign.ts';
import type { PlannedSession } from './assign.ts';
import type { Experiment } from './build.ts';
import { faultKind, workerLost } from './faults.ts';
import { teamDraft } from './interleave.ts';
import { runSession } from './session.ts';

/** What a visitor brings to a visit: what it remembers, and what it did here before, which the arm remembers. */
export interface Brought {
  readonly memory: Memory;
  /** Watched and rated in earlier visits under the same arm (and in burn-in visits), oldest first. */
  readonly interactions: RecommendRequest['history'];
}

export const newcomer: Brought = { memory: emptyMemory, interactions: [] };

export interface Machinery {
  /** Twins bring the same. */
  readonly brought: Brought;
  capture(html: string): Promise<Screen>;
  saveScreen(screen: Screen): Promise<void>;
}

export interface PerformedSession {
  readonly session: SessionRecord;
  readonly events: readonly Event[];
  /** Every exchange with a model, in order; also those of a session that failed. */
  readonly calls: readonly Exchange[];
  /** What the visitor brings to its next visit under the same arm; unchanged by a failed session. */
  readonly kept: Brought;
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
  const { scenario, items } = experiment;
  const calls: Exchange[] = [];
  const arms = experiment.arms.filter(({ name }) => planned.arm === interleavedArm || planned.arm === name);
  const place = experiment.visitors.findIndex(({ id }) => id === planned.visitor);
  const { profile, history, mind: mindName } = experiment.visitors[place]!;
  const mind = experiment.mindFor((exchange) => calls.push(exchange), mindName);
  // The person's name: one person's visitors of several minds have the same chance, and arms know people.
  const key: readonly StreamPart[] = [scenario.seed, profile.id, planned.replicate];
  const began = (scenario.population.burnIn + planned.replicate - 1) * secondsBetweenVisits;
  const came = (history.at(-1)?.time ?? 0) + secondsAfterHistory + began;
  const inVisit: RecommendRequest['history'] = [];
  const soFar = (): RecommendRequest['history'] => [
    ...history.map(({ item, time, value }) => ({ item, time, value })),
    ...machinery.brought.interactions,
    ...inVisit,
  ];
  const drafters = new Map<string, string>();
  const started = wallMilliseconds();
  const base = {
    ...planned,
    mind: mind.name,
    mindVersion: mind.version,
    seed: seedFrom(...key),
  };

  const visit = openVisit({
    storefront: movies,
    presentation: arms[0]!.presentation,
    items,
    pages: scenario.site.pages,
    pageSize: scenario.site.pageSize,
    coverOf: keptCoverUri,
    recommend: ({ page, k, exclude }) => {
      const before = soFar();
      return slateOf(arms, drafters, {
        visitor: profile.id,
        history: before,
        context: { page: 'home', number: page },
        k,
        exclude: [...new Set([...before.map(({ item }) => item), ...exclude])],
        seed: seedFrom(...key, 'slate', page),
      });
    },
    search: (query, k) => experiment.search(query, k),
    capture: (html) => machinery.capture(html),
  });
  const hear = (event: SiteEvent, seconds: number): void => {
    const time = came + seconds;
    if (event.type === 'item-watched') inVisit.push({ item: event.item, time, value: watchedValue });
    if (event.type === 'item-rated') inVisit.push({ item: event.item, time, value: event.stars });
  };

  try {
    const outcome = await runSession({
      visit,
      mind,
      profile,
      memory: machinery.brought.memory,
      arrival: began,
      key,
      stepLimit: scenario.stepLimit,
      keepScreen: async (screen) => {
        if (place < scenario.keepScreens) await machinery.saveScreen(screen);
      },
      hear,
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
      events: withDrafters(outcome.events, drafters),
      calls,
      kept: {
        memory: consolidate(outcome.memory, began, began + secondsBetweenVisits, memoryParameters),
        interactions: [...machinery.brought.interactions, ...inVisit],
      },
    };
  } catch (error) {
    const isCut = error instanceof ModelError && error.failure.kind === 'budget-spent';
    return {
      session: {
        ...base,
        status: isCut ? 'truncated' : 'failed',
        exitReason: isCut ? 'budget-spent' : null,
        failureKind: isCut ? null : faultKind(error),
        failureMessage: isCut ? null : error instanceof Error ? error.message : String(error),
        steps: 0,
        simulatedSeconds: 0,
        wallMs: wallMilliseconds() - started,
      },
      events: [],
      calls,
      kept: machinery.brought,
    };
  }
}

/** One arm's own slate, or what two arms draft together; then `drafters` is told who drafted what. */
async function slateOf(
  arms: readonly ReadyArm[],
  drafters: Map<string, string>,
  request: RecommendRequest,
): Promise<Slate> {
  const [first, second] = arms;
  if (first === undefined) throw new Error('a session without an arm');
  if (second === undefined) return await first.recommender.recommend(request);
  const draft = teamDraft(
    { arm: first.name, slate: await first.recommender.recommend(request) },
    { arm: second.name, slate: await second.recommender.recommend(request) },
    request.k,
    randomFrom('team-draft', request.seed),
  );
  for (const [item, arm] of draft.drafters) drafters.set(item, arm);
  return draft.slate;
}

/** The events with the drafter of every home item, where there was a draft. */
function withDrafters(events: readonly Event[], drafters: ReadonlyMap<string, string>): readonly Event[] {
  if (drafters.size === 0) return events;
  return events.map((event) =>
    event.type === 'slate-shown' && event.list === 'home'
      ? {
          ...event,
          items: event.items.map((shown) => ({ ...shown, drafter: drafters.get(shown.item)! })),
        }
      : event,
  );
}

/** What the plan fixes of a session before it is lived. */
type Identity = Pick<SessionRecord, 'visitor' | 'arm' | 'replicate' | 'mind' | 'mindVersion' | 'seed'>;

function identityOf({ visitor, arm, replicate }: PlannedSession, experiment: Experiment): Identity {
  const found = experiment.visitors.find(({ id }) => id === visitor)!;
  const mind = experiment.mindFor(() => undefined, found.mind);
  const seed = seedFrom(experiment.scenario.seed, found.profile.id, replicate);
  return { visitor, arm, replicate, mind: mind.name, mindVersion: mind.version, seed };
}

/** Why a session that came back under a planned place is not the planned one; null where it is. */
export function strangeness(session: SessionRecord, experiment: Experiment): string | null {
  const strange = Object.entries(identityOf(session, experiment)).find(
    ([part, planned]) => session[part as keyof Identity] !== planned,
  );
  return strange === undefined
    ? null
    : `its ${strange[0]} is ${session[strange[0] as keyof Identity]}, planned was ${strange[1]}`;
}

/** How a session ended that was never lived. */
type Unlived = Pick<SessionRecord, 'status' | 'exitReason' | 'failureKind' | 'failureMessage'>;

/** The record of a session that no worker lived to end. */
export function lostSession(planned: PlannedSession, experiment: Experiment, reason: string): EndedSession {
  return endedUnlived(planned, experiment, {
    status: 'failed',
    exitReason: null,
    failureKind: workerLost,
    failureMessage: reason,
  });
}

/** The record of a session that could not begin, because one before it could not be lived again as it was. */
export function unlivedSession(
  planned: PlannedSession,
  experiment: Experiment,
  { status, exitReason, failureKind, failureMessage, arm, replicate }: SessionRecord,
): EndedSession {
  const why = `visit ${replicate} under ${arm}, which it follows, could not be lived again: ${failureMessage}`;
  return endedUnlived(planned, experiment, {
    status,
    exitReason,
    failureKind,
    failureMessage: failureMessage === null ? null : why,
  });
}

function endedUnlived(planned: PlannedSession, experiment: Experiment, how: Unlived): EndedSession {
  const session: SessionRecord = {
    ...identityOf(planned, experiment),
    ...how,
    steps: 0,
    simulatedSeconds: 0,
    wallMs: 0,
  };
  return { session, events: [], calls: [] };
}
