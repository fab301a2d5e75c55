// The choice mind before an item: reads more, reconsiders, then watches, keeps for later or declines; rates what it
// watched, and goes back.

import { randomFrom } from '../../src/base/random.ts';
import { tiredness } from '../fatigue.ts';
import type { Knowledge } from '../knowledge.ts';
import { readFacts } from '../perceive.ts';
import { normaliseTitle } from '../text.ts';
import { sate, starsFor, want } from '../want.ts';
import type { ChoiceParameters } from './choice-parameters.ts';
import { cardOf, goingBack, leaving, markWith, tallest, type Choice, type Scene } from './choice-scene.ts';

/** An item page: read more, then watch, list or decline; rate what was watched; go back. */
export function chooseOnItem(scene: Scene, knowledge: Knowledge, parameters: ChoiceParameters): Choice {
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
    const wish = card.utility - parameters.watchFatigue * tiredness(state.fatigue);
    const chance = (from: number): number => 1 / (1 + Math.exp((from - wish) / parameters.watchTemperature));
    if (draw('watch') < chance(parameters.watchFrom)) {
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
    if (list !== undefined && draw('list') < parameters.list * chance(parameters.listFrom)) {
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
    !inner.rated.includes(title) &&
    draw('rate') < (inner.watched.includes(title) ? parameters.rate : parameters.opine)
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
      parameters.ratingQuality * worths.standing +
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
