// Loaded before a run with workers (NODE_OPTIONS=--import=…): its first worker has little memory and, once it has lived a
// session, keeps asking for more, until V8 ends it. How it ended is noted. Later workers are as always.

import type { ForkOptions } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const mark = 'REHEARSAL_STARVED';
const megabytes = 200;

const notes = process.env['REHEARSAL_NOTES'];
if (process.env[mark] === undefined) starveFirst();
else hoardAfterSession();

function starveFirst(): void {
  const children = process.getBuiltinModule('node:child_process');
  const { fork } = children;
  let isFirst = true;
  children.fork = ((program: string | URL, settings: ForkOptions) => {
    if (!isFirst) return fork(program, settings);
    isFirst = false;
    const worker = fork(program, {
      ...settings,
      execArgv: [`--max-old-space-size=${megabytes}`],
      env: { ...process.env, ...settings.env, [mark]: 'yes' },
    });
    worker.on('exit', (code, signal) => {
      if (notes !== undefined) appendFileSync(notes, `${signal ?? `exit code ${code}`}\n`);
    });
    return worker;
  }) as typeof fork;
  syncBuiltinESMExports();
}

function hoardAfterSession(): void {
  const send = process.send!.bind(process);
  process.send = ((message: { readonly type: string }, ...rest: []) => {
    if (message.type === 'ended') setTimeout(hoard, 50);
    return send(message, ...rest);
  }) as typeof process.send;
}

function hoard(): never {
  const kept: number[][] = [];
  for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => index + kept.length + 0.5));
}
