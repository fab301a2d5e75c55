// Recommenders over HTTP (docs/recommender-http.md) with node:http: POST /recommend and GET /health, and
// /NAME/recommend for each of several. Errors are problem+json (RFC 9457). Local by default: the Host header is
// checked, so that a web page cannot reach it by rebinding a name. No TLS, no authentication: not for the open net.

import { isUtf8 } from 'node:buffer';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { wallMilliseconds } from '../base/clock.ts';
import { UsageError } from '../base/error.ts';
import { requestSchema, type Recommender } from './recommender.ts';
import { Crowded, turnstile } from './turnstile.ts';

/** A request body above this many bytes is refused. */
const BODY_LIMIT = 1_000_000;
/** Requests begun in one turn of the event loop: as many as the models that batch compute together. */
const togetherAtMost = 4;
/** Requests that may wait; more are told to come again. */
const waitingAtMost = 256;
/** Faults of a request that are told of; a long body can have hundreds of thousands. */
const toldAtMost = 5;
/** How long a server that closes waits for the answers under way. */
const closingMs = 5_000;

export interface ServeOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host?: string;
  /** Host names (without port) a request may name besides 127.0.0.1, localhost, [::1] and `host`. */
  readonly allowedHosts?: readonly string[];
}

export interface RunningServer {
  /** The address to give to an arm; with several recommenders, append /NAME. */
  readonly url: string;
  /** Takes no more connections, answers what has come, for five seconds at most, and ends. */
  close(): Promise<void>;
}

interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Reply = { readonly status: 200; readonly body: unknown } | Problem;

/**
 * Serves one recommender at /recommend, or a map of them at /NAME/recommend. Resolves when it listens. Rejects
 * with a UsageError where the port or host cannot be had or a name does not fit into a path.
 */
