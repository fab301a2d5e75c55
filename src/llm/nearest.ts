// Why a replay missed: the recorded question nearest to the one asked, and the first thing in which they differ. Near
// is having most parts in common.

import { isDeepStrictEqual } from 'node:util';
import type { Entry } from './cassette-file.ts';
import { quoted } from './quoted.ts';

type Content = Readonly<Record<string, unknown>>;

/** Characters shown on either side of where two texts part. */
const AROUND = 40;

/** One sentence: what differs from the nearest recorded question. */
export function nearestDifference(asked: Content, purpose: string, entries: Iterable<Entry>): string {
  const leaves = leavesOf(asked);
  let nearest: { readonly entry: Entry; readonly common: number } | null = null;
  for (const entry of entries) {
    if (entry.content['operation'] !== asked['operation']) continue;
    const recorded = leavesOf(entry.content);
    const equal = [...leaves].filter(([path, value]) => isDeepStrictEqual(recorded.get(path), value)).length;
    const common = equal + (entry.purpose === purpose ? 0.5 : 0);
    if (nearest === null || common > nearest.common) nearest = { entry, common };
  }
  if (nearest === null) return 'nothing of its kind was recorded.';
  const recorded = leavesOf(nearest.entry.content);
  const paths = [...new Set([...recorded.keys(), ...leaves.keys()])];
  const different = paths.filter((path) => !isDeepStrictEqual(recorded.get(path), leaves.get(path)));
  const first = different[0];
  const name = `the nearest recorded question (${nearest.entry.purpose}, ${nearest.entry.key.slice(0, 12)})`;
  if (first === undefined) return `${name} is equal in all parts; was its key edited?`;
  const more = different.length > 1 ? ` ${different.length - 1} other parts differ, too.` : '';
  return `${name} differs in ${first}: ${partingOf(recorded.get(first), leaves.get(first))}.${more}`;
}

/** Path → value of everything that is no object or list, for example 'messages.2.content.0'. */
function leavesOf(value: unknown, path = '', leaves = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return leaves.set(path, value);
  for (const [key, inner] of Object.entries(value)) {
    if (inner !== undefined) leavesOf(inner, path === '' ? key : `${path}.${key}`, leaves);
  }
  return leaves;
}

function partingOf(recorded: unknown, asked: unknown): string {
  if (recorded === undefined) return `not recorded, now ${shown(asked)}`;
  if (asked === undefined) return `recorded ${shown(recorded)}, now absent`;
  if (typeof recorded !== 'string' || typeof asked !== 'string')
    return `recorded ${shown(recorded)}, now ${shown(asked)}`;
  let at = 0;
  while (at < recorded.length && recorded[at] === asked[at]) at++;
  const from = Math.max(0, at - AROUND);
  const place = at > AROUND ? ` at character ${at}` : '';
  return `recorded ${quoted(recorded.slice(from, at + AROUND))}, now ${quoted(asked.slice(from, at + AROUND))}${place}`;
}

function shown(value: unknown): string {
  return quoted(typeof value === 'string' ? value : JSON.stringify(value), 80);
}
