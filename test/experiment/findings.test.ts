// What an analysis says beside the verdict: guardrails, further goals, a prior, segments, adjustment, stages of a
// visit, and what one arm's log would have said of another. On records counted by hand.

import { describe, expect, it } from 'vitest';
import { needsHumanLook } from '../../src/experiment/analyse.ts';
import { interleavedArm } from '../../src/experiment/assign.ts';
import type { Result } from '../../src/experiment/result.ts';
import { defineScenario } from '../../src/experiment/scenario.ts';
import type { ScenarioInput } from '../../src/experiment/scenario.ts';
import { openDatabase } from '../../src/store/database.ts';
import type { Database } from '../../src/store/database.ts';
import type { Event } from '../../src/store/events.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from '../store/sample.ts';
import { analysed, items, recordOf, visitorNames } from './hand.ts';

const many = (value: (index: number) => number, n = 40): number[] =>
  Array.from({ length: n }, (_unused, index) => value(index));
const better = { old: many((i) => 2 + (i % 3)), new: many((i) => 4 + ((i + 1) % 3)) };
const comparison = (result: Result, metric = 'ctr') =>
  result.comparisons.find((each) => each.metric === metric)!;

describe('guardrails', () => {
  const guarded = (margin: number, steps: (arm: string, visitor: number) => number): Result =>
    analysed(
      recordOf(better, (arm, visitor) => ({ steps: steps(arm, visitor) })),
      { metrics: { guardrails: [{ metric: 'session-length', margin }] } },
    );

  it('hold where even the bad end of the interval is inside the margin', () => {
    const result = guarded(0.1, (_arm, visitor) => 20 + (visitor % 2));
    // Every twin does the same in both arms: there is no spread, and so no claim.
    expect(result.guardrails).toMatchObject(
      [{ status: 'cannot-tell', note: /./ }].map(() => ({ status: 'cannot-tell' })),
    );
    const spread = guarded(0.1, (arm, visitor) => 20 + ((visitor + (arm === 'new' ? 1 : 0)) % 2));
    expect(spread.guardrails).toMatchObject([{ metric: 'session-length', arm: 'new', status: 'holds' }]);
    expect(spread.guardrails[0]!.worst).toBeGreaterThan(-0.1);
    expect(spread.checks.find(({ name }) => name === 'guardrails')!.status).toBe('ok');
  });

  it('broken ones are in the verdict and want a human look, however good the goal', () => {
    const result = guarded(
      0.1,
      (arm, visitor) => (arm === 'new' ? 12 : 20) + (visitor % 3) + (arm === 'new' ? visitor % 2 : 0),
    );
    expect(result.guardrails).toMatchObject([{ status: 'broken' }]);
    expect(result.verdict.decision).toBe('better');
    expect(result.verdict.text).toContain('It breaks the guardrail session-length (margin 10 %).');
    expect(needsHumanLook(result)).toBe(true);
  });

  it('are broken where the arm leaves nothing of the metric, and hold where it was nothing before', () => {
    const goal = { goal: 'session-length', guardrails: [{ metric: 'clicks', margin: 0.05 }] };
    const some = many((i) => 3 + (i % 4));
    const nothing = many(() => 0);
    for (const design of ['twins', 'split'] as const)
      for (const rule of ['fixed', 'sequential'] as const) {
        const clicks =
          design === 'twins'
            ? { old: some, new: nothing }
            : { old: some.slice(0, 20), new: [...Array<undefined>(20), ...nothing.slice(20)] };
        const gone = analysed(recordOf(clicks), { design, stopping: { rule }, metrics: goal });
        const judged = gone.guardrails;
        expect(judged).toMatchObject([{ status: 'broken', relative: null, worst: null }]);
        expect(judged[0]!.note).toBe(
          "judged by the difference: the treatment's value is 0: it has no logarithm",
        );
        expect(gone.checks.find(({ name }) => name === 'guardrails')!.status).toBe('fail');
        expect(needsHumanLook(gone)).toBe(true);
      }
    const found = analysed(recordOf({ old: nothing, new: some }), { metrics: goal });
    expect(found.guardrails).toMatchObject([
      { status: 'holds', note: expect.stringContaining("the control's value is 0") as string },
    ]);
  });

  it('on an unknown metric are wrong usage', () => {
    expect(() =>
      analysed(recordOf(better), { metrics: { guardrails: [{ metric: 'applause', margin: 0.1 }] } }),
    ).toThrow('There is no metric "applause".');
  });
});

