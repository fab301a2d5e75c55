// A process full of light workers for the contest of the crowd: each takes errands from the queue as a real worker does and
// says what a real one says, but lives no visit; it waits as long as one would take and hands over a made-up session.
// Words: address of Redis, how many workers, milliseconds a session takes.

import { setTimeout as pause } from 'node:timers/promises';
import { randomFrom, seedFrom } from '../base/random.ts';
import type { Event } from '../store/events.ts';
import { sessionKey, type SessionRecord } from '../store/session.ts';
import type { FromWorker } from '../workers/messages.ts';
import { openWorkerDesk, type ErrandJob, type WorkerDesk } from '../workers/queue.ts';
import { errandsAtOnce } from '../workers/workbench.ts';

const [url = '', count = '1', sessionMs = '1000'] = process.argv.slice(2);
/** About what a visit of one page leaves. */
const steps = 8;
const cards = 12;

function sessionOf(row: { visitor: string; arm: string; replicate: number }): {
  session: SessionRecord;
  events: Event[];
} {
  const session: SessionRecord = {
    ...row,
    mind: 'none',
    mindVersion: 'crowd',
    seed: seedFrom('crowd', row.visitor, row.replicate),
    status: 'complete',
    exitReason: 'satisfied',
    failureKind: null,
    failureMessage: null,
    steps,
    simulatedSeconds: 60,
    wallMs: Number(sessionMs),
  };
  const items = Array.from({ length: cards }, (_, slot) => ({
    item: `item-${slot}`,
    slot: slot + 1,
    score: 1,
    propensity: 1,
    inView: true,
  }));
  const taken = Array.from({ length: steps }, (_, step): Event => ({
    type: 'step-taken',
    time: step,
    page: 'home',
    screen: '0'.repeat(64),
    noticed: items.slice(0, 5).map((_item, mark) => ({
      mark,
      text: 'A title that was noticed',
      interest: 3,
      box: { x: 0, y: 0, width: 200, height: 300 },
    })),
    interest: 3,
    fatigue: step,
    action: step === steps - 1 ? 'leave' : 'open',
    mark: step === steps - 1 ? null : step,
    recalled: [],
    reason: 'Nobody was here.',
  }));
  return {
    session,
    events: [
      { type: 'visit-started', time: 0, budget: 30 },
      {
        type: 'slate-shown',
        time: 0,
        slate: 1,
        list: 'home',
        page: 1,
        method: 'none',
        version: 'crowd',
        items,
      },
      ...taken,
      { type: 'visit-ended', time: steps, reason: 'satisfied' },
    ],
  };
}

const workAs =
  (name: string) =>
  async ({ coordinator, beatMs, errand }: ErrandJob, desk: WorkerDesk): Promise<void> => {
    const { token, journey } = errand;
    let hasSpoken = false;
    const say = (message: FromWorker): Promise<void> => {
      hasSpoken = true;
      return desk.report(coordinator, { worker: name, token, message });
    };
    if ((await desk.stateOf(coordinator)) === 'gone') return;
    const beat = setInterval(() => {
      if (!hasSpoken) void say({ type: 'beat' }).catch(() => undefined);
      hasSpoken = false;
      void desk.stateOf(coordinator).catch(() => undefined);
    }, beatMs);
    try {
      await say({ type: 'beat' });
      await say({ type: 'ready' });
      const random = randomFrom('crowd', token);
      const recorded = new Set(errand.recorded);
      for (const row of [...journey.burnIn, ...journey.chains.flat()]) {
        if (recorded.has(sessionKey(row))) continue;
        await pause(Number(sessionMs) * (0.5 + random.uniform()));
        await say({ type: 'ended', token, ended: { ...sessionOf(row), calls: [] } });
      }
      await say({ type: 'done', token });
    } finally {
      clearInterval(beat);
    }
  };

for (let number = 1; number <= Number(count); number++)
  openWorkerDesk(url, errandsAtOnce, {
    work: workAs(`light worker ${process.pid}-${number}`),
    unreadable: (_sender, complaint) =>
      Promise.reject(new Error(`defect: an errand of the crowd cannot be read: ${complaint}`)),
  });
process.send?.('ready');
process.on('disconnect', () => process.exit());
