// Small sessions for tests of what reads the record: visitors, a visit told in a few words, its events.

import type { Database } from '../../src/store/database.ts';
import type { Event } from '../../src/store/events.ts';
import type { SessionRecord } from '../../src/store/session.ts';
import { writer } from '../../src/store/write.ts';

/** A complete session of five steps; fields may be changed. */
export function sampleSession(changes: Partial<SessionRecord> = {}): SessionRecord {
  return {
    visitor: 'ann',
    arm: 'control',
    replicate: 1,
    mind: 'choice',
    mindVersion: 'v1',
    seed: 7,
    status: 'complete',
    exitReason: 'satisfied',
    failureKind: null,
    failureMessage: null,
    steps: 5,
    simulatedSeconds: 90,
    wallMs: 12,
    ...changes,
  };
}

/** What happened in a visit: for each home slate the items shown (the last `hidden` out of view) and what was done. */
/** How a session ended whose recommender was slow. */
export const timedOut = {
  status: 'failed',
  exitReason: null,
  failureKind: 'timeout',
  failureMessage: 'slow',
} as const;

export interface Told {
  readonly slates: readonly (readonly string[])[];
  readonly hidden?: number;
  readonly opened?: readonly string[];
  readonly watched?: readonly string[];
  readonly listed?: readonly string[];
  readonly rated?: Readonly<Record<string, number>>;
}

/** The events of a visit told in a few words. */
export function sampleEvents(told: Told): Event[] {
  const shown = told.slates.map((items, index): Event => ({
    type: 'slate-shown',
    time: index,
    slate: index + 1,
    list: 'home',
    page: index + 1,
    method: 'test',
    version: 'v1',
    items: items.map((item, slot) => ({
      item,
      slot,
      score: 1 / (slot + 1),
      propensity: 1,
      inView: slot < items.length - (told.hidden ?? 0),
    })),
  }));
  const placeOf = (item: string): { slate: number; slot: number } => {
    const index = told.slates.findIndex((items) => items.includes(item));
    return { slate: index + 1, slot: told.slates[index]?.indexOf(item) ?? -1 };
  };
  const done = (
    type: 'item-opened' | 'item-watched' | 'item-listed',
    items: readonly string[] = [],
  ): Event[] => items.map((item) => ({ type, time: 10, item, ...placeOf(item) }));
  return [
    { type: 'visit-started', time: 0, budget: 30 },
    ...shown,
    ...done('item-opened', told.opened),
    ...done('item-watched', told.watched),
    ...done('item-listed', told.listed),
    ...Object.entries(told.rated ?? {}).map(([item, stars]): Event => ({
      type: 'item-rated',
      time: 20,
      item,
      ...placeOf(item),
      stars,
    })),
    { type: 'visit-ended', time: 30, reason: 'satisfied' },
  ];
}

/** Saves visitors of these ids with plain profiles. */
export function saveVisitors(database: Database, ids: readonly string[]): void {
  const record = writer(database);
  for (const id of ids)
    record.saveVisitor({ id, activity: 'low', diversity: 'medium', conformity: 'high', profile: { id } });
}
