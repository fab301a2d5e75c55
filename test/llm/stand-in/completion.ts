// One chat completion of the stand-in: what its kind makes of the request, with the fault of the answer where there
// is one.

import { sha256 } from '../../../src/base/hash.ts';
import { bandsRule, fitting, type Asked, type Rule, type Schema } from './answers.ts';
import type { Body } from './body.ts';
import type { Fault } from './faults.ts';
import { manners, type Kind } from './kinds.ts';
import { lastWords, marksIn, picturesOf, wordsOf } from './sight.ts';

/** A request turned away for what it is. */
export class Turned extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Completion {
  readonly json: unknown;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly tokensCached: number;
}

export interface Circumstances {
  readonly kind: Kind;
  readonly gullible: boolean;
  readonly rules: Readonly<Record<string, Rule>>;
  readonly fault: Fault | null;
  readonly cachedCharacters: number;
  /** The how-manieth request it is. */
  readonly n: number;
}

export async function completionFor(body: Body, circumstances: Circumstances): Promise<Completion> {
  const { kind, fault } = circumstances;
  const able = manners[kind];
  const strict = body.response_format?.type === 'json_schema' ? body.response_format.json_schema : undefined;
  if (strict !== undefined && kind === 'openai') requireStrict(strict.schema as Schema, strict.name);
  const words = body.messages.map(({ content }) => wordsOf(content)).join('\n');
  if (kind === 'openai' && body.response_format?.type === 'json_object' && !/json/i.test(words)) {
    throw new Turned(400, "'messages' must contain the word 'json' in some form");
  }
  const pictured = body.messages.some(
    ({ content }) => Array.isArray(content) && content.some((part) => part.type === 'image_url'),
  );
  if (pictured && !able.vision) throw new Turned(500, 'image input is not supported');
  const pictures = await picturesOf(body).catch((error: unknown) => {
    throw new Turned(400, `invalid image: ${String(error)}`);
  });

  const tokens = Math.ceil(words.length / 4) + pictures.reduce((sum, sight) => sum + tilesOf(sight), 0);
  if (tokens > able.context && !able.cutsSilently) {
    throw new Turned(400, `maximum context length is ${able.context} tokens, the messages are ${tokens}`);
  }
  const tokensIn = Math.min(tokens, able.context);
  const tokensCached = able.usage ? Math.min(tokensIn, Math.floor(circumstances.cachedCharacters / 4)) : 0;

  const asked = questionIn(body, able);
  const answer =
    asked === null
      ? null
      : broken(answerTo({ ...asked, pictures, marks: marksIn(lastWords(body)) }, circumstances), fault);
  const content = contentOf(body, answer, circumstances);
  const called = answer !== null && asked?.byTool === true;
  const spoken = called ? JSON.stringify(answer) : content;
  const tokensOut = fault === 'empty' ? 0 : Math.ceil(spoken.length / 4);
  const message = {
    role: 'assistant',
    content: called ? null : content,
    ...able.messageExtra,
    ...(fault === 'refusal' ? { content: null, refusal: "I'm sorry, I can't help with that." } : {}),
    ...(called && fault !== 'refusal' && fault !== 'empty'
      ? {
          tool_calls: [
            {
              id: `call_${sha256(spoken).slice(0, 12)}`,
              type: 'function',
              function: { name: asked.purpose, arguments: cut(spoken, fault) },
            },
          ],
        }
      : {}),
  };
  const finish = fault === 'cut-off' ? 'length' : called ? 'tool_calls' : 'stop';
  return {
    tokensIn: able.usage ? tokensIn : 0,
    tokensOut: able.usage ? tokensOut : 0,
    tokensCached,
    json: {
      id: `chatcmpl-${circumstances.n}`,
      object: 'chat.completion',
      created: 1_795_000_000,
      model: body.model,
      choices: [{ index: 0, message, logprobs: null, finish_reason: finish }],
      ...(able.usage
        ? {
            usage: {
              prompt_tokens: tokensIn,
              completion_tokens: tokensOut,
              total_tokens: tokensIn + tokensOut,
              prompt_tokens_details:
                kind === 'ollama' || kind === 'llama.cpp' ? undefined : { cached_tokens: tokensCached },
            },
          }
        : {}),
      ...able.extra,
    },
  };
}

