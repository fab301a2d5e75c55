// `serve` as it is typed, while a test asks it over HTTP by any name.

import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { rememberingTerminal } from './terminal.ts';

/** Serves with these options while `work` asks at the port. */
export async function whileServing<T>(
  words: readonly string[],
  work: (port: number) => Promise<T>,
): Promise<T> {
  const terminal = rememberingTerminal();
  const serving = main(['serve', ...words], verbs, '0', terminal);
  const early = serving.then((code) => {
    throw new Error(`serve ended with ${code}: ${terminal.logged.join('\n')}`);
  });
  while (terminal.documents.length === 0) await Promise.race([early, pause(10)]);
  early.catch(() => undefined);
  const { url } = z.object({ url: z.string() }).parse(terminal.documents[0]);
  try {
    return await work(Number(new URL(url).port));
  } finally {
    terminal.interruption.abort();
    await serving;
  }
}

/** The status of a request to the loopback that names `host`, as a caller does who knows the server by it. */
export function statusAs(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: '/health', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    sent.on('error', reject);
    sent.end();
  });
}
