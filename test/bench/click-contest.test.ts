// The contest of click models in a planted world: choices that know their people gain, and more than the same choices
// under other names or by a coin; where pages have covers and where they have none are told apart.

import { beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { augmentLines, augmentPage } from '../../src/bench/augment-page.ts';
import {
  clickContest,
  personGrades,
  type ClickReport,
  type ClickSource,
} from '../../src/bench/click-contest.ts';
import type { Catalogue } from '../../src/catalogue/item.ts';
import { byTime } from '../../src/catalogue/order.ts';
import { splitHistories } from '../../src/catalogue/split.ts';
import type { Choices } from '../../src/dataset/choices.ts';
import { clickMethods } from '../../src/recommend/click-methods.ts';

const tastes = 3;
const people = Array.from({ length: 60 }, (_, person) => `p${person}`);
const items = Array.from({ length: 60 }, (_, index) => ({
  id: `i${index}`,
  title: `Item ${index}`,
  text: '',
  genres: [`Taste ${index % tastes}`],
  attributes: {},
}));
const isLiked = (person: string, item: string): boolean =>
  Number(person.slice(1)) % tastes === Number(item.slice(1)) % tastes;

const catalogue: Catalogue = {
  name: 'planted',
  implicit: false,
  items,
  people: [],
  interactions: people
    .flatMap((user) =>
      randomFrom('click-world', user)
        .shuffle(items)
        .slice(0, 20)
        .map(({ id }, time) => ({ user, item: id, time, value: isLiked(user, id) ? 5 : 2 })),
    )
    .sort(byTime),
};
const split = splitHistories(catalogue, { heldOutShare: 0.8, cultureShare: 0.2, minimumHistory: 1 });

/** Twenty choices a person, of two items each. Whoever knows the person chooses what it likes. */
function choices(name: string, knows: boolean): Choices {
  return new Map(
    people.map((person) => {
      const mixed = randomFrom('choices', name, person).shuffle(items.map(({ id }) => id));
      const ordered = knows
        ? mixed.sort((a, b) => Number(isLiked(person, b)) - Number(isLiked(person, a)))
        : mixed;
      return [
        person,
        Array.from({ length: 20 }, (_, time) => ({
          chosen: ordered[time]!,
          left: ordered[59 - time]!,
          time,
        })),
      ];
    }),
  );
}

function contest(sources: readonly ClickSource[]): Promise<ClickReport> {
  return clickContest(catalogue, split, sources, {
    methods: [clickMethods[0]!],
    settings: { scale: 'xs', epochs: 6, rate: 0.02, dropout: 0, decay: 0 },
    seeds: 2,
    splitSeed: 1,
    trainOptions: () => ({}),
    log: () => undefined,
  });
}

describe('in a planted world', () => {
  let report: ClickReport;
  beforeAll(async () => {
    report = await contest([
      { rows: 'clicks', covers: 'shown', choices: choices('shown', true) },
      { rows: 'clicks', covers: 'hidden', choices: choices('hidden', false) },
    ]);
  }, 240_000);

  it('choices that know their people gain in both figures, beyond both controls', () => {
    for (const row of report.rows.filter(({ covers }) => covers === 'shown')) {
      expect(row.gains.synthetic.ci![0]).toBeGreaterThan(0);
      expect(row.gains['held-back'].ci![0]).toBeGreaterThan(0);
      expect(row.syntheticOver.permuted.ci![0]).toBeGreaterThan(0);
      expect(row.syntheticOver.unchosen.ci![0]).toBeGreaterThan(0);
    }
  });

  it('choices that know nothing are not told from a coin, and pages are told apart', () => {
    for (const row of report.rows.filter(({ covers }) => covers === 'hidden')) {
      const [low, high] = row.syntheticOver.unchosen.ci!;
      expect(low).toBeLessThan(0);
      expect(high).toBeGreaterThan(0);
    }
    expect(report.covers.map(({ rows, metric }) => `${rows} ${metric}`)).toEqual([
      'clicks auc',
      'clicks logloss',
    ]);
    for (const { over } of report.covers) expect(over.ci![0]).toBeGreaterThan(0);
  });

  it('is told with all conditions in every line, and drawn with a plot a figure', () => {
    const lines = augmentLines({ rankings: null, clicks: report });
    expect(lines.find((line) => line.startsWith('| model'))).toBe(
      '| model | rows | covers | metric | real | + synthetic | + held-back real | + permuted | + unchosen |',
    );
    expect(lines.filter((line) => line.startsWith('- fm, clicks'))).toHaveLength(report.rows.length);
    expect(lines).toContain('| model | rows | metric | with covers − without |');
    expect(lines.join('\n')).not.toMatch(/NaN|undefined|null/u);
    expect(augmentPage({ rankings: null, clicks: report }, 'run').match(/<svg/gu)).toHaveLength(
      report.rows.length,
    );
  });

  it('refuses a run without choices', async () => {
    const empty: ClickSource = { rows: 'page views', covers: 'shown', choices: new Map() };
    await expect(contest([empty])).rejects.toThrow(/No visitor has clicks and page views/);
  });
});

describe('grades of a person', () => {
  const row = (clicked: boolean) => ({ visitor: 'v', item: 'i', time: 0, clicked });

  it('are those of its own rows', () => {
    const cases = [
      { visitor: 'v', test: [row(true), row(false)] },
      { visitor: 'w', test: [row(false), row(true), row(false)] },
    ];
    const { auc, logloss } = personGrades(cases, [0, 0, 3, 2, 1]);
    expect(auc).toEqual([0.5, 0.5]);
    expect(logloss[0]).toBeCloseTo(Math.LN2, 12);
    const surprises = [Math.log1p(Math.exp(3)), Math.log1p(Math.exp(-2)), Math.log1p(Math.exp(1))];
    expect(logloss[1]).toBeCloseTo(surprises.reduce((sum, one) => sum + one, 0) / 3, 12);
  });
});
