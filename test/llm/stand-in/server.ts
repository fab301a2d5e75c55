// A stand-in for a model server: the OpenAI interface on a loopback port, with a sight and a mood instead of a model.
// It counts what reached it, so that our own totals can be held against another's. Kinds, faults and rules may be
// changed while it runs.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { canonicalJson, sha256 } from '../../../src/base/hash.ts';
import { bodySchema, embeddingsSchema, type Body } from './body.ts';
import { completionFor, Turned, type Completion } from './completion.ts';
import type { Rule } from './answers.ts';
import { noFaults, type Fault, type Plan } from './faults.ts';
import { manners, type Kind } from './kinds.ts';

export interface Counts {
  /** Chat and embedding requests that arrived, whatever became of them. */
  readonly requests: number;
  readonly answered: number;
  /** Requests turned away with 4xx for what they were. */
  readonly turnedAway: number;
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  /** Tokens of all answers that were sent whole. */
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Of tokensIn, those that a prefix of an earlier request had in common. */
  readonly tokensCached: number;
}

export interface StandIn {
  readonly baseUrl: string;
  kind: Kind;
  plan: Plan;
  /** Obeys orders that stand in the text of a mark. */
  gullible: boolean;
  /** By purpose; questions of other purposes are answered by the schema alone. */
  rules: Readonly<Record<string, Rule>>;
  /** What /v1/models lists. */
  models: readonly string[];
  /** Milliseconds before each answer; 'slow' waits this long besides. */
  latency: number;
  slowness: number;
  counts(): Counts;
  /** Bodies of the chat requests, oldest first. */
  requests(): readonly Body[];
  close(): Promise<void>;
}

export interface StandInOptions {
  readonly kind?: Kind;
  /** Keys other than this are turned away with 401, which says the key it got. */
  readonly key?: string;
}

const BLOCK = 64;

/** Starts a stand-in on a free port of 127.0.0.1. */
export async function openStandIn({ kind = 'openai', key }: StandInOptions = {}): Promise<StandIn> {
  const requests: Body[] = [];
  const prompts: string[] = [];
  const faultCounts: Partial<Record<Fault, number>> = {};
  const counts = { requests: 0, answered: 0, turnedAway: 0, tokensIn: 0, tokensOut: 0, tokensCached: 0 };

  const server = createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      console.error('the stand-in broke', error);
      response.destroy();
    });
  });
  // A test that stalls for some seconds must not find its connection closed.
  server.keepAliveTimeout = 120_000;
  const address = await listening(server);
  const standIn: StandIn = {
    baseUrl: `${address}/v1`,
    kind,
    plan: noFaults,
    gullible: false,
    rules: {},
    models: ['stand-in'],
    latency: 0,
    slowness: 60_000,
    counts: () => ({ ...counts, faults: { ...faultCounts } }),
    requests: () => requests,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const { stated, context } = manners[standIn.kind];
    if (path === '/props' && stated === 'props') {
      return sendJson(response, 200, {
        default_generation_settings: { n_ctx: context },
        modalities: { vision: true },
      });
    }
    const bearer = request.headers.authorization?.replace(/^Bearer /, '');
    if (key !== undefined && bearer !== key) {
      return sendJson(response, 401, wrong(`Incorrect API key provided: ${bearer}.`, 'invalid_api_key'));
    }
    if (path === '/v1/models') {
      const length = stated === 'models' ? { max_model_len: context } : {};
      const data = standIn.models.map((id) => ({ id, object: 'model', ...length }));
      return sendJson(response, 200, { object: 'list', data });
    }
    if (request.method !== 'POST' || !['/v1/chat/completions', '/v1/embeddings'].includes(path)) {
      return sendJson(response, 404, wrong(`Unknown path ${path}`, 'not_found'));
    }
    const n = counts.requests++;
    const body: unknown = JSON.parse(await bodyOf(request));
    const fault = standIn.plan(n);
    if (fault !== null) faultCounts[fault] = (faultCounts[fault] ?? 0) + 1;
    await sleep(standIn.latency + (fault === 'slow' ? standIn.slowness : 0), response);
    if (response.destroyed) return;
    if (fault !== null && breaks(fault, response, bearer ?? '')) return;
    try {
      const completion = path === '/v1/embeddings' ? embeddingsOf(body) : await chatOf(body, fault);
      const json = JSON.stringify(completion.json);
      if (fault === 'truncated-body') return sendText(response, 200, json.slice(0, json.length / 2));
      counts.answered++;
      counts.tokensIn += completion.tokensIn;
      counts.tokensOut += completion.tokensOut;
      counts.tokensCached += completion.tokensCached;
      sendText(response, 200, json);
    } catch (error) {
      if (!(error instanceof Turned)) throw error;
      counts.turnedAway++;
      sendJson(response, error.status, wrong(error.message, 'invalid_request_error'));
    }
  }

  async function chatOf(json: unknown, fault: Fault | null): Promise<Completion> {
    const read = bodySchema.safeParse(json);
    if (!read.success) throw new Turned(400, read.error.issues.map((issue) => issue.message).join('; '));
    requests.push(read.data);
    const prompt = canonicalJson(read.data.messages);
    const shared = Math.max(0, ...prompts.slice(-200).map((earlier) => commonPrefix(earlier, prompt)));
    prompts.push(prompt);
    return completionFor(read.data, {
      kind: standIn.kind,
      gullible: standIn.gullible,
      rules: standIn.rules,
      fault,
      cachedCharacters: shared,
      n: requests.length,
    });
  }

  function embeddingsOf(json: unknown): Completion {
    if (!manners[standIn.kind].embeddings) throw new Turned(404, 'This server has no embeddings.');
    const read = embeddingsSchema.safeParse(json);
    if (!read.success) throw new Turned(400, read.error.message);
    const texts = [read.data.input].flat();
    const tokensIn = texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
    return {
      tokensIn,
      tokensOut: 0,
      tokensCached: 0,
      json: {
        object: 'list',
        model: read.data.model,
        data: texts.map((text, index) => ({ object: 'embedding', index, embedding: wordVector(text) })),
        usage: { prompt_tokens: tokensIn, total_tokens: tokensIn },
      },
    };
  }

  return standIn;
}

