// A checkpoint file: one line of JSON that says what it is, then the float32 bytes. Written whole or not at all;
// read only when its hash fits, so a cut or changed file is told and never served. The version in it names method,
// settings, seed and data: a checkpoint of other data has another version.

import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { RehearsalError } from '../../base/error.ts';
import { digest, sha256 } from '../../base/hash.ts';
import { makeFolder } from '../../base/make-folder.ts';
import { unwritten } from '../../base/new-folder.ts';
import { clearUnfinished, writeWhole } from '../../base/whole-file.ts';
import { bytesOf, sizeOf, type Parameters } from './parameters.ts';

const format = 'rehearsal-checkpoint-2';

const headerSchema = z.object({
  /** The hash of the first format was that of the weights alone. */
  format: z.enum(['rehearsal-checkpoint-1', format]),
  method: z.string(),
  /** Digest of method, settings, seed and training data. */
  version: z.string(),
  /** Name of the catalogue or data it was trained on, for people. */
  data: z.string(),
  settings: z.unknown(),
  seed: z.int(),
  /** Of what it was trained on, by part: data, order, texts, also, material (codes, vectors or names of items). Older ones have none. */
  digests: z.record(z.string(), z.string()).optional(),
  /** Figures of the training: steps, validation scores. */
  figures: z.record(z.string(), z.unknown()),
  arrays: z.array(z.object({ name: z.string(), shape: z.array(z.int().min(0)) })),
  sha256: z.string(),
});

type Described = Omit<z.infer<typeof headerSchema>, 'sha256'>;

/** What the first line states as `sha256`: of all else in it and of the bytes after it. */
export function checkpointHash(described: Described, weights: Uint8Array): string {
  const ofWeights = sha256(weights);
  return described.format === format ? digest({ ...described, weights: ofWeights }) : ofWeights;
}

/** Bytes of the first line at most: a thousand arrays are named in a tenth of it. */
const longestHeader = 1 << 20;

/** A checkpoint on which nobody wrote for an hour was left by a writer that was killed. */
const longestWritingMs = 3_600_000;

export type CheckpointHeader = Omit<z.infer<typeof headerSchema>, 'format' | 'arrays' | 'sha256'>;

export interface Checkpoint {
  readonly header: CheckpointHeader;
  readonly parameters: Parameters;
}

/** A reader sees the former file or this one. Throws a RehearsalError where the file system refuses; the former one then stands. */
export function writeCheckpoint(path: string, { header, parameters }: Checkpoint): void {
  const payload = Buffer.concat(Object.values(parameters).map(({ values }) => bytesOf(values)));
  const arrays = Object.entries(parameters).map(([name, { shape }]) => ({ name, shape }));
  const described = headerSchema.omit({ sha256: true }).parse({ format, ...header, arrays });
  const first = JSON.stringify({ ...described, sha256: checkpointHash(described, payload) });
  makeFolder(dirname(path));
  try {
    // Workers in containers may train one model at once and share the folder: what is still being written stays.
    clearUnfinished(dirname(path), longestWritingMs);
    writeWhole(path, Buffer.concat([Buffer.from(`${first}\n`), payload]));
  } catch (cause) {
    throw unwritten(path, cause);
  }
}

/** The checkpoint at `path`; undefined where there is none, also where it went away at this moment. Throws like `readCheckpoint`. */
export function readCheckpointIfAny(path: string): Checkpoint | undefined {
  try {
    return existsSync(path) ? readCheckpoint(path) : undefined;
  } catch (error) {
    if (!existsSync(path)) return undefined;
    throw error;
  }
}

/** Throws a RehearsalError where the file is missing, cut, damaged or no checkpoint. */
export function readCheckpoint(path: string): Checkpoint {
  if (!existsSync(path)) {
    throw new RehearsalError(`There is no checkpoint at ${path}.`, {
      hint: 'Train one: rehearsal train METHOD --catalogue NAME',
    });
  }
  const bytes = bytesAt(path);
  const end = bytes.subarray(0, longestHeader).indexOf(10);
  const parsed = headerSchema.safeParse(jsonOf(bytes.subarray(0, Math.max(0, end)).toString('utf8')));
  if (!parsed.success) throw notOne(path, 'its first line does not describe one');
  const { sha256: expected, ...described } = parsed.data;
  const { arrays, format: _format, ...header } = described;
  if (new Set(arrays.map(({ name }) => name)).size < arrays.length)
    throw notOne(path, 'it names an array twice');
  const payload = bytes.subarray(end + 1);
  const wanted = arrays.reduce((total, { shape }) => total + 4 * sizeOf(shape), 0);
  if (payload.length !== wanted) {
    throw notOne(path, `it has ${payload.length} bytes of weights where ${wanted} are expected`);
  }
  if (checkpointHash(described, payload) !== expected)
    throw notOne(path, 'what it holds does not have the hash it states');
  let offset = 0;
  const parameters = arrays.map(({ name, shape }) => {
    const size = 4 * sizeOf(shape);
    const own = new Uint8Array(payload.subarray(offset, offset + size));
    const values = new Float32Array(own.buffer, 0, size / 4);
    if (!values.every(Number.isFinite)) throw notOne(path, `the weights of ${name} are not all numbers`);
    offset += size;
    return [name, { shape, values }] as const;
  });
  return { header, parameters: Object.fromEntries(parameters) };
}

function bytesAt(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw notOne(path, cause instanceof Error ? cause.message : String(cause));
  }
}

/** What to throw where the file at `path` cannot be read as what it should be. */
export function notOne(path: string, reason: string): RehearsalError {
  return new RehearsalError(`${path} is not a whole checkpoint: ${reason}.`, {
    hint: 'Give the path of a checkpoint as train printed it. One that was damaged is to be deleted and trained again.',
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
