// Several minds in one run: who visits with which, records counted by hand, and whole runs of minds that need no key.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import { analyse } from '../../src/experiment/analyse.ts';
import { withOverrides } from '../../src/experiment/load.ts';
import { allotted, visitorCount, visitorId } from '../../src/experiment/minds.ts';
import type { Visitor } from '../../src/experiment/population.ts';
import { resultSchema, type Result } from '../../src/experiment/result.ts';
import { defineScenario, parseScenario, type ScenarioInput } from '../../src/experiment/scenario.ts';
import type { MindName } from '../../src/experiment/scenario-minds.ts';
import { controlVariate } from '../../src/stats/control-variate.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { sessionsOf, visitorsOf } from '../../src/store/read.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession } from '../store/sample.ts';
import { items } from './hand.ts';
import { chanceArm, folderFor, popularityArm, runIn, small, smallInput, temporaryFolder } from './small.ts';

const people = Array.from({ length: 9 }, (_, n): Visitor => ({
  id: `p${n}`,
  mind: 'llm',
  profile: { id: `p${n}` } as Visitor['profile'],
  history: [],
}));

describe('who visits with which mind', () => {
  const scenario = (changes: Partial<ScenarioInput>) =>
    small({ minds: ['choice', 'random'], population: { visitors: 9, minimumHistory: 10 }, ...changes });
  const by = (visitors: readonly Visitor[]): Record<string, string[]> =>
    Object.fromEntries(
      [...Map.groupBy(visitors, ({ mind }) => mind)].map(([mind, own]) => [
        mind,
        own.map(({ profile }) => profile.id),
      ]),
    );
  const everybody = people.map(({ profile }) => profile.id);

  it('doubled: everybody with each', () => {
    const asked = scenario({});
    expect(by(allotted(asked, people))).toEqual({ choice: everybody, random: everybody });
    expect(visitorCount(asked)).toBe(18);
  });

  it('split: everybody with one, in equal parts', () => {
    const asked = scenario({ allotment: { rule: 'split' } });
    const { choice = [], random = [] } = by(allotted(asked, people));
    expect([choice.length, random.length]).toEqual([5, 4]);
    expect([...choice, ...random].sort()).toEqual(everybody);
    expect(visitorCount(asked)).toBe(9);
  });

  it('few: everybody with the first and a seeded few with the second', () => {
    const asked = scenario({ allotment: { rule: 'few', people: 4 } });
    const { choice, random = [] } = by(allotted(asked, people));
    expect(choice).toEqual(everybody);
    expect(random).toHaveLength(4);
    expect(by(allotted(asked, people)).random).toEqual(random);
    expect(by(allotted({ ...asked, seed: 5 }, people)).random).not.toEqual(random);
    expect(visitorCount(asked)).toBe(13);
  });

  it('one mind: visitors keep their names', () => {
    expect(allotted(small(), people).map(({ id }) => id)).toEqual(everybody);
  });

  it.each([
    ['a mind twice', { minds: ['choice', 'choice'] }, /listed twice/],
    ['an allotment of one mind', { allotment: { rule: 'split' } }, /state minds/],
    [
      'few of three minds',
      { minds: ['choice', 'random', 'oracle'], allotment: { rule: 'few', people: 2 } },
      /these two/,
    ],
    [
      'more than there are',
      { minds: ['choice', 'random'], allotment: { rule: 'few', people: 7 } },
      /3 people in all/,
    ],
    ['an llm without a model', { minds: ['choice', 'llm'] }, /needs a model/],
    ['no twins', { minds: ['choice', 'random'], design: 'split' }, /twins/],
    ['a sequential rule', { minds: ['choice', 'random'], stopping: { rule: 'sequential' } }, /rule fixed/],
  ] as const)('refuses %s', (_what, changes, said) => {
    expect(() => parseScenario({ ...smallInput, ...changes }, 'it')).toThrow(said);
  });

  it('--minds names several, --mind takes their place, and not both', () => {
    const several = withOverrides(small(), { minds: 'choice, random' });
    expect(several.minds).toEqual(['choice', 'random']);
    const few = { ...several, allotment: { rule: 'few', people: 2 } } as typeof several;
    expect(withOverrides(few, { mind: 'oracle' })).toMatchObject({
      mind: 'oracle',
      allotment: { rule: 'doubled' },
    });
    expect(withOverrides(few, { mind: 'oracle' }).minds).toBeUndefined();
    expect(() => withOverrides(small(), { mind: 'oracle', minds: 'choice,random' })).toThrow(/exclude/);
  });
});

