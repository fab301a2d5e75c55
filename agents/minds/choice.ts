// The embedded mind: a bounded-rational visitor that looks, knows, wants, chooses, tires and leaves. It needs no
// key and no network. Options on a screen compete as in a random-utility model (Gumbel noise, so a softmax);
// going on and leaving follow the marginal value theorem (Charnov 1976). Equal visitors draw equal noise for
// equal titles in every arm: that is what makes twins comparable. It is a model to argue with, not a person.

import { digest } from '../../src/base/hash.ts';
import type { Screen } from '../../sandbox/screen.ts';
import type { Decision, Mind, Noticed } from '../agent.ts';
import { isExhausted, rested, tire, type FatigueParameters } from '../fatigue.ts';
import type { Knowledge } from '../knowledge.ts';
import { memoryParameters, recall, remember } from '../memory.ts';
import { perceive, perceptionParameters, type SeenMark } from '../perceive.ts';
import { statedAge, type Profile } from '../profile.ts';
import { textVector } from '../text.ts';
import { tastesOf, type Tastes } from '../want.ts';
import { chooseOnGrid } from './choice-grid.ts';
import { chooseOnItem } from './choice-item.ts';
import { choiceParameters, type ChoiceParameters } from './choice-parameters.ts';
import { goingBack, leaving, markWith, type Choice, type Inner, type Scene } from './choice-scene.ts';

const screensRemembered = 500;

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
        : choose(scene, knowledge, parameters);
      return settle(scene, choice, fatigue);
    },
    introduce: async ({ profile, fatigue: { budget } }) => ({ age: statedAge(profile), mood: null, budget }),
  };
}

/** What kind of page it is shows in what can be done there. */
function choose(scene: Scene, knowledge: Knowledge, parameters: ChoiceParameters): Choice {
  const roles = new Set(scene.seen.map((seen) => seen.mark.role));
  if (roles.has('watch') || roles.has('rate') || roles.has('add-to-list'))
    return chooseOnItem(scene, knowledge, parameters);
  return roles.has('card') ? chooseOnGrid(scene, knowledge, parameters) : chooseOnEmpty(scene);
}

/** A page without cards (no search results): back, or leave where there is no way back. */
function chooseOnEmpty(scene: Scene): Choice {
  const back = markWith(scene, 'back');
  return back === undefined
    ? leaving(scene, [], 'bored', 'Nothing here.')
    : goingBack(scene, back, [], 1, 'Found nothing.');
}

/** Turns a choice into the contract's decision: memory written, fatigue paid, time passed. */
function settle(scene: Scene, choice: Choice, fatigue: FatigueParameters): Decision {
  const { state } = scene;
  const vector = textVector(choice.text);
  const recalled = recall(state.memory, { vector }, state.time, memoryParameters);
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
      recalled: recalled.records.map(({ text }, index) => ({ text, score: recalled.scores[index]! })),
      reason: choice.reason,
      seconds: choice.seconds,
    },
  };
}
