// What the llm mind makes of its memories in words: conclusions within a visit (generative agents, Park et al. 2023), and
// a summary of earlier visits at the door of a new one. Memories are text of the site, and stay data here, too.

import { z } from 'zod';
import type { StreamPart } from '../../src/base/random.ts';
import { text, type Message } from '../../src/llm/message.ts';
import type { Memory, MemoryRecord } from '../memory.ts';
import type { Asking } from './llm-asking.ts';
import { prompts } from './llm-prompts.ts';
import { fenced, plainLine } from './llm-untrusted.ts';

const reflectionSchema = z.strictObject({
  conclusions: z.string().min(1).max(600),
  importance: z.int().min(1).max(5),
});
const summarySchema = z.strictObject({ summary: z.string().min(1).max(900) });

/** Records that a reflection or a summary reads at most. */
const latest = 12;
const weightiest = 40;

/** What the visitor concludes from its latest records of this visit, as a record of its own. */
export async function reflection(
  asking: Asking,
  memory: Memory,
  time: number,
  key: readonly StreamPart[],
): Promise<MemoryRecord> {
  const { conclusions, importance } = await asking.ask(
    {
      purpose: 'reflect',
      messages: about(prompts.reflect, memory.shortTerm.slice(-latest), asking, [...key, 'reflect']),
      schema: reflectionSchema,
    },
    key,
  );
  const words = plainLine(conclusions, 600);
  return {
    time,
    page: 'mind',
    text: words,
    vector: await asking.vectorOf(words),
    interest: importance,
    action: 'reflect',
    importance: importance / 5,
  };
}

/** What earlier visits left behind, in a few sentences; null where they left too little to sum up. */
export async function summaryOf(
  asking: Asking,
  memory: Memory,
  key: readonly StreamPart[],
): Promise<string | null> {
  const { summariseFrom } = asking.parameters;
  if (summariseFrom === 0 || memory.longTerm.length < summariseFrom) return null;
  const kept = [...memory.longTerm]
    .sort((a, b) => b.importance - a.importance || b.time - a.time)
    .slice(0, weightiest)
    .sort((a, b) => a.time - b.time);
  const { summary } = await asking.ask(
    {
      purpose: 'summarise',
      messages: about(prompts.summarise, kept, asking, [...key, 'summarise']),
      schema: summarySchema,
    },
    key,
  );
  return plainLine(summary, 900);
}

function about(
  prompt: string,
  records: readonly MemoryRecord[],
  { parameters }: Asking,
  key: readonly StreamPart[],
): readonly Message[] {
  const lines = records.map(
    ({ text: words, action, interest }) =>
      `- ${action}, interest ${interest}: ${plainLine(words, parameters.markCharacters)}`,
  );
  return [
    { role: 'system', content: [text(prompt)] },
    { role: 'user', content: [text(fenced('memories', lines.join('\n'), key))] },
  ];
}
