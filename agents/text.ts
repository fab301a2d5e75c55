// What a person keeps of written words: a title without its case, accents and punctuation, and a rough
// vector of a text's words. No weights are shipped or fetched; the vector is a signed feature hash
// (Weinberger et al. 2009), enough to tell related memories from unrelated ones.

import { sha256 } from '../src/base/hash.ts';

export const textVectorSize = 64;

/** A title as remembered: lower case, no accents, no punctuation, no leading article. */
export function normaliseTitle(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return plain.replace(/^(the|a|an) (?=.)/, '');
}

/** Unit vector of a text's words, `textVectorSize` numbers; all zero for a text without words. */
export function textVector(text: string): Float64Array {
  const vector = new Float64Array(textVectorSize);
  for (const word of normaliseTitle(text).split(' ')) {
    if (word === '') continue;
    const slot = wordSlot(word);
    vector[slot.index]! += slot.sign;
  }
  return unit(vector);
}

/** The vector scaled to length 1; a zero vector stays zero. */
export function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? vector : vector.map((value) => value / length);
}

/** Inner product of two vectors of equal length. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

const slots = new Map<string, { index: number; sign: number }>();

function wordSlot(word: string): { index: number; sign: number } {
  const known = slots.get(word);
  if (known !== undefined) return known;
  const bits = Number.parseInt(sha256(word).slice(0, 8), 16);
  const slot = { index: bits % textVectorSize, sign: bits & 0x40000000 ? 1 : -1 };
  slots.set(word, slot);
  return slot;
}
