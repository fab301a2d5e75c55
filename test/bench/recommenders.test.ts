// The contest of recommenders on a small world in the layout of ml-100k, with methods that need no training; the contest
// of beams with searches that are written down.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import generative from '../../scenarios/generative.ts';
import { beamRows } from '../../src/bench/beams.ts';
import { contestSets, entrantsOf } from '../../src/bench/recommender-recipes.ts';
import { pooledContest } from '../../src/bench/pooled.ts';
import { readSet, recommenderContest, type SetReport } from '../../src/bench/recommenders.ts';
import { pooledSections, recommendersSections } from '../../src/bench/recommenders-page.ts';
import { readTrainingRecord, writeTrainingRecord } from '../../src/bench/training-record.ts';
import { nobody } from '../../src/recommend/free-tree.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import { meanOf } from '../../src/stats/ratio.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-contest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Everyone goes through one half of the items, and one more item that all have met. */
beforeAll(() => {
  const set = join(folder, 'ml-100k');
  mkdirSync(set);
  const items = Array.from({ length: 21 }, (_, item) => `${item}\tFilm ${item}\t1990\tDrama`);
  const rows = Array.from({ length: 40 }, (_, person) =>
    [20, ...Array.from({ length: 6 }, (_step, step) => (person % 2) * 10 + ((person + step * 3) % 10))].map(
      (item, time) => `${person}\t${item}\t5\t${person * 100 + time}`,
    ),
  ).flat();
  const head = 'item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq';
  writeFileSync(join(set, 'ml-100k.item'), [head, ...items].join('\n'));
  writeFileSync(
    join(set, 'ml-100k.inter'),
    ['user_id:token\titem_id:token\trating:float\ttimestamp:float', ...rows].join('\n'),
  );
});

const settings = { data: folder, checkpoints: join(folder, 'weights'), seed: 1, log: () => {} };

describe('the contest of recommenders', () => {
  it('holds each against popularity for the same people, and prints every figure', async () => {
    const asked = { ...settings, sets: ['ml-100k'], methods: ['item-knn', 'vector-knn'] };
    const reports = await recommenderContest(asked);
    expect(reports).toMatchObject([
      {
        set: 'ml-100k',
        people: 40,
        rows: [{ entrant: 'popularity' }, { entrant: 'item-knn' }, { entrant: 'vector-knn' }],
      },
    ]);
    const recall = reports[0]!.rows.map((row) => row.grades.recall[10]!);
    expect(recall[1]).toBeGreaterThan(recall[0]!);
    expect(recall[2]).toBeGreaterThan(recall[0]!);
    const over = reports[0]!.differences.filter((one) => one.metric === 'recall@10');
    expect(over.map(({ method, against }) => [method, against])).toEqual([
      ['item-knn', 'popularity'],
      ['vector-knn', 'popularity'],
    ]);
    expect(over[0]!.mean).toBeCloseTo(recall[1]! - recall[0]!, 12);
    expect(over[0]!.ci![0]).toBeGreaterThan(0);
    const [section] = recommendersSections(reports, 'npm run bench -- recommenders', 3);
    expect(section!.name).toBe(`recommenders ${reports[0]!.set}, seed 3`);
    const { lines } = section!;
    for (const row of reports[0]!.rows)
      expect(lines.join('\n')).toContain(`| ${row.entrant} | ${row.grades.recall[5]!.toFixed(4)} |`);
    expect(lines.join('\n')).toContain('| item-knn − popularity | +');
  });

  it('writes what a part of the people says beside what all say', async () => {
    const asked = { ...settings, sets: ['ml-100k'], methods: ['item-knn'], people: 8 };
    const [section] = recommendersSections(await recommenderContest(asked), 'a command', 3);
    expect(section!.name).toBe('recommenders ml-100k, 8 people, seed 3');
    const part = await readSet(contestSets[2]!, { ...settings, people: 8 });
    const all = await readSet(contestSets[2]!, settings);
    expect(part.split.cases).toHaveLength(8);
    expect(all.split.cases).toEqual(expect.arrayContaining([...part.split.cases]));
    expect(part.training).toEqual(all.training);
  });

  it('pools three seeds by person: the mean of their differences, and an interval of it', async () => {
    const asked = { ...settings, sets: ['ml-100k'], methods: ['item-knn'] };
    const single: SetReport[] = [];
    for (const seed of [1, 2, 3]) single.push(...(await recommenderContest({ ...asked, seed })));
    const [pooled] = await pooledContest(asked);
    expect(pooled).toMatchObject({ seeds: [1, 2, 3], people: 40, peopleOfSeed: null });
    expect(pooled!.rows.map(({ entrant, grades }) => [entrant, grades['ndcg@20']])).toEqual(
      ['popularity', 'item-knn'].map((entrant, at) => [
        entrant,
        single.map(({ rows }) => expect.closeTo(rows[at]!.grades.ndcg[20]!, 12) as number),
      ]),
    );
    pooled!.differences.forEach(({ mean, n }, at) => {
      expect(n).toBe(40);
      expect(mean).toBeCloseTo(meanOf(single.map(({ differences }) => differences[at]!.mean!)), 12);
    });
    expect(pooled!.apart).toEqual(single);
    const sections = pooledSections([pooled!], 'a command');
    expect(sections.map(({ name }) => name)).toEqual([
      ...[1, 2, 3].map((seed) => `recommenders ml-100k, seed ${seed}`),
      'recommenders ml-100k, seeds 1, 2, 3',
    ]);
    expect(sections[3]!.lines.join('\n')).toContain(
      `| ${single.map(({ rows }) => rows[1]!.grades.recall[10]!.toFixed(4)).join(', ')} |`,
    );
  });

  it('pools those who were asked under some of the seeds, each once', async () => {
    const part = { ...settings, sets: ['ml-100k'], methods: ['item-knn'], people: 8 };
    const asked = new Set<string>();
    for (const seed of [1, 2, 3]) {
      const { split } = await readSet(contestSets[2]!, { ...part, seed });
      for (const { visitor } of split.cases) asked.add(visitor);
    }
    const [pooled] = await pooledContest(part);
    expect(asked.size).toBeGreaterThan(8);
    expect(asked.size).toBeLessThan(24);
    expect(pooled!.people).toBe(asked.size);
    expect(pooled!.differences.map(({ n }) => n)).toEqual([1, 2, 3, 4].map(() => asked.size));
    expect(pooledSections([pooled!], 'a command').at(-1)!.name).toBe(
      'recommenders ml-100k, 8 people, seeds 1, 2, 3',
    );
  });

  it('names the data sets and the methods where one is unknown', async () => {
    await expect(recommenderContest({ ...settings, sets: ['beauti'] })).rejects.toThrowError(/beauti/);
    const unknown = { ...settings, sets: ['ml-100k'], methods: ['sasrek'] };
    await expect(recommenderContest(unknown)).rejects.toThrowError(/sasrec/);
  });
});

