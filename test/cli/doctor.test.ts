// The doctor's probes that need no browser, and what it makes of probes that fail.

import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { RehearsalError } from '../../src/base/error.ts';
import { endpoint, examine, node } from '../../src/cli/doctor.ts';

it('wants Node 24', () => {
  expect(node('24.21.0').status).toBe('ok');
  expect(node('26.0.0').status).toBe('ok');
  expect(node('20.20.2')).toMatchObject({ status: 'fail', advice: expect.stringContaining('npx rehearsal') });
});

it('turns what a probe throws into a finding, with the hint of the error or the advice of the probe', async () => {
  const findings = await examine([
    { name: 'a', advice: 'mend a', attempt: async () => ({ status: 'ok', detail: 'fine', advice: '' }) },
    { name: 'b', advice: 'mend b', attempt: async () => Promise.reject(new Error('broken')) },
    {
      name: 'c',
      advice: 'mend c',
      attempt: async () => Promise.reject(new RehearsalError('gone', { hint: 'bring it' })),
    },
  ]);
  expect(findings).toEqual([
    { name: 'a', status: 'ok', detail: 'fine', advice: '' },
    { name: 'b', status: 'fail', detail: 'broken', advice: 'mend b' },
    { name: 'c', status: 'fail', detail: 'gone', advice: 'bring it' },
  ]);
});

it('needs no model endpoint', async () => {
  expect(await endpoint(undefined)).toMatchObject({
    status: 'ok',
    detail: expect.stringContaining('not needed'),
  });
  expect((await endpoint('')).status).toBe('ok');
});

it('finds an endpoint that listens and one that does not', async () => {
  const server = createServer((socket) => socket.end());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  expect(await endpoint(address)).toMatchObject({ status: 'ok' });
  await new Promise((done) => server.close(done));
  await expect(endpoint(address)).rejects.toThrow(/127\.0\.0\.1:\d+ cannot be reached/);
});

it('names an address that is none', async () => {
  expect(await endpoint('not an address')).toMatchObject({
    status: 'fail',
    advice: expect.stringContaining('http://'),
  });
});
