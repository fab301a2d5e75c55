// The audits of a mind: each catches the mind that is broken in its way, clears one that is not, and takes no missing answer
// for a figure. Minds here are scripts, and a stand-in model on the wire.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mind } from '../../agents/agent.ts';
import { llmMind } from '../../agents/minds/llm.ts';
import { randomMind, topSlotMind } from '../../agents/minds/scripted.ts';
import { statedAge } from '../../agents/profile.ts';
import type { Action } from '../../sandbox/actions.ts';
import type { Mark, Screen } from '../../sandbox/screen.ts';
import { momentTrials } from '../../src/audit/draws.ts';
import { agreementOf, blindAgreement } from '../../src/audit/moment-figures.ts';
import { mindLines } from '../../src/audit/mind-lines.ts';
import { mindReport, type MindReport } from '../../src/audit/mind-report.ts';
import { statementTrials } from '../../src/audit/statements.ts';
import { visitTrials } from '../../src/audit/visits.ts';
import { sha256 } from '../../src/base/hash.ts';
import { buildExperiment, type Experiment } from '../../src/experiment/build.ts';
import { ModelError } from '../../src/llm/failure.ts';
import { catalogue, small } from '../experiment/small.ts';
import type { Rule } from '../llm/stand-in/answers.ts';
import { mixed, noFaults } from '../llm/stand-in/faults.ts';
import { openStandIn, type StandIn } from '../llm/stand-in/server.ts';
import { visitorRule } from '../llm/stand-in/visitor.ts';
import { clientAt } from '../llm/wired.ts';
import { blindCapture } from './blind.ts';

/** The same lists; the cards of the second arm show no rating, which is how a mind can tell the arms apart. */
const arms = [
  { name: 'full', method: 'popularity' },
  { name: 'bare', method: 'popularity', presentation: { rating: false } },
];
const experimentOf = (visitors: number): Promise<Experiment> =>
  buildExperiment(small({ arms, population: { visitors, minimumHistory: 10 } }), catalogue, () => undefined);