it('every recipe is a setting that its method takes, and no two entrants have one name', () => {
  for (const set of contestSets) {
    const entrants = entrantsOf(set);
    expect(new Set(entrants.map(({ name }) => name)).size).toBe(entrants.length);
    for (const { method, settings: recipe } of entrants) {
      expect(methodNamed(method).settings.safeParse(recipe)).toMatchObject({ success: true });
    }
  }
});

it('the scenario of the generative arms trains them by the recipes of the contest, whose figures are on the page', () => {
  const recipes = entrantsOf({ kind: 'ratings' });
  const arms = generative.arms.flatMap((arm) => ('method' in arm ? [arm] : []));
  expect(arms).toHaveLength(6);
  expect(generative.catalogue).toBe('ml-100k');
  for (const { method, settings: own } of arms)
    expect(own, method).toEqual(recipes.find(({ name }) => name === method)!.settings);
});

it('the time of a training lies beside its checkpoint and comes back', () => {
  const kept = { folder, method: 'sasrec', version: '0123456789abcdef0123' };
  expect(readTrainingRecord(kept)).toBeUndefined();
  const record = { seconds: 12.5, processorSeconds: 11.25 };
  writeTrainingRecord(kept, record);
  expect(readTrainingRecord(kept)).toEqual(record);
});

describe('the contest of beams', () => {
  const asked = { history: Int32Array.of(0), k: 1, excluded: new Set<number>() };
  const cases = [1, 2, 3].map((target) => ({ asked, target }));
  const list = (...items: readonly number[]) => items.map((item, at) => ({ item, score: -at }));

  it('says what a search shares with the exact order, loses to it and wastes on nobody', () => {
    const exact = list(1, 2, 3, 4);
    const [first, beam, free] = beamRows(
      cases,
      {
        exact: () => exact,
        beam: () => list(1, 2),
        free: () => list(nobody, 1, nobody, 2),
      },
      1,
    );
    expect(first).toMatchObject({ search: 'exact', recall10: 1, invalid: 0, shared10: 1, differences: [] });
    expect(beam!.recall10).toBeCloseTo(2 / 3, 12);
    expect(beam).toMatchObject({ invalid: 0, shared10: 0.5 });
    expect(beam!.differences[0]).toMatchObject({ metric: 'recall@10', against: 'exact', n: 3 });
    expect(beam!.differences[0]!.mean).toBeCloseTo(-1 / 3, 12);
    expect(free).toMatchObject({ recall10: beam!.recall10, invalid: 0.5, shared10: 0.5 });
    // Of whom all that was kept is known has an empty list, of which nothing is nobody's.
    const [, none] = beamRows(cases, { exact: () => exact, none: () => [] }, 1);
    expect(none).toMatchObject({ recall10: 0, invalid: 0, shared10: 0 });
    // A place that goes to nobody is a place of the list.
    expect(free!.ndcg10).toBeLessThan(beam!.ndcg10);
  });
});
