// What an agent may do within a step before it decides: search its own memory, and see one mark larger. Neither
// changes anything, and what they give back is data.

import { z } from 'zod';
import type { StreamPart } from '../../src/base/random.ts';
import type { Tool } from '../../src/llm/client.ts';
import { picture, text } from '../../src/llm/message.ts';
import type { Box, Screen } from '../../sandbox/screen.ts';
import { memoryParameters, recall, type Memory } from '../memory.ts';
import type { LlmParameters } from './llm-parameters.ts';
import { fenced, plainLine } from './llm-untrusted.ts';

export interface ToolParts {
  readonly memory: Memory;
  /** Simulated seconds since the visitor's first visit. */
  readonly time: number;
  readonly screen: Screen;
  readonly key: readonly StreamPart[];
  readonly parameters: LlmParameters;
  vectorOf(words: string): Promise<Float64Array>;
  /** A JPEG of one box of the screen, larger. */
  crop(screen: Screen, box: Box): Promise<Uint8Array>;
}

const recallInput = z.strictObject({ about: z.string().min(1).max(200) });
const closerInput = z.strictObject({ mark: z.int().min(1).max(999) });

/** The tools `recall` and `look-closer` of one step. */
export function stepTools(parts: ToolParts): readonly Tool[] {
  const recalling: Tool<z.infer<typeof recallInput>> = {
    name: 'recall',
    description: 'Searches your own memory of this and earlier visits.',
    input: recallInput,
    run: async ({ about }) => {
      const cue = { vector: await parts.vectorOf(about) };
      const { records } = recall(parts.memory, cue, parts.time, memoryParameters);
      if (records.length === 0) return [text('Nothing comes back.')];
      const lines = records.map((record) => `- ${plainLine(record.text, parts.parameters.markCharacters)}`);
      return [text(fenced('memories', lines.join('\n'), [...parts.key, 'recall', about]))];
    },
  };
  const looking: Tool<z.infer<typeof closerInput>> = {
    name: 'look-closer',
    description: 'Shows one mark of the page, larger.',
    input: closerInput,
    run: async ({ mark: number }) => {
      const mark = parts.screen.marks.find((candidate) => candidate.number === number);
      if (mark === undefined) return [text(`There is no mark ${number} on this page.`)];
      return [picture(await parts.crop(parts.screen, mark.box), 'image/jpeg')];
    },
  };
  return [recalling, looking];
}
