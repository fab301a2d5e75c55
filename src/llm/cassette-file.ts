// A cassette as a file: one JSON document a line, appended as answers come. Long texts stand once, on lines of their
// own, and are named by hash after that, so that a thousand steps do not repeat one prompt a thousand times. A last
// line that was cut off by a kill is dropped; any other broken line is an error, because it would be a silent miss.

import { appendFileSync, existsSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import { canonicalJson, sha256 } from '../base/hash.ts';
import { makeFolder } from '../base/make-folder.ts';
import { takeLock } from '../store/database.ts';
import { capabilitiesSchema, type Capabilities } from './capabilities.ts';

/** Texts above this length stand on a line of their own. */
const LONG_TEXT = 120;

const entrySchema = z.object({
  /** requestHash of what was asked. */
  key: z.string().regex(/^[0-9a-f]{64}$/),
  purpose: z.string(),
  /** contentOf the request; long texts as {textHash}. */
  content: z.record(z.string(), z.unknown()),
  /** Said, vectors, and the exchange but for what depends on the weather. */
  reply: z.record(z.string(), z.unknown()),
});
export type Entry = z.infer<typeof entrySchema>;

const lineSchema = z.union([
  z.object({ textHash: z.string(), text: z.string() }).strict(),
  z.object({ endpoint: z.string(), capabilities: capabilitiesSchema }).strict(),
  entrySchema.strict(),
]);

export interface CassetteFile {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly capabilities: ReadonlyMap<string, Capabilities>;
  /** Appends an entry; an equal key is kept once. */
  keep(entry: Entry): void;
  /** Appends what the endpoint of this digest can do. */
  keepCapabilities(endpoint: string, capabilities: Capabilities): void;
  /** Reads what others have appended since it was read; for whoever did not lock it before reading. */
  catchUp(): void;
}

/** Reads the cassette at `path`, or begins one. Throws a RehearsalError where a line is no entry. */
export function openCassetteFile(path: string): CassetteFile {
  const entries = new Map<string, Entry>();
  const capabilities = new Map<string, Capabilities>();
  const texts = new Map<string, string>();

  let cutAt: number | null = null;
  let bytes = 0;
  const readAll = (): void => {
    const { lines, ...rest } = wholeLines(path);
    ({ cutAt, bytes } = rest);
    for (const [index, line] of lines.entries()) {
      const read = lineSchema.safeParse(jsonOf(line));
      if (!read.success) {
        throw new RehearsalError(`Line ${index + 1} of the cassette ${path} is no entry.`, {
          hint: 'It was edited or damaged: restore it, or record it again.',
          cause: read.error,
        });
      }
      const kept = read.data;
      if ('textHash' in kept) texts.set(kept.textHash, kept.text);
      else if ('capabilities' in kept) capabilities.set(kept.endpoint, kept.capabilities);
      else if (!entries.has(kept.key))
        entries.set(kept.key, { ...kept, content: withTexts(kept.content, texts) as Entry['content'] });
    }
  };
  readAll();

  const append = (documents: readonly unknown[]): void => {
    makeFolder(dirname(path));
    // What was cut off is taken away by whoever writes; who only replays leaves the file as it is.
    if (cutAt !== null) truncateSync(path, cutAt);
    cutAt = null;
    appendFileSync(path, documents.map((document) => `${canonicalJson(document)}\n`).join(''));
  };
  return {
    entries,
    capabilities,
    keep(entry) {
      if (entries.has(entry.key)) return;
      entries.set(entry.key, entry);
      const fresh = new Map<string, string>();
      const content = withHashes(entry.content, (text) => {
        const textHash = sha256(text);
        if (!texts.has(textHash)) fresh.set(textHash, text);
        texts.set(textHash, text);
        return textHash;
      });
      append([...[...fresh].map(([textHash, text]) => ({ textHash, text })), { ...entry, content }]);
    },
    keepCapabilities(endpoint, found) {
      if (capabilities.has(endpoint)) return;
      capabilities.set(endpoint, found);
      append([{ endpoint, capabilities: found }]);
    },
    catchUp() {
      // Files of answers only grow.
      if (existsSync(path) && statSync(path).size !== bytes) readAll();
    },
  };
}

const ownCassette =
  'Wait for it to end, or give this run a cassette of its own: --record FILE. Replaying needs no waiting.';

/**
 * Keeps other processes from writing the cassette at `path` until it is let go: answers of two runs in one file would
 * replay neither. Throws a RehearsalError where another one writes it, with `hint` as what to do then.
 */
export function lockCassette(path: string, hint = ownCassette): () => void {
  makeFolder(dirname(path));
  const lock = `${path}.lock`;
  const letGo = takeLock(lock);
  if (letGo === null) {
    throw new RehearsalError(`Another run is recording answers into ${path}.`, { hint });
  }
  return () => {
    for (const file of [lock, `${lock}-journal`]) rmSync(file, { force: true });
    letGo();
  };
}

interface Lines {
  readonly lines: readonly string[];
  /** Where they end if something stands behind them that was cut off. */
  readonly cutAt: number | null;
  /** Length of the whole file. */
  readonly bytes: number;
}

/** The whole lines of the file. */
function wholeLines(path: string): Lines {
  if (!existsSync(path)) return { lines: [], cutAt: null, bytes: 0 };
  const file = readFileSync(path);
  const end = file.lastIndexOf(0x0a) + 1;
  const lines = file.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  return { lines, cutAt: end < file.length ? end : null, bytes: file.length };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function withHashes(value: unknown, hashOf: (text: string) => string): unknown {
  if (typeof value === 'string') return value.length > LONG_TEXT ? { textHash: hashOf(value) } : value;
  if (Array.isArray(value)) return value.map((inner) => withHashes(inner, hashOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withHashes(inner, hashOf)]));
}

function withTexts(value: unknown, texts: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((inner) => withTexts(inner, texts));
  if (typeof value !== 'object' || value === null) return value;
  if ('textHash' in value && typeof value.textHash === 'string') return texts.get(value.textHash) ?? value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withTexts(inner, texts)]));
}
