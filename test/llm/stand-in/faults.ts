// What a model server does wrong, each by name, and when. The server asks its plan before each answer, so that a test
// knows which fault met which request.

import type { FailureKind } from '../../../src/llm/failure.ts';
import { randomFrom } from '../../../src/base/random.ts';

export const faults = [
  'rate-limited',
  'server-error',
  'slow',
  'truncated-json',
  'truncated-body',
  'off-schema',
  'refusal',
  'wrong-mark',
  'closed-socket',
  'endless-stream',
  'empty',
  'cut-off',
  'html',
] as const;
export type Fault = (typeof faults)[number];

/** The fault of the n-th chat or embedding request, from 0; null where all goes well. */
export type Plan = (n: number) => Fault | null;

export const noFaults: Plan = () => null;

export function always(fault: Fault): Plan {
  return () => fault;
}

/** The fault for the first `count` requests only. */
export function first(count: number, fault: Fault): Plan {
  return (n) => (n < count ? fault : null);
}

/** Each request meets a fault of the list with the probability `share`. */
export function mixed(share: number, seed: number, list: readonly Fault[] = faults): Plan {
  return (n) => {
    const random = randomFrom('stand-in', seed, n);
    return random.uniform() < share ? (list[random.integer(list.length)] ?? null) : null;
  };
}

/** The failure that each fault is, where it lasts. */
export const lasting: Readonly<Record<Fault, FailureKind>> = {
  'rate-limited': 'rate-limited',
  'server-error': 'server-error',
  slow: 'timeout',
  'truncated-json': 'not-json',
  'truncated-body': 'malformed',
  'off-schema': 'off-schema',
  refusal: 'refused',
  'wrong-mark': 'off-schema',
  'closed-socket': 'connection-closed',
  'endless-stream': 'endless',
  empty: 'empty',
  'cut-off': 'cut-off',
  html: 'malformed',
};
