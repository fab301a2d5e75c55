// What every kind of audit is given by the verb.

import type { Studio } from '../../sandbox/camera.ts';
import { RehearsalError } from '../base/error.ts';
import type { Experiment } from '../experiment/build.ts';
import type { Scenario } from '../experiment/scenario.ts';
import type { Spent } from '../llm/budget.ts';
import type { Io, VerbInput } from './verb.ts';

/** Tells each `every` of so many steps how far an audit is, and ends it at Ctrl-C. */
export function toldAudit(io: Io, every: number, words: (done: number, total: number) => string) {
  return (done: number, total: number): void => {
    if (io.interrupted.aborted && done < total)
      throw new RehearsalError(`The audit was interrupted: ${words(done, total)}.`, {
        hint: 'The same command begins again; with --record, what a model said is kept.',
        exitCode: 3,
      });
    if (done === total || done % every === 0) io.log(words(done, total));
  };
}

export interface AuditSetting {
  readonly experiment: Experiment;
  readonly studio: Studio;
  readonly input: VerbInput;
  readonly io: Io;
  spent(): Spent;
  /** The same experiment with other fields of its scenario, behind the same model. */
  rebuilt(changes: Partial<Scenario>): Promise<Experiment>;
}
