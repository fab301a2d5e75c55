import { describe, expect, it } from 'vitest';
import { itemSchema, type Interaction } from '../../src/catalogue/item.ts';
import { historySteps, sequencesOf } from '../../src/recommend/sequences.ts';
import { tabulate } from '../../src/recommend/training-table.ts';

const items = ['a', 'b', 'c'].map((id) => itemSchema.parse({ id, title: id }));
const row = (item: string, time: number, value: number): Interaction => ({ user: 'p', item, time, value });
const inBoth = (rows: readonly Interaction[]): readonly [string, string] => {
  const set = { items, interactions: rows.toReversed() };
  const table = tabulate(set);
  const named = (steps: Iterable<number> = []): string =>
    Array.from(steps, (item) => table.itemIds[item]).join('');
  return [named(sequencesOf(set, table, 1).all[0]), named(historySteps(table, [...rows], 9))];
};

describe('a sequence to learn from and the history of a request', () => {
  it.each([
    ['keep the order of time', [row('b', 1, 5), row('a', 2, 3), row('c', 3, 4)], 'bac'],
    ['pass over dislikes', [row('b', 1, 5), row('a', 2, 2.5), row('c', 3, 4)], 'bc'],
    ['let a rating replace the watching before it', [row('b', 1, 4), row('b', 2, 1), row('c', 3, 4)], 'c'],
    ['count an item once, where it was met last', [row('b', 1, 4), row('a', 2, 4), row('b', 3, 5)], 'ab'],
    ['forget a dislike that was taken back', [row('b', 1, 1), row('a', 2, 4), row('b', 3, 5)], 'ab'],
    ['are empty where everything was disliked', [row('b', 1, 1)], ''],
  ])('%s', (_, rows, expected) => {
    expect(inBoth(rows)).toEqual([expected, expected]);
  });
});
