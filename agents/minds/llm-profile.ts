// A profile in words, for a model to play. Here it is told by rule, from the same numbers that the choice mind has;
// nothing is made up. What a model may add to it is in llm-portrait.ts.

import type { Level, Profile, Taste } from '../profile.ts';
import type { LlmParameters } from './llm-parameters.ts';
import { plainLine } from './llm-untrusted.ts';

const breadth: Readonly<Record<Level, string>> = {
  low: 'You stay with the few kinds you like.',
  medium: 'You like some variety.',
  high: 'You try nearly anything.',
};
const company: Readonly<Record<Level, string>> = {
  low: 'Your ratings often differ from what others think.',
  medium: 'Your ratings follow those of others more or less.',
  high: 'You mostly agree with what others think.',
};
const pace: Readonly<Record<Level, string>> = {
  low: 'You watch little and leave soon.',
  medium: 'You watch now and then, and look around for a while.',
  high: 'You watch a lot, and enjoy looking around.',
};

/** A profile in a model's own words, as it was induced. */
export interface Portrait {
  readonly tastes: readonly { readonly words: string; readonly evidence: readonly string[] }[];
  readonly habits: Readonly<Record<'activity' | 'diversity' | 'conformity' | 'strictness', number>>;
}

/** Who a visitor is, in the second person: the facts, and below them the model's own words where there are any. */
export function profileInWords(
  profile: Profile,
  portrait: Portrait | null,
  parameters: LlmParameters,
): string {
  const facts = factsInWords(profile, parameters);
  return portrait === null ? facts : `${facts}\nYour tastes and habits:\n${portraitInWords(portrait)}`;
}

/** What is known of a visitor; the titles are the evidence. */
export function factsInWords(profile: Profile, { titlesTold }: Pick<LlmParameters, 'titlesTold'>): string {
  const demographics = Object.entries(profile.demographics).map(([name, value]) => `${name} ${value}`);
  const genres = Object.entries(profile.genreWeights)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, 5)
    .map(([genre, share]) => `${genre} (${Math.round(100 * share)} %)`);
  const generous = profile.strictness[3];
  return [
    ...(demographics.length === 0 ? [] : [`About you: ${demographics.join(', ')}.`]),
    `Of what you liked, most is ${genres.join(', ') || 'of no particular kind'}.`,
    `You liked: ${titles(profile.liked, titlesTold)}.`,
    `You did not like: ${titles(profile.disliked, titlesTold)}.`,
    `You rate ${profile.ratingMean.toFixed(1)} of 5 on average and give five stars to ${Math.round(100 * (1 - generous))} % of what you watch.`,
    pace[profile.activity],
    breadth[profile.diversity],
    company[profile.conformity],
  ].join('\n');
}

/** A portrait in words; with its evidence, or without so that a check cannot read the answer off. */
export function portraitInWords({ tastes, habits }: Portrait, withEvidence = true): string {
  const { activity, diversity, conformity, strictness } = habits;
  return [
    ...tastes.map(({ words, evidence }) => {
      const because = withEvidence ? ` (${evidence.map((title) => plainLine(title, 80)).join('; ')})` : '';
      return `- ${plainLine(words, 300)}${because}`;
    }),
    `On scales of 1 to 5: activity ${activity}, diversity ${diversity}, conformity ${conformity}, strictness ${strictness}.`,
  ].join('\n');
}

/** The last ones, which are the freshest. */
function titles(tastes: readonly Taste[], most: number): string {
  return (
    tastes
      .slice(-most)
      .map(({ title }) => plainLine(title, 80))
      .join('; ') || 'nothing that you remember'
  );
}
