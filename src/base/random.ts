// Random streams by name: a stream is derived by hashing what it is for (seed, visitor, page, purpose),
// so one divergence never shifts what comes after it. There is no global state and no Math.random.

import { createHash } from 'node:crypto';

export type StreamPart = string | number;

export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
  /** Standard normal (Box and Muller). */
  normal(): number;
  /** Standard Gumbel: −ln(−ln u), the noise of random-utility choice. */
  gumbel(): number;
  /** A new array in random order (Fisher and Yates). */
  shuffle<T>(values: readonly T[]): T[];
}

/** A 32-bit seed from the parts, through SHA-256; parts are separated, so ('a','bc') ≠ ('ab','c'). */
export function seedFrom(...parts: readonly StreamPart[]): number {
  return createHash('sha256').update(parts.map(String).join('\u0000')).digest().readUInt32LE(0);
}

/** The stream of these parts: xoshiro128** (Blackman and Vigna 2021) seeded from SHA-256. */
export function randomFrom(...parts: readonly StreamPart[]): Random {
  const bytes = createHash('sha256').update(parts.map(String).join('\u0000')).digest();
  let a = bytes.readUInt32LE(0);
  let b = bytes.readUInt32LE(4);
  let c = bytes.readUInt32LE(8);
  let d = bytes.readUInt32LE(12) || 1;

  const next = (): number => {
    const scrambled = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return scrambled;
  };
  const uniform = (): number => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 0x20000000000000;
  const open = (): number => uniform() || Number.EPSILON;
  const integer = (below: number): number => Math.floor(uniform() * below);

  return {
    uniform,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(open())) * Math.cos(2 * Math.PI * uniform()),
    gumbel: () => -Math.log(-Math.log(open())),
    shuffle: (values) => {
      const shuffled = [...values];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
      }
      return shuffled;
    },
  };
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
