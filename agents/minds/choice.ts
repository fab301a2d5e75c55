// The embedded mind: a bounded-rational visitor that looks, knows, wants, chooses, tires and leaves. It needs no
// key and no network. Options on a screen compete as in a random-utility model (Gumbel noise, so a softmax);
// going on and leaving follow the marginal value theorem (Charnov 1976). Equal visitors draw equal noise for
// equal titles in every arm: that is what makes twins comparable. It is a model to argue with, not a person.

import { digest } from '../../src/base/hash.ts';
import { randomFrom, type StreamPart } from '../../src/base/random.ts';
import type { Action } from '../../sandbox/actions.ts';
import type { MarkRole, Screen } from '../../sandbox/screen.ts';
import type { AgentState, Decision, Mind, Noticed } from '../agent.ts';
import { isExhausted, rested, tire, tiredness, type FatigueParameters } from '../fatigue.ts';
import type { Knowledge } from '../knowledge.ts';
import { memoryParameters, recall, remember } from '../memory.ts';
import { perceive, readFacts, type Facts, type PerceptionParameters, type SeenMark } from '../perceive.ts';
import type { Profile } from '../profile.ts';
import { normaliseTitle, textVector } from '../text.ts';
import {
  longedFor,
  normalCdf,
  sate,
  starsFor,
  tastesOf,
  want,
  type Satiation,
  type Tastes,
} from '../want.ts';
import { choiceParameters, type ChoiceParameters } from './choice-parameters.ts';

export const perceptionParameters: PerceptionParameters = {
  unreadableHeight: 7,
  readableHeight: 11,
  unreadableContrast: 1.3,
  readableContrast: 2.5,
  threshold: 0.5,
  area: 0.3,
  contrast: 1,
  colour: 0.5,
  topLeft: 0.5,
};

/** What the choice mind carries from screen to screen, besides profile, memory and fatigue. */
interface Inner {
  readonly key: readonly StreamPart[];
  readonly step: number;
  readonly page: number;
  /** Best utility found on each page of lists so far, by page. */
  readonly bests: Readonly<Record<string, number>>;
  /** How many cards of each page were examined so far: a second look goes at least as deep. */
  readonly depths: Readonly<Record<string, number>>;
  readonly opened: readonly string[];
  readonly watched: readonly string[];
  readonly declined: readonly string[];
  readonly rated: readonly string[];
  readonly searches: number;
  readonly satiation: Satiation;
}

interface Card {
  readonly seen: SeenMark;
  readonly facts: Facts;
  /** Utility with this visitor's noise for this title. */
  readonly utility: number;
  readonly interest: number;
}

interface Scene {
  readonly state: AgentState;
  readonly inner: Inner;
  readonly tastes: Tastes;
  readonly seen: readonly SeenMark[];
}

interface Choice {
  readonly inner: Inner;
  readonly action: Action;
  readonly cards: readonly Card[];
  readonly interest: number;
  readonly reason: string;
  readonly seconds: number;
  /** What to remember of the step, and how much it matters (0-1). */
  readonly text: string;
  readonly importance: number;
}

const screensRemembered = 500;
const titlesLongedFor = 20;

/** The choice mind with this knowledge. `decide` is pure in (state, screen); what it keeps are only look-ups. */
export function choiceMind(knowledge: Knowledge, parameters: ChoiceParameters = choiceParameters): Mind {
  const looked = new Map<string, readonly SeenMark[]>();
  const tastesByProfile = new WeakMap<Profile, Tastes>();
  const fatigue: FatigueParameters = {
    browse: parameters.browseCost,
    open: parameters.openCost,
    commit: parameters.commitCost,
    dullest: parameters.dullest,
    keenest: parameters.keenest,
  };

  const look = (screen: Screen): readonly SeenMark[] => {
    const known = looked.get(screen.hash);
    if (known !== undefined) return known;
    if (looked.size >= screensRemembered) looked.delete(looked.keys().next().value!);
    const seen = perceive(screen, perceptionParameters);
    looked.set(screen.hash, seen);
    return seen;
  };
  const tastesFor = (profile: Profile): Tastes => {
    const tastes = tastesByProfile.get(profile) ?? tastesOf(profile, knowledge, parameters);
    tastesByProfile.set(profile, tastes);
    return tastes;
  };

  return {
    name: 'choice',
    version: digest({
      parameters,
      perceptionParameters,
      memoryParameters,
      knowledge: knowledge.version,
    }).slice(0, 16),
    begin: (profile, memory, key) => ({
      profile,
      memory,
      fatigue: rested(
        parameters.budgetLow + profile.activityRank * (parameters.budgetHigh - parameters.budgetLow),
      ),
      time: 0,
      inner: {
        key,
        step: 0,
        page: 1,
        bests: {},
        depths: {},
        opened: [],
        watched: [],
        declined: [],
        rated: [],
        searches: 0,
        satiation: { time: 0, amounts: {} },
      } satisfies Inner,
    }),
    decide: async (state, screen) => {
      const scene: Scene = {
        state,
        inner: state.inner as Inner,
        tastes: tastesFor(state.profile),
        seen: look(screen),
      };
      const choice = isExhausted(state.fatigue)
        ? leaving(scene, [], 'tired', 'Too tired to go on.')
        : markWith(scene, 'watch') === undefined &&
            markWith(scene, 'rate') === undefined &&
            scene.seen.some((seen) => seen.mark.role === 'card')
          ? chooseOnGrid(scene, knowledge, parameters)
          : markWith(scene, 'watch') === undefined &&
              markWith(scene, 'rate') === undefined &&
              markWith(scene, 'add-to-list') === undefined
            ? chooseOnEmpty(scene)
            : chooseOnItem(scene, knowledge, parameters);
      return settle(scene, choice, fatigue);
    },
  };
}

