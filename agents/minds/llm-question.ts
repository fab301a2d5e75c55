// The question of a step as messages: what is the same for every visitor, then who this one is, then the page. A
// server that keeps what it computed of a prefix has only the page to read. Pure.

import type { Mark, Screen } from '../../sandbox/screen.ts';
import { picture, text, type Message } from '../../src/llm/message.ts';
import type { StreamPart } from '../../src/base/random.ts';
import { tiredness, type Fatigue } from '../fatigue.ts';
import type { MemoryRecord } from '../memory.ts';
import type { LlmParameters } from './llm-parameters.ts';
import { actionOn } from './llm-answer.ts';
import { prompts } from './llm-prompts.ts';
import { fenced, plainLine } from './llm-untrusted.ts';

export interface Step {
  /** Who the visitor is, in words. */
  readonly who: string;
  /** What earlier visits left behind, in words; the same at every step of a visit. */
  readonly summary: string | null;
  readonly screen: Screen;
  readonly recalled: readonly MemoryRecord[];
  readonly fatigue: Fatigue;
  /** Names the step's random streams. */
  readonly key: readonly StreamPart[];
}

/** The messages of a step, the changing part last. */
export function actMessages(step: Step, parameters: LlmParameters): Message[] {
  const { screen } = step;
  return [
    { role: 'system', content: [text(prompts.act)] },
    { role: 'user', content: [text(whoText(step))] },
    {
      role: 'user',
      content: [picture(screen.image, 'image/jpeg'), text(stepText(step, parameters))],
    },
  ];
}

/** The same at every step of a visit: what a server computed of it can be used again. */
function whoText({ who, summary, key }: Step): string {
  if (summary === null) return `Who you are:\n${who}`;
  // A name without the step, so that the delimiters stay, too.
  const kept = fenced('earlier visits', summary, [...key.slice(0, -1), 'summary']);
  return `Who you are:\n${who}\nWhat you remember of earlier visits:\n${kept}`;
}

/** What is remembered, how tired the visitor is, the marks of the page and what may be done with them. */
function stepText({ screen, recalled, fatigue, key }: Step, parameters: LlmParameters): string {
  const memories = recalled.map(
    ({ page, action, interest, text: remembered }) =>
      `- ${page}, ${action}, interest ${interest}: ${plainLine(remembered, parameters.markCharacters)}`,
  );
  const may = screen.marks.flatMap(({ number, role }) => {
    const action = actionOn(role);
    return action === undefined ? [] : [`${action} ${number}`];
  });
  return [
    `You feel ${tirednessInWords(fatigue)}.`,
    memories.length === 0 ? 'You remember nothing of this site.' : 'What comes back to you:',
    ...(memories.length === 0 ? [] : [fenced('memories', memories.join('\n'), [...key, 'memories'])]),
    'The page in the screenshot:',
    fenced('page', screen.marks.map((mark) => markLine(mark, parameters)).join('\n'), [...key, 'page']),
    `You may: ${[...may, 'leave 0'].join(', ')}.`,
  ].join('\n');
}

/** "[3] card: The Third Man | 1949 · Film-Noir | ★ 4.1 (208)". */
export function markLine(mark: Mark, parameters: LlmParameters): string {
  const words = mark.lines.map((line) => line.text).join(' | ');
  return `[${mark.number}] ${mark.role}: ${plainLine(words, parameters.markCharacters)}`;
}

/** Fatigue as a person would say it. */
export function tirednessInWords(fatigue: Fatigue): string {
  const share = tiredness(fatigue);
  if (share < 0.15) return 'fresh';
  if (share < 0.4) return 'still at ease';
  if (share < 0.65) return 'a little tired';
  return share < 0.85 ? 'tired' : 'very tired, and close to leaving';
}
