// The contest of judged searches: on a small trained world every search runs and costs what it does more; the figures of
// searches that are written down are what they must be.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { guidedSections } from '../../src/bench/guided-page.ts';
import { gradedRows, guidedRows } from '../../src/bench/guided.ts';
import type { SearchedCase } from '../../src/recommend/hierarchical-recall.ts';
import { leaveOneOut } from '../../src/recommend/next-item.ts';
import { smallWorld } from '../contracts/recommender.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-guided-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the contest of judged searches', () => {
  it('searches one training in every way, on the same people, and counts what each way costs', async () => {
    const world = smallWorld();
    const catalogue = { name: 'small', implicit: false, people: [], ...world };
    const split = leaveOneOut(catalogue, { seed: 1 });
    const common = { scale: 'xs', epochs: 1, history: 8, validationPeople: 8, levels: 2, codes: 4, beam: 8 };
    const rows = await guidedRows(
      'small',
      { items: world.items, interactions: split.training },
      [
        { name: 'promise', method: 'promise', settings: { ...common, negatives: 7 } },
        { name: 'tiger', method: 'tiger', settings: common },
      ],
      { ...split, cases: split.cases.slice(0, 12) },
      { data: folder, checkpoints: folder, seed: 1, log: () => {} },
      { beam: 4, proposals: [4, 12], otherBeams: [12], controlled: 12 },
    );
    const cost = (search: string): number => rows.find((row) => row.search === search)!.multiplications;
    expect(rows[0]!.search).toBe('beam of 4');
    // Two levels and the one that tells equal codes apart: level 2 alone, and 1 and 2.
    expect(rows.map(({ search }) => search)).toEqual([
      'beam of 4',
      'beam of 12',
      'judge, 4 proposals',
      'judge, 12 proposals',
      'judge and decoder in sum, 12 proposals',
      'judge at level 2 alone, 12 proposals',
      'judge at levels 1, 2 alone, 12 proposals',
      'judge without a search, all items',
      'judge by chance, 12 proposals',
      'judge by popularity, 12 proposals',
      'two decoders, beam of 2',
      'two decoders, beam of 4',
    ]);
    const judge = rows.find(({ search }) => search === 'judge, 12 proposals')!;
    expect(new Set(judge.overControls.map(({ against }) => against))).toEqual(
      new Set([
        'judge by chance, 12 proposals',
        'judge by popularity, 12 proposals',
        'two decoders, beam of 2',
        'two decoders, beam of 4',
      ]),
    );
    expect(cost('beam of 12')).toBeGreaterThan(cost('beam of 4'));
    expect(cost('judge, 12 proposals')).toBeGreaterThan(cost('judge, 4 proposals'));
    expect(cost('judge, 4 proposals')).toBeGreaterThan(cost('beam of 4'));
    expect(cost('two decoders, beam of 4')).toBeGreaterThan(1.9 * cost('beam of 4'));
    expect(cost('judge by chance, 12 proposals')).toBe(cost('beam of 4'));
    // Nothing is pruned: who looks for prefixes that were kept finds all of them.
    const whole = rows.find(({ search }) => search === 'judge without a search, all items')!;
    expect(whole.hierarchical).toBeNull();
    expect(whole.multiplications).toBeGreaterThan(0);
    expect(whole.differences.map(({ metric }) => metric)).toEqual(['recall@10']);
    for (const { hierarchical, recall10 } of rows) {
      if (hierarchical === null) continue;
      // Who lost the path at a level has lost it at the next.
      for (let level = 1; level < hierarchical.length; level++)
        expect(hierarchical[level]!).toBeLessThanOrEqual(hierarchical[level - 1]!);
      expect(recall10).toBeLessThanOrEqual(hierarchical.at(-1)! + 1e-12);
    }
    const [section] = guidedSections(
      [{ set: 'small', people: 12, beam: 4, rows }],
      'npm run bench -- guided',
      1,
    );
    expect(section!.name).toBe('guided small, seed 1');
    expect(section!.lines.join('\n')).toContain('| judge by popularity, 12 proposals |');
    const [picture] = section!.pictures!;
    expect(picture!.text.match(/<circle/g)!.length).toBe(rows.length + 3);
    expect(section!.lines.join('\n')).toContain(`pictures/${picture!.name}`);
  });

  it('grades recall and prefixes against the first search', () => {
    const found = (ranks: readonly (number | null)[], depths: readonly number[]): SearchedCase[] =>
      ranks.map((rank, at) => ({ rank, listed: [], kept: [1, 2, 3].map((level) => level <= depths[at]!) }));
    const way = (search: string, family: 'beam' | 'judge') => ({ search, family });
    const [plain, judged] = gradedRows(
      [
        {
          way: way('plain', 'beam'),
          found: found([0, null, null, null], [3, 2, 1, 0]),
          multiplications: 1,
          longTail10: null,
        },
        {
          way: way('judged', 'judge'),
          found: found([1, 2, null, null], [3, 3, 2, 0]),
          multiplications: 1,
          longTail10: null,
        },
      ],
      1,
    );
    expect(plain).toMatchObject({
      recall10: 0.25,
      ndcg10: 0.25,
      hierarchical: [0.75, 0.5, 0.25],
      differences: [],
    });
    expect(judged!.ndcg10).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(4)) / 4, 12);
    expect(judged).toMatchObject({ recall10: 0.5, hierarchical: [0.75, 0.75, 0.5] });
    expect(judged!.differences.map(({ metric, mean }) => [metric, mean])).toEqual([
      ['recall@10', 0.25],
      ['HRecall@1', 0],
      ['HRecall@2', 0.25],
    ]);
  });
});