/** A grid: examine some cards, then the best of them, the next page, a search and leaving compete. */
function chooseOnGrid(scene: Scene, knowledge: Knowledge, parameters: ChoiceParameters): Choice {
  const { inner, state } = scene;
  const tired = tiredness(state.fatigue);
  const examined = examine(scene, parameters);
  const cards = examined.flatMap((seen) => {
    const facts = readFacts(seen);
    return facts === null ? [] : [cardOf(scene, seen, facts, knowledge, parameters)];
  });
  const open = cards.filter((card) => !inner.opened.includes(normaliseTitle(card.facts.title)));
  const best = open.reduce<Card | undefined>(
    (top, card) => (top === undefined || card.utility > top.utility ? card : top),
    undefined,
  );
  const pageBest = Math.max(inner.bests[inner.page] ?? -Infinity, ...cards.map((card) => card.utility));
  const known: Inner = {
    ...inner,
    bests: Number.isFinite(pageBest) ? { ...inner.bests, [inner.page]: pageBest } : inner.bests,
    depths: { ...inner.depths, [inner.page]: examined.length },
  };
  const interest = mean(
    cards
      .map((card) => card.interest)
      .sort((a, b) => b - a)
      .slice(0, 3),
  );
  const noise = (purpose: string): number =>
    parameters.temperature *
    randomFrom(...inner.key, 'option', purpose, inner.page, inner.opened.length).gumbel();

  const activity = state.profile.activityRank - 0.5;
  const next = markWith(scene, 'next-page');
  const search = markWith(scene, 'search');
  const values = {
    open: best === undefined ? -Infinity : best.utility + parameters.eagerness * activity,
    next:
      next === undefined ? -Infinity : expectedBest(known, parameters) - parameters.turnCost + noise('next'),
    search: search === undefined || inner.searches > 0 ? -Infinity : parameters.searchValue + noise('search'),
    leave:
      parameters.outside +
      parameters.outsideFatigue * tired -
      parameters.patience * activity +
      noise('leave'),
  };
  const top = Math.max(values.open, values.next, values.search, values.leave);
  const seconds = 2 + 0.7 * cards.length;

  if (best !== undefined && top === values.open) {
    return {
      inner: { ...known, opened: [...known.opened, normaliseTitle(best.facts.title)] },
      action: { type: 'open', mark: best.seen.mark.number },
      cards,
      interest: best.interest,
      reason: `“${best.facts.title}” looks best of ${cards.length} examined.`,
      seconds,
      text: best.facts.title,
      importance: 0.3,
    };
  }
  if (next !== undefined && top === values.next) {
    return {
      inner: { ...known, page: known.page + 1 },
      action: { type: 'next-page', mark: next.mark.number },
      cards,
      interest,
      reason: open.length === 0 ? 'Nothing left here.' : 'The next page is likely to have something better.',
      seconds,
      text: cards.map((card) => card.facts.title).join(', '),
      importance: 0.1,
    };
  }
  if (search !== undefined && top === values.search) {
    const titles = longedFor(scene.tastes, knowledge, titlesLongedFor);
    const query = titles[randomFrom(...inner.key, 'search', inner.page).integer(Math.max(1, titles.length))];
    if (query !== undefined) {
      return {
        inner: { ...known, searches: known.searches + 1, page: known.page + 1000 },
        action: { type: 'search', mark: search.mark.number, query: query.slice(0, 100) },
        cards,
        interest,
        reason: `Remembered “${query}” and would like to see it.`,
        seconds,
        text: `searched ${query}`,
        importance: 0.4,
      };
    }
  }
  const satisfied = known.watched.length >= parameters.enough;
  return {
    ...leaving(
      { ...scene, inner: known },
      cards,
      tired > 0.8 ? 'tired' : satisfied ? 'satisfied' : 'bored',
      'Something else is worth more now.',
    ),
    interest,
    seconds,
  };
}

