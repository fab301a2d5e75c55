// The mind that is a multimodal model: it sees the screenshot and the numbered marks, remembers through the visitor's
// memory, tires as every visitor does, and answers in a closed schema. The client is passed in; what an endpoint
// cannot answer rises as a ModelError, and no default ever stands in for an answer.

import { z } from 'zod';
import { digest } from '../../src/base/hash.ts';
import { seedFrom, type StreamPart } from '../../src/base/random.ts';
import { answerOf, type Client, type Question } from '../../src/llm/client.ts';
import { ModelError } from '../../src/llm/failure.ts';
import { text } from '../../src/llm/message.ts';
import type { Box, Screen } from '../../sandbox/screen.ts';
import type { AgentState, Decision, Mind, Noticed } from '../agent.ts';
import { isExhausted, rested, tire } from '../fatigue.ts';
import { memoryParameters, recall, remember, type Memory, type MemoryRecord } from '../memory.ts';
import { textVector } from '../text.ts';
import { actionOf, actSchemaFor, type ActAnswer } from './llm-answer.ts';
import { llmParameters, type LlmParameters } from './llm-parameters.ts';
import { profileInWords } from './llm-profile.ts';
import { prompts, promptsVersion } from './llm-prompts.ts';
import { actMessages, markLine, type Step } from './llm-question.ts';
import { stepTools } from './llm-tools.ts';
import { fenced, plainLine } from './llm-untrusted.ts';

export interface LlmMindParts {
  readonly client: Client;
  readonly parameters?: LlmParameters;
  /** Whether memory's vectors come from the endpoint; else they are the embedded ones. Chosen once per run. */
  readonly embeds?: boolean;
  /** A sharper picture of one box, for the agent's `look-closer`; needed where `deciding` is 'agent'. */
  readonly crop?: (screen: Screen, box: Box) => Promise<Uint8Array>;
  readonly signal?: AbortSignal;
}

interface Inner {
  readonly key: readonly StreamPart[];
  readonly step: number;
  /** Importance since the visitor last reflected. */
  readonly weight: number;
}

const reflectionSchema = z.strictObject({
  conclusions: z.string().min(1).max(600),
  importance: z.int().min(1).max(5),
});

