// The options that say where sessions are lived, as run and resume have them, and the pool they ask for.

import { UsageError } from '../base/error.ts';
import type { OpenPool } from '../experiment/pool.ts';
import { mindsOf } from '../experiment/scenario-minds.ts';
import type { Scenario } from '../experiment/scenario.ts';
import { openProcessPool } from '../workers/process-pool.ts';
import { openQueuePool } from '../workers/queue-pool.ts';
import { reachRedis } from '../workers/queue.ts';
import { shownAddress } from '../workers/redis-address.ts';
import type { Io, VerbInput, VerbOption } from './verb.ts';

export const poolOptions: readonly VerbOption[] = [
  {
    name: 'workers',
    kind: 'integer',
    range: [1, 64],
    value: 'N',
    summary: 'live the sessions in N processes of this machine (default: in this one)',
  },
  {
    name: 'queue',
    kind: 'text',
    value: 'URL',
    summary:
      "give the sessions out through Redis to whoever runs 'rehearsal work --queue URL' (default: REHEARSAL_QUEUE, which hides a password)",
  },
  {
    name: 'lease',
    kind: 'integer',
    range: [5, 3600],
    value: 'SECONDS',
    summary: 'silence after which a worker counts as lost (default: 60)',
  },
];

/** The address of Redis that was given, the option before the variable, which other processes cannot read. */
export function queueOf(input: VerbInput, { environment }: Io): string | undefined {
  return input.text('queue') ?? (environment['REHEARSAL_QUEUE'] || undefined);
}

/** Why the variable does not count: it stands for a whole shell, and a word of the command is about this run. */
function unusedQueue(scenario: Scenario, input: VerbInput): string | null {
  if (input.integer('workers') !== undefined) return '--workers was given';
  return mindsOf(scenario).includes('llm') ? 'a run with the llm mind stays in this process' : null;
}

/**
 * The pool that the options ask for; undefined for this process. Throws where Redis does not answer now, before anything
 * is trained or written.
 */
export async function poolOf(scenario: Scenario, input: VerbInput, io: Io): Promise<OpenPool | undefined> {
  const workers = input.integer('workers');
  const given = queueOf(input, io);
  const unused = input.text('queue') === undefined ? unusedQueue(scenario, input) : null;
  const url = unused === null ? given : undefined;
  if (given !== undefined && unused !== null) io.log(`REHEARSAL_QUEUE is not used: ${unused}`);
  const lease = input.integer('lease');
  if (workers === undefined && url === undefined) {
    if (lease === undefined) return undefined;
    throw new UsageError('--lease is for --workers and --queue', 'In this process no worker can be lost.');
  }
  if (workers !== undefined && url !== undefined)
    throw new UsageError('--workers and --queue exclude each other', 'Give one of them.');
  if (mindsOf(scenario).includes('llm'))
    throw new UsageError(
      'other processes cannot share the budget and the cassette of an llm mind',
      'Leave --workers and --queue out; a model is asked by many visitors at once anyway (llm.concurrency).',
    );
  if (url !== undefined) await reachRedis(url);
  const patience = lease === undefined ? {} : { leaseMs: lease * 1000 };
  return async (hiring) => {
    if (url === undefined) return openProcessPool({ hiring, workers: workers ?? 1, ...patience });
    const pool = await openQueuePool({ hiring, url, ...patience, log: (line) => io.log(line) });
    io.log(`the sessions are given out at ${shownAddress(url)}`);
    return pool;
  };
}
