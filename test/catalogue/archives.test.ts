// Archives are read whole or refused: damage, lies and traps each have their sentence, and nothing of them is imported.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { RehearsalError } from '../../src/base/error.ts';
import { openSource } from '../../src/catalogue/import/source.ts';
import { tarOf, zipOf, type TarEntry, type ZipEntry } from './archives.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-archives-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, content: Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const limits = { bytes: 10 ** 8, entries: 100 };
/** Label and text of every file. */
const readAll = (path: string, within = limits): [string, string][] =>
  openSource(path, within).map((file) => [file.label, Buffer.from(file.bytes()).toString()]);

const ratings = Buffer.from('1::1::4.5::100\n1::2::3::200\n');
const good = { name: 'ml/ratings.dat', content: ratings };
const flipped = (bytes: Uint8Array, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  const place = at < 0 ? copy.length + at : at;
  copy[place]! ^= 1;
  return copy;
};

describe('a zip', () => {
  it('gives back what was put in, stored and deflated, named in UTF-8', () => {
    const entry = fc.record({ content: fc.uint8Array({ maxLength: 300 }), method: fc.constantFrom(0, 8) });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 5 }), (entries) => {
        const named = entries.map((one, place) => ({ ...one, name: `é/${place}` }));
        const files = openSource(put('good.zip', zipOf(named)), limits);
        expect(files.map((file) => [file.label, [...file.bytes()]])).toEqual(
          named.map(({ name, content }) => [name, [...content]]),
        );
      }),
      { numRuns: 40 },
    );
  });

  const traps: [string, readonly ZipEntry[], RegExp][] = [
    ['a wrong CRC-32', [{ ...good, crc: 7 }], /CRC-32/],
    ['a size that is too small', [{ ...good, size: 5 }], /more than the 5 bytes/],
    ['a size that is too large', [{ ...good, size: 900 }], /28 bytes where its header says 900/],
    ['packed bytes that go on', [{ ...good, packed: Buffer.concat([deflateRawSync(ratings), ratings]) }], /go on behind/],
    ['packed bytes that are none', [{ ...good, packed: ratings }], /is damaged/],
    ['two entries of one name', [good, { ...good, content: Buffer.from('2::1::1::1\n') }], /two entries of one name/],
    ['a link', [{ ...good, mode: 0o120777 }], /a link/],
    ['an encrypted entry', [{ ...good, flags: 0x801 }], /encrypted/],
    ['a method that is not read', [{ ...good, method: 14 }], /method 14/],
    ['entries upon one another', [good, { name: 'ml/ratings.dat ', localName: 'ml/ratings.dat', content: ratings, upon: 0 }], /not where the directory says/],
    ['one entry within another', [good, { ...good, name: 'ml/ratings.daT', localName: 'ml/ratings.daT', upon: 0 }], /not where the directory says/],
    ['another name in its local header', [{ ...good, localName: 'ml/Ratings.dat' }], /not where the directory says/],
    ['an entry that reaches into the directory', [{ ...good, packedSize: 5000 }], /not where the directory says/],
    ['a bomb', [{ name: 'a', content: Buffer.alloc(5_000_000) }], /fill a machine/],
    ['a stored entry of two sizes', [{ ...good, method: 0, size: 3 }], /two sizes/],
  ]; // prettier-ignore
  it.each(traps)('with %s is refused', (_what, entries, says) => {
    expect(() => readAll(put('trap.zip', zipOf(entries)))).toThrow(says);
    expect(() => readAll(put('trap.zip', zipOf(entries)))).toThrow(RehearsalError);
  });

  it('whose entries share bytes is refused', () => {
    const inner = zipOf([good]).subarray(0, 30 + good.name.length + deflateRawSync(ratings).length);
    const outer = { name: 'outer', content: inner, method: 0 };
    const zip = zipOf([outer, good]);
    // The directory's second entry is sent into the content of the first, where a header of its name stands.
    zip.writeUInt32LE(30 + 'outer'.length, zip.length - 22 - good.name.length - 4);
    expect(() => readAll(put('within.zip', zip))).toThrow(/upon one another/);
  });

  it('whose end does not fit is refused', () => {
    const whole = zipOf([good, { name: 'b', content: ratings }]);
    const wrong: [Uint8Array, RegExp][] = [
      [whole.subarray(0, -1), /no directory/],
      [Buffer.concat([whole, Buffer.from('more')]), /no directory/],
      [Buffer.concat([Buffer.from('#!/bin/sh\n'), whole]), /not where its end says/],
      [zipOf([good], { count: 2 }), /1 entries where its end says 2/],
      [zipOf([good], { count: 0xffff }), /zip64/],
      [zipOf([good], { volume: 3 }), /several volumes/],
      [Buffer.from('PK nonsense'), /not a whole zip/],
      [Buffer.alloc(0), /not a whole zip/],
    ];
    for (const [bytes, says] of wrong) expect(() => readAll(put('end.zip', bytes))).toThrow(says);
  });

  it('with one bit turned anywhere is refused or says what it said', () => {
    const whole = zipOf([good, { name: 'b', content: ratings, method: 0 }]);
    const before = JSON.stringify(readAll(put('bits.zip', whole)).map(([, text]) => text));
    fc.assert(
      fc.property(fc.nat(8 * whole.length - 1), (bit) => {
        const copy = Buffer.from(whole);
        copy[bit >> 3]! ^= 1 << (bit & 7);
        let after: string;
        try {
          after = JSON.stringify(readAll(put('bits.zip', copy)).map(([, text]) => text));
        } catch (error) {
          expect(error).toBeInstanceOf(RehearsalError);
          return;
        }
        expect(after).toBe(before);
      }),
      { numRuns: 250 },
    );
  });

  it('of more entries or bytes than the limit is refused before it is unpacked', () => {
    const two = put('big.zip', zipOf([{ name: 'a', content: Buffer.alloc(2000) }, { name: 'b', content: Buffer.alloc(2000) }])); // prettier-ignore
    expect(() => openSource(two, { bytes: 3000, entries: 10 })).toThrow(/3000 bytes/);
    expect(() => openSource(two, { bytes: 9000, entries: 1 })).toThrow(/1 entries/);
  });
});

