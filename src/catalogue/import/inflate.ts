// Unpacking with a lid: a gzip file or a deflated stream becomes bytes only if it is whole, is all there is, has the
// checksum it states and stays below a size that is known before. zlib does the work; nothing is unpacked to look.

import { gunzipSync, inflateRawSync } from 'node:zlib';
import { RehearsalError } from '../../base/error.ts';

/** Unpacked bytes that any file may have, however little it takes when packed. */
const alwaysAllowed = 1 << 20;
/** Beyond them, unpacked bytes to packed bytes. Text of data sets stays below 30; zlib's own limit is 1,032. */
const mostRatio = 250;

/** Most bytes that so many packed bytes may become: the limit, or 250 to one. */
export function lidOf(packed: number, limit: number): number {
  return Math.min(limit, Math.max(alwaysAllowed, packed * mostRatio));
}

/** Whether a file of these sizes is made to fill a machine instead of to carry data. */
export function isBomb(packed: number, unpacked: number): boolean {
  return unpacked > lidOf(packed, Infinity);
}

/** The content of a gzip file. zlib holds it against its CRC-32 and length; what stands behind it is refused, zeros excepted. */
export function gunzip(bytes: Uint8Array, label: string, limit: number): Uint8Array {
  const lid = lidOf(bytes.length, limit);
  let read: Unpacked;
  try {
    // With `info`, what is typed as bytes comes with the engine that says how far it read.
    read = gunzipSync(bytes, { maxOutputLength: lid, info: true }) as unknown as Unpacked;
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(label, bytes.length, limit);
    throw new RehearsalError(`${label} is not a whole gzip file: ${reasonOf(cause)}.`, {
      hint: 'Fetch the file again.',
      cause,
    });
  }
  if (bytes.subarray(read.engine.bytesWritten).some((byte) => byte !== 0)) {
    throw new RehearsalError(
      `${label} is not a whole gzip file: something stands behind its end (byte ${read.engine.bytesWritten}).`,
      { hint: 'Fetch the file again.' },
    );
  }
  return read.buffer;
}

/** A deflated stream that must become exactly `length` bytes; else what is wrong with it. */
export function inflate(bytes: Uint8Array, length: number): Uint8Array | string {
  try {
    const settings = { maxOutputLength: Math.max(1, length), info: true };
    const { buffer, engine } = inflateRawSync(bytes, settings) as unknown as Unpacked;
    if (engine.bytesWritten !== bytes.length) return 'its packed bytes go on behind their end';
    return buffer.length === length
      ? buffer
      : `it unpacks to ${buffer.length} bytes where its header says ${length}`;
  } catch (cause) {
    return cause instanceof RangeError
      ? `it unpacks to more than the ${length} bytes that its header says`
      : reasonOf(cause);
  }
}

/** What `info: true` makes of zlib's answer. */
interface Unpacked {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function tooLarge(label: string, packed: number, limit: number): RehearsalError {
  const lid = lidOf(packed, limit);
  return lid === limit
    ? new RehearsalError(`${label} unpacks to more than ${limit} bytes.`, {
        hint: 'Give a smaller part of the data set.',
      })
    : new RehearsalError(
        `${label} unpacks to more than ${lid} bytes from ${packed}, which data do not: it is made to fill a machine.`,
        { hint: 'Such a file is hostile; if you trust it, unpack it yourself and give the folder.' },
      );
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