/** Clicks on a page of ten by mind, arm and person; undefined is no session. */
type Played = Readonly<Record<string, Readonly<Record<string, readonly (number | undefined)[]>>>>;

const base = {
  name: 'hand',
  question: 'Which is better?',
  arms: [
    { name: 'old', method: 'random' },
    { name: 'new', method: 'popularity' },
  ],
  metrics: { goal: 'clicks' },
} satisfies Partial<ScenarioInput>;

/** `shown` is the page that a mind's visitors met. */
function analysed(played: Played, changes: Partial<ScenarioInput>, shown: Shown = () => items): Result {
  const scenario = defineScenario({ ...base, ...changes });
  const database = recordOf(played, scenario, shown);
  try {
    const result = analyse(database, {
      scenario,
      run: 'r',
      path: 'runs/r',
      seconds: 1,
      heldOutNdcg: {},
      status: 'complete',
      planned: 2 * visitorCount(scenario),
    });
    return resultSchema.parse(result);
  } finally {
    database.close();
  }
}

type Shown = (mind: string) => readonly string[];

function recordOf(played: Played, scenario: ReturnType<typeof defineScenario>, shown: Shown): Database {
  const database = openDatabase(':memory:');
  const record = writer(database);
  record.saveItems(items.map((id) => ({ id, title: id, genres: ['Drama'] })));
  for (const [mind, arms] of Object.entries(played)) {
    for (const [arm, clicks] of Object.entries(arms)) {
      clicks.forEach((count, n) => {
        if (count === undefined) return;
        const visitor = visitorId(`p${n}`, mind as MindName, scenario);
        const level = 'medium' as const;
        const profile = { id: `p${n}` };
        record.saveVisitor({ id: visitor, activity: level, diversity: level, conformity: level, profile });
        record.saveSession(
          sampleSession({ arm, visitor, mind }),
          sampleEvents({ slates: [shown(mind)], opened: items.slice(0, count) }),
          [{ ...call, usd: mind === 'oracle' ? 0.01 : 0 }],
        );
      });
    }
  }
  return database;
}

const call = {
  purpose: 'act',
  operation: 'chat',
  model: 'm',
  servedBy: null,
  mode: 'schema',
  requestHash: '0'.repeat(64),
  raw: '{}',
  tokensIn: 900,
  tokensOut: 100,
  tokensCached: 0,
  usd: 0.01,
  repair: 0,
  attempts: 1,
  source: 'endpoint',
  failureKind: null,
  failureMessage: null,
  wallMs: 1,
} as const;

