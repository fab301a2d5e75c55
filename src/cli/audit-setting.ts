// What every kind of audit is given by the verb.

import type { Studio } from '../../sandbox/camera.ts';
import type { Experiment } from '../experiment/build.ts';
import type { Scenario } from '../experiment/scenario.ts';
import type { Spent } from '../llm/budget.ts';
import type { Io, VerbInput } from './verb.ts';

export interface AuditSetting {
  readonly experiment: Experiment;
  readonly studio: Studio;
  readonly input: VerbInput;
  readonly io: Io;
  spent(): Spent;
  /** The same experiment with other fields of its scenario, behind the same model. */
  rebuilt(changes: Partial<Scenario>): Promise<Experiment>;
}
