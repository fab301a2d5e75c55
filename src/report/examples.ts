// Picks what a reader should see of a run with their own eyes: one whole visit per arm, by the same visitor where
// the arms shared them, a few steps each. Deterministic, and within a budget of picture bytes.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { screenPath } from '../store/blobs.ts';
import type { Database } from '../store/database.ts';
import type { Event } from '../store/events.ts';
import { eventsOf, sessionsOf } from '../store/read.ts';
import { pictureSize } from './picture.ts';

export type StepTaken = Extract<Event, { type: 'step-taken' }>;

/** A screen as the report holds it: JPEG in base64 with its size in pixels. */
export interface Picture {
  readonly base64: string;
  readonly width: number;
  readonly height: number;
}

export interface ExampleStep {
  /** From 1, counted over the whole visit. */
  readonly number: number;
  readonly step: StepTaken;
  /** 'left-out' where the budget of the report was used up, 'not-kept' where the run kept no such screen. */
  readonly picture: Picture | 'left-out' | 'not-kept';
}

export interface Example {
  readonly arm: string;
  readonly visitor: string;
  readonly replicate: number;
  readonly exitReason: string;
  /** Steps of the whole visit, of which `steps` shows the first and the last. */
  readonly stepCount: number;
  /** Simulated seconds of the visit. */
  readonly seconds: number;
  readonly steps: readonly ExampleStep[];
}

export interface ExampleOptions {
  readonly stepsPerArm: number;
  /** Most bytes of JPEG altogether. */
  readonly pictureBytes: number;
}

type Visit = Omit<Example, 'steps'> & { readonly shown: readonly Omit<ExampleStep, 'picture'>[] };

/** Hashes of the screens in a run's folder. */
type Kept = ReadonlySet<string>;

/**
 * One example per arm, in the order given; arms without a finished visit have none. The visitor is one whom most
 * arms saw with screens kept, and whose visits all lie nearest to the median length: no glances, no marathons.
 */
export function pickExamples(
  database: Database,
  folder: string,
  arms: readonly string[],
  options: ExampleOptions,
): Example[] {
  const kept = keptScreens(folder);
  const visits = pickVisits(database, arms, kept, options.stepsPerArm);
  const pictures = readPictures(visits, folder, kept, options.pictureBytes);
  const pictureOf = (screen: string): ExampleStep['picture'] =>
    pictures.get(screen) ?? (kept.has(screen) ? 'left-out' : 'not-kept');
  return visits.map(({ shown, ...visit }) => ({
    ...visit,
    steps: shown.map((entry) => ({ ...entry, picture: pictureOf(entry.step.screen) })),
  }));
}

function keptScreens(folder: string): Kept {
  const screens = join(folder, 'screens');
  if (!existsSync(screens)) return new Set();
  const files = readdirSync(screens, { recursive: true, encoding: 'utf8' });
  return new Set(files.filter((file) => file.endsWith('.jpg')).map((file) => basename(file, '.jpg')));
}

function pickVisits(database: Database, arms: readonly string[], kept: Kept, limit: number): Visit[] {
  const finished = sessionsOf(database).filter(
    (session) => session.status === 'complete' && session.steps > 0,
  );
  const lengths = finished.map((session) => session.steps).sort((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)] ?? 0;
  const inArm = new Map(arms.map((arm) => [arm, finished.filter((session) => session.arm === arm)]));
  const key = (session: { visitor: string; replicate: number }): string =>
    JSON.stringify([session.visitor, session.replicate]);
  const firstScreens = new Map(
    database
      .prepare<[], { session: number; screen: string }>(
        "SELECT session, screen, min(seq) FROM events WHERE type = 'step-taken' GROUP BY session",
      )
      .all()
      .map(({ session, screen }) => [session, screen]),
  );
  const isKept = (session: { id: number }): boolean => kept.has(firstScreens.get(session.id) ?? '');
  /** Arms under which this visit left pictures. */
  const armsOf = new Map<string, number>();
  const farthest = new Map<string, number>();
  for (const session of finished) {
    armsOf.set(key(session), (armsOf.get(key(session)) ?? 0) + (isKept(session) ? 1 : 0));
    const distance = Math.abs(session.steps - median);
    farthest.set(key(session), Math.max(farthest.get(key(session)) ?? 0, distance));
  }
  const visits: Visit[] = [];
  for (const sessions of inArm.values()) {
    const best = [...sessions].sort(
      (a, b) =>
        (armsOf.get(key(b)) ?? 0) - (armsOf.get(key(a)) ?? 0) ||
        (farthest.get(key(a)) ?? 0) - (farthest.get(key(b)) ?? 0) ||
        (key(a) < key(b) ? -1 : 1),
    )[0];
    if (best === undefined) continue;
    const steps = eventsOf(database, best.id).filter((event) => event.type === 'step-taken');
    visits.push({
      arm: best.arm,
      visitor: best.visitor,
      replicate: best.replicate,
      exitReason: best.exitReason ?? 'unknown',
      stepCount: steps.length,
      seconds: best.simulatedSeconds,
      shown: firstAndLast(
        steps.map((step, place) => ({ number: place + 1, step })),
        limit,
      ),
    });
  }
  return visits;
}

/** All of a short list; of a long one the beginning and the very last. */
export function firstAndLast<T>(values: readonly T[], limit: number): readonly T[] {
  return values.length <= limit ? values : [...values.slice(0, limit - 1), ...values.slice(-1)];
}

/** Reads pictures step by step over all visits at once, so that a tight budget still shows every arm's beginning. */
function readPictures(
  visits: readonly Visit[],
  folder: string,
  kept: Kept,
  budget: number,
): ReadonlyMap<string, Picture> {
  const pictures = new Map<string, Picture>();
  const longest = Math.max(0, ...visits.map((visit) => visit.shown.length));
  let left = budget;
  for (let place = 0; place < longest; place++) {
    for (const visit of visits) {
      const hash = visit.shown[place]?.step.screen;
      if (hash === undefined || pictures.has(hash) || !kept.has(hash)) continue;
      const bytes = readFileSync(screenPath(folder, hash));
      if (bytes.length > left) continue;
      left -= bytes.length;
      pictures.set(hash, { base64: bytes.toString('base64'), ...pictureSize(bytes) });
    }
  }
  return pictures;
}