/** An item page: read more, then watch, list or decline; rate what was watched; go back. */
function chooseOnItem(scene: Scene, knowledge: Knowledge, parameters: ChoiceParameters): Choice {
  const { inner, state, seen } = scene;
  const main = [...seen]
    .filter((candidate) => candidate.mark.role === 'text')
    .sort((a, b) => tallest(b) - tallest(a))[0];
  const facts = main === undefined ? null : readFacts(main);
  const back = markWith(scene, 'back');
  if (main === undefined || facts === null || back === undefined) {
    return back === undefined
      ? leaving(scene, [], 'bored', 'No way on.')
      : goingBack(scene, back, [], 1, 'Nothing could be read here.');
  }
  const card = cardOf(scene, main, facts, knowledge, parameters, parameters.reconsidered);
  const title = normaliseTitle(facts.title);
  const draw = (purpose: string): number => randomFrom(...inner.key, purpose, title).uniform();
  const step = { cards: [card], interest: card.interest, text: facts.title };

  const watch = markWith(scene, 'watch');
  if (watch !== undefined && !inner.watched.includes(title) && !inner.declined.includes(title)) {
    const eagerness =
      (card.utility - parameters.watchFrom - parameters.watchFatigue * tiredness(state.fatigue)) /
      parameters.watchTemperature;
    if (draw('watch') < 1 / (1 + Math.exp(-eagerness))) {
      const satiation = sate(inner.satiation, facts.genres, 1, state.time, parameters.satiationHalfLifeHours);
      return {
        ...step,
        inner: { ...inner, watched: [...inner.watched, title], satiation },
        action: { type: 'watch', mark: watch.mark.number },
        reason: `Wants to watch “${facts.title}”.`,
        seconds: 8,
        importance: 0.8,
      };
    }
    const list = markWith(scene, 'add-to-list');
    if (list !== undefined && draw('list') < parameters.list) {
      return {
        ...step,
        inner: { ...inner, declined: [...inner.declined, title] },
        action: { type: 'add-to-list', mark: list.mark.number },
        reason: `Keeps “${facts.title}” for another day.`,
        seconds: 6,
        importance: 0.5,
      };
    }
  }
  const rate = markWith(scene, 'rate');
  if (
    rate !== undefined &&
    inner.watched.includes(title) &&
    !inner.rated.includes(title) &&
    draw('rate') < parameters.rate
  ) {
    const worths = want(
      facts,
      0,
      state.profile,
      scene.tastes,
      knowledge,
      { time: 0, amounts: {} },
      parameters,
    );
    const worth =
      parameters.ratingTaste * worths.taste +
      parameters.ratingQuality * worths.quality +
      parameters.ratingNoise * randomFrom(...inner.key, 'worth', title).normal();
    const stars = starsFor(worth, state.profile, parameters);
    return {
      ...step,
      interest: stars,
      inner: { ...inner, rated: [...inner.rated, title] },
      action: { type: 'rate', mark: rate.mark.number, stars: stars as 1 | 2 | 3 | 4 | 5 },
      reason: `“${facts.title}” was worth ${stars} of 5.`,
      seconds: 4,
      importance: 0.4 + Math.abs(stars - 3) * 0.2,
    };
  }
  const reason = inner.watched.includes(title) ? 'Done here.' : `“${facts.title}” is not for now.`;
  return { ...goingBack(scene, back, [card], card.interest, reason), text: facts.title };
}

/** A page without cards (no search results): back, or leave where there is no way back. */
function chooseOnEmpty(scene: Scene): Choice {
  const back = markWith(scene, 'back');
  return back === undefined
    ? leaving(scene, [], 'bored', 'Nothing here.')
    : goingBack(scene, back, [], 1, 'Found nothing.');
}

