// Data sets that are broken or hostile, one way each, made from a sound one: other kinds of files, files that were cut
// or changed on their way, archives that lie or set traps. Seeded, so that every run tries the same.

import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { randomFrom } from '../../src/base/random.ts';
import { tarOf, zipOf, type TarEntry, type ZipEntry } from '../catalogue/archives.ts';

/** A sound source that was written into a folder. */
export interface Written {
  readonly folder: string;
  /** What to import: the folder, or the file of interactions itself. */
  readonly path: string;
  /** File name of the interactions. */
  readonly interactions: string;
}

/** Changes the files of a source and returns the path to import. */
export type Spoiling = (source: Written) => string;

/** The way in which a source may be packed, with nothing wrong. */
export const packings: Readonly<Record<string, Spoiling>> = {
  'as it is': ({ path }) => path,
  'with gzipped interactions': gzipped((bytes) => bytes),
  'in a zip': zipped((files) => files),
  'in a tar.gz': tarred((files) => files),
};

export const spoilings: Readonly<Record<string, Spoiling>> = {
  ...elsewhere(),
  ...prefixed('interactions that are', contents(), rewritten),
  ...prefixed('gzipped interactions that are', gzips(), gzipped),
  ...prefixed('a zip with', zips(), zipped),
  ...prefixed('a zip that is', damage(), (change) => zipped((files) => files, change)),
  ...prefixed('a tar.gz with', tars(), tarred),
  ...prefixed('a tar.gz that is', damage(), (change) => tarred((files) => files, change)),
};

type Change = (bytes: Buffer) => Uint8Array;

function elsewhere(): Record<string, Spoiling> {
  const other = (make: (place: string) => void): Spoiling => ({ folder }) => {
    const place = `${folder}-other`;
    make(place);
    return place;
  }; // prettier-ignore
  return {
    'no such path': ({ folder }) => join(folder, 'nowhere'),
    'a path with a NUL': ({ folder }) => `${folder}/a\0b`,
    'an empty folder': other((place) => mkdirSync(place)),
    'a folder of letters': other((place) => {
      mkdirSync(place);
      for (const name of ['dear.md', 'holiday.txt']) writeFileSync(join(place, name), 'sun\n');
    }),
    'a link that leads to itself': other((place) => symlinkSync(place, place)),
    'a device without end': () => '/dev/zero',
    'a device without content': () => '/dev/null',
  };
}

function contents(): Record<string, Change> {
  const noise = (seed: number): Change => () => {
    const random = randomFrom('hostile', seed);
    return Uint8Array.from({ length: 5000 }, () => random.integer(256));
  }; // prettier-ignore
  const lines = (change: (line: string) => string): Change => (bytes) =>
    Buffer.from(bytes.toString().split('\n').map((line) => (line === '' ? '' : change(line))).join('\n')); // prettier-ignore
  const numbers = (text: string): Change => lines((line) => line.replace(/\d+/g, text));
  return {
    empty: () => Buffer.alloc(0),
    'one letter': () => Buffer.from('x'),
    'empty lines': () => Buffer.from('\n\n\n'),
    'UTF-16, little end first': (bytes) => Buffer.from(`\ufeff${bytes.toString()}`, 'utf16le'),
    'UTF-16, big end first': (bytes) => Buffer.from(`\ufeff${bytes.toString()}`, 'utf16le').swap16(),
    'UTF-16 without a mark': (bytes) => Buffer.from(bytes.toString(), 'utf16le'),
    'NULs': () => Buffer.alloc(5000),
    ...Object.fromEntries([1, 2, 3, 4].map((seed) => [`noise ${seed}`, noise(seed)])),
    'a picture': () => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), noise(5)(Buffer.alloc(0))]),
    'a page': () => Buffer.from('<!doctype html>\n<title>Not found</title>\n<p>404</p>\n'),
    'packed and not called so': (bytes) => gzipSync(bytes),
    'one endless line': () => Buffer.alloc((1 << 24) + 10, 'x'),
    'rows of one field': lines((line) => line.replace(/[^\w.]+/g, '_')),
    'words for numbers': numbers('many'),
    'no numbers': numbers('NaN'),
    'numbers without end': numbers('1e999'),
    'numbers that are too long': numbers('9'.repeat(300)),
    'NULs in every number': numbers('1\0'),
    'brackets without end': lines(() => '['.repeat(10_000)),
    'an unclosed quote in every row': lines((line) => `"${line}`),
  }; // prettier-ignore
}

function gzips(): Record<string, Change> {
  const at = (place: number): Change => (packed) => {
    const copy = Buffer.from(packed);
    copy[place < 0 ? copy.length + place : place]! ^= 0x40;
    return copy;
  }; // prettier-ignore
  return {
    ...damage(),
    'of a wrong CRC-32': at(-7),
    'of a wrong length': at(-3),
    'of another magic': at(0),
    'of another method': at(2),
    'turned in the middle': (packed) => at(packed.length >> 1)(packed),
    'padded with junk': (packed) => Buffer.concat([packed, Buffer.from('\0\0junk')]),
    'text': () => Buffer.from('1 2 3\n'),
    'a bomb': () => gzipSync(Buffer.alloc(3_000_000)),
  }; // prettier-ignore
}

