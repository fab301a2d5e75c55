// Whoever asks arms for slates notes what came of it, and passes nothing of that on.

import { expect, it } from 'vitest';
import { openAsking } from '../../src/experiment/asking.ts';
import { ArmError, type Recommender, type Slate } from '../../src/recommend/recommender.ts';
import { requestOf } from '../contracts/recommender.ts';

const shown: Slate = { items: [{ id: 'a', score: 1, propensity: 1 }], method: 'm', version: '1' };
const armThat = (recommend: Recommender['recommend']) => ({
  name: 'mine',
  recommender: { method: 'm', version: '1', recommend },
});

it('notes every slate in order, also those that are refused, and keeps to itself how they were generated', async () => {
  const asking = openAsking();
  const generated = { by: 'search', reach: 'wider' } as const;
  expect(
    await asking.ask(
      armThat(async () => ({ ...shown, generated })),
      requestOf(),
    ),
  ).toEqual(shown);
  expect(
    await asking.ask(
      armThat(async () => shown),
      requestOf(),
    ),
  ).toEqual(shown);
  const refusal = new ArmError('duplicate-item', 'a again');
  const refused = armThat(() => Promise.reject(refusal));
  await expect(asking.ask(refused, requestOf())).rejects.toBe(refusal);
  expect(asking.slates).toMatchObject([
    { arm: 'mine', refused: null, generated },
    { arm: 'mine', refused: null, generated: null },
    { arm: 'mine', refused: 'duplicate-item', generated: null },
  ]);
  for (const { ms } of asking.slates) expect(ms).toBeGreaterThanOrEqual(0);
});

it('a defect is no refusal', async () => {
  const asking = openAsking();
  const broken = armThat(() => Promise.reject(new TypeError('defect')));
  await expect(asking.ask(broken, requestOf())).rejects.toThrow(TypeError);
  expect(asking.slates).toEqual([]);
});
