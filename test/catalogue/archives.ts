// Archives made byte by byte, so that a test can make them wrong in one place. Sound unless told otherwise.

import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content?: Uint8Array;
  /** Stated in the directory instead of the truth. */
  readonly crc?: number;
  readonly size?: number;
  readonly packedSize?: number;
  readonly flags?: number;
  readonly method?: number;
  /** Unix mode in the external attributes. */
  readonly mode?: number;
  /** Packed bytes instead of the deflated content. */
  readonly packed?: Uint8Array;
  /** Name in the local header, where it differs. */
  readonly localName?: string;
  /** The directory points to the local header of the entry with this number. */
  readonly upon?: number;
}

/** A zip archive; `count` and `volume` are stated in its end record instead of the truth. */
export function zipOf(
  entries: readonly ZipEntry[],
  { count = entries.length, volume = 0 }: { readonly count?: number; readonly volume?: number } = {},
): Buffer {
  const locals: Buffer[] = [];
  const listed: Buffer[] = [];
  const offsets: number[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = entry.content ?? Buffer.alloc(0);
    const packed = entry.packed ?? (entry.method === 0 ? content : deflateRawSync(content));
    const facts = Buffer.alloc(20);
    facts.writeUInt16LE(entry.flags ?? 0x800, 0);
    facts.writeUInt16LE(entry.method ?? 8, 2);
    facts.writeUInt32LE(entry.crc ?? crc32(content), 8);
    facts.writeUInt32LE(entry.packedSize ?? packed.length, 12);
    facts.writeUInt32LE(entry.size ?? content.length, 16);
    const name = Buffer.from(entry.name);
    const localName = Buffer.from(entry.localName ?? entry.name);
    const local = Buffer.concat([bytes([0x04034b50, 4], [20, 2]), facts, bytes([localName.length, 2], [0, 2]), localName]); // prettier-ignore
    offsets.push(entry.upon === undefined ? offset : offsets[entry.upon]!);
    listed.push(Buffer.concat([
      bytes([0x02014b50, 4], [0x31e, 2], [20, 2]), facts, bytes([name.length, 2], [0, 2], [0, 2], [0, 2], [0, 2], [(entry.mode ?? 0o100644) * 0x10000, 4], [offsets.at(-1)!, 4]), name,
    ])); // prettier-ignore
    locals.push(local, Buffer.from(packed));
    offset += local.length + packed.length;
  }
  const directory = Buffer.concat(listed);
  const end = bytes([0x06054b50, 4], [volume, 2], [volume, 2], [count, 2], [count, 2], [directory.length, 4], [offset, 4], [0, 2]); // prettier-ignore
  return Buffer.concat([...locals, directory, end]);
}

export interface TarEntry {
  readonly name: string;
  readonly content?: Uint8Array;
  /** '0' a file, '1' and '2' links, '3' a device, '5' a folder, 'x' pax records. */
  readonly type?: string;
  /** Stated instead of the truth, in octal digits. */
  readonly size?: string;
  readonly checksum?: string;
}

/** A tar archive as ustar lays it out, not compressed; without its end where `isWhole` is false. */
export function tarOf(entries: readonly TarEntry[], isWhole = true): Buffer {
  const parts = entries.flatMap(({ name, content = Buffer.alloc(0), type = '0', size, checksum }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write(size ?? content.length.toString(8).padStart(11, '0'), 124);
    header.write('        ', 148);
    header.write(type, 156);
    header.write('ustar', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return Buffer.concat([...parts, ...(isWhole ? [Buffer.alloc(1024)] : [])]);
}

/** Little-endian numbers, each with its length in bytes. */
function bytes(...numbers: readonly (readonly [number, 2 | 4])[]): Buffer {
  const all = Buffer.alloc(numbers.reduce((total, [, length]) => total + length, 0));
  let at = 0;
  for (const [number, length] of numbers) at = all.writeUIntLE(number, at, length);
  return all;
}