describe('a gzip file', () => {
  const whole = gzipSync(ratings);
  it('is read, in several members and padded with zeros, too', () => {
    const text = ratings.toString();
    for (const [bytes, content] of [
      [whole, text],
      [Buffer.concat([whole, whole]), text + text],
      [Buffer.concat([whole, Buffer.alloc(9)]), text],
    ] as const)
      // prettier-ignore
      expect(readAll(put('r.dat.gz', bytes))).toEqual([['r.dat.gz', content]]);
  });
  it.each([
    ['cut', whole.subarray(0, 20), /not a whole gzip/],
    ['cut in its length', whole.subarray(0, -2), /not a whole gzip/],
    ['of a wrong CRC-32', flipped(whole, -6), /incorrect data check/],
    ['of a wrong length', flipped(whole, -1), /incorrect length check/],
    ['with something behind it', Buffer.concat([whole, Buffer.from('junk')]), /not a whole gzip/],
    ['with something behind zeros', Buffer.concat([whole, Buffer.from([0, 0, 1])]), /not a whole gzip/],
    ['that is text', ratings, /not a whole gzip/],
    ['that is empty', Buffer.alloc(0), /not a whole gzip/],
    ['that is a bomb', gzipSync(Buffer.alloc(5_000_000)), /fill a machine/],
  ])('%s is refused', (_what, bytes, says) => {
    expect(() => readAll(put('r.dat.gz', bytes))).toThrow(says);
    expect(() => readAll(put('in.zip', zipOf([{ name: 'r.dat.gz', content: bytes, method: 0 }])))).toThrow(
      says,
    );
  });
  it('of more bytes than the limit is refused', () => {
    const path = put('big.csv.gz', gzipSync(new Uint8Array(5000)));
    expect(() => readAll(path, { bytes: 3000, entries: 1 })).toThrow(/more than 3000 bytes/);
  });
});

describe('a tar.gz', () => {
  const tar = (...entries: TarEntry[]): string => put('a.tar.gz', gzipSync(tarOf(entries)));
  it('gives files under their long names, and passes over folders', () => {
    const long = `${'deep/'.repeat(30)}ratings.dat`;
    const record = (length: number): string => `${length} path=${long}\n`;
    const pax = { name: 'pax', type: 'x', content: Buffer.from(record(record(100).length)) };
    const gnu = { name: 'gnu', type: 'L', content: Buffer.from(`${long}2\0`) };
    expect(readAll(tar({ name: 'ml/', type: '5' }, pax, good, gnu, good, good))).toEqual([
      [long, ratings.toString()],
      [`${long}2`, ratings.toString()],
      [good.name, ratings.toString()],
    ]);
  });
  it.each<[string, TarEntry[], RegExp]>([
    ['a link', [{ name: 'l', type: '2' }], /a link/],
    ['a hard link', [{ name: 'l', type: '1' }], /a link/],
    ['a device', [{ name: 'd', type: '3' }], /no file/],
    ['two entries of one name', [good, good], /two entries of one name/],
    ['a wrong checksum', [{ ...good, checksum: '000001\0 ' }], /checksum/],
    ['an entry beyond its end', [{ ...good, size: '77777777777' }], /is cut/],
    ['a size that is none', [{ ...good, size: '-0000000001' }], /is cut/],
    ['damaged records', [{ name: 'x', type: 'x', content: Buffer.from('99 path=a\n') }, good], /pax/],
    ['a name that climbs out in its records', [{ name: 'x', type: 'x', content: Buffer.from('15 path=../up\n\n') }, good], /points outside/],
  ])('with %s is refused', (_what, entries, says) => {
    expect(() => readAll(tar(...entries))).toThrow(says);
  }); // prettier-ignore
  it('without an end is refused', () => {
    expect(() => readAll(put('cut.tar.gz', gzipSync(tarOf([good], false))))).toThrow(/no end/);
  });
});

it.each([
  '../evil.dat',
  '/etc/evil.dat',
  'a/../../evil.dat',
  'C:\\evil.dat',
  'a\\..\\evil.dat',
  'a\0.dat',
  '',
])('no archive may name %j', (name) => {
  const says = /points outside/;
  expect(() => readAll(put('slip.zip', zipOf([good, { name, content: ratings }])))).toThrow(says);
  if (!name.includes('\0'))
    expect(() => readAll(put('slip.tar.gz', gzipSync(tarOf([good, { name, content: ratings }]))))).toThrow(
      says,
    );
});

it('what is neither file nor folder is not read', () => {
  expect(() => openSource('/dev/zero')).toThrow(/neither a file nor a folder/);
});
