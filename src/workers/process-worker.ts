// The program of a worker process (process-pool.ts starts it). It leads a process group of its own, so that Ctrl-C in
// the terminal reaches the coordinator alone; when the coordinator is gone, it goes too.

import { killBrowsers } from '../../sandbox/camera-process.ts';
import { RehearsalError } from '../base/error.ts';
import { toWorkerSchema, type FromWorker, type ToWorker } from './messages.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

let workbench: Promise<Workbench> | undefined;
let isHalted = false;

/** A coordinator that is gone hears nothing: then this process ends too (see below), and says nothing of it. */
const say = (message: FromWorker): void => void process.send?.(message, () => undefined);
const leave = (): never => {
  killBrowsers();
  process.exit(1);
};

async function hear(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'hire':
      setInterval(() => say({ type: 'beat' }), message.beatMs);
      workbench = openWorkbench(message.hiring, () => undefined);
      await workbench;
      say({ type: 'ready' });
      return;
    case 'errand': {
      const { errand } = message;
      if (workbench === undefined) throw new Error('defect: an errand came before the hiring');
      const { token } = errand;
      await (
        await workbench
      ).live(
        errand,
        ({ session, events }) =>
          say({ type: 'ended', token, ended: { session, events: [...events], calls: [] } }),
        () => isHalted,
      );
      say({ type: 'done', token });
      return;
    }
    case 'halt':
      isHalted = true;
      return;
    default:
      return message satisfies never;
  }
}

process.on('disconnect', leave);
process.on('message', (message) => {
  hear(toWorkerSchema.parse(message)).catch((error: unknown) => {
    const told = error instanceof Error ? error : new Error(String(error));
    const hint = told instanceof RehearsalError ? told.hint : (told.stack ?? '');
    process.send?.({ type: 'broken', message: told.message, hint } satisfies FromWorker, leave);
  });
});