describe('further goals', () => {
  it('share α with the goal: p values are adjusted over all of them together', () => {
    const clicks = { old: [2, 2, 3, 2, 4, 2, 3, 2], new: [3, 2, 4, 2, 5, 2, 4, 3] };
    const alone = comparison(analysed(recordOf(clicks)));
    const shared = comparison(analysed(recordOf(clicks), { metrics: { furtherGoals: ['clicks'] } }));
    expect(alone.note).not.toContain('after Holm');
    expect(shared.p).toBe(alone.p);
    // CTR and clicks are the same numbers on pages of ten, so both p are equal and Holm doubles them.
    expect(shared.note).toContain(`p = ${(2 * shared.p!).toPrecision(3)} after Holm`);
  });
});

describe('a prior', () => {
  const near = { old: many((i) => 4 + (i % 3)), new: many((i) => 4 + ((i + 1) % 3) + (i % 5 === 0 ? 1 : 0)) };
  const withPrior = (mean: number, sd: number): Result =>
    analysed(recordOf(near), { metrics: { bayes: { prior: { mean, sd } } } });

  it('that is wide leaves the estimate as it is; a narrow one pulls the effect to itself', () => {
    const { relative } = comparison(withPrior(0, 1));
    const wide = withPrior(0, 10).posteriors[0]!;
    expect(wide.relative).toBeCloseTo(relative!, 3);
    const narrow = withPrior(0, 0.001).posteriors[0]!;
    expect(Math.abs(narrow.relative)).toBeLessThan(0.002);
    expect(narrow.decision).toBe('equivalent');
    expect(withPrior(0, 0.001).verdict.decision).toBe('equivalent');
    expect(narrow.pEquivalent).toBeGreaterThan(0.999);
  });

  it('with the posterior decides: P(sign right) is the posterior one', () => {
    const result = withPrior(0.3, 0.05);
    expect(result.verdict.decision).toBe('better');
    expect(result.verdict.pSign).toBe(result.posteriors[0]!.pBetter);
    expect(result.posteriors[0]!.expectedLoss).toBeGreaterThanOrEqual(0);
  });
});

describe('a prior without a posterior', () => {
  const found = (clicks: readonly number[]): Result =>
    analysed(recordOf({ old: clicks, new: many((i) => 3 + (i % 4), 30) }), { metrics: { bayes: {} } });

  it('leaves the arm undecided and says why: one click of the control turns no p value into a verdict', () => {
    const none = found(many(() => 0, 30));
    expect(none.posteriors).toEqual([]);
    expect(none.verdict).toMatchObject({ decision: 'cannot-tell', arm: 'new', pSign: null, more: null });
    expect(none.verdict.text).toContain(
      "no posterior, because the control's value is 0: nothing can be relative to it.",
    );
    // The row of the comparison goes by its p value and says so.
    expect(comparison(none).decision).toBe('better');
    const one = found(many((i) => (i === 0 ? 1 : 0), 30));
    expect(one.verdict.decision).toBe(one.posteriors[0]!.decision);
  });
});

describe('segments', () => {
  it('have their own effects, adjusted together; the sample has one kind of visitor', () => {
    const { segmentEffects } = analysed(recordOf(better));
    expect(segmentEffects.map(({ trait, level, n }) => [trait, level, n])).toEqual([
      ['activity', 'low', 40],
      ['diversity', 'medium', 40],
      ['conformity', 'high', 40],
    ]);
    for (const row of segmentEffects) {
      expect(row.effect).toBeCloseTo(comparison(analysed(recordOf(better))).effect!, 12);
      expect(row.pAdjusted).toBeGreaterThanOrEqual(row.p!);
    }
  });
});

