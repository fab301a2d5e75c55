// The dashboard over HTTP with node:http, for this machine only. It reads and never writes; requests that name another
// host, or come from another site, get 403, so that no web page can reach the runs by rebinding a name.

import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { RehearsalError, UsageError } from '../base/error.ts';
import { wallMilliseconds } from '../base/clock.ts';
import { progressSection } from './experiment-page.ts';
import { serverLinks } from './links.ts';
import { route } from './routes.ts';
import type { Answer } from './routes.ts';
import { problemPage } from './runs-page.ts';
import type { Runs } from './runs.ts';
import { contentPolicy } from './shell.ts';

export interface Dashboard {
  /** 'http://127.0.0.1:PORT' */
  readonly url: string;
  close(): Promise<void>;
}

const host = '127.0.0.1';
/** How often a run under way is looked at for the readers of its page. */
const lookEveryMs = 1000;

/** Serves the runs on this port of the loopback; 0 takes any free one. Rejects with a UsageError where it cannot. */
export async function serveDashboard(
  runs: Runs,
  { port, log }: { readonly port: number; log(line: string): void },
): Promise<Dashboard> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--port expects 0 to 65535, got ${port}`);
  const closing = new AbortController();
  const server = createServer((request, response) => {
    try {
      reply(request, response, { runs, log, closing: closing.signal });
    } catch (error) {
      send(response, problem(error, log), request.method === 'HEAD');
    }
  });
  await listening(server, port);
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host}:${actual}`,
    close: () =>
      new Promise((resolve, reject) => {
        closing.abort();
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

type Reply = Omit<Answer, 'status'> & { readonly status: 200 | 400 | 403 | 404 | 405 | 500 };

interface Serving {
  readonly runs: Runs;
  readonly closing: AbortSignal;
  log(line: string): void;
}

function reply(request: IncomingMessage, response: ServerResponse, serving: Serving): void {
  const { runs } = serving;
  const refused = refusal(request);
  if (refused !== null) return send(response, refused, request.method === 'HEAD');
  const base = `http://${host}`;
  if (!URL.canParse(request.url ?? '/', base)) {
    return send(
      response,
      { status: 400, type: 'text/plain; charset=utf-8', body: 'The address is not one.\n' },
      false,
    );
  }
  const routed = route(new URL(request.url ?? '/', base), runs);
  if ('live' in routed) return tellNews(routed.live, response, serving);
  send(response, routed, request.method === 'HEAD');
}

/** Why a request is not answered; null where it is. */
function refusal(request: IncomingMessage): Reply | null {
  const port = request.socket.localPort;
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  const { host: named = '', origin } = request.headers;
  const plain = (status: 403 | 405, body: string): Reply => ({
    status,
    type: 'text/plain; charset=utf-8',
    body: `${body}\n`,
  });
  if (!hosts.includes(named.toLowerCase()))
    return plain(403, 'The Host header names another host than this machine.');
  if (origin !== undefined && !hosts.some((own) => origin.toLowerCase() === `http://${own}`))
    return plain(403, 'The request comes from another site.');
  if (request.headers['sec-fetch-site'] === 'cross-site' && request.headers['sec-fetch-mode'] !== 'navigate')
    return plain(403, 'The request comes from another site.');
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return plain(405, 'Only GET and HEAD are answered.');
  return null;
}

function send(
  response: ServerResponse,
  { status, type, body, forever = false }: Reply,
  isHead: boolean,
): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, {
    ...guards,
    'content-type': type,
    'content-length': bytes.byteLength,
    'cache-control': forever ? 'private, max-age=31536000, immutable' : 'no-cache',
  });
  response.end(isHead ? undefined : bytes);
}

const guards = {
  'content-security-policy': `${contentPolicy}; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** A mistake is told in the page, a defect in the log with its stack; neither ends the server. */
function problem(error: unknown, log: (line: string) => void): Reply {
  const known = error instanceof RehearsalError;
  if (!known) log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const detail = known
    ? `${error.message} ${error.hint}`
    : 'This is a defect of Rehearsal; the log has its stack.';
  return {
    status: 500,
    type: 'text/html; charset=utf-8',
    body: problemPage('This cannot be shown', detail),
  };
}

/** Server-sent events: 'progress' with the page's part whenever sessions were added, 'result' once there is one. */
function tellNews(name: string, response: ServerResponse, { runs, closing, log }: Serving): void {
  response.writeHead(200, { ...guards, 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const tell = (event: string, data: unknown): void =>
    void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  const begun = wallMilliseconds();
  let first: number | null = null;
  let told = -1;
  const look = (): void => {
    const view = runs.view(name);
    if (view === undefined) return end();
    if (view.result !== null) {
      tell('result', {});
      return end();
    }
    const done = view.sessions().length;
    first ??= done;
    if (done === told) return;
    told = done;
    const pace = (done - first) / (wallMilliseconds() - begun);
    const secondsLeft = view.planned === null || pace <= 0 ? null : (view.planned - done) / pace / 1000;
    tell('progress', { html: progressSection(view, serverLinks(name), secondsLeft).html });
  };
  const end = (): void => {
    clearInterval(timer);
    closing.removeEventListener('abort', end);
    response.end();
  };
  const looked = (): void => {
    try {
      look();
    } catch (error) {
      // A run that is in the way of its writer is looked at again; a defect, or a damaged record, stays as it is.
      if (error instanceof RehearsalError) return tell('problem', { message: error.message });
      log(error instanceof Error ? (error.stack ?? error.message) : String(error));
      end();
    }
  };
  const timer = setInterval(looked, lookEveryMs);
  response.on('close', end);
  closing.addEventListener('abort', end);
  looked();
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'something else listens there' : error.message;
      reject(
        new UsageError(
          `Expected to listen at ${host}:${port}, but ${reason}.`,
          'Choose another --port, or 0 for any free one.',
        ),
      );
    });
    server.listen(port, host, resolve);
  });
}