/** What happens to a file on its way. */
function damage(): Record<string, Change> {
  return {
    'empty or gone': () => Buffer.alloc(0),
    'cut to a quarter': (packed) => packed.subarray(0, packed.length >> 2),
    'cut to a half': (packed) => packed.subarray(0, packed.length >> 1),
    'cut by one byte': (packed) => packed.subarray(0, -1),
    'followed by something': (packed) => Buffer.concat([packed, Buffer.from('and more')]),
  };
}

type ChangeZip = (files: readonly ZipEntry[], last: ZipEntry) => readonly ZipEntry[];

function zips(): Record<string, ChangeZip> {
  const last =
    (change: Partial<ZipEntry>): ChangeZip => (files, one) => [...files.slice(0, -1), { ...one, ...change }]; // prettier-ignore
  const more =
    (...entries: readonly ZipEntry[]): ChangeZip => (files) => [...files, ...entries]; // prettier-ignore
  return {
    'nothing in it': () => [],
    'a wrong CRC-32': last({ crc: 1 }),
    'a size that is too small': last({ size: 3 }),
    'a size that is too large': (files, one) => [...files.slice(0, -1), { ...one, size: one.content!.length + 1 }],
    'bytes that are no deflate': last({ packed: Buffer.from('\xff\xff\xff\xff', 'latin1') }),
    'bytes behind the end': (files, one) => [...files.slice(0, -1), { ...one, packed: Buffer.concat([deflateRawSync(one.content!), Buffer.from('x')]) }],
    'two entries of one name': (files, one) => [...files, { ...one, content: Buffer.from('other') }],
    'a name that climbs out': more({ name: '../../evil.csv' }),
    'a name from the root': more({ name: '/etc/cron.d/evil' }),
    'a name on a drive': more({ name: 'C:\\evil.csv' }),
    'a link': last({ mode: 0o120777 }),
    'a link to somewhere else': more({ name: 'passwords', content: Buffer.from('/etc/passwd'), mode: 0o120777 }),
    'an encrypted entry': last({ flags: 1 }),
    'a method that is not read': last({ method: 12 }),
    'another name in the local header': last({ localName: 'other.dat' }),
    'a bomb beside it': more({ name: 'bomb', content: Buffer.alloc(3_000_000) }),
    'two terabytes, as it says': more({ name: 'bomb', content: Buffer.from('x'), size: 0xfffffffe }),
    'one entry upon another': more({ name: 'again', upon: 0 }),
  }; // prettier-ignore
}

function tars(): Record<string, (files: readonly TarEntry[], last: TarEntry) => readonly TarEntry[]> {
  return {
    'nothing in it': () => [],
    'a link': (files) => [...files, { name: 'l', type: '2' }],
    'a hard link': (files) => [...files, { name: 'l', type: '1' }],
    'a device': (files) => [...files, { name: 'd', type: '4' }],
    'a pipe': (files) => [...files, { name: 'p', type: '6' }],
    'a name that climbs out': (files) => [...files, { name: '../../evil.csv' }],
    'a wrong checksum': (files, one) => [...files.slice(0, -1), { ...one, checksum: '000123\0 ' }],
    'a size beyond its end': (files, one) => [...files.slice(0, -1), { ...one, size: '00077777777' }],
    'a size that is none': (files, one) => [...files.slice(0, -1), { ...one, size: 'no size at' }],
    'two entries of one name': (files, one) => [...files, one],
  }; // prettier-ignore
}

function rewritten(change: Change): Spoiling {
  return ({ folder, path, interactions }) => {
    const file = join(folder, interactions);
    writeFileSync(file, change(readFileSync(file)));
    return path;
  };
}

function gzipped(change: Change): Spoiling {
  return ({ folder, path, interactions }) => {
    const file = join(folder, interactions);
    const packed = gzipSync(readFileSync(file));
    rmSync(file);
    writeFileSync(`${file}.gz`, change(packed));
    return path === file ? `${file}.gz` : path;
  };
}

/** Packs the folder, or the file of interactions where that is what is imported; it comes last. */
function zipped(change: ChangeZip, then: Change = (bytes) => bytes): Spoiling {
  return (source) => {
    const files = entriesOf(source);
    const archive = `${source.folder}.zip`;
    writeFileSync(archive, then(zipOf(change(files, files.at(-1)!))));
    return archive;
  };
}

function tarred(
  change: (files: readonly TarEntry[], last: TarEntry) => readonly TarEntry[],
  then: Change = (bytes) => bytes,
): Spoiling {
  return (source) => {
    const files = entriesOf(source);
    const archive = `${source.folder}.tar.gz`;
    writeFileSync(archive, then(gzipSync(tarOf(change(files, files.at(-1)!)))));
    return archive;
  };
}

function entriesOf({ folder, path, interactions }: Written): { name: string; content: Buffer }[] {
  const all = path === folder ? readdirSync(folder) : [interactions];
  const names = [...all.filter((name) => name !== interactions), interactions];
  return names.map((name) => ({ name, content: readFileSync(join(folder, name)) }));
}

function prefixed<Changing>(
  prefix: string,
  changes: Record<string, Changing>,
  spoiling: (change: Changing) => Spoiling,
): Record<string, Spoiling> {
  return Object.fromEntries(
    Object.entries(changes).map(([name, change]) => [`${prefix} ${name}`, spoiling(change)]),
  );
}
