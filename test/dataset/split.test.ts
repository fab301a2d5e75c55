import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partOfVisitor, splitOf, withParts, type Part, type Split } from '../../src/dataset/split.ts';
import { tableNamed, type Row, type SplitKind } from '../../src/dataset/tables.ts';

const table = tableNamed('interactions');
const visits = fc.array(
  fc.record({
    visitor: fc.constantFrom('ann', 'ben', 'cleo', 'dora'),
    arm: fc.constantFrom('a', 'b'),
    time: fc.nat(100),
  }),
);

function rowsOf(drawn: readonly { visitor: string; arm: string; time: number }[]): Row[] {
  return drawn
    .map(({ visitor, arm, time }) => ({ visitor, user_id: `${visitor}@${arm}`, timestamp: time }))
    .sort((a, b) => (a.user_id < b.user_id ? -1 : a.user_id > b.user_id ? 1 : a.timestamp - b.timestamp));
}

function partsOf(kind: SplitKind, rows: readonly Row[], seed = 1): { part: Part; row: Row }[] {
  const split: Split = splitOf(kind, seed, () => rows.map((row) => Number(row['timestamp'])));
  return [...withParts(split, table, rows)];
}

describe('a split', () => {
  it('gives every row once, in its order', () => {
    fc.assert(
      fc.property(
        visits,
        fc.constantFrom<SplitKind>('none', 'time', 'user', 'leave-one-out'),
        (drawn, kind) => {
          const rows = rowsOf(drawn);
          expect(partsOf(kind, rows).map(({ row }) => row)).toEqual(rows);
        },
      ),
    );
  });

  it('by user keeps a visitor with its twin', () => {
    fc.assert(
      fc.property(visits, fc.nat(), (drawn, seed) => {
        const seen = new Map<unknown, Part>();
        for (const { part, row } of partsOf('user', rowsOf(drawn), seed)) {
          expect(seen.get(row['visitor']) ?? part).toBe(part);
          seen.set(row['visitor'], part);
        }
      }),
    );
  });

  it('by user takes about eight tenths, one and one, and other visitors with another seed', () => {
    const people = Array.from({ length: 4000 }, (_, index) => `p${index}`);
    const share = (part: Part, seed: number): number =>
      people.filter((person) => partOfVisitor(person, seed) === part).length / people.length;
    // Four standard errors of a share of 0.8 and 0.1 among 4,000.
    expect(share('train', 1)).toBeCloseTo(0.8, 1);
    expect(Math.abs(share('test', 1) - 0.1)).toBeLessThan(0.02);
    expect(people.some((person) => partOfVisitor(person, 1) !== partOfVisitor(person, 2))).toBe(true);
  });

  it('by time has no row of train after one of validation, nor of validation after one of test', () => {
    fc.assert(
      fc.property(visits, (drawn) => {
        const times = (part: Part): number[] =>
          partsOf('time', rowsOf(drawn))
            .filter((one) => one.part === part)
            .map(({ row }) => Number(row['timestamp']));
        const latest = (part: Part): number => Math.max(-Infinity, ...times(part));
        const first = (part: Part): number => Math.min(Infinity, ...times(part));
        expect(latest('train')).toBeLessThan(first('validation'));
        expect(Math.max(latest('train'), latest('validation'))).toBeLessThan(first('test'));
      }),
    );
  });

  it('leaving one out tests the last and validates on the one before, of whoever has three', () => {
    const rows = rowsOf([1, 2, 3, 4].map((time) => ({ visitor: 'ann', arm: 'a', time })));
    expect(partsOf('leave-one-out', rows).map(({ part }) => part)).toEqual([
      'train',
      'train',
      'validation',
      'test',
    ]);
    expect(partsOf('leave-one-out', rows.slice(0, 2)).map(({ part }) => part)).toEqual(['train', 'train']);
  });

  it('of a table it makes no sense of is a defect, of a whole table nothing', () => {
    const split = splitOf('leave-one-out', 1, () => []);
    expect(() => [...withParts(split, tableNamed('sessions'), [])]).toThrow(/defect/);
    expect([...withParts(split, tableNamed('items'), [{ item_id: 'i' }])]).toEqual([
      { part: 'train', row: { item_id: 'i' } },
    ]);
  });
});
