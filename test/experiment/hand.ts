// Records small enough to be counted by hand: so many clicks by arm and visitor on a page of ten. What the tests of the
// analysis share; nothing here checks anything.

import { analyse } from '../../src/experiment/analyse.ts';
import { resultSchema } from '../../src/experiment/result.ts';
import type { Result } from '../../src/experiment/result.ts';
import { defineScenario } from '../../src/experiment/scenario.ts';
import type { ScenarioInput } from '../../src/experiment/scenario.ts';
import { openDatabase } from '../../src/store/database.ts';
import type { Database } from '../../src/store/database.ts';
import type { SessionRecord } from '../../src/store/session.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from '../store/sample.ts';

export const items = Array.from({ length: 10 }, (_unused, index) => `i${index}`);
export const visitorNames = Array.from(
  { length: 60 },
  (_unused, index) => `v${String(index).padStart(2, '0')}`,
);

/** Clicks on a page of ten, by arm and visitor; undefined is no session. */
export type Clicks = Readonly<Record<string, readonly (number | undefined)[]>>;

/** A record of one page of ten and these clicks. */
export function recordOf(
  clicks: Clicks,
  changes: (arm: string, visitor: number) => Partial<SessionRecord> = () => ({}),
): Database {
  const database = openDatabase(':memory:');
  saveVisitors(database, visitorNames);
  const record = writer(database);
  record.saveItems([...items, 'j0', 'j1'].map((id) => ({ id, title: id, genres: ['Drama'] })));
  for (const [arm, own] of Object.entries(clicks)) {
    own.forEach((count, visitor) => {
      if (count === undefined) return;
      const session = sampleSession({ arm, visitor: visitorNames[visitor]!, ...changes(arm, visitor) });
      record.saveSession(
        session,
        session.status === 'failed' ? [] : sampleEvents({ slates: [items], opened: items.slice(0, count) }),
      );
    });
  }
  return database;
}

/** The result of a record under a plain scenario of the arms old and new, with changes. */
export function analysed(
  database: Database,
  changes: Partial<ScenarioInput> = {},
  status: Result['status'] = 'complete',
): Result {
  const scenario = defineScenario({
    name: 'hand',
    question: 'Which is better?',
    arms: [
      { name: 'old', method: 'random' },
      { name: 'new', method: 'popularity' },
    ],
    ...changes,
  });
  const result = analyse(database, {
    scenario,
    run: 'r1',
    path: 'runs/r1',
    seconds: 3,
    heldOutNdcg: { new: 0.25 },
    status,
    planned: scenario.population.visitors * 2,
  });
  return resultSchema.parse(result);
}
