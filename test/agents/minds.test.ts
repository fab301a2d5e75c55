import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import { roleOf, type Action, type ActionType } from '../../sandbox/actions.ts';
import type { Screen } from '../../sandbox/screen.ts';
import { openVisit } from '../../sandbox/visit.ts';
import { emptyMemory, type Memory } from '../../agents/memory.ts';
import { choiceMind } from '../../agents/minds/choice.ts';
import { choiceParameters, choiceParametersSchema } from '../../agents/minds/choice-parameters.ts';
import { llmMind } from '../../agents/minds/llm.ts';
import { oracleMind, randomMind, topSlotMind } from '../../agents/minds/scripted.ts';
import { normaliseTitle, textVector } from '../../agents/text.ts';
import { mindContract, visitOf } from '../contracts/mind.ts';
import { worldOf } from '../sandbox/world.ts';
import { playedClient } from './played.ts';
import { homeScreen, itemScreen, resultsScreen } from './painted.ts';
import { entrance, films, knowledge, likes, painted, profiles, toyScreen } from './toy.ts';

let studio: Studio;
let photographed: Promise<readonly Screen[]> | undefined;
beforeAll(async () => {
  studio = await openStudio({ pages: 1 });
});
afterAll(() => studio.close());

/** Home, item pages before and after watching, a second home page, results and empty results of the real site. */
async function realScreens(): Promise<readonly Screen[]> {
  const visit = openVisit(worldOf((html) => studio.capture(html)));
  await visit.start();
  const screens = [await visit.look()];
  const act = async (type: Exclude<ActionType, 'leave'>, query = 'film'): Promise<void> => {
    const mark = screens.at(-1)!.marks.find((candidate) => candidate.role === roleOf[type])!.number;
    const action: Action =
      type === 'search' ? { type, mark, query } : type === 'rate' ? { type, mark, stars: 4 } : { type, mark };
    await visit.act(action);
    screens.push(await visit.look());
  };
  for (const type of ['open', 'watch', 'rate', 'add-to-list', 'back', 'next-page', 'search', 'back'] as const)
    await act(type);
  await act('search', 'zzz');
  return screens;
}
const screens = (): Promise<readonly Screen[]> => (photographed ??= realScreens());

mindContract('choice', () => ({ mind: choiceMind(knowledge), usesChance: true }), screens);
mindContract('llm', () => ({ mind: llmMind({ client: playedClient() }), usesChance: true }), screens);
mindContract('random', () => ({ mind: randomMind, usesChance: true }), screens);
mindContract('top-slot', () => ({ mind: topSlotMind, usesChance: false }), screens);
mindContract('oracle', () => ({ mind: oracleMind(likes), usesChance: false }), screens);

describe('scripted minds', () => {
  it('open what they are for: the first card, or exactly what is liked', async () => {
    const titles = async (mind: typeof topSlotMind, person: number): Promise<string[]> => {
      const visit = await visitOf(mind, mind.begin(profiles[person]!, emptyMemory, [1]));
      return visit.flatMap(({ action, thought }) =>
        action.type === 'open' ? [thought.noticed[0]!.text] : [],
      );
    };
    expect(await titles(topSlotMind, 0)).toEqual(
      [0, 8, 16].map((slot) => normaliseTitle(films[slot]!.title)),
    );
    for (const person of [0, 1]) {
      const opened = await titles(oracleMind(likes), person);
      expect(opened).toEqual([...likes.get(profiles[person]!.id)!]);
    }
  });

  it('read a title that runs over two lines', async () => {
    const screen = homeScreen([{ title: ['The Letter', 'of Sorrow'], facts: '1995 · Drama' }]);
    const told = oracleMind(new Map([['visitor-0', new Set([normaliseTitle('The Letter of Sorrow')])]]));
    expect((await told.decide(told.begin(profiles[0]!, emptyMemory, [1]), screen)).action).toEqual({
      type: 'open',
      mark: 2,
    });
  });
});

