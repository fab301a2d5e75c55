// What a mind does over whole visits: how many cards of each page it opens, and whether it opens any. Visits are those of
// a run, by the same code, and leave no record. What they say is in visit-figures.ts.

import { newcomer, performSession } from '../experiment/perform.ts';
import type { Event } from '../store/events.ts';
import { isData } from '../store/session.ts';
import { overScenes, type AuditParts, type Moment } from './draws.ts';

export type VisitTrial = Moment &
  (
    | {
        readonly status: 'judged';
        /** Cards opened of each home page that was shown, in order. */
        readonly picks: readonly number[];
        /** Items opened wherever they were found. */
        readonly opens: number;
        readonly steps: number;
      }
    | { readonly status: 'failed'; readonly failure: string }
  );

/** One visit of every visitor under every arm, in order of arm and visitor. */
export async function visitTrials(parts: AuditParts): Promise<VisitTrial[]> {
  return await overScenes(parts, async (arm, { profile }) => {
    const performed = await performSession(
      { visitor: profile.id, arm: arm.name, replicate: 1 },
      parts.experiment,
      { brought: newcomer, capture: (html) => parts.capture(html), saveScreen: async () => undefined },
    );
    const { session, events } = performed;
    if (!isData(session))
      return { status: 'failed', failure: session.failureKind ?? 'budget-spent' } as const;
    return {
      status: 'judged',
      picks: picksOf(events),
      opens: events.filter(({ type }) => type === 'item-opened').length,
      steps: session.steps,
    } as const;
  });
}

/** Places of each home slate that were opened. */
export function picksOf(events: readonly Event[]): number[] {
  return events.flatMap((event) => {
    if (event.type !== 'slate-shown' || event.list !== 'home') return [];
    const opened = events.flatMap((other) =>
      other.type === 'item-opened' && other.slate === event.slate ? [other.slot] : [],
    );
    return [new Set(opened).size];
  });
}
