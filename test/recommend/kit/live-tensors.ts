// What the backend of jax-js holds at a moment: arrays and their bytes, counted exactly by listening to its allocation.
// Looks into the package by file, since it exports no such count; the version is pinned.

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Held {
  readonly arrays: number;
  readonly bytes: number;
}

interface Backend {
  malloc(size: number, data?: Uint8Array): number;
  incRef(slot: number): void;
  decRef(slot: number): void;
}

/** Counts arrays that are allocated from now on and not freed since, until it is stopped. */
export async function countTensors(): Promise<{ held(): Held; stop(): void }> {
  const folder = dirname(createRequire(import.meta.url).resolve('@jax-js/jax'));
  const file = readdirSync(folder).find((name) => /^backend-.*\.js$/.test(name))!;
  const exported: object = await import(pathToFileURL(join(folder, file)).href);
  const find = Object.values(exported).find((value) => value?.name === 'getBackend');
  const backend = (find as (device: string) => Backend)('wasm');
  const held = new Map<number, { readonly bytes: number; owners: number }>();
  const { malloc, incRef, decRef } = backend;
  backend.malloc = (size, data) => {
    const slot = malloc.call(backend, size, data);
    held.set(slot, { bytes: size, owners: 1 });
    return slot;
  };
  backend.incRef = (slot) => {
    incRef.call(backend, slot);
    const found = held.get(slot);
    if (found !== undefined) found.owners++;
  };
  backend.decRef = (slot) => {
    decRef.call(backend, slot);
    const found = held.get(slot);
    if (found !== undefined && --found.owners === 0) held.delete(slot);
  };
  return {
    held: () => ({
      arrays: held.size,
      bytes: [...held.values()].reduce((total, { bytes }) => total + bytes, 0),
    }),
    stop: () => void Object.assign(backend, { malloc, incRef, decRef }),
  };
}