/** Cards in the order they catch the eye, as far as patience goes. */
function examine(scene: Scene, parameters: ChoiceParameters): SeenMark[] {
  const cards = scene.seen.filter((seen) => seen.mark.role === 'card');
  const saliences = cards.map((card) => card.salience);
  const middle = mean(saliences);
  const spread = Math.sqrt(mean(saliences.map((value) => (value - middle) ** 2))) || 1;
  const queue = cards
    .map((card, index) => ({
      card,
      place: index - (parameters.queueJump * (card.salience - middle)) / spread,
    }))
    .sort((a, b) => a.place - b.place || a.card.mark.number - b.card.mark.number);
  const goOn = parameters.goOn - parameters.lookingFatigue * tiredness(scene.state.fatigue);
  const { key, page, opened, depths } = scene.inner;
  const random = randomFrom(...key, 'examine', page, opened.length);
  let depth = 1;
  while (depth < queue.length && random.uniform() < goOn) depth += 1;
  return queue
    .slice(0, Math.min(parameters.attention, Math.max(depth, depths[page] ?? 0)))
    .map(({ card }) => card);
}

/** A card or an item page as wanted; `impulse` is the share of the first impression's noise that is left. */
function cardOf(
  scene: Scene,
  seen: SeenMark,
  facts: Facts,
  knowledge: Knowledge,
  parameters: ChoiceParameters,
  impulse = 1,
): Card {
  const { inner, state, tastes } = scene;
  const satiation = sate(inner.satiation, [], 0, state.time, parameters.satiationHalfLifeHours);
  const wants = want(facts, seen.look, state.profile, tastes, knowledge, satiation, parameters);
  const familiar = familiarity(state, facts.title) * parameters.familiar;
  const noise =
    impulse * parameters.temperature * randomFrom(...inner.key, 'want', normaliseTitle(facts.title)).gumbel();
  const utility = wants.total - familiar + noise;
  return {
    seen,
    facts,
    utility,
    interest: 1 + 4 * normalCdf((utility - parameters.interestCentre) / parameters.interestSpread),
  };
}

/** 1 when an earlier visit's record of watching or opening this title is still in long-term memory. */
function familiarity(state: AgentState, title: string): number {
  return state.memory.longTerm.some(
    (record) => record.action !== 'next-page' && normaliseTitle(record.text) === normaliseTitle(title),
  )
    ? 1
    : 0;
}

/** The mean best of the pages so far, drawn toward the belief the visitor came with. */
function expectedBest(inner: Inner, parameters: ChoiceParameters): number {
  const bests = Object.values(inner.bests);
  return (
    (parameters.expectedWeight * parameters.expectedBest + bests.reduce((sum, value) => sum + value, 0)) /
    (parameters.expectedWeight + bests.length)
  );
}

function goingBack(
  scene: Scene,
  back: SeenMark,
  cards: readonly Card[],
  interest: number,
  reason: string,
): Choice {
  return {
    inner: scene.inner,
    action: { type: 'back', mark: back.mark.number },
    cards,
    interest,
    reason,
    seconds: 3,
    text: reason,
    importance: 0.1,
  };
}

function leaving(
  scene: Scene,
  cards: readonly Card[],
  reason: 'satisfied' | 'bored' | 'tired',
  words: string,
): Choice {
  return {
    inner: scene.inner,
    action: { type: 'leave', reason },
    cards,
    interest: 1,
    reason: words,
    seconds: 1,
    text: `left ${reason}`,
    importance: 0.6,
  };
}

/** Turns a choice into the contract's decision: memory written, fatigue paid, time passed. */
function settle(scene: Scene, choice: Choice, fatigue: FatigueParameters): Decision {
  const { state } = scene;
  const vector = textVector(choice.text);
  const recalled = recall(state.memory, vector, state.time, memoryParameters);
  const time = state.time + choice.seconds;
  const memory = remember(recalled.memory, {
    time,
    page: scene.seen.some((seen) => seen.mark.role === 'card') ? 'list' : 'item',
    text: choice.text,
    vector,
    interest: choice.interest,
    action: choice.action.type,
    importance: choice.importance,
  });
  const noticed: Noticed[] = choice.cards.map((card) => ({
    mark: card.seen.mark.number,
    text: card.facts.title,
    interest: card.interest,
    box: card.seen.mark.box,
  }));
  return {
    state: {
      ...state,
      memory,
      time,
      fatigue: tire(state.fatigue, choice.action.type, choice.interest, fatigue),
      inner: { ...choice.inner, step: choice.inner.step + 1 },
    },
    action: choice.action,
    thought: {
      noticed,
      interest: choice.interest,
      recalled: recalled.records.map((record) => record.text),
      reason: choice.reason,
      seconds: choice.seconds,
    },
  };
}

function markWith(scene: Scene, role: MarkRole): SeenMark | undefined {
  return scene.seen.find((seen) => seen.mark.role === role);
}

function tallest(seen: SeenMark): number {
  return Math.max(0, ...seen.lines.map((line) => line.height));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
