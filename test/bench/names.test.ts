// The contest of names: on a small world every writer writes, what is told of it adds up.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { namesSections } from '../../src/bench/names-page.ts';
import { namesRows } from '../../src/bench/names.ts';
import { leaveOneOut } from '../../src/recommend/next-item.ts';
import { smallWorld } from '../contracts/recommender.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-names-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the contest of names', () => {
  it('counts what was written, what it grounds to, and what structural matches add', async () => {
    const world = smallWorld();
    const split = leaveOneOut(world, { seed: 1 });
    const quick = { scale: 'xs', epochs: 1, history: 8, validationPeople: 8, beam: 8 };
    const rows = await namesRows(
      'small',
      { items: world.items, interactions: split.training },
      [
        { name: 'both tasks', settings: quick, trained: true },
        { name: 'untrained', settings: quick, trained: false },
      ],
      { cases: split.cases.slice(0, 16) },
      { data: folder, checkpoints: folder, seed: 1, log: () => {} },
    );
    const [both, untrained] = rows;
    for (const row of rows) {
      expect(row.recall).toBeGreaterThanOrEqual(row.recallDirect);
      expect(row.differences[0]!.mean).toBeCloseTo(row.recall - row.recallDirect, 12);
      for (const share of [row.valid!, row.direct!]) expect(share >= 0 && share <= 1).toBe(true);
      expect(row.terms.items).toBe(world.items.length);
    }
    // A name of five words is hardly hit by a model that has seen none.
    expect(untrained!.valid).toBeLessThan(0.2);
    expect(both!.differences).toHaveLength(1);
    expect(untrained!.differences[1]!.mean).toBeCloseTo(untrained!.recall - both!.recall, 12);
    for (const { cold } of rows) expect(cold.found).toBeLessThanOrEqual(cold.cases);
    const [section] = namesSections(
      [{ set: 'small', told: 'its title', people: 16, rows }],
      'npm run bench -- names',
      1,
    );
    expect(section!.name).toBe('names small, seed 1');
    expect(section!.lines.join('\n')).toContain(`| untrained | ${untrained!.valid!.toFixed(4)} |`);
  });
});