/** Answers as the fault has it; false where the fault is one of the answer itself. */
function breaks(fault: Fault, response: ServerResponse, bearer: string): boolean {
  switch (fault) {
    case 'rate-limited':
      response.setHeader('retry-after', '0');
      sendJson(response, 429, wrong(`Rate limit reached for ${bearer}`, 'rate_limit_exceeded'));
      return true;
    case 'server-error':
      sendJson(response, 500, wrong('The server had an error', 'server_error'));
      return true;
    case 'closed-socket':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4000' });
      response.write('{"id":"chatcmpl-1","choices":[{"mess');
      setImmediate(() => response.destroy());
      return true;
    case 'endless-stream': {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
      };
      response.on('drain', more);
      more();
      return true;
    }
    case 'html':
      sendText(response, 200, '<!doctype html><title>Welcome</title>');
      return true;
    default:
      return false;
  }
}

/** 32 dimensions: each word adds one for its hash. Equal words, near vectors. */
function wordVector(text: string): number[] {
  const vector = new Array<number>(32).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    const at = parseInt(sha256(word).slice(0, 6), 16) % 32;
    vector[at] = (vector[at] ?? 0) + 1;
  }
  const norm = Math.hypot(...vector) || 1;
  return vector.map((value) => value / norm);
}

/** Characters of the whole blocks that both begin with. */
function commonPrefix(a: string, b: string): number {
  let at = 0;
  for (let end = 4 * BLOCK; end <= a.length && end <= b.length; end += 4 * BLOCK) {
    if (a.slice(at, end) !== b.slice(at, end)) break;
    at = end;
  }
  return at;
}

function wrong(message: string, code: string): unknown {
  return { error: { message, type: code, param: null, code } };
}

function sendJson(response: ServerResponse, status: number, json: unknown): void {
  sendText(response, status, JSON.stringify(json));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Waits, but not for a client that has gone. */
function sleep(ms: number, response: ServerResponse): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    response.on('close', () => {
      clearTimeout(timer);
      done();
    });
  });
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
