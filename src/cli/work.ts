// `rehearsal work`: lives sessions for runs of other machines, until it is stopped.

import { UsageError } from '../base/error.ts';
import { workAtQueue } from '../workers/queue-worker.ts';
import { queueOf } from './pool-options.ts';
import type { Verb } from './verb.ts';

export const workVerb: Verb = {
  name: 'work',
  summary: 'Live sessions for runs that give them out through a queue.',
  details:
    'Takes errands from Redis, as `run --queue` puts them there. Catalogues and checkpoints must lie here as they do where the run is; a worker that has others is refused. Screens go to the folder of the run, which must be shared, and nowhere outside of the folder of runs. Ctrl-C lets the sessions under way end.',
  examples: [
    'rehearsal work --queue redis://127.0.0.1:6379',
    'rehearsal work --queue redis://queue:6379 --runs /runs',
  ],
  arguments: [],
  options: [
    {
      name: 'queue',
      kind: 'text',
      value: 'URL',
      summary: 'address of Redis (default: REHEARSAL_QUEUE, which hides a password)',
    },
    {
      name: 'runs',
      kind: 'text',
      value: 'DIR',
      summary: 'where the folders of runs lie on this machine (default: runs)',
    },
  ],
  interruptible: true,
  run: async (input, io) => {
    const url = queueOf(input, io);
    if (url === undefined)
      throw new UsageError('work needs the address of Redis', 'Give --queue URL, or REHEARSAL_QUEUE=URL.');
    await workAtQueue({
      url,
      runs: input.text('runs'),
      interrupted: io.interrupted,
      log: (line) => io.log(line),
    });
    io.answer({ status: 'ended' }, ['This worker has ended; what it had lived is with the run.']);
    return 0;
  },
};
