// Zip archives (PKWARE's APPNOTE 6.3): the directory at the end says what there is, and every entry is held against
// it, its local header and its CRC-32. Stored and deflated entries only; no passwords, links, volumes or zip64
// directories. An entry is unpacked when it is read, never beyond the size that the directory states.

import { crc32 } from 'node:zlib';
import { broken, hostile, requireHarmless, type ArchiveLimits, type Entry } from './archive.ts';
import { inflate, isBomb } from './inflate.ts';

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
/** An end record has 22 bytes and a comment of at most 65,535. */
const endLength = 22;

interface Listed {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly isLink: boolean;
  /** Where its local header stands. */
  readonly at: number;
}

/** The entries of a zip file, folders included, in the order of its directory. Throws where it is not sound. */
export function unzip(content: Uint8Array, archive: string, limits: ArchiveLimits): Entry[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const end = endOf(bytes, archive);
  const listed = listedIn(bytes, end, archive, limits);
  requireHarmless(archive, listed, limits);
  for (const entry of listed) requireReadable(entry, archive);
  const data = dataOf(bytes, listed, end, archive);
  return listed.map((entry, place) => ({
    name: entry.name,
    size: entry.size,
    bytes: () => contentOf(entry, data[place]!, archive),
  }));
}

/** Where the directory's end record stands: it must close the file. */
function endOf(bytes: Buffer, archive: string): number {
  for (let at = bytes.length - endLength; at >= Math.max(0, bytes.length - endLength - 0xffff); at--) {
    const closes =
      bytes.readUInt32LE(at) === endSignature &&
      at + endLength + bytes.readUInt16LE(at + 20) === bytes.length;
    if (closes) return at;
  }
  throw broken(archive, 'zip', 'it has no directory at its end');
}

function listedIn(bytes: Buffer, end: number, archive: string, limits: ArchiveLimits): Listed[] {
  const [volume, count, length, start] = [
    bytes.readUInt16LE(end + 4),
    bytes.readUInt16LE(end + 10),
    bytes.readUInt32LE(end + 12),
    bytes.readUInt32LE(end + 16),
  ];
  if (count === 0xffff || start === 0xffffffff)
    throw hostile(archive, 'a zip64 directory, which is for more entries or bytes than the importers take');
  if (volume !== 0 || bytes.readUInt16LE(end + 6) !== 0 || bytes.readUInt16LE(end + 8) !== count)
    throw broken(archive, 'zip', 'it is one of several volumes');
  if (start + length !== end) throw broken(archive, 'zip', 'its directory is not where its end says');
  const listed: Listed[] = [];
  for (let at = start; at < end;) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== entrySignature)
      throw broken(archive, 'zip', `entry ${listed.length + 1} of its directory is damaged`);
    const [names, extras, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const next = at + 46 + names! + extras! + comment!;
    if (next > end) throw broken(archive, 'zip', `entry ${listed.length + 1} of its directory is cut`);
    const flags = bytes.readUInt16LE(at + 8);
    const extra = bytes.subarray(at + 46 + names!, at + 46 + names! + extras!);
    // The upper half of the external attributes is the Unix mode, whatever system the archive says it is from.
    const mode = bytes.readUInt16LE(at + 40);
    listed.push({
      name: bytes.toString((flags & 0x800) === 0 ? 'latin1' : 'utf8', at + 46, at + 46 + names!),
      flags,
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      ...sizesOf(bytes, at, extra, archive),
      isLink: (mode & 0xf000) === 0xa000,
    });
    at = next;
    if (listed.length > limits.entries) return listed;
  }
  if (listed.length !== count)
    throw broken(archive, 'zip', `its directory has ${listed.length} entries where its end says ${count}`);
  return listed;
}

/** Sizes and place, from the zip64 field (0x0001) where the short ones say so. */
function sizesOf(
  bytes: Buffer,
  at: number,
  extra: Buffer,
  archive: string,
): { packed: number; size: number; at: number } {
  const short = {
    size: bytes.readUInt32LE(at + 24),
    packed: bytes.readUInt32LE(at + 20),
    at: bytes.readUInt32LE(at + 42),
  };
  const long = Object.entries(short).filter(([, value]) => value === 0xffffffff);
  if (long.length === 0) return short;
  for (let field = 0; field + 4 <= extra.length; field += 4 + extra.readUInt16LE(field + 2)) {
    const [tag, length] = [extra.readUInt16LE(field), extra.readUInt16LE(field + 2)];
    if (tag !== 1 || length < 8 * long.length || field + 4 + length > extra.length) continue;
    const read = long.map(([name], place) => [name, Number(extra.readBigUInt64LE(field + 4 + 8 * place))]);
    return { ...short, ...(Object.fromEntries(read) as Partial<typeof short>) };
  }
  throw broken(archive, 'zip', 'an entry has no size');
}

function requireReadable({ name, flags, method, packed, size, isLink }: Listed, archive: string): void {
  const named = JSON.stringify(name);
  if (isLink) throw hostile(archive, `a link: ${named}`);
  if ((flags & 0x2041) !== 0) throw broken(archive, 'zip', `${named} is encrypted, which is not read`);
  if (method !== 0 && method !== 8)
    throw broken(
      archive,
      'zip',
      `${named} is packed by method ${method}; stored (0) and deflated (8) are read`,
    );
  if (method === 0 && packed !== size) throw broken(archive, 'zip', `${named} is stored in two sizes`);
  if (isBomb(packed, size))
    throw hostile(archive, `${named}, ${packed} bytes that unpack to ${size}: it is made to fill a machine`);
}

/** The packed bytes of each entry. Local headers must say the same name, and no entry may lie upon another. */
function dataOf(bytes: Buffer, listed: readonly Listed[], end: number, archive: string): Buffer[] {
  const taken: { readonly from: number; readonly to: number; readonly name: string }[] = [];
  const data = listed.map(({ name, flags, at, packed }) => {
    const isHeader = at + 30 <= end && bytes.readUInt32LE(at) === localSignature;
    const names = isHeader ? bytes.readUInt16LE(at + 26) : 0;
    const from = isHeader ? at + 30 + names + bytes.readUInt16LE(at + 28) : end;
    const encoding = (flags & 0x800) === 0 ? 'latin1' : 'utf8';
    if (from + packed > end || bytes.toString(encoding, at + 30, at + 30 + names) !== name)
      throw broken(archive, 'zip', `${JSON.stringify(name)} is not where the directory says`);
    taken.push({ from: at, to: from + packed, name });
    return bytes.subarray(from, from + packed);
  });
  taken.sort((a, b) => a.from - b.from);
  for (const [place, { from, name }] of taken.entries()) {
    if (place > 0 && from < taken[place - 1]!.to)
      throw hostile(archive, `entries that lie upon one another: ${JSON.stringify(name)}`);
  }
  return data;
}

function contentOf({ name, method, crc, size }: Listed, packed: Buffer, archive: string): Uint8Array {
  const content = method === 0 ? packed : inflate(packed, size);
  const named = JSON.stringify(name);
  if (typeof content === 'string') throw broken(archive, 'zip', `${named} is damaged: ${content}`);
  if (crc32(content) !== crc) throw broken(archive, 'zip', `${named} does not have the CRC-32 it states`);
  return content;
}
