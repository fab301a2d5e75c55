// A recommender on a free port of this machine that lists items in one order and drops the requests it is told to drop.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const recommendSchema = z.object({ k: z.int(), exclude: z.array(z.string()).default([]) });

/** A recommender that drops what `drops` says, by the number of the request. */
export async function openRecommender(
  ids: readonly string[],
  drops: (asked: number) => boolean,
): Promise<{ server: Server; url: string; dropped(): number }> {
  let [asked, dropped] = [0, 0];
  const server = createServer((request, response) => {
    if (request.url === '/health') return response.end('{"status": "ok"}');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked += 1;
      if (drops(asked)) {
        dropped += 1;
        return response.destroy();
      }
      const { k, exclude } = recommendSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      const without = new Set(exclude);
      const items = ids.filter((id) => !without.has(id)).slice(0, k);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          items: items.map((id) => ({ id, score: 1, propensity: 1 })),
          method: 'served',
          version: '1',
        }),
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, url, dropped: () => dropped };
}
