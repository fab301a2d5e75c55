// The browser as a process of the system: which ones this process has started, and how to end one that no longer
// listens. A hung browser takes no orders, so it is found by a mark on its command line and killed with its children.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

const flag = '--rehearsal-browser';
let launched = 0;

/** A mark for the next browser of this process, to be given as a flag; Chromium passes over flags it does not know. */
export function nextMark(): string {
  launched += 1;
  return `${flag}=${process.pid}-${launched}`;
}

/** Process ids of the browsers that carry a mark of this process (or exactly `mark`); each leads a group of its own. */
export function browserProcesses(mark: string = `${flag}=${process.pid}-`): number[] {
  return commandLines()
    .filter(
      ({ command }) =>
        !command.includes('--type=') &&
        command.split(/[\0\s]/).some((word) => (mark.endsWith('-') ? word.startsWith(mark) : word === mark)),
    )
    .map(({ pid }) => pid);
}

/** Ends the browsers of a mark at once, children included; those that are gone already are no error. */
export function killBrowsers(mark?: string): void {
  for (const pid of browserProcesses(mark)) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

function commandLines(): { pid: number; command: string }[] {
  if (existsSync('/proc/self/cmdline')) {
    return readdirSync('/proc').flatMap((name) => {
      if (!/^\d+$/.test(name)) return [];
      try {
        return [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8') }];
      } catch {
        return []; // It has ended since the folder was read.
      }
    });
  }
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined || command === undefined ? [] : [{ pid: Number(pid), command }];
  });
}
