// A made-up run folder for the tests of the report: a record with one visit per arm, tiny pictures, a result.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../src/base/hash.ts';
import { blobs } from '../../src/store/blobs.ts';
import { openDatabase } from '../../src/store/database.ts';
import type { Event } from '../../src/store/events.ts';
import { writer } from '../../src/store/write.ts';
import { exampleResult, exampleScenario } from './example-result.ts';

/** Bytes of a JPEG's headers for 64 × 40 pixels, made different by `salt`; no decoder will draw them. */
export function tinyPicture(salt: number, padding = 0): Uint8Array {
  const frame = [0xff, 0xc0, 0, 17, 8, 0, 40, 0, 64, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
  const comment = [0xff, 0xfe, 0, 6, 0, 0, salt >> 8, salt & 255];
  return new Uint8Array([
    0xff,
    0xd8,
    ...comment,
    ...frame,
    ...Array.from({ length: padding }, () => 0),
    0xff,
    0xd9,
  ]);
}

export interface ExampleRun {
  readonly folder: string;
  readonly steps: number;
}

/** Writes the folder; each arm has visitors a and b with `steps` steps, and of a the screens are kept. */
export async function exampleRun({ steps = 3, padding = 0 } = {}): Promise<ExampleRun> {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-report-'));
  mkdirSync(folder, { recursive: true });
  const result = exampleResult();
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result));
  const database = openDatabase(join(folder, 'events.sqlite'));
  const record = writer(database);
  record.setRun('scenario', exampleScenario());
  record.setRun('versions', { mind: 'choice 1f2e', browser: '153.0' });
  let salt = 0;
  for (const visitor of ['a', 'b']) {
    record.saveVisitor({
      id: visitor,
      activity: 'high',
      diversity: 'low',
      conformity: 'medium',
      profile: {},
    });
    for (const { name: arm } of result.arms) {
      const events: Event[] = [{ type: 'visit-started', time: 0, budget: 60 }];
      for (let step = 1; step <= steps; step++) {
        const image = tinyPicture(salt++, padding);
        const screen = sha256(image);
        if (visitor === 'a') await blobs(folder).saveScreen({ hash: screen, image, marks: [] });
        events.push(stepTaken(step, steps, screen));
      }
      events.push({ type: 'visit-ended', time: steps * 10, reason: 'satisfied' });
      record.saveSession(
        {
          visitor,
          arm,
          replicate: 1,
          mind: 'choice',
          mindVersion: '1f2e',
          seed: 1,
          status: 'complete',
          exitReason: 'satisfied',
          failureKind: null,
          failureMessage: null,
          steps,
          simulatedSeconds: steps * 10,
          wallMs: 1,
        },
        events,
      );
    }
  }
  database.close();
  return { folder, steps };
}

function stepTaken(step: number, steps: number, screen: string): Event {
  const box = { x: 4, y: 4, width: 20, height: 30 };
  return {
    type: 'step-taken',
    time: step * 10,
    page: 'home',
    screen,
    noticed: [{ mark: 2, text: 'Alien <1979>\n★ 4.1', interest: 4.2, box }],
    interest: 3.4,
    fatigue: step,
    action: step === steps ? 'leave' : 'open',
    mark: step === steps ? null : 2,
    recalled: ['I liked "Brazil" & its like'],
    reason: '<script>alert(1)</script> looked good',
  };
}