/** The llm mind on this client. */
export function llmMind(parts: LlmMindParts): Mind {
  const { client, parameters = llmParameters, embeds = false } = parts;
  const crop = parameters.deciding === 'agent' ? (parts.crop ?? missingCrop()) : null;

  const ask = async <Answer>(
    question: Pick<Question<Answer>, 'purpose' | 'messages' | 'schema' | 'tools'>,
    key: readonly StreamPart[],
  ) =>
    answerOf(
      await client.ask({
        ...question,
        sampling: {
          temperature: parameters.temperature,
          topP: parameters.topP,
          maxTokens: parameters.answerTokens,
          seed: seedFrom(...key, question.purpose) % 2 ** 31,
        },
        toolCalls: parameters.toolCalls,
        conversation: key.slice(0, -1).join(' '),
        ...(parts.signal === undefined ? {} : { signal: parts.signal }),
      }),
    );
  const vectorOf = async (words: string): Promise<Float64Array> => {
    if (!embeds) return textVector(words);
    const embedded = await client.embed({ purpose: 'memory', texts: [words] });
    return Float64Array.from(answeredVectors(embedded)[0]!);
  };

  const decide = async (state: AgentState, screen: Screen): Promise<Decision> => {
    const inner = state.inner as Inner;
    const key = [...inner.key, inner.step];
    if (isExhausted(state.fatigue)) return tooTired(state, inner);
    const cue = await vectorOf(screenText(screen, parameters));
    const recalled = recall(state.memory, cue, state.time, memoryParameters);
    const who = profileInWords(state.profile, parameters);
    const step: Step = { who, screen, recalled: recalled.records, fatigue: state.fatigue, key };
    const answer = await ask(
      {
        purpose: 'act',
        messages: actMessages(step, parameters),
        schema: actSchemaFor(screen.marks),
        ...(crop === null
          ? {}
          : {
              tools: stepTools({
                memory: state.memory,
                time: state.time,
                screen,
                key,
                parameters,
                vectorOf,
                crop,
              }),
            }),
      },
      key,
    );
    return await settle(state, screen, answer, recalled);
  };

  const settle = async (
    state: AgentState,
    screen: Screen,
    answer: ActAnswer,
    recalled: ReturnType<typeof recall>,
  ): Promise<Decision> => {
    const inner = state.inner as Inner;
    const action = actionOf(answer, screen.marks);
    if (typeof action === 'string') throw new Error(`defect: an illegal answer passed the schema: ${action}`);
    const noticed = answer.noticed.map(({ mark: number, interest }): Noticed => {
      const mark = screen.marks.find((candidate) => candidate.number === number)!;
      const words = plainLine(mark.lines[0]?.text ?? '', parameters.markCharacters);
      return { mark: number, text: words, interest, box: mark.box };
    });
    const seconds = parameters.pageSeconds + parameters.markSeconds * noticed.length;
    const time = state.time + seconds;
    const page = screen.marks.some(({ role }) => role === 'card') ? 'list' : 'item';
    const observed = observation(
      screen,
      action.type === 'leave' ? null : action.mark,
      noticed,
      answer,
      parameters,
    );
    const importance = answer.interest / 5;
    const record: MemoryRecord = {
      time,
      page,
      text: observed,
      vector: await vectorOf(observed),
      interest: answer.interest,
      action: action.type,
      importance,
    };
    let memory = remember(recalled.memory, record);
    let weight = inner.weight + importance;
    if (parameters.reflectFrom > 0 && weight >= parameters.reflectFrom && action.type !== 'leave') {
      memory = remember(memory, await reflection(memory, time, [...inner.key, inner.step]));
      weight = 0;
    }
    return {
      state: {
        ...state,
        memory,
        time,
        fatigue: tire(state.fatigue, action.type, answer.interest, parameters.fatigue),
        inner: { ...inner, step: inner.step + 1, weight } satisfies Inner,
      },
      action,
      thought: {
        noticed,
        interest: answer.interest,
        recalled: recalled.records.map(({ text }, index) => ({ text, score: recalled.scores[index]! })),
        reason: answer.reason,
        seconds,
      },
    };
  };

  /** What the visitor concludes from its latest records (generative agents, Park et al. 2023). */
  const reflection = async (
    memory: Memory,
    time: number,
    key: readonly StreamPart[],
  ): Promise<MemoryRecord> => {
    const lines = memory.shortTerm
      .slice(-12)
      .map(
        ({ text: words, action, interest }) =>
          `- ${action}, interest ${interest}: ${plainLine(words, parameters.markCharacters)}`,
      );
    const { conclusions, importance } = await ask(
      {
        purpose: 'reflect',
        messages: [
          { role: 'system', content: [text(prompts.reflect)] },
          { role: 'user', content: [text(fenced('memories', lines.join('\n'), [...key, 'reflect']))] },
        ],
        schema: reflectionSchema,
      },
      key,
    );
    const words = plainLine(conclusions, 600);
    return {
      time,
      page: 'mind',
      text: words,
      vector: await vectorOf(words),
      interest: importance,
      action: 'reflect',
      importance: importance / 5,
    };
  };

  return {
    name: 'llm',
    version: digest({ client: client.version, promptsVersion, parameters, memoryParameters, embeds }).slice(
      0,
      16,
    ),
    begin: (profile, memory, key) => ({
      profile,
      memory,
      fatigue: rested(
        parameters.budgetLow + profile.activityRank * (parameters.budgetHigh - parameters.budgetLow),
      ),
      time: 0,
      inner: { key, step: 0, weight: 0 } satisfies Inner,
    }),
    decide,
  };
}

/** The budget of fatigue is used up: the visit ends without asking anybody. */
function tooTired(state: AgentState, inner: Inner): Decision {
  const seconds = 1;
  return {
    state: {
      ...state,
      time: state.time + seconds,
      inner: { ...inner, step: inner.step + 1 } satisfies Inner,
    },
    action: { type: 'leave', reason: 'tired' },
    thought: { noticed: [], interest: 1, recalled: [], reason: 'Too tired to go on.', seconds },
  };
}

function screenText(screen: Screen, parameters: LlmParameters): string {
  return screen.marks.map((mark) => markLine(mark, parameters)).join('\n');
}

/** A/B Agent's record in words: what was looked at, what was done with which mark, and why. */
function observation(
  screen: Screen,
  acted: number | null,
  noticed: readonly Noticed[],
  answer: ActAnswer,
  parameters: LlmParameters,
): string {
  const mark = screen.marks.find(({ number }) => number === acted);
  const target =
    mark === undefined
      ? 'left'
      : `chose ${plainLine(mark.lines[0]?.text ?? mark.role, parameters.markCharacters)}`;
  const seen = noticed.map(({ text: words, interest }) => `${words} (${interest})`).join(', ');
  return `${target}; looked at ${seen || 'nothing'}; ${plainLine(answer.reason, parameters.markCharacters)}`;
}

function answeredVectors(embedded: Awaited<ReturnType<Client['embed']>>): readonly Float32Array[] {
  if (embedded.status === 'embedded') return embedded.vectors;
  throw new ModelError(embedded.failure);
}

function missingCrop(): never {
  throw new Error('defect: an agent that looks closer was given no way to crop');
}