/** The content of the message: the answer as JSON, or words where nothing else was asked for or kept to. */
function contentOf(body: Body, answer: unknown, { kind, fault, n }: Circumstances): string {
  if (fault === 'empty') return '';
  if (answer === null) return wordsFor(body, kind, n);
  const json = cut(JSON.stringify(answer), fault);
  return manners[kind].thinks
    ? `<think>Let me {see}: what fits?</think>\nHere you are:\n\`\`\`json\n${json}\n\`\`\``
    : json;
}

/** What was asked for in a shape: by tool, by response format, or in words. Null where it may answer as it likes. */
function questionIn(
  body: Body,
  able: (typeof manners)[Kind],
): (Pick<Asked, 'purpose' | 'schema' | 'words' | 'system'> & { readonly byTool: boolean }) | null {
  const words = lastWords(body);
  const system = body.messages
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(({ content }) => wordsOf(content))
    .join('\n');
  const told = { words, system };
  if (body.tools !== undefined && able.tools) {
    const named = typeof body.tool_choice === 'object' ? body.tool_choice.function.name : undefined;
    const turns = body.messages.filter(({ role }) => role === 'tool').length;
    const tool =
      body.tools.find((one) => one.function.name === named) ??
      body.tools[Math.min(turns, body.tools.length - 1)];
    if (tool === undefined) return null;
    return { ...told, purpose: tool.function.name, schema: tool.function.parameters, byTool: true };
  }
  const format = body.response_format;
  if (format?.type === 'json_schema' && able.schema) {
    return { ...told, purpose: format.json_schema.name, schema: format.json_schema.schema, byTool: false };
  }
  // A model that reads: the schema stands in the words, and it keeps to it.
  const inWords = /fits this JSON Schema[^\n]*\n(\{.*\})\s*$/m.exec(system)?.[1];
  if (inWords === undefined || (format?.type === 'json_object' && !able.json)) return null;
  return { ...told, purpose: '', schema: JSON.parse(inWords) as Schema, byTool: false };
}

function answerTo(asked: Asked, { rules, gullible }: Circumstances): unknown {
  const fields = Object.keys(asked.schema.properties ?? {}).join();
  const rule = rules[asked.purpose] ?? (fields === 'left,middle,right' ? bandsRule : undefined);
  return rule === undefined ? fitting(asked, gullible) : rule(asked);
}

/** The answer with the fault of its content. */
function broken(answer: unknown, fault: Fault | null): unknown {
  if (fault === 'off-schema') return { ...Object(answer), interest: 'very', unasked: true };
  if (fault !== 'wrong-mark') return answer;
  return JSON.parse(JSON.stringify(answer), (key, value: unknown) =>
    /^mark$/i.test(key) && typeof value === 'number' ? 9_999 : value,
  ) as unknown;
}

function cut(json: string, fault: Fault | null): string {
  return fault === 'truncated-json' || fault === 'cut-off'
    ? json.slice(0, Math.ceil(json.length * 0.6))
    : json;
}

function wordsFor(body: Body, kind: Kind, n: number): string {
  if (!/random letters/.test(lastWords(body))) return 'Hello there.';
  const chance = manners[kind].seed && body.seed !== undefined ? body.seed : n;
  return sha256(`letters ${chance}`)
    .slice(0, 20)
    .replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? 'z');
}

/** OpenAI counts 85 tokens for a picture and 170 for each of its tiles of 512 pixels. */
function tilesOf({ width, height }: { readonly width: number; readonly height: number }): number {
  return 85 + 170 * Math.ceil(width / 512) * Math.ceil(height / 512);
}

/** Strict mode takes closed objects that require every field. */
function requireStrict(
  schema: Schema & { required?: readonly string[]; additionalProperties?: unknown },
  path: string,
): void {
  for (const inner of [...(schema.anyOf ?? []), schema.items])
    if (inner !== undefined) requireStrict(inner, path);
  if (schema.oneOf !== undefined) {
    throw new Turned(400, `Invalid schema for response_format '${path}': oneOf is not permitted.`);
  }
  if (schema.properties === undefined) return;
  const fields = Object.keys(schema.properties);
  if (
    schema.additionalProperties !== false ||
    fields.some((field) => !(schema.required ?? []).includes(field))
  ) {
    throw new Turned(
      400,
      `Invalid schema for response_format '${path}': every object must be closed and require all fields.`,
    );
  }
  for (const field of fields) requireStrict(schema.properties[field] ?? {}, `${path}.${field}`);
}
