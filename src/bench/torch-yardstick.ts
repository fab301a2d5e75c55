// PyTorch as a yardstick for the kit: the same product and a step of a model like sasrec, on one thread, where a python
// with torch is installed. Nothing else knows of it.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export interface TorchSizes {
  readonly items: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly expansion: number;
  readonly length: number;
  readonly rows: number;
  readonly dropout: number;
  /** Of the square matrices that are multiplied. */
  readonly side: number;
}

const paceSchema = z.object({
  version: z.string(),
  /** File of the library that multiplies; empty where it is not told. */
  blas: z.string(),
  gigaflops: z.number().positive(),
  tokensPerSecond: z.number().positive(),
});
export type TorchPace = z.infer<typeof paceSchema>;

const script = fileURLToPath(new URL('torch-yardstick.py', import.meta.url));
/** Debian's own python first: its packages are not seen by others. */
const pythons = ['/usr/bin/python3', 'python3'];

/** What PyTorch reaches here; null where no python has it. Throws where it is there and fails. */
export function torchPace(sizes: TorchSizes): TorchPace | null {
  const python = pythons.find((one) => spawnSync(one, ['-c', 'import torch']).status === 0);
  if (python === undefined) return null;
  const { status, stdout, stderr } = spawnSync(python, [script, JSON.stringify(sizes)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the yardstick of PyTorch failed: ${stderr.slice(-500)}`);
  return paceSchema.parse(JSON.parse(stdout));
}
