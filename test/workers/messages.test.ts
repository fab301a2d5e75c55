// What a worker says of its slates is checked where it comes in.

import { expect, it } from 'vitest';
import { endedSchema } from '../../src/workers/messages.ts';
import { sampleSession } from '../store/sample.ts';

it('a session with an account of generations that is none is no message', () => {
  const ended = (generated: unknown) =>
    endedSchema.safeParse({
      session: sampleSession({ slates: [{ arm: 'new', ms: 1, refused: null, generated }] }),
      events: [],
      calls: [],
    }).success;
  expect([null, { by: 'search', reach: 'wider' }].map(ended)).toEqual([true, true]);
  expect([{ by: 'luck' }, { by: 'search', reach: 9 }, 'wider', 3].map(ended)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
