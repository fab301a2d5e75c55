// What a coordinator and its workers say to each other, whatever carries it: a pipe between processes or a queue. The
// schemas stand at the border; a message that is none of these never reaches the record.

import { z } from 'zod';
import { scenarioSchema } from '../experiment/scenario.ts';
import { eventSchema } from '../store/events.ts';
import { sessionRecordSchema } from '../store/session.ts';

const plannedSchema = z.object({ visitor: z.string(), arm: z.string(), replicate: z.int() });

/** What a worker needs to know of a run before it can work for it. */
export const hiringSchema = z.object({
  /** Name of the run's folder; nothing that could lead out of the folder of runs. */
  run: z.string().regex(/^(?!\.+$)[^/\\\0]+$/),
  scenario: scenarioSchema,
  /** The run's folder, where screens are put. */
  folder: z.string(),
  /** What the run is made of; a worker that has anything else is refused. */
  versions: z.record(z.string(), z.string()),
});
export type Hiring = z.infer<typeof hiringSchema>;

/** One journey to be lived under a lease. */
export const errandSchema = z.object({
  token: z.int(),
  journey: z.object({
    visitor: z.string(),
    burnIn: z.array(plannedSchema),
    chains: z.array(z.array(plannedSchema)),
  }),
  /** Keys of its sessions that are recorded. */
  recorded: z.array(z.string()),
});
export type Errand = z.infer<typeof errandSchema>;

/** A session as a worker hands it over; workers ask no models, so there are no calls. */
export const endedSchema = z.object({
  session: sessionRecordSchema,
  events: z.array(eventSchema),
  calls: z.array(z.never()),
});

export const toWorkerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hire'), hiring: hiringSchema, beatMs: z.int() }),
  z.object({ type: z.literal('errand'), errand: errandSchema }),
  /** Begin no other visit. */
  z.object({ type: z.literal('halt') }),
]);
export type ToWorker = z.infer<typeof toWorkerSchema>;

export const fromWorkerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('beat') }),
  /** It has built the run's experiment; from now on it is never busy for long without a beat. */
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('ended'), token: z.int(), ended: endedSchema }),
  /** The errand is done, or given up after a halt. */
  z.object({ type: z.literal('done'), token: z.int() }),
  /** The worker was asked to leave before the errand was done. */
  z.object({ type: z.literal('returned'), token: z.int() }),
  /** This worker cannot serve this run, or not read its errand; others may. */
  z.object({ type: z.literal('refused'), message: z.string(), hint: z.string() }),
  /** The worker cannot work: a mistake a person can mend, or a defect with its stack as hint. */
  z.object({ type: z.literal('broken'), message: z.string(), hint: z.string() }),
]);
export type FromWorker = z.infer<typeof fromWorkerSchema>;
