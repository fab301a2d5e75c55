// Where an export is written: a folder that appears whole or not at all. Files are streamed in pieces of a megabyte and
// hashed on the way; each is noted with its rows, so that the card can list what stands beside it.

import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isInside } from '../base/inside.ts';
import { makeFolder } from '../base/make-folder.ts';

export interface WrittenFile {
  /** Path inside the export, with forward slashes. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface RowFile {
  /** Adds a row; the line end is added here. */
  line(text: string): void;
  /** Adds a line that is no row: a header. */
  head(text: string): void;
}

export interface Place {
  /** What the data set is called; names files in some formats. */
  readonly name: string;
  /** A text file, opened once; asking again for an open one gives the same. */
  file(path: string): RowFile;
  /** Path for a file that others write; `note` it when it is complete. */
  path(path: string): string;
  note(path: string, rows: number): void;
  /** Counts something that was written otherwise than it was, or left out, by reason. */
  changed(reason: string): void;
  /** Closes all text files. Exporters need not call it. */
  close(): void;
  written(): readonly WrittenFile[];
  changes(): readonly { readonly reason: string; readonly count: number }[];
}

const pieceBytes = 1 << 20;

/** A place in `folder`; `progress` hears of every so many rows. */
export function openPlace(
  folder: string,
  name: string,
  progress: (file: string, rows: number) => void = () => undefined,
): Place {
  const open = new Map<string, { file: RowFile; close(): WrittenFile }>();
  const written: WrittenFile[] = [];
  const changes = new Map<string, number>();
  const path = (inside: string): string => {
    const whole = join(folder, inside);
    if (!isInside(folder, whole))
      throw new Error(`defect: ${JSON.stringify(inside)} lies outside the export`);
    makeFolder(dirname(whole));
    return whole;
  };
  return {
    name,
    path,
    file(inside) {
      const known = open.get(inside);
      if (known !== undefined) return known.file;
      const fresh = openFile(path(inside), inside, progress);
      open.set(inside, fresh);
      return fresh.file;
    },
    note(inside, rows) {
      const whole = join(folder, inside);
      written.push({ path: inside, rows, bytes: statSync(whole).size, sha256: hashOf(whole) });
    },
    changed: (reason) => void changes.set(reason, (changes.get(reason) ?? 0) + 1),
    close() {
      for (const { close } of open.values()) written.push(close());
      open.clear();
    },
    written: () => [...written].sort((a, b) => (a.path < b.path ? -1 : 1)),
    changes: () =>
      [...changes]
        .map(([reason, count]) => ({ reason, count }))
        .sort((a, b) => (a.reason < b.reason ? -1 : 1)),
  };
}

function openFile(
  whole: string,
  inside: string,
  progress: (file: string, rows: number) => void,
): { file: RowFile; close(): WrittenFile } {
  const handle = openSync(whole, 'w');
  const hash = createHash('sha256');
  let waiting: string[] = [];
  let size = 0;
  let rows = 0;
  let bytes = 0;
  const flush = (): void => {
    const piece = Buffer.from(waiting.join(''), 'utf8');
    waiting = [];
    size = 0;
    bytes += piece.length;
    hash.update(piece);
    for (let at = 0; at < piece.length;) at += writeSync(handle, piece, at);
    progress(inside, rows);
  };
  const add = (text: string): void => {
    waiting.push(text, '\n');
    size += text.length + 1;
    if (size >= pieceBytes) flush();
  };
  return {
    file: {
      head: add,
      line(text) {
        rows += 1;
        add(text);
      },
    },
    close() {
      flush();
      closeSync(handle);
      return { path: inside, rows, bytes, sha256: hash.digest('hex') };
    },
  };
}

function hashOf(path: string): string {
  const hash = createHash('sha256');
  const handle = openSync(path, 'r');
  const piece = Buffer.alloc(pieceBytes);
  for (let read = readSync(handle, piece); read > 0; read = readSync(handle, piece))
    hash.update(piece.subarray(0, read));
  closeSync(handle);
  return hash.digest('hex');
}
