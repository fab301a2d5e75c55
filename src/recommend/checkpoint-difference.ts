// Why a checkpoint is refused, in words: what it was trained as, with and on, beside what is asked of it. Versions are
// hashes of all of it and tell only that something differs. Checkpoints were once written without digests of their data.

import { basename } from 'node:path';
import { RehearsalError } from '../base/error.ts';
import { canonicalJson } from '../base/hash.ts';
import type { CheckpointHeader } from './kit/checkpoint.ts';
import { unfinished } from './kit/snapshot.ts';

type Trained = Pick<CheckpointHeader, 'version' | 'method' | 'settings' | 'seed' | 'digests'>;

/** What to throw where the checkpoint at `path` is not what is wanted. */
export function misfit(path: string, found: CheckpointHeader, wanted: Trained): RehearsalError {
  if (path.endsWith(unfinished))
    return new RehearsalError(`${path} is a ${found.method} whose training was not finished.`, {
      hint: `Train it to its end first; the finished checkpoint is called ${basename(path, unfinished)}.`,
    });
  return new RehearsalError(
    `The checkpoint ${path} was trained as ${found.method} on ${found.data || 'data without a name'}. What is asked for differs in ${listed(differences(found, wanted))}.`,
    { hint: 'Load it with the method, settings, seed and data it was trained with, or train again.' },
  );
}

function differences(found: Trained, wanted: Trained): string[] {
  const isSameMethod = found.method === wanted.method;
  const told = [
    ...(isSameMethod ? [] : [`the method (${wanted.method}, not ${found.method})`]),
    ...(isSameMethod ? otherSettings(found.settings, wanted.settings) : []),
    ...(found.seed === wanted.seed ? [] : [`the seed (${wanted.seed}, not ${found.seed})`]),
    ...otherData(found, wanted),
  ];
  if (told.length > 0) return told;
  return found.digests === undefined && found.version !== wanted.version
    ? ['the data (this checkpoint has no hash of its own)']
    : ['the model, which this version of Rehearsal makes otherwise'];
}

function otherSettings(found: unknown, wanted: unknown): string[] {
  const [before, now] = [fieldsOf(found), fieldsOf(wanted)];
  const changed = [...new Set([...Object.keys(now), ...Object.keys(before)])]
    .map((name) => ({ name, is: canonicalJson(now[name]), was: canonicalJson(before[name]) }))
    .filter(({ is, was }) => is !== was)
    .map(({ name, is, was }) => `${name} ${is ?? 'none'}, not ${was ?? 'none'}`);
  return changed.length === 0 ? [] : [`the settings (${changed.join('; ')})`];
}

/** Where histories are others, so is their order, which follows from the seed, too. */
function otherData(found: Trained, wanted: Trained): string[] {
  const [before, now] = [found.digests ?? {}, wanted.digests ?? {}];
  const differs = (part: string): boolean =>
    before[part] !== undefined && now[part] !== undefined && before[part] !== now[part];
  const told = (part: string, words: string): string[] =>
    differs(part) ? [`${words} (hash ${now[part]!.slice(0, 12)}, not ${before[part]!.slice(0, 12)})`] : [];
  const hasOwnOrder = found.seed === wanted.seed && !differs('data');
  return [
    ...told('data', 'the data'),
    ...(hasOwnOrder ? told('order', 'the order of the histories') : []),
    ...told('texts', 'the texts of the items'),
    ...told('also', 'what is known of items and people'),
    ...told('material', 'the codes, vectors or names its items were given'),
  ];
}

function fieldsOf(settings: unknown): Readonly<Record<string, unknown>> {
  return settings !== null && typeof settings === 'object' ? { ...settings } : {};
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
