// A made-up run of one visitor whose twins see the same and do the same until a given step. No pictures are kept.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseScenario } from '../../src/experiment/scenario.ts';
import { openDatabase } from '../../src/store/database.ts';
import type { Event } from '../../src/store/events.ts';
import { writer } from '../../src/store/write.ts';

/** Writes the record: twins a under 'one' and 'other', who part at `parting` of `steps` steps. */
export function partingRun(folder: string, parting: number, steps: number): void {
  mkdirSync(folder, { recursive: true });
  const database = openDatabase(join(folder, 'events.sqlite'));
  try {
    const record = writer(database);
    const arms = ['one', 'other'];
    record.setRun(
      'scenario',
      parseScenario(
        {
          name: 'parting',
          question: 'Where do they part?',
          arms: arms.map((name) => ({ name, method: 'random' })),
        },
        'the parting scenario',
      ),
    );
    record.saveVisitor({ id: 'a', activity: 'low', diversity: 'low', conformity: 'low', profile: {} });
    for (const arm of arms) {
      const events = Array.from({ length: steps }, (_, place): Event => ({
        type: 'step-taken',
        time: place,
        page: 'home',
        screen: String(place).padStart(64, '0'),
        noticed: [],
        interest: 3,
        fatigue: place,
        action: arm === 'other' && place + 1 >= parting ? 'leave' : 'next-page',
        mark: 1,
        recalled: [],
        reason: `step ${place + 1} under ${arm}`,
      }));
      record.saveSession(
        {
          visitor: 'a',
          arm,
          replicate: 1,
          mind: 'choice',
          mindVersion: '1',
          seed: 1,
          status: 'complete',
          exitReason: 'bored',
          failureKind: null,
          failureMessage: null,
          steps,
          simulatedSeconds: steps,
          wallMs: 1,
        },
        [
          { type: 'visit-started', time: 0, budget: 9 },
          ...events,
          { type: 'visit-ended', time: steps, reason: 'bored' },
        ],
      );
    }
  } finally {
    database.close();
  }
}
