// Tar archives (POSIX ustar, with the long names of pax and GNU): 512-byte headers with a checksum, then the content,
// and a block of zeros at the end. Links, devices and sparse files are refused, not skipped.

import { broken, hostile, requireHarmless, type ArchiveLimits, type Entry } from './archive.ts';

const block = 512;

/** The files of a tar archive. Throws where it is not sound. */
export function untar(content: Uint8Array, archive: string, limits: ArchiveLimits): Entry[] {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const entries: { readonly name: string; readonly size: number; readonly from: number }[] = [];
  let named: string | undefined;
  for (let at = 0, number = 1; ; number++) {
    if (at + block > bytes.length) throw broken(archive, 'tar', 'it has no end');
    if (bytes.subarray(at, at + block).every((byte) => byte === 0)) break;
    const size = sizeOf(bytes, at, archive, number);
    const from = at + block;
    const name = named ?? nameOf(bytes, at);
    const type = String.fromCharCode(bytes[at + 156]!);
    named = undefined;
    switch (type) {
      case '0':
      case '7':
      case '\0':
        entries.push({ name, size, from });
        break;
      case '5':
        entries.push({ name: name.endsWith('/') ? name : `${name}/`, size: 0, from });
        break;
      case 'L':
        named = text(bytes, from, size);
        break;
      case 'x':
        named = paxName(bytes.subarray(from, from + size), archive, number);
        break;
      case 'g':
        break;
      default:
        throw hostile(
          archive,
          `${type === '1' || type === '2' ? 'a link' : 'an entry that is no file'}: ${JSON.stringify(name)}`,
        );
    }
    if (entries.length > limits.entries) break;
    at = from + Math.ceil(size / block) * block;
  }
  requireHarmless(archive, entries, limits);
  return entries.map(({ name, size, from }) => ({
    name,
    size,
    bytes: () => bytes.subarray(from, from + size),
  }));
}

/** The size in octal at 124, after the checksum at 148: the sum of the header's bytes with itself as spaces. */
function sizeOf(bytes: Buffer, at: number, archive: string, number: number): number {
  let sum = 8 * 32;
  for (let index = 0; index < block; index++) if (index < 148 || index >= 156) sum += bytes[at + index]!;
  const octal = (from: number, length: number): number => {
    const digits = text(bytes, at + from, length).trim();
    return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
  };
  if (octal(148, 8) !== sum)
    throw broken(archive, 'tar', `entry ${number} does not have the checksum it states`);
  const size = octal(124, 12);
  if (Number.isNaN(size) || at + block + size > bytes.length)
    throw broken(archive, 'tar', `entry ${number} is cut`);
  return size;
}

/** Name at 0; ustar adds a folder at 345. */
function nameOf(bytes: Buffer, at: number): string {
  const name = text(bytes, at, 100);
  const folder = text(bytes, at + 257, 5) === 'ustar' ? text(bytes, at + 345, 155) : '';
  return folder === '' ? name : `${folder}/${name}`;
}

/** The `path` of pax records, each `LENGTH key=value\n`. Sizes of their own belong to files beyond 8 GB. */
function paxName(records: Buffer, archive: string, number: number): string | undefined {
  let name: string | undefined;
  for (let at = 0; at < records.length;) {
    const [, length, key] = /^(\d{1,6}) ([^=\n]*)=/.exec(records.toString('utf8', at, at + 300)) ?? [];
    const next = at + Number(length);
    if (key === undefined || !(next <= records.length) || records[next - 1] !== 10)
      throw broken(archive, 'tar', `entry ${number} has damaged pax records`);
    const value = records.toString('utf8', at + length!.length + 1 + Buffer.byteLength(key) + 1, next - 1);
    if (key === 'path') name = value;
    if (key === 'size' || key.startsWith('GNU.sparse'))
      throw hostile(archive, `a file that is sparse or beyond 8 GB (entry ${number})`);
    at = next;
  }
  return name;
}

/** Text up to its first NUL. */
function text(bytes: Buffer, from: number, length: number): string {
  const found = bytes.subarray(from, from + length).indexOf(0);
  return bytes.toString('utf8', from, from + (found < 0 ? length : found));
}
