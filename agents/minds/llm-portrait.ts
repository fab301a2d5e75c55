// A profile that the model induces from a history: tastes in words with the titles they rest on, habits as numbers. It is
// believed only where it is consistent: played without the titles, it must rate what the person liked, and the model was
// not shown, above what other people like (the self-consistency of SimUSER, arXiv 2504.12722). Else it is left out.

import { z } from 'zod';
import { randomFrom } from '../../src/base/random.ts';
import { text } from '../../src/llm/message.ts';
import { genreWeightsOf, type Profile } from '../profile.ts';
import type { Asking } from './llm-asking.ts';
import { factsInWords, portraitInWords, type Portrait } from './llm-profile.ts';
import { prompts } from './llm-prompts.ts';
import { fenced, plainLine } from './llm-untrusted.ts';

const habit = z.int().min(1).max(5);
const portraitSchema = z.strictObject({
  tastes: z
    .array(
      z.strictObject({
        words: z.string().min(1).max(300),
        evidence: z.array(z.string().min(1).max(200)).min(1).max(8),
      }),
    )
    .min(1)
    .max(6),
  habits: z.strictObject({ activity: habit, diversity: habit, conformity: habit, strictness: habit }),
});
const ratingsSchema = z.strictObject({
  ratings: z.array(z.strictObject({ number: z.int().min(1).max(99), stars: z.int().min(1).max(5) })).max(99),
});

/** What came of inducing one visitor's profile. */
export interface Induced {
  readonly visitor: string;
  /** The first consistent one; null where none was, or nothing could be checked. */
  readonly portrait: Portrait | null;
  /**
   * Of each try: the chance that an own title is rated above one of other people's, ties as half; ½ says nothing. Empty
   * where the history is too short to hold titles back.
   */
  readonly consistency: readonly number[];
}

/** Profiles by visitor, induced once and shared by all sessions. */
export interface Portraits {
  /** Titles that other people like and this person never told of; as often as people like them. */
  strangersTo(profile: Profile): readonly string[];
  readonly induced: Map<string, Promise<Induced>>;
}

/** The visitor's induced profile, from the first time it is asked for. A ModelError is not kept: the next session asks again. */
export function portraitOf(asking: Asking, profile: Profile, portraits: Portraits): Promise<Induced> {
  const known = portraits.induced.get(profile.id);
  if (known !== undefined) return known;
  const asked = induce(asking, profile, portraits.strangersTo(profile));
  portraits.induced.set(profile.id, asked);
  asked.catch(() => portraits.induced.delete(profile.id));
  return asked;
}

async function induce(asking: Asking, profile: Profile, strangers: readonly string[]): Promise<Induced> {
  const { parameters } = asking;
  const key = ['portrait', profile.id];
  const titles = [...new Set(profile.liked.map(({ title }) => title))];
  const others = [...new Set(randomFrom(...key, 'others').shuffle(strangers))];
  const count = Math.min(parameters.portraitTitles, Math.floor(titles.length / 2), others.length);
  const held = randomFrom(...key, 'held')
    .shuffle(titles)
    .slice(0, count);
  const consistency: number[] = [];
  if (count === 0) return { visitor: profile.id, portrait: null, consistency };
  const known = profileWithout(profile, held);
  for (let tried = 0; tried < parameters.portraitTries; tried++) {
    const portrait = await drawn(asking, known, [...key, tried]);
    const found = await consistencyOf(asking, portrait, held, others.slice(0, count), [...key, tried]);
    consistency.push(found);
    if (found > 0.5) return { visitor: profile.id, portrait, consistency };
  }
  return { visitor: profile.id, portrait: null, consistency };
}

async function drawn(asking: Asking, profile: Profile, key: readonly (string | number)[]): Promise<Portrait> {
  const told = factsInWords(profile, { titlesTold: 60 });
  const legal = new Set([...profile.liked, ...profile.disliked].map(({ title }) => plainLine(title, 80)));
  return await asking.ask(
    {
      purpose: 'profile',
      messages: [
        { role: 'system', content: [text(prompts.profile)] },
        { role: 'user', content: [text(fenced('history', told, key))] },
      ],
      schema: portraitSchema.superRefine(({ tastes }, context) => {
        const invented = tastes.flatMap(({ evidence }) => evidence).find((title) => !legal.has(title));
        if (invented !== undefined)
          context.addIssue({
            code: 'custom',
            path: ['tastes'],
            message: `${JSON.stringify(plainLine(invented, 80))} is not a title of the list`,
          });
      }),
    },
    key,
  );
}

/** Plays the portrait alone and lets it rate. */
async function consistencyOf(
  asking: Asking,
  portrait: Portrait,
  own: readonly string[],
  others: readonly string[],
  key: readonly (string | number)[],
): Promise<number> {
  const list = randomFrom(...key, 'list').shuffle([...own, ...others]);
  const lines = list.map((title, index) => `[${index + 1}] ${plainLine(title, 80)}`);
  const { ratings } = await asking.ask(
    {
      purpose: 'consistency',
      messages: [
        { role: 'system', content: [text(prompts.consistency)] },
        {
          role: 'user',
          content: [
            text(`Who you are:\n${portraitInWords(portrait, false)}`),
            text(fenced('titles', lines.join('\n'), key)),
          ],
        },
      ],
      schema: ratingsSchema.superRefine(({ ratings: given }, context) => {
        const numbers = new Set(given.map(({ number }) => number));
        if (numbers.size < given.length || numbers.size !== list.length || Math.max(...numbers) > list.length)
          context.addIssue({
            code: 'custom',
            path: ['ratings'],
            message: `expected one rating for each of the numbers 1 to ${list.length}`,
          });
      }),
    },
    key,
  );
  const stars = new Map(ratings.map(({ number, stars: given }) => [list[number - 1]!, given]));
  return aboveChance(
    own.map((title) => stars.get(title)!),
    others.map((title) => stars.get(title)!),
  );
}

/** P(a > b) + ½ P(a = b) over all pairs (Mann and Whitney); both lists hold something. */
export function aboveChance(own: readonly number[], others: readonly number[]): number {
  let sum = 0;
  for (const a of own) for (const b of others) sum += a > b ? 1 : a === b ? 0.5 : 0;
  return sum / (own.length * others.length);
}

/** The profile as if the person had not told of these titles. */
function profileWithout(profile: Profile, titles: readonly string[]): Profile {
  const liked = profile.liked.filter(({ title }) => !titles.includes(title));
  return { ...profile, liked, genreWeights: genreWeightsOf(liked) };
}
