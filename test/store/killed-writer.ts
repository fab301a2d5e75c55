// A program for the test of killed writers: saves one whole session, then hangs in the middle of saving a second.

import { writeSync } from 'node:fs';
import { openDatabase } from '../../src/store/database.ts';
import type { Event } from '../../src/store/events.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from './sample.ts';

const database = openDatabase(process.argv[2]!);
saveVisitors(database, ['ann', 'bob']);
const events = sampleEvents({ slates: [['a', 'b']], opened: ['a'] });
writer(database).saveSession(sampleSession(), events);

const last: Event & { toJSON(): never } = {
  type: 'visit-ended',
  time: 30,
  reason: 'bored',
  toJSON() {
    writeSync(1, database.inTransaction ? 'in the middle\n' : 'outside\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    throw new Error('was not killed');
  },
};
writer(database).saveSession(sampleSession({ visitor: 'bob' }), [...events.slice(0, -1), last]);
