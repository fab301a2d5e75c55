// A Redis of one's own on a free port of the loopback, without persistence, that can be killed and brought back empty.
// It is the system's redis-server; where that is not installed there is none, and whoever needs it says so.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { reachRedis } from '../workers/queue.ts';

export interface RedisServer {
  readonly url: string;
  readonly pid: number;
  /** Kills it, and starts it again with nothing in its memory. */
  restart(): Promise<void>;
  close(): void;
}

/** Whether redis-server is installed. */
export const hasRedis = (): boolean => spawnSync('redis-server', ['--version']).status === 0;

/** Starts it; its working folder is `folder`. */
export async function openRedis(folder: string): Promise<RedisServer> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const start = async (): Promise<ChildProcess> => {
    const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
      cwd: folder,
      stdio: 'ignore',
    });
    for (;;) {
      const isThere = await reachRedis(url).then(
        () => true,
        () => false,
      );
      if (isThere) return server;
      if (server.exitCode !== null) throw new Error(`redis-server ended with exit code ${server.exitCode}`);
      await pause(50);
    }
  };
  let server = await start();
  return {
    url,
    get pid() {
      return server.pid!;
    },
    restart: async () => {
      server.kill('SIGKILL');
      await once(server, 'exit');
      server = await start();
    },
    close: () => void server.kill('SIGKILL'),
  };
}

/** A port of the loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
