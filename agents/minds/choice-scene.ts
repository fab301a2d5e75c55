// What the choice mind has before it: the visitor's state, what it carries from screen to screen, and the cards as
// it sees and wants them. Which cards are examined, and what each is worth with this visitor's noise. Pure.

import { randomFrom, type StreamPart } from '../../src/base/random.ts';
import type { Action } from '../../sandbox/actions.ts';
import type { MarkRole } from '../../sandbox/screen.ts';
import type { AgentState } from '../agent.ts';
import { tiredness } from '../fatigue.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Facts, SeenMark } from '../perceive.ts';
import { normaliseTitle } from '../text.ts';
import { normalCdf, sate, want, type Satiation, type Tastes } from '../want.ts';
import type { ChoiceParameters } from './choice-parameters.ts';

/** What the choice mind carries from screen to screen, besides profile, memory and fatigue. */
export interface Inner {
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

/** A card or an item page as seen and wanted. */
export interface Card {
  readonly seen: SeenMark;
  readonly facts: Facts;
  /** Utility with this visitor's noise for this title. */
  readonly utility: number;
  readonly interest: number;
}

/** One moment before a decision. */
export interface Scene {
  readonly state: AgentState;
  readonly inner: Inner;
  readonly tastes: Tastes;
  readonly seen: readonly SeenMark[];
}

/** Cards in the order they catch the eye, as far as patience goes. */
export function examine(scene: Scene, parameters: ChoiceParameters): SeenMark[] {
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
export function cardOf(
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

/** 1 when an earlier visit's record of watching, rating or keeping this title is still in long-term memory; opening alone is forgotten. */
function familiarity(state: AgentState, title: string): number {
  return state.memory.longTerm.some(
    (record) => record.action !== 'next-page' && normaliseTitle(record.text) === normaliseTitle(title),
  )
    ? 1
    : 0;
}

/** The mark that plays this role on the screen, if there is one. */
export function markWith(scene: Scene, role: MarkRole): SeenMark | undefined {
  return scene.seen.find((seen) => seen.mark.role === role);
}

/** Height of the tallest line, pixels. */
export function tallest(seen: SeenMark): number {
  return Math.max(0, ...seen.lines.map((line) => line.height));
}

/** The mean, or 1 (no interest) of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 1 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** What was chosen on one screen, before memory, fatigue and time are settled. */
export interface Choice {
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

/** Going back to the list. */
export function goingBack(
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

/** Leaving the site. */
export function leaving(
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
