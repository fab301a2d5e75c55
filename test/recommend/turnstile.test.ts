import { expect, it } from 'vitest';
import { Crowded, turnstile } from '../../src/recommend/turnstile.ts';

it('lets a few through in each turn, in their order, and refuses who comes when too many wait', async () => {
  const door = turnstile(2, 5);
  let turn = 0;
  const passed: [number, number][] = [];
  const callers = Array.from({ length: 7 }, (_, at) => door().then(() => void passed.push([at, turn])));
  const refused = Promise.allSettled(callers);
  for (; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
  const settled = await refused;
  expect(settled.map(({ status }) => status)).toEqual([
    ...Array<string>(5).fill('fulfilled'),
    'rejected',
    'rejected',
  ]);
  expect((settled[6] as PromiseRejectedResult).reason).toBeInstanceOf(Crowded);
  expect(passed.map(([at]) => at)).toEqual([0, 1, 2, 3, 4]);
  const turns = passed.map(([, at]) => at);
  expect(turns[1]).toBe(turns[0]);
  expect(turns[2]).toBe(turns[0]! + 1);
  expect(turns[4]).toBe(turns[0]! + 2);
  await door();
});
