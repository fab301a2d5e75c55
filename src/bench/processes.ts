// Processes as they are seen from outside: whether one is over, what came from it, which of a folder are there, and signals
// to them. What is read of /proc is there on Linux alone.

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** Waits for the end of a process; answers with its exit code, or the signal that ended it. */
export async function ended(child: ChildProcess): Promise<number | NodeJS.Signals> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.signalCode ?? child.exitCode ?? 0;
}

export const isOver = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Sends a signal; false where the process has ended before. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

export const isThere = (pid: number): boolean => signal(pid, 0);

/** The workers of a run, and the browsers that are screens' cameras: those of its workers, or its own where it has none. */
export function placesOf(run: number): { readonly workers: number[]; readonly browsers: number[] } {
  const own = childrenOf(run);
  const workers = own.filter((pid) => commandOf(pid).includes('process-worker.ts'));
  const holders = workers.length > 0 ? workers : [run];
  const browsers = holders
    .flatMap(childrenOf)
    .filter((pid) => commandOf(pid).includes('--rehearsal-browser='));
  return { workers, browsers };
}

/** A process and all that came from it. */
export function processTree(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(processTree)];
}

/** Processes other than this one whose working folder is `folder` or below it. */
export function processesIn(folder: string): number[] {
  return numbersIn('/proc').filter(
    (pid) => pid !== process.pid && linkAt(`/proc/${pid}/cwd`)?.startsWith(folder) === true,
  );
}

/** Linux tells the children of a process; elsewhere it seems to have none. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function numbersIn(folder: string): number[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
    : [];
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined; // It has ended, or is another person's.
  }
}
