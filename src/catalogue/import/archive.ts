// What zip and tar have in common: an entry is a name, a size and bytes, and an archive is refused whole when one of
// its entries would be dangerous or ambiguous. Nothing is unpacked to disk. Formats are in zip.ts and tar.ts.

import { RehearsalError } from '../../base/error.ts';

export interface ArchiveLimits {
  /** Unpacked bytes of all entries together. */
  readonly bytes: number;
  readonly entries: number;
}

export interface Entry {
  /** As it stands in the archive, folders included. */
  readonly name: string;
  /** Unpacked. */
  readonly size: number;
  /** Unpacked content, checked. Throws a RehearsalError where the entry is damaged. */
  bytes(): Uint8Array;
}

/** Refuses names that leave the archive, names that occur twice, and more entries or bytes than the limits. */
export function requireHarmless(
  archive: string,
  entries: readonly { readonly name: string; readonly size: number }[],
  limits: ArchiveLimits,
): void {
  const seen = new Set<string>();
  let total = 0;
  for (const { name, size } of entries) {
    if (/^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)/.test(name) || name.includes('\0') || name === '')
      throw hostile(archive, `an entry that points outside it: ${JSON.stringify(name)}`);
    if (seen.has(name)) throw hostile(archive, `two entries of one name: ${JSON.stringify(name)}`);
    seen.add(name);
    total += size;
  }
  const isMany = entries.length > limits.entries;
  if (isMany || total > limits.bytes) {
    throw new RehearsalError(
      `${archive} is larger than the importers take: ${isMany ? `more than ${limits.entries} entries` : `more than ${limits.bytes} bytes unpacked`}.`,
      { hint: 'Unpack it and give the folder, or give a smaller part.' },
    );
  }
}

/** An archive that nobody makes by accident. */
export function hostile(archive: string, holds: string): RehearsalError {
  return new RehearsalError(`${archive} holds ${holds}.`, {
    hint: 'Such an archive is broken or hostile; fetch it from its publisher.',
  });
}

/** An archive that was cut or changed on its way. */
export function broken(archive: string, kind: 'zip' | 'tar', reason: string): RehearsalError {
  return new RehearsalError(`${archive} is not a whole ${kind} file: ${reason}.`, {
    hint: 'Fetch the file again.',
  });
}
