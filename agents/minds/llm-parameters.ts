// Every number of the llm mind in one place. Fatigue is that of the choice mind, so that a visitor has the same
// patience whichever mind it has; the rest bounds what a model may cost and what a page may say to it.

import type { FatigueParameters } from '../fatigue.ts';

export interface LlmParameters {
  /** One call a step, or an agent that may first recall and look closer. */
  readonly deciding: 'direct' | 'agent';
  /** Tastes told by rule alone, or also in words that the model induced from the history and that were checked. */
  readonly profile: 'told' | 'induced';
  /** Profiles tried until one is consistent with the history. */
  readonly portraitTries: number;
  /** Own and other people's titles that a profile is checked with, of each. */
  readonly portraitTitles: number;
  readonly temperature: number;
  readonly topP: number;
  /** Tokens of one answer at most. */
  readonly answerTokens: number;
  /** Tools an agent may use in one step. */
  readonly toolCalls: number;
  /** Characters of a mark's text that are passed on, and of a search. */
  readonly markCharacters: number;
  readonly queryCharacters: number;
  /** Liked and disliked titles told to the model, at most. */
  readonly titlesTold: number;
  /** Importance summed over records of this visit from which the visitor reflects; 0 never. */
  readonly reflectFrom: number;
  /** Records of earlier visits from which a returning visitor sums them up at the door; 0 never. */
  readonly summariseFrom: number;
  /** Budget of fatigue for the least and the most active visitor. */
  readonly budgetLow: number;
  readonly budgetHigh: number;
  readonly fatigue: FatigueParameters;
  /** Simulated seconds: to take a page in, and for each mark looked at. */
  readonly pageSeconds: number;
  readonly markSeconds: number;
}

export const llmParameters: LlmParameters = {
  deciding: 'direct',
  profile: 'told',
  portraitTries: 2,
  portraitTitles: 6,
  temperature: 0.7,
  topP: 1,
  answerTokens: 700,
  toolCalls: 2,
  markCharacters: 240,
  queryCharacters: 100,
  titlesTold: 20,
  reflectFrom: 4,
  summariseFrom: 8,
  budgetLow: 7,
  budgetHigh: 30,
  fatigue: { browse: 1, open: 1, commit: 0.5, dullest: 1.5, keenest: 0.6 },
  pageSeconds: 3,
  markSeconds: 1.2,
};
