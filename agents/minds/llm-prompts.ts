// The prompts as they stand in prompts/, one purpose a file, read once. Their digest is part of the mind's version:
// a changed word makes another mind.

import { readFileSync } from 'node:fs';
import { digest } from '../../src/base/hash.ts';

const read = (name: string): string =>
  readFileSync(new URL(`./prompts/${name}.md`, import.meta.url), 'utf8').trim();

export const prompts = {
  act: read('act'),
  reflect: read('reflect'),
  summarise: read('summarise'),
  profile: read('profile'),
  consistency: read('consistency'),
  introduce: read('introduce'),
} as const;

/** Digest of all prompts. */
export const promptsVersion = digest(prompts).slice(0, 16);
