// How long a training took, kept beside its checkpoint: a checkpoint itself has no times, so that equal trainings have
// equal bytes. Only trainings made in one piece leave a record.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { checkpointPath } from '../recommend/define-model.ts';

const recordSchema = z.object({
  /** On the wall, other work on the machine included. */
  seconds: z.number().min(0),
  /** Of this process on a processor. */
  processorSeconds: z.number().min(0),
});
export type TrainingRecord = z.infer<typeof recordSchema>;

interface Kept {
  readonly folder: string;
  readonly method: string;
  readonly version: string;
}

export function readTrainingRecord(kept: Kept): TrainingRecord | undefined {
  const path = recordPath(kept);
  return existsSync(path) ? recordSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
}

export function writeTrainingRecord(kept: Kept, record: TrainingRecord): void {
  writeFileSync(recordPath(kept), `${JSON.stringify(record)}\n`);
}

function recordPath({ folder, method, version }: Kept): string {
  return checkpointPath(folder, method, version).replace(/\.checkpoint$/, '.training.json');
}
