// The contest of the lazy decoder: on a small trained world it counts, times and trains both architectures; the yardstick of
// popularity is what it must be.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lazySections } from '../../src/bench/lazy-page.ts';
import { lazyReport, popularityLoss } from '../../src/bench/lazy.ts';
import { smallWorld } from '../contracts/recommender.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-lazy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the contest of the lazy decoder', () => {
  it('counts and times a step of both, and holds equal trainings of several seeds against each other', async () => {
    const settings = { data: folder, checkpoints: folder, seed: 1, log: () => {} };
    const common = { scale: 'xs', epochs: 3, history: 8, validationPeople: 8, levels: 2, codes: 4 };
    const report = await lazyReport('small', smallWorld(), settings, {
      steps: [{ history: 16, rows: 32 }],
      seeds: 2,
      settings: common,
      contestants: { lazy: {}, encoding: { architecture: 'encoder-decoder' } },
    });
    const saved = report.costs.map(
      ({ multiplications }) => 1 - multiplications.lazy / multiplications['encoder-decoder'],
    );
    expect(saved[0]!).toBeGreaterThan(0.3);
    for (const { secondsPerStep } of report.costs) expect(secondsPerStep.lazy).toBeGreaterThan(0);
    expect(report.seeds.map(({ seed }) => seed)).toEqual([1, 2]);
    for (const { losses } of report.seeds)
      for (const loss of Object.values(losses)) expect(loss).toBeLessThan(report.uniform);
    expect(report.seeds[0]!.losses['lazy']).not.toBe(report.seeds[1]!.losses['lazy']);
    const [section] = lazySections([report], 'npm run bench -- lazy', 1);
    expect(section!.name).toBe('lazy small, seed 1');
    expect(section!.lines.join('\n')).toContain(`| ${report.seeds[0]!.losses['lazy']!.toFixed(4)} |`);
  });

  it('knows what popularity alone says of the last steps', () => {
    // Seven steps of two items: of a last step of item 0, three of the other six steps, one added, are its own.
    const all = [
      [0, 0, 1],
      [1, 1, 0, 0],
    ].map((sequence) => Int32Array.from(sequence));
    const expected = -(Math.log(3 / 8) + Math.log(4 / 8)) / 2 / 2;
    expect(popularityLoss({ all }, 2)).toBeCloseTo(expected, 12);
  });
});