describe('a record of two minds, counted by hand', () => {
  const cheap = {
    old: [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3],
    new: [2, 2, 4, 3, 3, 3, 4, 2, 5, 1, 4, 4],
  };
  const dear = { old: [2, 3, 3, 2, 2, 4], new: [4, 3, 6, 5, 4, 4] };
  const differences = (played: { old: readonly number[]; new: readonly number[] }): number[] =>
    played.new.map((clicks, n) => clicks - played.old[n]!);

  it('doubled: the verdict is of the last mind, and the spread is over each person’s own difference', () => {
    const six = { old: cheap.old.slice(0, 6), new: cheap.new.slice(0, 6) };
    const result = analysed(
      { choice: six, oracle: dear },
      { minds: ['choice', 'oracle'], population: { visitors: 6 } },
    );
    const minds = result.minds!;
    expect(minds).toMatchObject({ rule: 'doubled', lead: 'oracle', combined: [] });
    const [ofCheap, ofDear] = minds.each;
    // Differences: choice 1 0 1 2 1 0, oracle 2 0 3 3 2 0; theirs 1 0 2 1 1 0.
    expect(ofCheap!.effects[0]).toMatchObject({ arm: 'new', n: 6 });
    expect(ofCheap!.effects[0]!.effect).toBeCloseTo(5 / 6, 12);
    expect(ofDear!.effects[0]!.effect).toBeCloseTo(10 / 6, 12);
    expect(result.comparisons.find(({ metric }) => metric === 'clicks')!.effect).toBeCloseTo(10 / 6, 12);
    expect(result.arms[0]).toMatchObject({ visitors: 6, sessions: 6 });
    const [spread] = minds.spread;
    expect(spread).toMatchObject({ arm: 'new', mind: 'choice', n: 6 });
    expect(spread!.difference).toBeCloseTo(5 / 6, 12);
    // sd of 1 0 2 1 1 0 is 0.752773, t(0.975, 5) = 2.570582
    expect(spread!.ci![0]).toBeCloseTo(5 / 6 - (2.570582 * 0.752773) / Math.sqrt(6), 5);
    expect(minds.each.map(({ cost }) => cost)).toEqual([
      { calls: 12, tokens: 12_000, usd: 0 },
      { calls: 12, tokens: 12_000, usd: expect.closeTo(0.12, 12) as number },
    ]);
    expect(result.verdict.text).toContain('This is the answer of the mind oracle; alone, choice says');
    expect(result.checks.find(({ name }) => name === 'minds')).toMatchObject({ status: 'warn' });
    expect(result.checks.find(({ name }) => name === 'srm')!.detail).toContain('12 of 12 visitors');
  });

  it('coverage is of what the visitors of the lead mind were shown, as every other number of an arm', () => {
    const { arms } = analysed(
      { choice: { old: [1, 2, 2], new: [1, 1, 2] }, oracle: { old: [1, 2, 2], new: [2, 1, 2] } },
      { minds: ['choice', 'oracle'], population: { visitors: 3 } },
      (mind) => (mind === 'oracle' ? items.slice(0, 2) : items),
    );
    for (const { metrics } of arms) expect(metrics['coverage']).toEqual({ mean: 0.2, n: 3, ci: null });
  });

  it('few: the verdict’s estimate is the control variate of both minds, with what the cheap one saved', () => {
    const result = analysed(
      { choice: cheap, oracle: dear },
      { minds: ['choice', 'oracle'], population: { visitors: 12 }, allotment: { rule: 'few', people: 6 } },
    );
    const [d, c] = [differences(dear), differences(cheap)];
    const expected = controlVariate(
      { few: d.map((share, n) => ({ dear: share, cheap: c[n]! })), rest: c.slice(6) },
      0.05,
    );
    if (expected.kind === 'not-estimable') throw new Error(expected.reason);
    const [combined] = result.minds!.combined;
    expect(combined).toMatchObject({ arm: 'new', n: 6, rest: 6 });
    expect(combined!.effect).toBeCloseTo(expected.effect, 10);
    expect(combined!.effective).toBeCloseTo(expected.effective, 8);
    const saved = Math.round((expected.effective - 6) * 2);
    expect(combined!.saved).toEqual({
      sessions: saved,
      tokens: saved * 1000,
      usd: expect.closeTo(saved * 0.01, 10) as number,
    });
    const row = result.comparisons.find(({ metric }) => metric === 'clicks')!;
    expect(row).toMatchObject({ n: 6, method: 'control variate over visitors', pPermutation: null });
    expect(row.effect).toBe(combined!.effect);
    expect(row.ci).toEqual(combined!.ci);
    expect(row.note).toContain('6 people of oracle and choice together, 6 of choice alone');
    expect(result.verdict.text).toContain('This is the answer of the mind oracle with the help of choice');
  });

  it('leaves a person whom the dear mind failed out of both parts', () => {
    const failed = { old: dear.old, new: [4, 3, 6, 5, 4, undefined] };
    const result = analysed(
      { choice: cheap, oracle: failed },
      { minds: ['choice', 'oracle'], population: { visitors: 12 }, allotment: { rule: 'few', people: 6 } },
    );
    expect(result.minds!.combined[0]).toMatchObject({ n: 5, rest: 6 });
  });

  it('fails its check where minds decide against each other', () => {
    const up = [1, 2, 3, 1, 2, 3, 1, 2];
    const turned = { old: up.map((clicks, n) => clicks + 2 + (n % 2)), new: up };
    const result = analysed(
      { choice: { old: turned.new, new: turned.old }, oracle: turned },
      { minds: ['choice', 'oracle'], population: { visitors: 8 } },
    );
    expect(result.minds!.each.map(({ effects }) => effects[0]!.decision)).toEqual(['better', 'worse']);
    expect(result.checks.find(({ name }) => name === 'minds')).toMatchObject({
      status: 'fail',
      detail: expect.stringContaining('the minds decide against each other on new'),
    });
  });

  it('split: compares effects of different people', () => {
    const half = { old: [1, undefined, 3, undefined, 2], new: [2, undefined, 3, undefined, 4] };
    const other = { old: [undefined, 2, undefined, 1], new: [undefined, 5, undefined, 2] };
    const result = analysed(
      { choice: half, oracle: other },
      { minds: ['choice', 'oracle'], population: { visitors: 5 }, allotment: { rule: 'split' } },
    );
    // Means of 1 0 2 and of 3 1.
    expect(result.minds!.spread[0]).toMatchObject({ n: 5, difference: expect.closeTo(1, 12) as number });
  });
});

