// A recommender at the other end of HTTP (docs/recommender-http.md), the only place that calls fetch. It turns
// every way in which a server can fail into an ArmError of its own; it never falls back, and repeats nothing but a question
// for health on a connection that was left over from another server.
// That the items are right is for `checked` to say.

import { z } from 'zod';
import { UsageError } from '../base/error.ts';
import { digest } from '../base/hash.ts';
import { ArmError, slateSchema, type Recommender } from './recommender.ts';

/** An answer above this many bytes is refused. */
const ANSWER_LIMIT = 1_000_000;

const problemSchema = z.object({ title: z.string().optional(), detail: z.string().optional() });

/** What GET /health answers; a server with several recommenders lists them by name. */
const healthSchema = z.object({
  status: z.literal('ok'),
  recommenders: z.array(z.object({ name: z.string(), method: z.string(), version: z.string() })).optional(),
});
export type Health = z.infer<typeof healthSchema>;

/**
 * A recommender that asks POST `url`/recommend. Its method is 'remote' and its version the digest of the url and of what
 * the server says that it serves there, so that another model behind the same address is another version; the slates
 * carry the server's own. `timeoutMs` counts to the last byte. Throws a UsageError where `url` is not
 * an http or https address; `recommend` rejects with an ArmError (timeout, error or malformed).
 */
export function remoteRecommender({
  url,
  timeoutMs,
  served,
}: {
  readonly url: string;
  readonly timeoutMs: number;
  readonly served?: Health['recommenders'];
}): Recommender {
  const address = addressOf(url, 'recommend');
  return {
    method: 'remote',
    version: digest({
      method: 'remote',
      url,
      ...(served === undefined ? {} : { served: servedAt(url, served) }),
    }),
    async recommend(request) {
      const answer = await ask(address, timeoutMs, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(request),
      });
      return parsedAs(slateSchema, answer, address);
    },
  };
}

/** Whether the other side had closed the connection, as a server does that is replaced while connections are kept. */
function isSocketClosed(cause: Error): boolean {
  return 'code' in cause && cause.code === 'UND_ERR_SOCKET';
}

/** What is served at this address: the recommender named by its path where there is one of that name, else all of them. */
function servedAt(url: string, served: NonNullable<Health['recommenders']>): unknown {
  const last = new URL(url).pathname.split('/').filter(Boolean).at(-1);
  return served.find(({ name }) => name === last) ?? served;
}

/** Asks GET `url`/health. Rejects with an ArmError where the server cannot be reached or is not well. */
export async function checkHealth(url: string, timeoutMs = 5_000): Promise<Health> {
  const address = addressOf(url, 'health');
  const asking = () => ask(address, timeoutMs, { method: 'GET', headers: { accept: 'application/json' } });
  const answer = await asking().catch((error: unknown) => {
    if (error instanceof ArmError && causesOf(error).some(isSocketClosed)) return asking();
    throw error;
  });
  return parsedAs(healthSchema, answer, address);
}

function addressOf(url: string, path: 'recommend' | 'health'): string {
  const parsed = URL.parse(url);
  const isWeb = parsed !== null && ['http:', 'https:'].includes(parsed.protocol);
  if (!isWeb || parsed.username !== '' || parsed.password !== '') {
    throw new UsageError(
      `Expected the address of a recommender without user and password, but got ${JSON.stringify(url.replace(/\/\/[^/]*@/, '//…@'))}.`,
      "Give it as 'http://127.0.0.1:8080'; /recommend is appended.",
    );
  }
  parsed.pathname = `${parsed.pathname.replace(/\/+$/, '')}/${path}`;
  parsed.hash = '';
  return parsed.href;
}

/** One request; the parsed JSON of a 2xx answer. */
async function ask(
  address: string,
  timeoutMs: number,
  init: { method: string; headers: Record<string, string>; body?: string },
): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(address, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    text = await limitedText(response, address);
  } catch (cause) {
    throw cause instanceof ArmError ? cause : connectionError(cause, address, timeoutMs);
  }
  if (response.status >= 300 && response.status < 400) {
    const target = response.headers.get('location') ?? 'nowhere';
    throw new ArmError(
      'error',
      `${address} redirects (${response.status}) to ${quote(target)}; redirects are not followed.`,
      {
        hint: 'Point the arm to the final address.',
      },
    );
  }
  const json = parseJson(text);
  if (!response.ok) throw statusError(response.status, json, text, address);
  if (json === undefined) {
    const type = response.headers.get('content-type') ?? 'no content type';
    throw new ArmError(
      'malformed',
      `${address} was expected to answer with JSON, but it sent ${quote(text)} (${quote(type)}).`,
      {
        hint: 'Check that the address is that of a recommender, not of a page.',
      },
    );
  }
  return json;
}

async function limitedText(response: Response, address: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_LIMIT) {
      throw new ArmError(
        'malformed',
        `${address} was expected to answer with at most ${ANSWER_LIMIT} bytes, but it sent more.`,
        {
          hint: 'Send only items, method, version, ms and generated.',
        },
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function connectionError(cause: unknown, address: string, timeoutMs: number): ArmError {
  const chain = causesOf(cause);
  const codes = chain.flatMap((link) => ('code' in link && typeof link.code === 'string' ? [link.code] : []));
  const isLate =
    chain.some((link) => link.name === 'TimeoutError') ||
    codes.some((code) => /^UND_ERR_\w+_TIMEOUT$/.test(code));
  if (isLate) {
    return new ArmError('timeout', `${address} was expected to answer within ${timeoutMs} ms and did not.`, {
      hint: 'Raise timeoutMs, or make the recommender faster.',
      cause,
    });
  }
  if (codes.includes('ECONNREFUSED')) {
    return new ArmError('error', `Nothing listens at ${address}: the connection was refused.`, {
      hint: 'Start the recommender first, or correct the url of the arm.',
      cause,
    });
  }
  if (codes.includes('ENOTFOUND') || codes.includes('EAI_AGAIN')) {
    return new ArmError('error', `The host of ${address} has no address (${codes.join(', ')}).`, {
      hint: 'Correct the url of the arm.',
      cause,
    });
  }
  const reason = chain.at(-1)?.message ?? String(cause);
  return new ArmError('error', `The connection to ${address} broke before an answer came: ${reason}`, {
    hint: "Look at the recommender's own log.",
    cause,
  });
}

/** The error and its causes, outermost first. */
function causesOf(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let link = error; link instanceof Error && !chain.includes(link); link = link.cause) chain.push(link);
  return chain;
}

function statusError(status: number, json: unknown, text: string, address: string): ArmError {
  const problem = problemSchema.safeParse(json);
  const stated = problem.success ? [problem.data.title, problem.data.detail].filter(Boolean).join(': ') : '';
  return new ArmError('error', `${address} answered with status ${status}: ${quote(stated || text)}.`, {
    hint:
      status === 404
        ? 'Give the address of the server; /recommend is appended to it.'
        : "Look at the recommender's own log.",
  });
}

function parsedAs<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  address: string,
): z.infer<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new ArmError(
    'malformed',
    `${address} answered with JSON of another shape:\n${z.prettifyError(parsed.error)}`,
    {
      hint: 'docs/recommender-http.md states what an answer must be.',
    },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Foreign text in a message: escaped, and cut after 300 characters. */
function quote(text: string): string {
  return JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);
}