export async function serve(
  recommenders: Recommender | ReadonlyMap<string, Recommender>,
  { port, host = '127.0.0.1', allowedHosts = [] }: ServeOptions,
): Promise<RunningServer> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new UsageError(`Expected a port from 0 to 65535, but got ${port}.`, 'Use 0 for any free one.');
  }
  if (host.trim() === '')
    throw new UsageError(
      'Expected a host to listen on, but got an empty one.',
      'Give 127.0.0.1 for this machine alone, or 0.0.0.0 for all of its addresses.',
    );
  const routes = routesOf(recommenders);
  const turn = turnstile(togetherAtMost, waitingAtMost);
  const hosts = new Set(
    ['127.0.0.1', 'localhost', '[::1]', inUrl(host), ...allowedHosts].map((name) => name.toLowerCase()),
  );
  let isClosing = false;
  const server = createServer((request, response) => {
    response.on('finish', () => isClosing && server.closeIdleConnections());
    // Who hung up while others were computed costs nothing more. That is heard two turns after the request, since
    // connections are taken one a turn.
    const admitted = async (): Promise<boolean> => {
      await turn();
      for (let more = 0; more < 2; more++) await setImmediate();
      return !response.destroyed && !request.socket.destroyed;
    };
    reply(request, routes, hosts, admitted).then(
      (answer) => answer !== null && send(response, answer),
      (error: unknown) => {
        const detail = error instanceof Error ? error.message : String(error);
        send(response, { status: 500, title: 'The recommender failed', detail });
      },
    );
  });
  server.requestTimeout = 30_000;
  await listening(server, port, host);
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${inUrl(host)}:${actual}`,
    close: () =>
      new Promise((resolve, reject) => {
        isClosing = true;
        const late = setTimeout(() => server.closeAllConnections(), closingMs);
        server.close((error) => {
          clearTimeout(late);
          if (error) reject(error);
          else resolve();
        });
      }),
  };
}

/** Path of POST → recommender, and what /health tells. */
interface Routes {
  readonly recommend: ReadonlyMap<string, Recommender>;
  readonly health: unknown;
  readonly healthPaths: ReadonlySet<string>;
}

function routesOf(recommenders: Recommender | ReadonlyMap<string, Recommender>): Routes {
  const named = recommenders instanceof Map ? [...recommenders] : [];
  const single = 'recommend' in recommenders ? recommenders : undefined;
  if (single === undefined && named.length === 0)
    throw new UsageError('Expected at least one recommender to serve.');
  for (const [name] of named) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
      throw new UsageError(
        `Expected the name of a served recommender of letters, digits, '.', '_' and '-', but got ${JSON.stringify(name)}.`,
      );
    }
  }
  const all: [string, Recommender][] = single === undefined ? named : [[single.method, single]];
  const paths = single === undefined ? named.map(([name]) => `/${name}`) : [''];
  return {
    recommend: new Map(all.map(([, recommender], place) => [`${paths[place]!}/recommend`, recommender])),
    health: {
      status: 'ok',
      recommenders: all.map(([name, { method, version }]) => ({ name, method, version })),
    },
    healthPaths: new Set(['/health', ...paths.map((path) => `${path}/health`)]),
  };
}

/** The answer; null where nobody waits for it any more. */
async function reply(
  request: IncomingMessage,
  routes: Routes,
  hosts: ReadonlySet<string>,
  admitted: () => Promise<boolean>,
): Promise<Reply | null> {
  const named = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!hosts.has(named)) {
    const detail = `The Host header names ${JSON.stringify(named)}; expected one of ${[...hosts].join(', ')}.`;
    return { status: 403, title: 'Host not allowed', detail };
  }
  const { origin } = request.headers;
  if (origin !== undefined && !hosts.has(/^https?:\/\/(.+?)(:\d+)?$/.exec(origin)?.[1] ?? '')) {
    const detail = `The request comes from ${JSON.stringify(origin)}; expected one of ${[...hosts].join(', ')}.`;
    return { status: 403, title: 'Origin not allowed', detail };
  }
  const path = (request.url ?? '/').split('?', 1)[0]!;
  if (routes.healthPaths.has(path)) {
    return request.method === 'GET'
      ? { status: 200, body: routes.health }
      : wrongMethod(request, path, 'GET');
  }
  const recommender = routes.recommend.get(path);
  if (recommender === undefined) {
    const known = [...routes.recommend.keys()].map((known) => `POST ${known}`);
    return {
      status: 404,
      title: 'No such path',
      detail: `Expected ${known.join(', ')} or GET /health, got ${path}.`,
    };
  }
  if (request.method !== 'POST') return wrongMethod(request, path, 'POST');
  return recommendReply(request, recommender, admitted);
}

function wrongMethod(request: IncomingMessage, path: string, allowed: string): Problem {
  const detail = `${path} answers to ${allowed}, not to ${request.method}.`;
  return { status: 405, title: 'Method not allowed', detail, headers: { allow: allowed } };
}

async function recommendReply(
  request: IncomingMessage,
  recommender: Recommender,
  admitted: () => Promise<boolean>,
): Promise<Reply | null> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (type !== 'application/json') {
    const detail = `Expected the content type application/json, got ${JSON.stringify(type)}.`;
    return { status: 415, title: 'Not JSON', detail };
  }
  const body = await bodyOf(request);
  if (body === undefined) {
    return { status: 413, title: 'Body too large', detail: `Expected at most ${BODY_LIMIT} bytes.` };
  }
  if (!isUtf8(body))
    return { status: 400, title: 'Not JSON', detail: 'The body is not UTF-8, as JSON must be.' };
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    return { status: 400, title: 'Not JSON', detail: `The body cannot be parsed: ${String(error)}` };
  }
  const parsed = requestSchema.safeParse(value);
  if (!parsed.success) {
    return { status: 422, title: 'Not a request for recommendations', detail: firstFaults(parsed.error) };
  }
  try {
    if (!(await admitted())) return null;
  } catch (error) {
    if (!(error instanceof Crowded)) throw error;
    const headers = { 'retry-after': '1' };
    return { status: 503, title: 'Too many requests are waiting', detail: error.message, headers };
  }
  const started = wallMilliseconds();
  const { items, method, version, generated } = await recommender.recommend(parsed.data);
  const ms = Math.round((wallMilliseconds() - started) * 1000) / 1000;
  return {
    status: 200,
    body: {
      items: items.map(({ id, score, propensity }) => ({ id, score, propensity })),
      method,
      version,
      ms,
      ...(generated === undefined ? {} : { generated }),
    },
  };
}

function firstFaults({ issues }: z.ZodError): string {
  const told = z.prettifyError(new z.ZodError(issues.slice(0, toldAtMost)));
  return issues.length > toldAtMost ? `${told}\nand ${issues.length - toldAtMost} faults more` : told;
}

/** The body; undefined where it is too large. It is read to its end either way, so the answer arrives. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= BODY_LIMIT) chunks.push(chunk);
  }
  return bytes > BODY_LIMIT ? undefined : Buffer.concat(chunks);
}

function send(response: ServerResponse, answer: Reply): void {
  const isProblem = 'title' in answer;
  const body = isProblem
    ? { type: 'about:blank', title: answer.title, status: answer.status, detail: answer.detail }
    : answer.body;
  const text = JSON.stringify(body);
  response.writeHead(answer.status, {
    'content-type': isProblem ? 'application/problem+json' : 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(isProblem ? answer.headers : {}),
  });
  response.end(text);
}

/** An IPv6 address stands in brackets in a url. */
function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'something else listens there' : error.message;
      reject(
        new UsageError(
          `Expected to listen at ${inUrl(host)}:${port}, but ${reason}.`,
          ['EADDRINUSE', 'EACCES'].includes(error.code ?? '')
            ? 'Choose another --port, or 0 for any free one.'
            : 'Give a --host that is an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them.',
        ),
      );
    });
    server.listen(port, host, resolve);
  });
}