describe('a whole run of two minds', () => {
  const root = temporaryFolder();
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(async () => {
    await studio.close();
    root.remove();
  });

  it('plays each visitor with its mind, gives one person’s visitors the same chance, and ends the same way twice', async () => {
    const asked = small({
      minds: ['top-slot', 'random'],
      allotment: { rule: 'few', people: 2 },
      arms: [popularityArm, chanceArm],
      site: { pages: 1 },
    });
    const folder = folderFor(root.path, 'two', asked);
    const result = await runIn(folder, asked, studio);
    expect(result).toMatchObject({ status: 'complete', mind: 'top-slot + random' });
    expect(result.stopping.done).toEqual({ visitors: 5, sessions: 10 });
    expect(result.minds!.each.map(({ visitors, sessions }) => [visitors, sessions])).toEqual([
      [3, 6],
      [2, 4],
    ]);
    expect(result.minds!.combined[0]!.note).toContain('at least 5');
    const database = openDatabase(folder.record, { readonly: true });
    try {
      for (const { visitor, mind } of sessionsOf(database)) expect(visitor.endsWith(`@${mind}`)).toBe(true);
      expect(visitorsOf(database)).toHaveLength(5);
      const first = database.prepare(
        "SELECT data ->> '$.items' FROM events e JOIN sessions s ON s.id = e.session WHERE type = 'slate-shown' AND s.arm = 'chance' AND visitor = ? ORDER BY seq LIMIT 1",
      );
      const twice = visitorsOf(database).filter(({ id }) => id.endsWith('@random'));
      for (const { profile } of twice) {
        const person = (profile as { id: string }).id;
        const [one, other] = [`${person}@random`, `${person}@top-slot`].map((id) => first.pluck().get(id));
        expect(one).toBeDefined();
        expect(other).toBe(one);
      }
    } finally {
      database.close();
    }
    const again = await runIn(folderFor(root.path, 'again', asked), asked, studio);
    expect(again.digest).toBe(result.digest);
  });
});
