// What a run says as a data set: who is in it, what folds together, what a pair is.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstDifference } from '../../src/dataset/pairs.ts';
import { selectDataset, type Dataset, type Selection } from '../../src/dataset/select.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { screenPath } from '../../src/store/blobs.ts';
import { sha256 } from '../../src/base/hash.ts';
import { writer } from '../../src/store/write.ts';
import { sampleSession } from '../store/sample.ts';
import { madeUpRun, pictures, type MadeUpRun } from './run.ts';

const standard: Selection = { tables: [], split: 'none', seed: 1, arms: null, since: 1000 };

describe('a run as a data set', () => {
  let run: MadeUpRun;
  let database: Database;
  let dataset: Dataset;
  beforeAll(() => {
    run = madeUpRun();
    database = openDatabase(join(run.folder, 'events.sqlite'), { readonly: true });
    dataset = selectDataset(database, run.folder, standard);
  });
  afterAll(() => {
    database.close();
    run.remove();
  });

  it('has a row a place, shown twice or once, in view if it ever was, with the screenshot that first showed it', () => {
    const rows = [...dataset.rows('impressions')].filter((row) => row['session'] === 'ann@control#1');
    expect(rows).toHaveLength(12);
    const first = rows.filter((row) => row['slate'] === 1);
    expect(first.map((row) => row['in_view'])).toEqual([true, true, true, true]);
    expect(first[0]).toMatchObject({
      opened: true,
      watched: true,
      listed: false,
      rating: 2,
      slot: 1,
      timestamp: 1000.1,
    });
    expect(first[1]).toMatchObject({ opened: false, watched: false, rating: null });
    expect(new Set(first.map((row) => row['screen']))).toEqual(new Set(['2b7'.padStart(64, 'a')]));
    expect(rows.filter((row) => row['list'] === 'results')).toHaveLength(4);
  });

  it('has every event of the record in it: as many opened places as openings, of sessions that are data', () => {
    const opened = [...dataset.rows('impressions')].filter((row) => row['opened'] === true).length;
    const events = database
      .prepare(
        "SELECT count(*) FROM events e JOIN sessions s ON s.id = e.session WHERE e.type = 'item-opened' AND s.status <> 'failed'",
      )
      .pluck()
      .get();
    expect(opened).toBe(events);
    const view = database.prepare("SELECT count(*) FROM impressions WHERE status <> 'failed'").pluck().get();
    expect([...dataset.rows('impressions')]).toHaveLength(Number(view));
  });

  it('folds what happened to an item in a visit into one interaction, at the time it was opened', () => {
    const rows = [...dataset.rows('interactions')].filter((row) => row['session'] === 'ann@control#2');
    expect(rows.map(({ opened, watched, listed, rating }) => [opened, watched, listed, rating])).toEqual([
      [true, true, false, 3],
      [true, false, true, null],
      [true, false, false, 5],
    ]);
    expect(rows[0]!['timestamp']).toBe(1000 + 86_400 + 4.5);
  });

  it('keeps the last rating of an item by a user', () => {
    const rated = [...dataset.ratings()].map(({ row }) => `${row['user_id']} ${row['item_id']}`);
    expect(new Set(rated).size).toBe(rated.length);
    const all = [...dataset.rows('interactions')].filter((row) => row['rating'] !== null);
    expect(new Set(all.map((row) => `${row['user_id']} ${row['item_id']}`)).size).toBe(rated.length);
  });

  it('pairs a visitor with itself, and not where one of the visits failed', () => {
    const pairs = [...dataset.rows('pairs')];
    expect(pairs).toHaveLength(11);
    expect(pairs.some((row) => row['visitor'] === 'f-6' && row['replicate'] === 2)).toBe(false);
    const [first] = pairs;
    expect(first).toMatchObject({
      visitor: 'ann',
      control: 'control',
      arm: 'other',
      diverged_at: 1,
      mean_rating_control: 3.5,
    });
    expect(first!['opened_control']).not.toEqual(first!['opened_arm']);
    expect(first!['first_slate_control']).toHaveLength(4);
  });

  it('has no visit that the budget cut, and counts it in the card', () => {
    const run = madeUpRun();
    const record = openDatabase(join(run.folder, 'events.sqlite'));
    const cut = { status: 'truncated', exitReason: 'budget-spent', steps: 0, simulatedSeconds: 0 } as const;
    const visit = { visitor: 'ann', replicate: 3 };
    writer(record).saveSession(sampleSession({ ...visit, arm: 'control' }), []);
    writer(record).saveSession(sampleSession({ ...visit, arm: 'other', ...cut }), []);
    const own = selectDataset(record, run.folder, standard);
    expect(own.facts.sessions).toEqual({ complete: 24, truncated: 0, failed: 1, cut: 1 });
    for (const table of ['sessions', 'pairs'] as const)
      expect([...own.rows(table)]).toHaveLength(
        [...dataset.rows(table)].length + (table === 'pairs' ? 0 : 1),
      );
    record.close();
    run.remove();
  });

  it('has no pairs under a split design, and none are made up', () => {
    const split = madeUpRun({ design: 'split' });
    const record = openDatabase(join(split.folder, 'events.sqlite'), { readonly: true });
    expect([...selectDataset(record, split.folder, standard).rows('pairs')]).toEqual([]);
    record.close();
    split.remove();
  });

  it('does not carry profiles out of the run', () => {
    expect(JSON.stringify([...dataset.rows('visitors')])).not.toContain('history');
  });

  it('can be of one arm; an unknown arm is told with the known ones', () => {
    const one = selectDataset(database, run.folder, { ...standard, arms: ['other'] });
    expect(new Set([...one.rows('sessions')].map((row) => row['arm']))).toEqual(new Set(['other']));
    expect(() => selectDataset(database, run.folder, { ...standard, arms: ['mf'] })).toThrow(
      /no sessions of an arm mf/,
    );
  });

  it('has the screens that were kept, each once, and refuses one that is not its hash', () => {
    const hashes = [...pictures.values()].map(sha256);
    const rows = [...dataset.rows('screens')];
    expect(rows.map((row) => row['screen'])).toEqual(hashes);
    expect(rows.map((row) => row['image'])).toEqual([...pictures.values()]);
    expect(rows[0]).toMatchObject({ marks: '[{"mark":3,"text":"=Heat, | 1995"}]', synthetic: true });
    const path = screenPath(run.folder, hashes[0]!);
    const before = readFileSync(path);
    writeFileSync(path, 'another picture');
    expect(() => [...dataset.rows('screens')]).toThrow(/damaged or misnamed/);
    writeFileSync(path, before);
  });

  it('has thoughts by step', () => {
    const [first] = [...dataset.rows('thoughts')];
    expect(first).toMatchObject({
      seq: 2,
      noticed: ['Heat | 1995'],
      recalled: [],
      reason: '=cmd() looked good',
      page_name: 'home',
    });
  });
});

describe('the first difference of two visits', () => {
  it('is where they part, or where one of them ends, or nowhere', () => {
    expect(firstDifference(['a', 'b'], ['a', 'c'])).toBe(1);
    expect(firstDifference(['a'], ['a', 'c'])).toBe(1);
    expect(firstDifference(['a'], ['a'])).toBeNull();
  });
});
