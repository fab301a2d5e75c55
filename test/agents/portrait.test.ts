// Profiles that a model induces: believed where they know their own person, left out where they do not, asked for once.

import { describe, expect, it } from 'vitest';
import { emptyMemory } from '../../agents/memory.ts';
import { llmMind } from '../../agents/minds/llm.ts';
import { llmParameters } from '../../agents/minds/llm-parameters.ts';
import { aboveChance, type Portraits } from '../../agents/minds/llm-portrait.ts';
import { promptsVersion } from '../../agents/minds/llm-prompts.ts';
import type { Profile } from '../../agents/profile.ts';
import type { Client } from '../../src/llm/client.ts';
import { ModelError } from '../../src/llm/failure.ts';
import { homeScreen } from './painted.ts';
import { playedClient } from './played.ts';
import { films, painted, profiles } from './toy.ts';

const dramas = profiles[0]!;
const screen = homeScreen(films.slice(0, 4).map(painted), { next: true });
const westerns = films.flatMap(({ title, genre }) => (genre === 'Western' ? [title] : []));

/** Answers 'profile' with the first liked title and 'consistency' by a taste; everything else as played. */
function portraying(keen: (title: string) => boolean, asked: { purpose: string; words: string }[]): Client {
  const played = playedClient();
  return {
    ...played,
    ask: async (question) => {
      const words = question.messages
        .flatMap(({ content }) => content.flatMap((part) => (part.type === 'text' ? [part.text] : [])))
        .join('\n');
      asked.push({ purpose: question.purpose, words });
      const answered = (answer: unknown) => ({
        status: 'answered' as const,
        answer: question.schema.parse(answer),
        repairs: 0,
        toolsUsed: [],
        exchanges: [],
      });
      if (question.purpose === 'profile') {
        const title = /You liked: ([^;.\n]+)/.exec(words)![1]!;
        const habits = { activity: 2, diversity: 1, conformity: 3, strictness: 4 };
        return answered({ tastes: [{ words: 'You like sorrow on the screen.', evidence: [title] }], habits });
      }
      if (question.purpose === 'consistency') {
        const list = [...words.matchAll(/^\[(\d+)\] (.*)$/gm)];
        const ratings = list.map(([, number, title]) => ({
          number: Number(number),
          stars: keen(title!) ? 5 : 2,
        }));
        return answered({ ratings });
      }
      return await played.ask(question);
    },
  };
}

const kept = (strangers: readonly string[] = westerns): Portraits => ({
  strangersTo: () => strangers,
  induced: new Map(),
});
const mindOf = (client: Client, portraits: Portraits) =>
  llmMind({ client, portraits, parameters: { ...llmParameters, profile: 'induced' } });
const decide = async (client: Client, portraits: Portraits, profile: Profile = dramas) => {
  const mind = mindOf(client, portraits);
  return await mind.decide(mind.begin(profile, emptyMemory, [1]), screen);
};

describe('an induced profile', () => {
  it('that rates its own past above that of others is played, with its evidence, and is asked for once', async () => {
    const asked: { purpose: string; words: string }[] = [];
    const client = portraying((title) => title.includes('Sorrow'), asked);
    const portraits = kept();
    await decide(client, portraits);
    await decide(client, portraits);
    expect(asked.map(({ purpose }) => purpose)).toEqual(['profile', 'consistency', 'act', 'act']);
    expect(await portraits.induced.get(dramas.id)).toMatchObject({ consistency: [1] });
    expect(asked.at(-1)!.words).toMatch(/You like sorrow on the screen\. \(The .* of Sorrow\)/);
    expect(asked.at(-1)!.words).toContain('strictness 4');
  });

  it('is checked with titles that it was not shown, and by its words alone', async () => {
    const asked: { purpose: string; words: string }[] = [];
    await decide(
      portraying((title) => title.includes('Sorrow'), asked),
      kept(),
    );
    const [profile, consistency] = asked;
    const listed = [...consistency!.words.matchAll(/^\[\d+\] (.*)$/gm)].map(([, title]) => title!);
    const own = listed.filter((title) => dramas.liked.some((taste) => taste.title === title));
    expect(own.length).toBe(listed.length / 2);
    for (const title of own) expect(profile!.words).not.toContain(title);
    const evidence = /You liked: ([^;.\n]+)/.exec(profile!.words)![1]!;
    expect(consistency!.words).not.toContain(evidence);
  });

  it('that does not know its own person is tried again, then left out, and its figures are kept', async () => {
    const asked: { purpose: string; words: string }[] = [];
    const portraits = kept();
    await decide(
      portraying((title) => title.includes('Dust'), asked),
      portraits,
    );
    expect(asked.map(({ purpose }) => purpose)).toEqual([
      ...['profile', 'consistency', 'profile', 'consistency'],
      'act',
    ]);
    expect(await portraits.induced.get(dramas.id)).toEqual({
      visitor: dramas.id,
      portrait: null,
      consistency: [0, 0],
    });
    expect(asked.at(-1)!.words).not.toContain('You like sorrow');
  });

  it('is not induced where nothing can be checked', async () => {
    const asked: { purpose: string; words: string }[] = [];
    const portraits = kept([]);
    await decide(
      portraying(() => true, asked),
      portraits,
    );
    expect(asked.map(({ purpose }) => purpose)).toEqual(['act']);
    expect((await portraits.induced.get(dramas.id))!.consistency).toEqual([]);
  });

  it('that failed is no profile: the session fails, and the next one asks again', async () => {
    const failure = { kind: 'refused', message: 'no', hint: '' } as const;
    const silent: Client = {
      ...playedClient(),
      ask: async () => ({ status: 'failed', failure, exchanges: [] }),
    };
    const portraits = kept();
    await expect(decide(silent, portraits)).rejects.toBeInstanceOf(ModelError);
    expect(portraits.induced.size).toBe(0);
  });

  it('may rest on no title that the history does not have', async () => {
    const inventing: Client = {
      ...playedClient(),
      ask: async (question) => {
        const habits = { activity: 1, diversity: 1, conformity: 1, strictness: 1 };
        const tastes = [{ words: 'You like heists.', evidence: ['The Heist that Never Was'] }];
        expect(question.schema.safeParse({ tastes, habits }).success).toBe(false);
        return {
          status: 'failed',
          failure: { kind: 'off-schema', message: 'no', hint: '' },
          exchanges: [],
        };
      },
    };
    await expect(decide(inventing, kept())).rejects.toBeInstanceOf(ModelError);
    expect.assertions(2);
  });
});

it('a mind told by rule asks for no profile, and another way of profiling is another mind', () => {
  const told = llmMind({ client: playedClient() });
  expect(mindOf(playedClient(), kept()).version).not.toBe(told.version);
  expect(promptsVersion).toMatch(/^[0-9a-f]{16}$/);
});

it('consistency is the share of pairs in which the own title is above, ties as half', () => {
  expect(aboveChance([5, 4], [1, 4])).toBe((1 + 1 + 1 + 0.5) / 4);
  expect(aboveChance([3], [3])).toBe(0.5);
});
