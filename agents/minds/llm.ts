// The mind that is a multimodal model: it sees the screenshot and the numbered marks, remembers through the visitor's
// memory, tires as every visitor does, and answers in a closed schema. The client is passed in; what an endpoint
// cannot answer rises as a ModelError, and no default ever stands in for an answer.

import { digest } from '../../src/base/hash.ts';
import type { StreamPart } from '../../src/base/random.ts';
import type { Client } from '../../src/llm/client.ts';
import type { Box, Mark, Screen } from '../../sandbox/screen.ts';
import type { AgentState, Decision, Mind, Noticed } from '../agent.ts';
import { isExhausted, rested, tire } from '../fatigue.ts';
import { memoryParameters, recall, remember, type MemoryRecord } from '../memory.ts';
import { firstPicture, pictureVectors } from '../picture.ts';
import type { Profile } from '../profile.ts';
import { actionOf, actSchemaFor, type ActAnswer } from './llm-answer.ts';
import { askingOf } from './llm-asking.ts';
import { introduced } from './llm-introduce.ts';
import { llmParameters, type LlmParameters } from './llm-parameters.ts';
import { portraitOf, type Portraits } from './llm-portrait.ts';
import { profileInWords } from './llm-profile.ts';
import { promptsVersion } from './llm-prompts.ts';
import { actMessages, markLine, type Step } from './llm-question.ts';
import { reflection, summaryOf } from './llm-reflect.ts';
import { stepTools } from './llm-tools.ts';
import { plainLine } from './llm-untrusted.ts';

export interface LlmMindParts {
  readonly client: Client;
  readonly parameters?: LlmParameters;
  /** Whether memory's vectors come from the endpoint; else they are the embedded ones. Chosen once per run. */
  readonly embeds?: boolean;
  /** A sharper picture of one box, for the agent's `look-closer`; needed where `deciding` is 'agent'. */
  readonly crop?: (screen: Screen, box: Box) => Promise<Uint8Array>;
  /** Where induced profiles are kept for all sessions; needed where `profile` is 'induced'. */
  readonly portraits?: Portraits;
  readonly signal?: AbortSignal;
}

interface Inner {
  readonly key: readonly StreamPart[];
  readonly step: number;
  /** Importance since the visitor last reflected. */
  readonly weight: number;
  /** What earlier visits left behind, in words, summed up at the first step; null for too little. */
  readonly summary: string | null;
}

/** The llm mind on this client. */
export function llmMind(parts: LlmMindParts): Mind {
  const { client, parameters = llmParameters, embeds = false } = parts;
  const crop = parameters.deciding === 'agent' ? (parts.crop ?? missingCrop()) : null;
  const portraits = parameters.profile === 'induced' ? (parts.portraits ?? missingPortraits()) : null;

  const asking = askingOf({
    client,
    parameters,
    embeds,
    ...(parts.signal === undefined ? {} : { signal: parts.signal }),
  });
  const { ask, vectorOf } = asking;
  const whoIs = async (profile: Profile): Promise<string> => {
    const induced = portraits === null ? null : await portraitOf(asking, profile, portraits);
    return profileInWords(profile, induced?.portrait ?? null, parameters);
  };

  const decide = async (state: AgentState, screen: Screen): Promise<Decision> => {
    const inner = state.inner as Inner;
    const key = [...inner.key, inner.step];
    if (isExhausted(state.fatigue)) return tooTired(state, inner);
    const cue = {
      vector: await vectorOf(screenText(screen, parameters)),
      pictures: pictureVectors(screen),
    };
    const recalled = recall(state.memory, cue, state.time, memoryParameters);
    const who = await whoIs(state.profile);
    const summary = inner.step === 0 ? await summaryOf(asking, state.memory, key) : inner.summary;
    const step: Step = { who, summary, screen, recalled: recalled.records, fatigue: state.fatigue, key };
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
    return await settle({ ...state, inner: { ...inner, summary } }, screen, answer, recalled);
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
    const acted = action.type === 'leave' ? null : action.mark;
    const observed = observation(screen, acted, noticed, answer, parameters);
    const importance = answer.interest / 5;
    const record: MemoryRecord = {
      time,
      page,
      text: observed,
      vector: await vectorOf(observed),
      picture: firstPicture(screen, inFocus(screen, acted, noticed)),
      interest: answer.interest,
      action: action.type,
      importance,
    };
    let memory = remember(recalled.memory, record);
    let weight = inner.weight + importance;
    if (parameters.reflectFrom > 0 && weight >= parameters.reflectFrom && action.type !== 'leave') {
      memory = remember(memory, await reflection(asking, memory, time, [...inner.key, inner.step]));
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
      inner: { key, step: 0, weight: 0, summary: null } satisfies Inner,
    }),
    decide,
    introduce: async (state, screen) => {
      const { key, step } = state.inner as Inner;
      return await introduced(asking, await whoIs(state.profile), screen, [...key, step]);
    },
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

/** What the step was about: the mark acted on, then what was looked at, the most interesting first, then the page. */
function inFocus(screen: Screen, acted: number | null, noticed: readonly Noticed[]): Mark[] {
  const numbers = [acted, ...noticed.toSorted((a, b) => b.interest - a.interest).map(({ mark }) => mark)];
  const found = numbers.flatMap((number) => screen.marks.filter((mark) => mark.number === number));
  const pictured = screen.marks.filter(({ picture }) => picture !== null);
  return pictured.length === 1 ? [...found, ...pictured] : found;
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

function missingPortraits(): never {
  throw new Error('defect: a mind that induces profiles was given no place to keep them');
}

function missingCrop(): never {
  throw new Error('defect: an agent that looks closer was given no way to crop');
}
