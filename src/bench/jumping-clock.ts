// Loaded before a program (NODE_OPTIONS=--import=…): its wall clock, and that alone, jumps by an hour forward and back again
// and again. Each jump that somebody has read is noted, a line with the number of the process.

import { appendFileSync } from 'node:fs';

const hour = 3_600_000;
const offsets = [0, hour, 0, -hour] as const;
const every = 1_000_000_000n;

const notes = process.env['REHEARSAL_NOTES'];
const real = Date.now;
const begun = process.hrtime.bigint();
let offset = 0;
Date.now = () => {
  const turn = Number((process.hrtime.bigint() - begun) / every);
  const now = offsets[turn % offsets.length]!;
  if (now !== offset && notes !== undefined) appendFileSync(notes, `${process.pid}\n`);
  offset = now;
  return real() + offset;
};
