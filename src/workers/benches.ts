// The benches that a worker keeps: one for each run it serves, with a browser each, so few. Where there is no room, the
// idle one that was used longest ago is closed; where its run is over, an idle one is closed at once. One in use never is.

import type { Workbench } from './workbench.ts';

export interface Benches {
  /** Works at the bench of this key, which is opened where it is not there. */
  use(wanted: Wanted, work: (bench: Workbench) => Promise<void>): Promise<void>;
  /** Closes the idle benches whose coordinators are over. */
  clear(isOver: (coordinator: string) => Promise<boolean>): Promise<void>;
  close(): Promise<void>;
}

interface Wanted {
  readonly key: string;
  /** Whom it serves. */
  readonly coordinator: string;
  open(): Promise<Workbench>;
}

interface Kept {
  readonly bench: Promise<Workbench>;
  users: number;
  coordinator: string;
}

/** Keeps at most `most` benches, as long as no more are in use. */
export function openBenches(most: number): Benches {
  /** In order of their last use. */
  const kept = new Map<string, Kept>();
  const closeBench = async (key: string, { bench }: Kept): Promise<void> => {
    kept.delete(key);
    await bench.then((opened) => opened.close()).catch(() => undefined);
  };
  const makeRoom = async (room: number): Promise<void> => {
    for (const [key, each] of [...kept])
      if (kept.size > room && each.users === 0 && kept.get(key) === each) await closeBench(key, each);
  };
  return {
    async use({ key, coordinator, open }, work) {
      if (!kept.has(key)) await makeRoom(most - 1);
      const own = kept.get(key) ?? { bench: open(), users: 0, coordinator };
      kept.delete(key);
      kept.set(key, own);
      own.users += 1;
      own.coordinator = coordinator;
      try {
        await work(await own.bench);
      } catch (error) {
        // What did not open is tried again by the next.
        if ((await own.bench.catch(() => null)) === null && kept.get(key) === own) kept.delete(key);
        throw error;
      } finally {
        own.users -= 1;
        await makeRoom(most);
      }
    },
    async clear(isOver) {
      for (const [key, each] of [...kept])
        if (
          each.users === 0 &&
          (await isOver(each.coordinator)) &&
          each.users === 0 &&
          kept.get(key) === each
        )
          await closeBench(key, each);
    },
    async close() {
      for (const [key, each] of [...kept]) await closeBench(key, each);
    },
  };
}
