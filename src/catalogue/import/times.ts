// Times as tables have them: numbers in a unit of the second that their size tells, or ISO dates.

import { decimal } from './gather.ts';

export const seconds = { name: 'seconds', perSecond: 1, above: -Infinity } as const;
/** By size, the largest first: seconds of as much would be some thousand years ahead. */
const units = [
  { name: 'nanoseconds', perSecond: 1e9, above: 1e17 },
  { name: 'microseconds', perSecond: 1e6, above: 1e14 },
  { name: 'milliseconds', perSecond: 1e3, above: 1e11 },
  seconds,
] as const;

/** What a time of this size counts. */
export function unitOf(time: number): (typeof units)[number] {
  return units.find(({ above }) => time > above) ?? seconds;
}

/** Seconds as written, or from an ISO date; a date without a zone is read as UTC. */
export function readTime(text: string | undefined): number | undefined {
  const number = decimal(text);
  if (number !== undefined) return number;
  const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(Z|[-+]\d\d:?\d\d)?$/.exec(
    text?.trim() ?? '',
  );
  if (iso === null) return undefined;
  const [, day, hour = '00:00', zone = 'Z'] = iso;
  // A day that its month does not have is read as one of the next month.
  const midnight = new Date(`${day}T00:00Z`);
  if (!Number.isFinite(midnight.getTime()) || !midnight.toISOString().startsWith(day!)) return undefined;
  const milliseconds = Date.parse(`${day}T${hour}${zone}`);
  return Number.isFinite(milliseconds) ? milliseconds / 1000 : undefined;
}
