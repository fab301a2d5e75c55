// From what a model said to an answer in the schema, or to what is wrong with it. Wrapping that models put around
// JSON (a fence, their reasoning, a greeting) is taken off; nothing is guessed, renamed or filled in.

import type { z } from 'zod';
import type { AnswerMode } from './client.ts';
import type { Said } from './endpoint.ts';
import type { Failure } from './failure.ts';
import { firstObject, parsedJson } from './json.ts';
import { quoted } from './quoted.ts';

/** No answer of ours is longer; a longer one is not parsed. */
const MOST_CHARACTERS = 100_000;

export type Judged<Answer> =
  { readonly answer: Answer; readonly failure: null } | { readonly answer: null; readonly failure: Failure };

/** Judges a message against the schema; in mode 'tools' the answer is the input of the tool named `name`. */
export function judged<Answer>(
  said: Said,
  mode: AnswerMode,
  name: string,
  schema: z.ZodType<Answer>,
): Judged<Answer> {
  const call = mode === 'tools' ? said.calls.find((made) => made.name === name) : undefined;
  const value = call === undefined ? jsonIn(said.content) : call.input;
  if (value === undefined) return { answer: null, failure: notJson(said, mode, name) };
  const checked = schema.safeParse(value);
  if (checked.success) return { answer: checked.data, failure: null };
  return {
    answer: null,
    failure: {
      kind: 'off-schema',
      message: `The answer does not fit: ${issuesOf(checked.error)}.`,
      hint: 'See docs/endpoints.md for servers that keep to a schema.',
    },
  };
}

/** What is wrong with each field, the first five, for the model's repair and for the log. */
function issuesOf(error: z.ZodError): string {
  const told = error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.map(String).join('.') || 'the whole'}: ${issue.message}`);
  const more = error.issues.length > 5 ? `; and ${error.issues.length - 5} more` : '';
  return quoted(told.join('; ') + more, 600).slice(1, -1);
}

function notJson(said: Said, mode: AnswerMode, name: string): Failure {
  const expected = mode === 'tools' ? `a call of '${name}' with JSON` : 'a JSON object';
  const other = said.calls.map((made) => made.name).join(', ');
  const came = other === '' ? quoted(said.content) : `a call of ${quoted(other)}`;
  return {
    kind: 'not-json',
    message: `Expected ${expected}, but the model said ${came}.`,
    hint: 'See docs/endpoints.md for servers that keep to a schema.',
  };
}

const fence = '```';

/** What stands between the first fence with a line to itself, or with 'json' in it, and the next; in linear time. */
function fencedIn(text: string): string | undefined {
  let line = -1;
  for (let open = text.indexOf(fence); open >= 0; open = text.indexOf(fence, open + fence.length)) {
    if (line < open) line = text.indexOf('\n', open);
    if (line < 0) return undefined;
    const language = text.slice(open + fence.length, Math.min(line, open + 20)).trim();
    if (language !== '' && language !== 'json') continue;
    const close = text.indexOf(fence, line);
    return close < 0 ? undefined : text.slice(line, close);
  }
  return undefined;
}

/** The JSON value of a text, with what models put around it taken off; undefined where there is none. */
export function jsonIn(text: string): unknown {
  if (text.length > MOST_CHARACTERS) return undefined;
  const bare = text.replace(/^\s*<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/, '').trim();
  const whole = parsedJson(bare);
  if (whole !== undefined) return whole;
  const fenced = fencedIn(bare);
  const inside = fenced === undefined ? undefined : parsedJson(fenced);
  if (inside !== undefined) return inside;
  const object = firstObject(bare);
  return object === undefined ? undefined : parsedJson(object);
}
