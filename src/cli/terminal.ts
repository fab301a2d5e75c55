// The process as a terminal: stdout, stderr, environment and Ctrl-C behind the interface that verbs see.

import { createInterface } from 'node:readline/promises';
import type { Terminal } from './main.ts';
import { printable } from './printable.ts';

/** The terminal of this process; `json` says whether --json stands among the typed words. */
export function processTerminal(json: boolean): Terminal {
  const interruption = new AbortController();
  const abandonment = new AbortController();
  let answered = false;
  return {
    json,
    terminal: process.stderr.isTTY === true,
    environment: process.env,
    interrupted: interruption.signal,
    abandoned: abandonment.signal,
    get answered() {
      return answered;
    },
    answer(document, lines) {
      if (answered) throw new Error('a verb answered twice');
      answered = true;
      const text = json ? JSON.stringify(document, null, 2) : lines.join('\n');
      if (text) process.stdout.write(`${printable(text)}\n`);
    },
    log: (line) => void process.stderr.write(`${printable(line)}\n`),
    ask: (question) => answerOnTerminal(printable(question), interruption.signal),
    draw: (text) => void process.stderr.write(text),
    print: (text) => void process.stdout.write(text),
    catchInterrupt() {
      const hear = (): void => {
        if (!interruption.signal.aborted) return interruption.abort();
        abandonment.abort();
        setTimeout(() => process.exit(3), 1000);
      };
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
    },
  };
}

/** One line from the keyboard; null where stdin or stderr is no terminal. Ctrl-C is no answer, and reads as none. */
async function answerOnTerminal(question: string, interrupted: AbortSignal): Promise<string | null> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return null;
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    return await lines.question(question, { signal: interrupted });
  } catch (error) {
    if (interrupted.aborted) return '';
    throw error;
  } finally {
    lines.close();
  }
}

/** Ends the process once everything written has left it; a reader that went away (`| head`) is no error. */
export function exitAfterWriting(code: number): void {
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

/** Makes a closed pipe end the process quietly. */
export function tolerateClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  // A terminal that was closed takes no more lines; the run ends its sessions without them.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}
