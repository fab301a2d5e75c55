// A run is ended by workers that cannot serve it only where there is nobody else.

import { expect, it } from 'vitest';
import { openLeftOut } from '../../src/workers/left-out.ts';

const refusal = { message: 'its catalogue is another', hint: 'Import it again.' };
const leaseMs = 1000;

function opened() {
  let time = 0;
  const left = openLeftOut(leaseMs, () => time);
  return { left, at: (moment: number) => (time = moment) };
}

it('nobody but a worker left out, for a lease, ends the run with its reason', () => {
  const { left, at } = opened();
  left.heard('a', false);
  at(10);
  expect(left.leave('a', refusal)).toBe(true);
  at(900);
  left.heard('a', false);
  expect(left.leave('a', refusal)).toBe(false);
  expect(left.verdict(1010)).toBeNull();
  expect(left.verdict(1011)).toMatchObject({
    message: 'No worker can serve this run. a was left out: its catalogue is another',
    hint: 'Import it again.',
  });
});

it('one that still builds its experiment gives the run another lease, one that was ever ready all of them', () => {
  const { left, at } = opened();
  left.leave('a', refusal);
  at(500);
  left.heard('b', false);
  expect(left.verdict(1500)).toBeNull();
  expect(left.verdict(1501)).not.toBeNull();
  left.heard('b', true);
  expect(left.verdict(1_000_000)).toBeNull();
});

it('one that was mended and is ready again is one of the others', () => {
  const { left } = opened();
  left.leave('a', refusal);
  left.heard('a', true);
  expect(left.verdict(1_000_000)).toBeNull();
  expect(left.leave('a', refusal)).toBe(true);
});
