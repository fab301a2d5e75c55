// The choice mind before a list: examined cards, the next page, a search and leaving compete. Going on follows the
// marginal value theorem: the next page is worth what pages have been worth, less the turning.

import { randomFrom } from '../../src/base/random.ts';
import { tiredness } from '../fatigue.ts';
import type { Knowledge } from '../knowledge.ts';
import { readFacts } from '../perceive.ts';
import { normaliseTitle } from '../text.ts';
import { longedFor } from '../want.ts';
import type { ChoiceParameters } from './choice-parameters.ts';
import {
  cardOf,
  examine,
  leaving,
  markWith,
  mean,
  type Card,
  type Choice,
  type Inner,
  type Scene,
} from './choice-scene.ts';

const titlesLongedFor = 20;

/** A grid: examine some cards, then the best of them, the next page, a search and leaving compete. */
export function chooseOnGrid(scene: Scene, knowledge: Knowledge, parameters: ChoiceParameters): Choice {
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

/** The mean best of the pages so far, drawn toward the belief the visitor came with. */
function expectedBest(inner: Inner, parameters: ChoiceParameters): number {
  const bests = Object.values(inner.bests);
  return (
    (parameters.expectedWeight * parameters.expectedBest + bests.reduce((sum, value) => sum + value, 0)) /
    (parameters.expectedWeight + bests.length)
  );
}
