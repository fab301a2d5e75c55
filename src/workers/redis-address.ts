// The address of Redis: what one is, and how it is shown. It may hold a password, so it is never shown whole, not even
// where it is wrong.

import { RehearsalError } from '../base/error.ts';

const usualPort = '6379';

/** Throws a RehearsalError where it is no address of Redis. */
export function requireRedisAddress(url: string): void {
  const parsed = URL.parse(url);
  if (parsed !== null && ['redis:', 'rediss:'].includes(parsed.protocol) && parsed.hostname !== '') return;
  // Where it cannot be told apart what of it is a password, nothing of it is shown.
  const shown = parsed === null || url.includes('@') ? 'something else' : JSON.stringify(url);
  throw new RehearsalError(`Expected the address of Redis, but got ${shown}.`, {
    hint: "Give it as 'redis://127.0.0.1:6379', with a password as 'redis://:PASSWORD@HOST:6379' in REHEARSAL_QUEUE.",
    exitCode: 2,
  });
}

/** The address without user and password: 'redis://127.0.0.1:6379', with the number of its database where it names one. */
export function shownAddress(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  return `${protocol}//${hostname}:${port || usualPort}${pathname === '/' ? '' : pathname}`;
}

/** What to type on another machine to work at the queue of this address; a password goes where no list of processes shows it. */
export function workCommand(url: string): string {
  const { username, password } = new URL(url);
  const command = `rehearsal work --queue ${shownAddress(url)}`;
  if (username === '' && password === '') return command;
  return `${command} (it has a password: give the whole address in REHEARSAL_QUEUE in place of --queue)`;
}