describe('the choice mind', () => {
  const mind = choiceMind(knowledge);
  const interestOf = async (person: number, film: number, memory: Memory = emptyMemory): Promise<number> => {
    const interests: number[] = [];
    const screen = homeScreen([painted(films[film]!)]);
    for (let key = 0; key < 40; key++) {
      const { thought } = await mind.decide(mind.begin(profiles[person]!, memory, [key]), screen);
      interests.push(thought.noticed[0]!.interest);
    }
    return interests.reduce((sum, value) => sum + value, 0) / interests.length;
  };

  it('wants films of the kind the visitor likes more than others', async () => {
    expect(await interestOf(0, 22)).toBeGreaterThan(await interestOf(0, 23));
    expect(await interestOf(1, 23)).toBeGreaterThan(await interestOf(1, 22));
  });

  it('wants less what an earlier visit left in memory', async () => {
    const text = films[22]!.title;
    const record = {
      time: 0,
      page: 'item',
      text,
      vector: textVector(text),
      interest: 4,
      action: 'watch',
      importance: 0.8,
    };
    expect(await interestOf(0, 22, { shortTerm: [], longTerm: [record] })).toBeLessThan(
      await interestOf(0, 22),
    );
  });

  it('draws equal chance for equal titles, wherever they stand', async () => {
    const shown = [2, 5, 8, 11].map((film) => painted(films[film]!));
    const keen = choiceMind(knowledge, { ...choiceParameters, goOn: 1, lookingFatigue: 0, look: 0 });
    const byTitle = async (list: typeof shown): Promise<Record<string, number>> => {
      const { thought } = await keen.decide(keen.begin(profiles[0]!, emptyMemory, [3]), homeScreen(list));
      return Object.fromEntries(thought.noticed.map(({ text, interest }) => [text, interest]));
    };
    expect(await byTitle(shown.toReversed())).toEqual(await byTitle(shown));
  });

  it('notices only what it can read, and opens nothing where nothing can be read', async () => {
    const screen = homeScreen([]);
    for (let key = 0; key < 10; key++) {
      const { action, thought } = await mind.decide(mind.begin(profiles[0]!, emptyMemory, [key]), screen);
      expect(thought.noticed).toEqual([]);
      expect(action.type).not.toBe('open');
    }
  });

  it('leaves tired when its budget is spent, whatever is shown', async () => {
    const state = mind.begin(profiles[0]!, emptyMemory, [1]);
    const spent = { ...state, fatigue: { ...state.fatigue, spent: state.fatigue.budget } };
    for (const screen of [toyScreen(entrance), itemScreen(painted(films[0]!)), resultsScreen([])]) {
      expect((await mind.decide(spent, screen)).action).toEqual({ type: 'leave', reason: 'tired' });
    }
  });

  it('never opens a film twice in a visit, and rates it at most once, on its own page', async () => {
    for (const profile of profiles) {
      for (let key = 0; key < 5; key++) {
        const visit = await visitOf(mind, mind.begin(profile, emptyMemory, [key]));
        const opened = visit.flatMap(({ action, thought }) =>
          action.type === 'open' ? [thought.noticed.find(({ mark }) => mark === action.mark)!.text] : [],
        );
        expect(new Set(opened).size).toBe(opened.length);
        for (const [step, { action }] of visit.entries()) {
          if (action.type !== 'rate') continue;
          expect(['open', 'watch', 'add-to-list']).toContain(visit[step - 1]?.action.type);
        }
      }
    }
  });

  it('gives more active visitors a larger budget', () => {
    const budgets = [...profiles]
      .sort((a, b) => a.activityRank - b.activityRank)
      .map((profile) => mind.begin(profile, emptyMemory, [1]).fatigue.budget);
    expect(budgets).toEqual(budgets.toSorted((a, b) => a - b));
    expect(budgets.at(-1)).toBeGreaterThan(budgets[0]!);
  });

  it('has another version with other parameters or another culture', () => {
    const versions = [
      mind.version,
      choiceMind(knowledge, { ...choiceParameters, taste: choiceParameters.taste + 1 }).version,
      choiceMind({ ...knowledge, version: 'other' }).version,
    ];
    expect(new Set(versions).size).toBe(3);
  });

  it('refuses a parameter it does not know', () => {
    expect(choiceParametersSchema.safeParse({ tastee: 1 }).success).toBe(false);
    expect(choiceParametersSchema.safeParse({ attention: 0 }).success).toBe(false);
  });
});
