// The files of a source, however they are packed: a folder, one file, a zip, a tar.gz, each member plain
// or gzipped. Nothing is unpacked to disk. Sizes are capped, and names that climb out are refused.

import { isUtf8 } from 'node:buffer';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { RehearsalError } from '../../base/error.ts';

export interface SourceFile {
  /** File name without folders and without `.gz`. */
  readonly name: string;
  /** Name as it stands on disk or in the archive, for messages. */
  readonly label: string;
  /** Unpacked content. */
  bytes(): Uint8Array;
}

export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly ending: '\n' | '\r\n' | '';
}

export interface ArchiveLimits {
  /** Unpacked bytes of all entries together. */
  readonly bytes: number;
  readonly entries: number;
}

const standardLimits: ArchiveLimits = { bytes: 2 * 1024 ** 3, entries: 10_000 };
const chunkSize = 1 << 24;

/**
 * Files of a folder (not of its subfolders), of an archive, or, for a plain file, that file alone.
 * Sorted by label. Throws when the path is missing, the archive is broken, too large or names a path outside.
 */
export function openSource(path: string, limits: ArchiveLimits = standardLimits): SourceFile[] {
  if (!existsSync(path)) {
    throw new RehearsalError(`There is no file or folder at ${path}.`, {
      hint: 'Check the path; it is read from where the command runs.',
    });
  }
  if (statSync(path).isDirectory()) {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => fileAt(join(path, entry.name), limits))
      .sort(byLabel);
  }
  if (path.endsWith('.zip')) return unzip(path, limits);
  if (/\.(tar\.gz|tgz)$/.test(path)) return untar(path, limits);
  return [fileAt(path, limits)];
}

/** As `openSource`, but a plain file stands for the folder it lies in, so that its companions are found. */
export function openWithCompanions(path: string): SourceFile[] {
  const plain = existsSync(path) && statSync(path).isFile() && !/\.(zip|tar\.gz|tgz)$/.test(path);
  return openSource(plain ? dirname(path) : path);
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
  return linesOf(file.bytes());
}

/** Lines of bytes: UTF-8, or Latin-1 where the bytes are not UTF-8. A byte order mark is skipped. */
export function* linesOf(content: Uint8Array): Iterable<Line> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  let number = 0;
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (start < bytes.length) {
    const cut = start + chunkSize < bytes.length ? bytes.lastIndexOf(10, start + chunkSize) : -1;
    const end = cut > start ? cut + 1 : bytes.length;
    const text = bytes.toString(encoding, start, end);
    for (let from = 0; from < text.length;) {
      const newline = text.indexOf('\n', from);
      const to = newline < 0 ? text.length : newline;
      const carriage = newline > from && text.charCodeAt(to - 1) === 13;
      number++;
      yield {
        number,
        text: text.slice(from, carriage ? to - 1 : to),
        ending: newline < 0 ? '' : carriage ? '\r\n' : '\n',
      };
      from = to + 1;
    }
    start = end;
  }
}

function fileAt(path: string, limits: ArchiveLimits): SourceFile {
  const label = basename(path);
  return {
    name: label.replace(/\.gz$/, ''),
    label,
    bytes: () => unpacked(readFileSync(path), label, limits),
  };
}

function unpacked(bytes: Uint8Array, label: string, limits: ArchiveLimits): Uint8Array {
  if (!label.endsWith('.gz') && !label.endsWith('.tgz')) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: limits.bytes });
  } catch (cause) {
    const large = cause instanceof RangeError;
    throw new RehearsalError(
      large
        ? `${label} unpacks to more than ${limits.bytes} bytes.`
        : `${label} is not a whole gzip file: ${String(cause)}.`,
      { hint: large ? 'Give a smaller part of the data set.' : 'Fetch the file again.', cause },
    );
  }
}

function unzip(path: string, limits: ArchiveLimits): SourceFile[] {
  let total = 0;
  let entries = 0;
  const archive = basename(path);
  try {
    const contents = unzipSync(readFileSync(path), {
      filter: (entry) => {
        checkName(entry.name, archive);
        entries++;
        total += entry.originalSize;
        checkSize(archive, entries, total, limits);
        return !isNoise(entry.name);
      },
    });
    return Object.entries(contents)
      .map(([name, bytes]) => packed(name, bytes, limits))
      .sort(byLabel);
  } catch (cause) {
    if (cause instanceof RehearsalError) throw cause;
    throw new RehearsalError(`${archive} is not a whole zip file: ${String(cause)}.`, {
      hint: 'Fetch the file again.',
      cause,
    });
  }
}

/** Tar as POSIX lays it out: 512-byte headers, name at 0, octal size at 124, type at 156, prefix at 345. */
function untar(path: string, limits: ArchiveLimits): SourceFile[] {
  const archive = basename(path);
  const bytes = Buffer.from(unpacked(readFileSync(path), archive, limits));
  const field = (from: number, length: number): string =>
    bytes.toString('latin1', from, from + length).replace(/\0.*$/s, '');
  const files: SourceFile[] = [];
  for (let at = 0, entries = 1; at + 512 <= bytes.length && bytes[at] !== 0; entries++) {
    const prefix = field(at + 257, 5) === 'ustar' ? field(at + 345, 155) : '';
    const name = prefix === '' ? field(at, 100) : `${prefix}/${field(at, 100)}`;
    const size = Number.parseInt(field(at + 124, 12).trim(), 8);
    if (!Number.isFinite(size) || at + 512 + size > bytes.length) {
      throw new RehearsalError(`${archive} is not a whole tar file: entry ${entries} is cut.`, {
        hint: 'Fetch the file again.',
      });
    }
    checkName(name, archive);
    checkSize(archive, entries, size, limits);
    const type = field(at + 156, 1);
    if ((type === '0' || type === '') && !isNoise(name))
      files.push(packed(name, bytes.subarray(at + 512, at + 512 + size), limits));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files.sort(byLabel);
}

function packed(name: string, bytes: Uint8Array, limits: ArchiveLimits): SourceFile {
  const base = name.slice(name.lastIndexOf('/') + 1);
  return { name: base.replace(/\.gz$/, ''), label: name, bytes: () => unpacked(bytes, base, limits) };
}

function checkName(name: string, archive: string): void {
  if (/^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)/.test(name) || name.includes('\0')) {
    throw new RehearsalError(`${archive} holds an entry that points outside it: ${JSON.stringify(name)}.`, {
      hint: 'Such an archive is broken or hostile; fetch it from its publisher.',
    });
  }
}

function checkSize(archive: string, entries: number, total: number, limits: ArchiveLimits): void {
  if (entries > limits.entries || total > limits.bytes) {
    throw new RehearsalError(
      `${archive} is larger than the importers take: ${entries > limits.entries ? `more than ${limits.entries} entries` : `more than ${limits.bytes} bytes unpacked`}.`,
      { hint: 'Unpack it and give the folder, or give a smaller part.' },
    );
  }
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