describe('visits before the arms', () => {
  /** Clicks that follow a visitor's own habit closely; the habit shows before the arms. */
  function habitual(design: 'twins' | 'split'): Result {
    const habit = many((i) => (i * 7) % 5);
    const clicks = {
      old: habit.map((own, i) => (design === 'split' && i % 2 === 1 ? undefined : own + (i % 2))),
      new: habit.map((own, i) =>
        design === 'split' && i % 2 === 0 ? undefined : own + 1 + (i % 3 === 0 ? 1 : 0),
      ),
    };
    const database = recordOf(clicks);
    const record = writer(database);
    habit.forEach((own, i) =>
      record.saveSession(
        sampleSession({ arm: 'old', visitor: visitorNames[i]!, replicate: 0 }),
        sampleEvents({ slates: [items], opened: items.slice(0, own) }),
      ),
    );
    return analysed(database, {
      design,
      population: { burnIn: 1 },
      metrics: { adjust: 'cuped', goal: 'clicks' },
    });
  }

  it('make a split test sharper, and the verdict goes by the adjusted estimate', () => {
    const result = habitual('split');
    const row = result.adjusted.find(({ method }) => method === 'cuped')!;
    expect(row.decides).toBe(true);
    expect(row.varianceRatio).toBeLessThan(0.3);
    expect(comparison(result, 'clicks')).toMatchObject({ effect: row.effect, ci: row.ci, p: row.p });
    expect(comparison(result, 'clicks').method).toContain('CUPED');
  });

  it('leave the effect of twins as it is: the same visitors are in both arms', () => {
    const result = habitual('twins');
    const row = result.adjusted.find(({ method }) => method === 'cuped')!;
    const plain = analysed(
      recordOf({
        old: many((i) => ((i * 7) % 5) + (i % 2)),
        new: many((i) => ((i * 7) % 5) + 1 + (i % 3 === 0 ? 1 : 0)),
      }),
      { metrics: { goal: 'clicks' } },
    );
    expect(row.effect).toBeCloseTo(comparison(plain, 'clicks').effect!, 12);
  });

  it('are needed by the adjustment that asks for them', () => {
    expect(() => analysed(recordOf(better), { metrics: { adjust: 'cuped' } })).toThrow(/burnIn/);
  });
});

describe('stages of a visit', () => {
  it('the effect is followed from page to page, and from the first visit to the last', () => {
    const database = openDatabase(':memory:');
    saveVisitors(database, visitorNames);
    const record = writer(database);
    record.saveItems(items.map((id) => ({ id, title: id, genres: ['Drama'] })));
    const [front, back] = [items.slice(0, 5), items.slice(5)];
    for (let i = 0; i < 20; i++) {
      for (const arm of ['old', 'new']) {
        for (const replicate of [1, 2]) {
          const extra = arm === 'old' ? 0 : replicate === 1 ? 2 : i % 10 === 0 ? 2 : 0;
          record.saveSession(
            sampleSession({ arm, visitor: visitorNames[i]!, replicate }),
            sampleEvents({
              slates: [front, back],
              opened: [...front.slice(0, (i % 3) + (i % 2 ? extra / 2 : extra)), ...back.slice(0, i % 2)],
            }),
          );
        }
      }
    }
    const { novelty } = analysed(database, { population: { replicates: 2 } });
    expect(novelty.pages.map(({ number, n }) => [number, n])).toEqual([[1, 20]]);
    expect(novelty.pages[0]!.effect).toBeGreaterThan(0);
    expect(novelty.visits.map(({ number }) => number)).toEqual([1, 2]);
    expect(novelty.changes).toHaveLength(1);
    expect(novelty.changes[0]!.change).toBeLessThan(0);
  });
});

