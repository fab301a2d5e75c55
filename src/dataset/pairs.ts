// Counterfactual pairs: the same visitor's visit under the control and under another arm, side by side. Only a design
// of twins has them; what the arms made different is then the arms' doing, since memory and chance were the same.

import type { Database } from '../store/database.ts';
import type { StoredSession } from '../store/read.ts';
import { runProvenance, type RowContext } from './rows.ts';
import type { Row } from './tables.ts';
import { visitReader, type Act, type Visit } from './visits.ts';

/** Rows in order of visitor, replicate and arm; none where a visitor lacks one of the two visits. */
export function* pairRows(
  database: Database,
  context: RowContext,
  sessions: readonly StoredSession[],
): Iterable<Row> {
  const [control, ...others] = context.facts.scenario.arms.map((arm) => arm.name);
  if (context.facts.scenario.design !== 'twins' || control === undefined) return;
  const read = visitReader(database);
  const data = database.prepare('SELECT data FROM events WHERE session = ? ORDER BY seq').pluck();
  const dataOf = (session: StoredSession): string[] => data.all(session.id) as string[];
  const byVisit = Map.groupBy(sessions, ({ visitor, replicate }) => JSON.stringify([visitor, replicate]));
  const inOrder = [...byVisit.values()].sort(([a], [b]) =>
    a!.visitor < b!.visitor ? -1 : a!.visitor > b!.visitor ? 1 : a!.replicate - b!.replicate,
  );
  const origin = runProvenance(context);
  for (const own of inOrder) {
    const under = (arm: string): StoredSession | undefined => own.find((session) => session.arm === arm);
    const first = under(control);
    if (first === undefined) continue;
    const [visit, events] = [read(first), dataOf(first)];
    for (const arm of others) {
      const second = under(arm);
      if (second === undefined) continue;
      yield {
        visitor: first.visitor,
        replicate: first.replicate,
        control,
        arm,
        diverged_at: firstDifference(events, dataOf(second)),
        ...sideOf('control', visit),
        ...sideOf('arm', read(second)),
        ...origin,
      };
    }
  }
}

/** Index of the first event that differs, in content or because one list has ended; null where both are equal. */
export function firstDifference(a: readonly string[], b: readonly string[]): number | null {
  const longest = Math.max(a.length, b.length);
  for (let seq = 0; seq < longest; seq++) if (a[seq] !== b[seq]) return seq;
  return null;
}

function sideOf(side: 'control' | 'arm', { session, shown, acts }: Visit): Row {
  const items = (kind: Act['kind']): string[] => [
    ...new Set(acts.filter((act) => act.kind === kind).map((act) => act.item)),
  ];
  const stars = acts.flatMap((act) => (act.stars === null ? [] : [act.stars]));
  return {
    [`first_slate_${side}`]: shown.filter((place) => place.slate === 1).map((place) => place.item),
    [`opened_${side}`]: items('opened'),
    [`watched_${side}`]: items('watched'),
    [`mean_rating_${side}`]:
      stars.length === 0 ? null : stars.reduce((sum, value) => sum + value, 0) / stars.length,
    [`seconds_${side}`]: session.simulatedSeconds,
    [`exit_reason_${side}`]: session.exitReason,
  };
}
