// LIVE one visitor's journey: its visits in order, each with the memory that the ones before have left. It hands over
// what ended and keeps nothing. A recorded visit is lived through again only where a later one needs what it left.

import { setTimeout as pause } from 'node:timers/promises';
import type { Screen } from '../../sandbox/screen.ts';
import type { EndedSession } from '../store/ledger.ts';
import { isData, sessionKey } from '../store/session.ts';
import type { Journey, PlannedSession } from './assign.ts';
import type { Experiment } from './build.ts';
import { pausesAfter } from './faults.ts';
import { callRecord } from './listened.ts';
import { newcomer, performSession, unlivedSession, type Brought, type PerformedSession } from './perform.ts';

export interface JourneyParts {
  readonly experiment: Experiment;
  readonly journey: Journey;
  /** Keys of the sessions that need not be run again. */
  readonly recorded: ReadonlySet<string>;
  capture(html: string): Promise<Screen>;
  saveScreen(screen: Screen): Promise<void>;
  /** Whether to begin no other visit. */
  halted(): boolean;
  /** Takes over a session that has ended; never called for a recorded one. */
  ended(session: EndedSession): void;
}

/** Runs the missing visits of a journey until they are done or it is halted. */
export async function liveJourney(parts: JourneyParts): Promise<void> {
  const { burnIn, chains } = parts.journey;
  const isMissing = (planned: PlannedSession): boolean => !parts.recorded.has(sessionKey(planned));
  /** A visit that ended before and cannot be lived again now: what it left is not known. */
  const giveUp = (missing: readonly PlannedSession[], { session }: PerformedSession): void => {
    for (const planned of missing) parts.ended(unlivedSession(planned, parts.experiment, session));
  };

  /** Lives through visits one after the other; what is kept of each goes to the next. Undefined where it is not known. */
  const liveVisits = async (
    visits: readonly PlannedSession[],
    first: Brought,
    after: readonly PlannedSession[],
  ): Promise<Brought | undefined> => {
    let brought = first;
    for (const [at, planned] of visits.entries()) {
      if (parts.halted()) return undefined;
      const { performed, tries } = await persevere(planned, brought, parts);
      // Given up because of Ctrl-C: nobody's failure, and to be begun again by resume.
      if (performed.session.failureKind === 'aborted') return undefined;
      brought = performed.kept;
      if (isMissing(planned)) {
        parts.ended({
          session: { ...performed.session, tries },
          events: performed.events,
          calls: performed.calls.map(callRecord),
        });
      } else if (!isData(performed.session)) {
        giveUp([...visits.slice(at + 1), ...after].filter(isMissing), performed);
        return undefined;
      }
    }
    return brought;
  };

  const toLive = chains.filter((chain) => chain.some(isMissing));
  if (toLive.length === 0 && !burnIn.some(isMissing)) return;
  const brought = await liveVisits(burnIn, newcomer, toLive.flat());
  if (brought === undefined) return;
  for (const chain of toLive) await liveVisits(chain, brought, []);
}

/** Performs a session, from its start again where the rule of its fault allows; what was asked of models stays asked. */
async function persevere(
  planned: PlannedSession,
  brought: Brought,
  { experiment, capture, saveScreen, halted }: JourneyParts,
): Promise<{ performed: PerformedSession; tries: number }> {
  const calls: PerformedSession['calls'][number][] = [];
  for (let tries = 1; ; tries++) {
    const performed = await performSession(planned, experiment, { brought, capture, saveScreen });
    calls.push(...performed.calls);
    const { failureKind } = performed.session;
    const wait = failureKind === null ? undefined : pausesAfter(failureKind)[tries - 1];
    if (wait === undefined || halted()) return { performed: { ...performed, calls }, tries };
    if (wait > 0) await pause(wait);
  }
}
