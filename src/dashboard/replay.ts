// A session as it can be played: one frame a step, each with what was seen, thought and done, and what the site did
// then. Events to frames is a pure function; only pictures are looked up on the disk, by hash.

import { lstatSync, readFileSync } from 'node:fs';
import { screenPath } from '../store/blobs.ts';
import type { Database } from '../store/database.ts';
import type { Event } from '../store/events.ts';
import { eventsOf } from '../store/read.ts';
import type { StepTaken } from '../report/examples.ts';
import { pictureSize } from '../report/picture.ts';

export type SlateShown = Extract<Event, { type: 'slate-shown' }>;
/** Pixels of a picture. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Frame {
  /** From 1. */
  readonly number: number;
  readonly step: StepTaken;
  /** The slate that the page shows; null on the page of an item. */
  readonly slate: SlateShown | null;
  /** What followed from the step, in order. */
  readonly happened: readonly Event[];
}

export interface Replay {
  /** Energy that the visit began with, in the unit of fatigue. */
  readonly budget: number;
  readonly frames: readonly Frame[];
}

/** Events of one session to frames. What came before the first step (the door, the first slate) is its context. */
export function replayOf(events: readonly Event[]): Replay {
  const frames: Frame[] = [];
  let budget = 0;
  const slates: Record<'home' | 'results', SlateShown | null> = { home: null, results: null };
  let under: { step: StepTaken; slate: SlateShown | null; happened: Event[] } | null = null;
  for (const event of events) {
    if (event.type === 'visit-started') budget = event.budget;
    if (event.type === 'step-taken') {
      const slate = event.page === 'item' ? null : slates[event.page];
      under = { step: event, slate, happened: [] };
      frames.push({ number: frames.length + 1, ...under });
    } else under?.happened.push(event);
    if (event.type === 'slate-shown') slates[event.list] = event;
  }
  return { budget, frames };
}

/** The replay of a session by its number in the record. */
export function readReplay(database: Database, session: number): Replay {
  return replayOf(eventsOf(database, session));
}

/** Path of a kept screen; null where the run did not keep it, or where it is not a plain file in its place. */
export function keptScreenPath(folder: string, hash: string): string | null {
  const path = screenPath(folder, hash);
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : null;
}

/** Size of a kept screen in pixels; null where the run did not keep it. */
export function screenSize(folder: string, hash: string): Size | null {
  const path = keptScreenPath(folder, hash);
  return path === null ? null : pictureSize(readFileSync(path));
}
