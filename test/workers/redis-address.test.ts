// An address of Redis is shown without its password, and as one that can be typed.

import { expect, it } from 'vitest';
import { requireRedisAddress, shownAddress, workCommand } from '../../src/workers/redis-address.ts';

it('is shown with host and port, without user and password', () => {
  for (const url of [
    'redis://queue',
    'redis://queue:6379/',
    'redis://:hunter2@queue:6379',
    'redis://me:hunter2@queue',
  ])
    expect(shownAddress(url)).toBe('redis://queue:6379');
  expect(shownAddress('rediss://queue:7000')).toBe('rediss://queue:7000');
});

it('keeps the number of its database, without which others would wait at another queue', () => {
  expect(shownAddress('redis://:hunter2@queue/3')).toBe('redis://queue:6379/3');
  expect(workCommand('redis://queue:6379/3')).toBe('rehearsal work --queue redis://queue:6379/3');
});

it('is told to those who are to work there, the password never', () => {
  expect(workCommand('redis://queue:6379')).toBe('rehearsal work --queue redis://queue:6379');
  const said = workCommand('redis://:hunter2@queue');
  expect(said).toMatch(/^rehearsal work --queue redis:\/\/queue:6379 .*REHEARSAL_QUEUE/);
  expect(said).not.toContain('hunter2');
});

it('is refused where it is none', () => {
  for (const url of ['', 'queue:6379', 'http://queue', 'redis:', 'redis://'])
    expect(() => requireRedisAddress(url)).toThrow(/Expected the address of Redis/);
  requireRedisAddress('rediss://:p@queue');
});
