// The files of a source, however they are packed: a folder, one file, a zip, a tar.gz, each member plain
// or gzipped. Nothing is unpacked to disk. Sizes are capped, and names that climb out are refused.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RehearsalError } from '../../base/error.ts';
import type { ArchiveLimits, Entry } from './archive.ts';
import { gunzip } from './inflate.ts';
import { linesOf, type Line } from './lines.ts';
import { untar } from './tar.ts';
import { unzip } from './zip.ts';

export interface SourceFile {
  /** File name without folders and without `.gz`. */
  readonly name: string;
  /** Name as it stands on disk or in the archive, for messages. */
  readonly label: string;
  /** Unpacked content. Throws where it cannot be read or is damaged. */
  bytes(): Uint8Array;
}

const standardLimits: ArchiveLimits = { bytes: 2 * 1024 ** 3, entries: 10_000 };

/**
 * Files of a folder (not of its subfolders), of an archive, or, for a plain file, that file alone.
 * Sorted by label. Throws when the path is missing or no file, or the archive is broken, too large or hostile.
 */
export function openSource(path: string, limits: ArchiveLimits = standardLimits): SourceFile[] {
  const kind = kindOf(path);
  if (kind === 'nothing') {
    throw new RehearsalError(`There is no file or folder at ${path}.`, {
      hint: 'Check the path; it is read from where the command runs.',
    });
  }
  if (kind === 'other') {
    throw new RehearsalError(`${path} is neither a file nor a folder.`, {
      hint: 'Devices and pipes are not read; write the data into a file.',
    });
  }
  if (kind === 'folder') {
    return read(path, () => readdirSync(path))
      .filter((name) => !name.startsWith('.') && kindOf(join(path, name)) === 'file')
      .map((name) => fileAt(join(path, name), limits))
      .sort(byLabel);
  }
  const archive = basename(path);
  if (path.endsWith('.zip')) return packed(unzip(contentAt(path), archive, limits), limits);
  if (/\.(tar\.gz|tgz)$/.test(path))
    return packed(untar(gunzip(contentAt(path), archive, limits.bytes), archive, limits), limits);
  return [fileAt(path, limits)];
}

/** As `openSource`, but a plain file stands for the folder it lies in, so that its companions are found. */
export function openWithCompanions(path: string): SourceFile[] {
  const isPlain = kindOf(path) === 'file' && !/\.(zip|tar\.gz|tgz)$/.test(path);
  return openSource(isPlain ? dirname(path) : path);
}

/** The file of that name, or undefined. Two of one name in an archive are an error, not a choice. */
export function findFile(files: readonly SourceFile[], name: string): SourceFile | undefined {
  const found = files.filter((file) => file.name === name);
  if (found.length > 1) {
    throw new RehearsalError(
      `${name} occurs ${found.length} times: ${found.map((file) => file.label).join(', ')}.`,
      {
        hint: 'Give a folder or archive that holds one data set.',
      },
    );
  }
  return found[0];
}

/** The lines of a file; see `linesOf`. */
export function lines(file: SourceFile): Iterable<Line> {
  return linesOf(file.bytes(), file.label);
}

function kindOf(path: string): 'file' | 'folder' | 'other' | 'nothing' {
  try {
    const found = statSync(path);
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other';
  } catch {
    return 'nothing';
  }
}

function contentAt(path: string): Uint8Array {
  return read(path, () => readFileSync(path));
}

function read<Content>(path: string, take: () => Content): Content {
  try {
    return take();
  } catch (cause) {
    throw new RehearsalError(`${path} cannot be read: ${(cause as Error).message}.`, {
      hint: 'Check who may read it, and its size.',
      cause,
    });
  }
}

function fileAt(path: string, limits: ArchiveLimits): SourceFile {
  return sourceFile(basename(path), () => contentAt(path), limits);
}

function packed(entries: readonly Entry[], limits: ArchiveLimits): SourceFile[] {
  return entries
    .filter(({ name }) => !isNoise(name))
    .map(({ name, bytes }) => sourceFile(name, bytes, limits))
    .sort(byLabel);
}

/** A file by its content, which may be gzipped. */
function sourceFile(label: string, content: () => Uint8Array, limits: ArchiveLimits): SourceFile {
  const base = label.slice(label.lastIndexOf('/') + 1);
  const isPacked = base.endsWith('.gz');
  return {
    name: isPacked ? base.slice(0, -'.gz'.length) : base,
    label,
    bytes: () => (isPacked ? gunzip(content(), label, limits.bytes) : content()),
  };
}

function isNoise(name: string): boolean {
  return (
    name.endsWith('/') ||
    name.startsWith('__MACOSX/') ||
    name.slice(name.lastIndexOf('/') + 1).startsWith('.')
  );
}

function byLabel(a: SourceFile, b: SourceFile): number {
  return a.label < b.label ? -1 : a.label > b.label ? 1 : 0;
}