const rating = /\d\.\d\s*\(/;
const isBare = ({ marks }: Screen): boolean =>
  marks.some(({ role }) => role === 'card') &&
  !marks.some(({ lines }) => lines.some(({ text }) => rating.test(text)));

let experiment: Experiment;
beforeAll(async () => {
  experiment = await experimentOf(20);
});

async function audited(mind: Mind, by = experiment, repeats = 2): Promise<MindReport> {
  const parts = {
    experiment: { ...by, mind, mindFor: () => mind },
    repeats,
    capture: blindCapture,
  };
  const moments = await momentTrials(parts);
  const visits = await visitTrials(parts);
  const statements = await statementTrials(parts);
  return mindReport(mind.name, { moments, visits, statements }, 1);
}
const faults = ({ findings }: MindReport): string[] =>
  findings.filter(({ status }) => status === 'fault').map(({ audit }) => audit);

/** A mind that opens what `wants` picks of the cards not opened yet, and goes on. */
function scripted(
  wants: (cards: readonly Mark[], screen: Screen, visitor: string) => Mark | undefined,
): Mind {
  return {
    ...topSlotMind,
    name: 'scripted',
    decide: async (state, screen) => {
      const { opened } = state.inner as { opened: readonly string[] };
      const decision = await topSlotMind.decide(state, screen);
      const cards = screen.marks.filter(
        ({ role, lines }) => role === 'card' && !opened.includes(lines[0]!.text),
      );
      if (decision.action.type === 'leave' && decision.action.reason === 'time-over') return decision;
      if (!screen.marks.some(({ role }) => role === 'card')) return decision;
      const card = wants(cards, screen, state.profile.id);
      const next = screen.marks.find(({ role }) => role === 'next-page');
      const action: Action =
        card !== undefined
          ? { type: 'open', mark: card.number }
          : next !== undefined
            ? { type: 'next-page', mark: next.number }
            : { type: 'leave', reason: 'satisfied' };
      const inner = {
        ...(decision.state.inner as object),
        opened: card === undefined ? opened : [...opened, card.lines[0]!.text],
      };
      return { ...decision, action, state: { ...decision.state, inner } };
    },
    introduce: async ({ profile }) => ({ age: statedAge(profile) ?? 40, mood: 3, budget: 24 }),
  };
}

/** Likes one title in four, each visitor others, wherever they stand. */
const opinionated = scripted(
  (cards, _screen, visitor) =>
    cards
      .map((card) => ({ card, liking: sha256(`${visitor} ${card.lines[0]!.text}`) }))
      .filter(({ liking }) => liking < '4')
      .sort((a, b) => (a.liking < b.liking ? -1 : 1))
      .at(0)?.card,
);

describe('the audits of a mind', () => {
  it('find no fault in one that has opinions of its own, and say the same again', async () => {
    const report = await audited(opinionated);
    expect(faults(report)).toEqual([]);
    expect(report.moments.agreement).toMatchObject({ value: 1, n: 20 });
    expect(report.moments.turnedByNumbers).toMatchObject({ value: 0 });
    expect(report.drift!.map(({ shift }) => shift)).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'estimated', value: 0, ci: [0, 0], n: 20 })),
    );
    expect(await audited(opinionated)).toEqual(report);
    const lines = mindLines(report, { calls: 0, usd: 0 }).join('\n');
    expect(lines).toContain('agrees with itself on the same page');
    expect(lines).not.toMatch(/NaN|undefined|null|FAULT/);
  });

  it('catch one that opens the first place, on every page the same number', async () => {
    const report = await audited(topSlotMind);
    expect(faults(report)).toEqual(expect.arrayContaining(['slots', 'picks']));
    expect(report.visits.usualPicks).toMatchObject({ picks: 1, share: { value: 1 } });
    expect(report.drift).toBeNull();
  });

  it('catch one that opens the last place, and one that goes by the number on a mark', async () => {
    const last = scripted((cards, screen) =>
      cards.length < screen.marks.filter(({ role }) => role === 'card').length
        ? undefined
        : [...cards].sort((a, b) => b.box.y - a.box.y)[0],
    );
    const found = faults(await audited(last));
    expect(found).toContain('slots');
    expect(found).not.toContain('numbers');
    const highest = scripted((cards, screen) =>
      cards.length < screen.marks.filter(({ role }) => role === 'card').length
        ? undefined
        : [...cards].sort((a, b) => b.number - a.number)[0],
    );
    const { moments, ...report } = await audited(highest);
    expect(faults({ moments, ...report })).toContain('numbers');
    expect(moments.turnedByNumbers).toMatchObject({ kind: 'estimated' });
  });

  it('catch one that does anything', async () => {
    expect(faults(await audited(randomMind, experiment, 6))).toContain('self-agreement');
  });

  it('catch one that carries something over from its first decision on a page to its second', async () => {
    const seen = new Set<string>();
    const weary = scripted((cards, screen, visitor) => {
      const name = `${visitor} ${screen.hash}`;
      const isFirst = !seen.has(name);
      seen.add(name);
      return isFirst ? cards[Number.parseInt(sha256(visitor).slice(0, 4), 16) % cards.length] : undefined;
    });
    const report = await audited(weary);
    expect(faults(report)).toContain('a-a');
    expect(report.moments.openedLater).toMatchObject({ value: -1 });
  });

  it('catch one that falls silent under one arm, and take its silence for nothing else', async () => {
    const silent: Mind = {
      ...opinionated,
      decide: (state, screen) =>
        isBare(screen)
          ? Promise.reject(new ModelError({ kind: 'refused', message: 'no', hint: '' }))
          : opinionated.decide(state, screen),
    };
    const report = await audited(silent);
    expect(faults(report)).toEqual(expect.arrayContaining(['refusals', 'answers']));
    const [full, bare] = report.visits.arms;
    expect(full).toMatchObject({ failed: { value: 0 }, more: null });
    expect(bare).toMatchObject({
      failed: { value: 1 },
      failures: { refused: 20 },
      refused: { kind: 'not-estimable' },
    });
    expect(report.failed).toEqual({ count: 40, of: 120 });
    expect(report.moments.agreement).toMatchObject({ n: 20 });
  });

  it('catch one whose age depends on the arm, and not one whose age wavers everywhere', async () => {
    const stating = (age: (screen: Screen, key: string) => number): Mind => ({
      ...opinionated,
      introduce: async (state, screen) => ({
        age: age(screen, JSON.stringify((state.inner as { key: unknown }).key)),
        mood: null,
        budget: null,
      }),
    });
    const older = await audited(stating((screen) => (isBare(screen) ? 41 : 40)));
    expect(faults(older)).toEqual(['drift']);
    expect(older.findings.find(({ audit }) => audit === 'drift')!.text).toContain('age under bare');
    const wavering = await audited(
      stating((screen, key) => 40 + (Number.parseInt(sha256(`${key} ${screen.hash}`).slice(0, 6), 16) % 5)),
    );
    expect(faults(wavering)).toEqual([]);
    expect(wavering.drift![0]!.shift).toMatchObject({ kind: 'estimated', n: 20 });
    expect(wavering.drift![1]!.shift).toMatchObject({ kind: 'not-estimable' });
  });

  it('say what could not be had where no answer came at all', async () => {
    const dead: Mind = {
      ...opinionated,
      decide: () => Promise.reject(new ModelError({ kind: 'timeout', message: 'late', hint: '' })),
    };
    const { findings, moments, visits } = await audited(dead);
    expect(moments.slots.kind).toBe('not-estimable');
    expect(visits.usualPicks).toBeNull();
    expect(findings.filter(({ status }) => status === 'not-estimable').map(({ audit }) => audit)).toEqual(
      expect.arrayContaining(['self-agreement', 'a-a', 'slots', 'numbers', 'picks']),
    );
  });
});

