// A client without a wire: the stand-in's way of playing a visitor, asked in this process. Answers pass the question's
// own schema, as a real client's do.

import type { Client } from '../../src/llm/client.ts';
import { everything } from '../llm/asking.ts';
import { marksIn } from '../llm/stand-in/sight.ts';
import { visitorRule } from '../llm/stand-in/visitor.ts';

/** What it says of itself and makes of its memories, whoever it plays. */
const sentences: Readonly<Record<string, unknown>> = {
  reflect: { conclusions: 'This site has little for me.', importance: 3 },
  summarise: { summary: 'I watched two dramas here and liked one.' },
  introduce: { age: 30, mood: 3, minutes: 20 },
};

/** Plays 'act' by the rule, from the words and the sampling seed, and everything else with a sentence. */
export function playedClient(obedient = false, asked: string[] = []): Client {
  const rule = visitorRule(obedient);
  return {
    model: 'played',
    version: 'played-1',
    capabilities: everything,
    embed: async () => {
      throw new Error('not asked for');
    },
    ask: async (question) => {
      const words = question.messages
        .at(-1)!
        .content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
        .join('\n');
      asked.push(words);
      const answer =
        question.purpose === 'act'
          ? rule({
              purpose: 'act',
              schema: {},
              pictures: [],
              marks: marksIn(words),
              words: `${question.sampling.seed} ${words}`,
              system: '',
            })
          : sentences[question.purpose];
      return {
        status: 'answered',
        answer: question.schema.parse(answer),
        repairs: 0,
        toolsUsed: [],
        exchanges: [],
      };
    },
  };
}
