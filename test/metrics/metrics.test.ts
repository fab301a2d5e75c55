// Metrics on two visits whose figures can be counted by hand, and the contract that all metrics keep.

import { beforeEach, describe, expect, it, test } from 'vitest';
import { coverage } from '../../src/metrics/coverage.ts';
import { metricNamed, metrics } from '../../src/metrics/metrics.ts';
import { metricValues, sessionTotals, visitorTotals } from '../../src/metrics/totals.ts';
import { openDatabase } from '../../src/store/database.ts';
import type { Database } from '../../src/store/database.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from '../store/sample.ts';

const ann = sampleEvents({
  slates: [['a', 'b', 'c']],
  hidden: 1,
  opened: ['a'],
  watched: ['a'],
  rated: { a: 4 },
});
const bob = sampleEvents({
  slates: [
    ['a', 'd'],
    ['b', 'e'],
  ],
  opened: ['a', 'b', 'e'],
  listed: ['e'],
});

let database: Database;
beforeEach(() => {
  database = openDatabase(':memory:');
  saveVisitors(database, ['ann', 'bob', 'cy', 'dot']);
  const record = writer(database);
  record.saveItems(
    Object.entries({
      a: ['Drama'],
      b: ['Drama', 'Comedy'],
      c: ['Comedy', 'Comedy'],
      d: [],
      e: ['Horror'],
      f: ['War'],
    }).map(([id, genres]) => ({
      id,
      title: id.toUpperCase(),
      genres,
    })),
  );
  record.saveSession(sampleSession(), ann);
  record.saveSession(sampleSession({ visitor: 'bob', steps: 9, simulatedSeconds: 150 }), bob);
});

describe('two visits counted by hand', () => {
  const expected: Record<string, readonly [readonly [number, number], readonly [number, number]]> = {
    ctr: [
      [1, 2],
      [3, 4],
    ],
    clicks: [
      [1, 1],
      [3, 1],
    ],
    conversion: [
      [1, 1],
      [1, 3],
    ],
    watches: [
      [1, 1],
      [0, 1],
    ],
    'mean-rating': [
      [4, 1],
      [0, 0],
    ],
    'session-length': [
      [5, 1],
      [9, 1],
    ],
    'session-minutes': [
      [1.5, 1],
      [2.5, 1],
    ],
    depth: [
      [1, 1],
      [2, 1],
    ],
    // a-b share one genre of two, b-c one of two, a-c none: 1 − (½ + ½ + 0) / 3. Bob's first slate has one item with genres.
    'list-diversity': [
      [2 / 3, 1],
      [1, 1],
    ],
  };

  for (const metric of metrics) {
    it(`${metric.name}: ${metric.description}`, () => {
      const [first, second] = expected[metric.name]!;
      const rows = metricValues(database, metric).get('control')!;
      expect(rows.map((row) => row.visitor)).toEqual(['ann', 'bob']);
      expect(rows[0]!.numerator).toBeCloseTo(first[0], 12);
      expect(rows[0]!.denominator).toBe(first[1]);
      expect(rows[1]!.numerator).toBeCloseTo(second[0], 12);
      expect(rows[1]!.denominator).toBe(second[1]);
    });
  }

  it('coverage: five of six items were shown', () => {
    expect(coverage(database)).toEqual(new Map([['control', 5 / 6]]));
    expect(coverage(database, new Set(['nobody']))).toEqual(new Map([['control', 0]]));
    expect(coverage(openDatabase(':memory:'))).toEqual(new Map());
  });
});

describe('every metric', () => {
  const rowsOf = (): unknown => metrics.map((metric) => [...metricValues(database, metric)]);

  it('has its own name, lower-case with hyphens, and says its unit', () => {
    expect(new Set(metrics.map((metric) => metric.name)).size).toBe(metrics.length);
    for (const metric of metrics) {
      expect(metric.name).toMatch(/^[a-z0-9-]+$/);
      expect(metric.unit.length * metric.title.length * metric.description.length).toBeGreaterThan(0);
    }
  });

  it('sees nothing of failed and truncated sessions', () => {
    const before = rowsOf();
    const record = writer(database);
    record.saveSession(sampleSession({ visitor: 'cy', status: 'truncated', exitReason: 'step-limit' }), bob);
    record.saveSession(
      sampleSession({
        visitor: 'ann',
        replicate: 2,
        status: 'failed',
        exitReason: null,
        failureKind: 'timeout',
      }),
      ann,
    );
    expect(rowsOf()).toEqual(before);
  });

  it('sees nothing of burn-in visits unless it is asked to', () => {
    const before = rowsOf();
    writer(database).saveSession(sampleSession({ replicate: 0 }), bob);
    expect(rowsOf()).toEqual(before);
    const totals = sessionTotals(database, metrics);
    const burnIn = visitorTotals(totals, metricNamed('clicks'), ({ replicate }) => replicate < 1);
    expect(burnIn.get('control')).toEqual([{ visitor: 'ann', numerator: 3, denominator: 1 }]);
  });

  it('counts the same alone as together with all others', () => {
    const totals = sessionTotals(database, metrics);
    for (const metric of metrics)
      expect(visitorTotals(totals, metric)).toEqual(metricValues(database, metric));
  });

  it('has one row for every arm and visitor: replicates are added up, a visit in which nothing happened counts', () => {
    writer(database).saveSession(sampleSession({ replicate: 2 }), ann);
    writer(database).saveSession(sampleSession({ visitor: 'cy', arm: 'new' }), sampleEvents({ slates: [] }));
    for (const metric of metrics) {
      const values = metricValues(database, metric);
      const [once] = metricValues(database, metric).get('control')!;
      expect([...values.keys()].sort()).toEqual(['control', 'new']);
      expect(values.get('control')).toHaveLength(2);
      expect(values.get('new')!.map((row) => [row.visitor, row.denominator])).toEqual([
        ['cy', metric.kind === 'mean' ? 1 : 0],
      ]);
      expect(once!.denominator % 2).toBe(0);
    }
  });

  it('does not count search results as recommendations', () => {
    const before = metricValues(database, metricNamed('ctr'));
    const results = sampleEvents({ slates: [['f', 'e']] }).map((event) =>
      event.type === 'slate-shown' ? { ...event, list: 'results' as const } : event,
    );
    writer(database).saveSession(sampleSession({ visitor: 'dot' }), results);
    expect(metricValues(database, metricNamed('ctr')).get('control')!.slice(0, 2)).toEqual([
      ...before.get('control')!,
    ]);
    expect(metricValues(database, metricNamed('ctr')).get('control')![2]).toEqual({
      visitor: 'dot',
      numerator: 0,
      denominator: 0,
    });
    expect(metricValues(database, metricNamed('depth')).get('control')![2]!.numerator).toBe(0);
    expect(coverage(database).get('control')).toBe(5 / 6);
  });
});

test('an unknown metric is wrong usage, and the names are listed', () => {
  expect(() => metricNamed('applause')).toThrow('There is no metric "applause".');
  try {
    metricNamed('applause');
  } catch (error) {
    expect(error).toMatchObject({
      exitCode: 2,
      hint: expect.stringContaining('ctr, clicks, conversion, watches'),
    });
  }
});

test('SQL that breaks the contract is named', () => {
  const broken = {
    ...metricNamed('ctr'),
    name: 'broken',
    numerator: { over: 'items', sql: 'NULL' },
  } as const;
  expect(() => metricValues(database, broken)).toThrow(/metric broken gave null/);
});