describe('what one log says of another arm', () => {
  it('agrees with the truth where the logging arm shows everything by chance, and declines where it does not', () => {
    const database = openDatabase(':memory:');
    saveVisitors(database, visitorNames);
    const record = writer(database);
    record.saveItems(items.map((id) => ({ id, title: id, genres: ['Drama'] })));
    const likes = (visitor: number, item: string): boolean => (Number(item.slice(1)) + visitor) % 3 === 0;
    for (let i = 0; i < 60; i++) {
      const slates = {
        // Two of ten by a rule as even as chance; every item has propensity 1/5.
        old: [items[i % 10]!, items[(i + 1 + (i % 9)) % 10]!],
        new: ['i0', 'i3'],
      };
      for (const [arm, shown] of Object.entries(slates)) {
        const events = sampleEvents({ slates: [shown], opened: shown.filter((item) => likes(i, item)) });
        record.saveSession(
          sampleSession({ arm, visitor: visitorNames[i]! }),
          events.map((event): Event =>
            event.type === 'slate-shown'
              ? {
                  ...event,
                  items: event.items.map((place) => ({ ...place, propensity: arm === 'old' ? 0.2 : 1 })),
                }
              : event,
          ),
        );
      }
    }
    const [forward, backward] = analysed(database).offPolicy;
    expect(forward).toMatchObject({ logged: 'old', target: 'new', n: 60 });
    expect(forward!.truth!.value).toBeCloseTo(2 / 3, 12);
    expect(forward!.ips!.ci![0]).toBeLessThan(2 / 3);
    expect(forward!.ips!.ci![1]).toBeGreaterThan(2 / 3);
    expect(forward!.effectiveSize).toBeLessThan(forward!.logSize);
    expect(backward).toMatchObject({ logged: 'new', target: 'old', ips: null, snips: null });
    expect(backward!.note).toContain('shows its list without chance');
  });

  it('is nothing, and not zero, where chance never showed what the other arm shows', () => {
    const database = openDatabase(':memory:');
    saveVisitors(database, visitorNames);
    const record = writer(database);
    for (let i = 0; i < 10; i++) {
      for (const [arm, shown] of [
        ['old', ['i1', 'i2']],
        ['new', ['i8', 'i9']],
      ] as const) {
        const events = sampleEvents({ slates: [shown], opened: shown.slice(0, i % 2) });
        record.saveSession(
          sampleSession({ arm, visitor: visitorNames[i]! }),
          events.map((event): Event =>
            event.type === 'slate-shown' && arm === 'old'
              ? { ...event, items: event.items.map((place) => ({ ...place, propensity: 0.2 })) }
              : event,
          ),
        );
      }
    }
    expect(analysed(database).offPolicy[0]).toMatchObject({
      ips: null,
      snips: null,
      note: 'not estimable: the log of old met what new shows with 0 of 10 visitors',
    });
  });
});

describe('interleaving', () => {
  const scenario = { design: 'interleaving' } satisfies Partial<ScenarioInput>;

  function drafted(opened: (visitor: number) => readonly string[]): Database {
    const database = openDatabase(':memory:');
    saveVisitors(database, visitorNames);
    const record = writer(database);
    record.saveItems(items.map((id) => ({ id, title: id, genres: ['Drama'] })));
    for (let i = 0; i < 30; i++) {
      record.saveSession(
        sampleSession({ arm: interleavedArm, visitor: visitorNames[i]! }),
        sampleEvents({ slates: [items], opened: opened(i) }).map((event): Event =>
          event.type === 'slate-shown'
            ? {
                ...event,
                items: event.items.map((place) => ({
                  ...place,
                  drafter: place.slot % 2 === 0 ? 'old' : 'new',
                })),
              }
            : event,
        ),
      );
    }
    return database;
  }

  it('credits clicks to drafters, and visitors who click nothing prefer nothing', () => {
    const result = analysed(
      drafted((i) => (i % 10 === 0 ? [] : i % 9 === 3 ? ['i0', 'i1', 'i2'] : ['i1', 'i3'])),
      scenario,
    );
    // 27 visitors with a click: 3 prefer old (i = 3, 12, 21), 24 prefer new.
    expect(result.comparisons).toMatchObject([{ metric: 'preference', n: 27, decision: 'better' }]);
    expect(comparison(result, 'preference').effect).toBeCloseTo((24 - 3) / 27, 12);
    expect(result.verdict.text).toMatch(/^new beats old on preference by 0\.\d+ \[/);
    expect(result.arms[1]!.metrics['credited-clicks']!.n).toBe(30);
  });

  it('needs two arms that stand on one page', () => {
    const arms = ['a', 'b', 'c'].map((name) => ({ name, method: 'random' }));
    const asked = (changes: Partial<ScenarioInput>) =>
      defineScenario({ name: 'x', question: 'x?', arms: arms.slice(0, 2), ...scenario, ...changes });
    expect(() => asked({ arms })).toThrow(/exactly two arms/);
    expect(() => asked({ arms: [arms[0]!, { ...arms[1]!, presentation: { cover: false } }] })).toThrow(
      /presentations/,
    );
    expect(() => asked({ stopping: { rule: 'sequential' } })).toThrow(/runs to its end/);
  });
});
