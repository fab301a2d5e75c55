// A process that does what another one does at the same moment, for side-by-side.test.ts. Words: what to do, the folder
// that both share, and its own number. It tells what came of it on stdout.

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeCheckpoint } from '../../../src/recommend/kit/checkpoint.ts';
import { methodNamed } from '../../../src/recommend/methods.ts';
import { circle } from '../circle.ts';

const [what, folder, own] = process.argv.slice(2) as [string, string, string];

/** Waits until both have come here; a minute without the other one is a failure. */
function meet(): void {
  writeFileSync(join(folder, `here-${own}`), '');
  for (let turns = 0; !existsSync(join(folder, `here-${1 - Number(own)}`)); turns++) {
    if (turns > 30_000) throw new Error('the other process did not come');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
  }
}

if (what === 'train') {
  const settings = { scale: 'xs', epochs: 3, history: 8, validationPeople: 8, patience: 60 };
  const progress = ({ step }: { step: number }): void => void (step === 1 && meet());
  const { weights } = await methodNamed('sasrec').train(circle(), settings, 1, { keep: folder, progress });
  process.stdout.write(weights!);
} else {
  const header = { method: 'm', version: 'v', data: 'd', settings: {}, seed: 1, figures: {} };
  const w = { shape: [200_000], values: new Float32Array(200_000).fill(Number(own)) };
  meet();
  for (let time = 0; time < 60; time++) {
    writeCheckpoint(join(folder, 'shared.checkpoint'), { header, parameters: { w } });
  }
  process.stdout.write('written');
}