describe('the audits of a model behind an endpoint', () => {
  let server: StandIn;
  let few: Experiment;
  beforeAll(async () => {
    server = await openStandIn();
    few = await experimentOf(5);
  });
  afterAll(() => server.close());
  const steady: Rule = () => ({ age: 33, mood: 4, minutes: 15 });
  const swayed: Rule = ({ words }) => ({ age: rating.test(words) ? 33 : 52, mood: 4, minutes: 15 });
  const firstCard: Rule = (asked) => {
    const cards = asked.marks.filter(({ text }) => text.startsWith('card:'));
    const played = visitorRule()(asked) as { mark: number };
    return cards.length === 0 ? played : { ...played, mark: cards[0]!.number, leaving: null };
  };
  const model = (): Mind => llmMind({ client: clientAt(server.baseUrl) });

  it('clear one that keeps to its visitor, and catch one that goes by places and is swayed by the page', async () => {
    server.rules = { act: visitorRule(), introduce: steady };
    const sound = await audited(model(), few, 1);
    expect(faults(sound)).not.toContain('drift');
    expect(sound.failed.count).toBe(0);
    server.rules = { act: firstCard, introduce: swayed };
    const broken = await audited(model(), few, 1);
    expect(faults(broken)).toEqual(expect.arrayContaining(['slots', 'drift']));
    expect(broken.drift!.find(({ control }) => control === 'age')!.shift).toMatchObject({ value: 19 });
  });

  it('count what a failing server does not answer as missing', async () => {
    server.rules = { act: visitorRule(), introduce: steady };
    server.plan = mixed(0.1, 5, ['refusal', 'server-error', 'truncated-json']);
    const report = await audited(model(), few, 1);
    server.plan = noFaults;
    expect(report.failed.count).toBeGreaterThan(0);
    expect(faults(report)).toContain('answers');
    expect(report.failed.of).toBe(30);
  });
});

it('agreement is the share of equal pairs, and without opinions what the frequencies of actions make it', () => {
  const draw = (meaning: string, cards = 10) => ({
    meaning,
    action: meaning.split(' ')[0]!,
    slot: null,
    rank: null,
    cards,
    interest: 3,
  });
  expect(agreementOf([draw('leave'), draw('leave'), draw('open a')])).toBe(1 / 3);
  expect(blindAgreement([draw('leave'), draw('open a'), draw('open b'), draw('leave')])).toBe(
    0.25 + 0.25 / 10,
  );
});
