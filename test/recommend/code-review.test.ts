// What is told of a trained model's codes: the losses of its levels add up to hardly less than its held-out loss, and a model that was not
// trained is said to know no more than popularity.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { popularityLosses, reviewLines, type LevelLoss } from '../../src/recommend/code-review.ts';
import { checkpointPath } from '../../src/recommend/define-model.ts';
import { readCheckpoint } from '../../src/recommend/kit/checkpoint.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import { circle } from './circle.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-code-review-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Figures {
  readonly levels: readonly LevelLoss[];
  readonly looks: readonly { readonly score: number }[];
  readonly account: readonly string[];
}

async function figuresOf(name: string, epochs: number): Promise<Figures> {
  const settings = {
    ...{ scale: 'xs', levels: 2, codes: 4, epochs, history: 8, rate: 0.02, validationPeople: 10 },
    ...(name === 'promise' ? { negatives: 7 } : {}),
  };
  const { version } = await methodNamed(name).train(circle(), settings, 1, { keep: folder });
  return readCheckpoint(checkpointPath(folder, name, version)).header.figures as unknown as Figures;
}

describe('the review of codes', () => {
  it.each(['tiger', 'promise', 'onerec-v2'])(
    '%s, untrained and trained',
    { timeout: 120_000 },
    async (name) => {
      const [untrained, trained] = [await figuresOf(name, 0), await figuresOf(name, 15)];
      const prior = untrained.levels.map(({ popularity }) => popularity);
      expect(trained.levels.map(({ popularity }) => popularity)).toEqual(prior);
      expect(prior).toHaveLength(3);
      expect(untrained.account.at(-1)).toMatch(/no better than popularity/);
      for (const { model, popularity } of trained.levels) expect(model).toBeLessThan(popularity);
      expect(trained.account.at(-1)).toMatch(
        /nats a level, by popularity alone .* % go to codes that no item has$/,
      );
      // The best look is the one whose weights are kept; of promise it counts the judge's loss, too.
      const sum = trained.levels.reduce((total, { model }) => total + model, 0);
      const best = -Math.max(...trained.looks.map(({ score }) => score));
      // Among the codes that go on they cost less than among all, by little: little goes astray.
      const codes = name === 'onerec-v2' ? 3 : 1;
      expect(sum / codes).toBeLessThan(best + 1e-4);
      if (name !== 'promise') expect(sum / codes).toBeGreaterThan(best - 0.02);
      for (const { astray } of trained.levels) expect(astray).toBeLessThan(0.05);
      expect(untrained.levels[1]!.astray).toBeGreaterThan(0.1);
    },
  );

  it('a level on which all go on in one way is not called unlearnt', () => {
    const learnt = { model: 0.1, popularity: 1.4, astray: 0 };
    const only = { model: 0, popularity: 0, astray: 0 };
    expect(reviewLines([learnt, only])).toHaveLength(1);
    expect(reviewLines([{ ...learnt, model: 1.4 }, only])[1]).toContain('level 1 no better than popularity');
  });

  it('popularity is that of prefixes among those that go on the same way, one added to each', () => {
    // Items 0 and 1 begin with 0, item 2 with 1; four steps, of which three at item 0.
    const full = Int32Array.of(0, 0, 0, 1, 1, 0);
    const training = [Int32Array.of(0, 0, 1), Int32Array.of(0)];
    const losses = (next: number) => popularityLosses(training, [{ next }], { full }, 2);
    expect(losses(0)).toEqual([-Math.log(5 / 6), -Math.log(4 / 6)]);
    expect(losses(2)).toEqual([-Math.log(1 / 6), 0]);
    const both = popularityLosses(training, [{ next: 0 }, { next: 1 }], { full }, 2);
    expect(both[1]).toBeCloseTo((Math.log(6 / 4) + Math.log(6 / 2)) / 2, 12);
  });
});
