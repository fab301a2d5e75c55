// A stopped training as a file in the checkpoint format: weights, both moments, the best weights so far, the looks, the last
// losses. It goes away when the training ends, and is not served meanwhile.

import { rmSync } from 'node:fs';
import { z } from 'zod';
import { RehearsalError } from '../../base/error.ts';
import type { Snapshot, SnapshotKeeper } from './fit.ts';
import { notOne, readCheckpointIfAny, writeCheckpoint, type CheckpointHeader } from './checkpoint.ts';
import { shapesOf, type Parameters } from './parameters.ts';

/** How the name of a training that is not finished ends. */
export const unfinished = '.part';

const figuresSchema = z.object({
  step: z.int().min(0),
  looks: z.array(z.object({ step: z.int(), score: z.number() })),
});

const groups = ['parameters', 'first', 'second', 'best'] as const;

/**
 * Keeps the snapshot of one version and model (its first weights) at `path`. One of another version is not loaded; one of
 * another model or without its step throws a RehearsalError.
 */
export function fileKeeper(
  path: string,
  header: Omit<CheckpointHeader, 'figures'>,
  initial: Parameters,
): SnapshotKeeper & { forget(): void } {
  return {
    load() {
      // Another process that trains the same may have ended meanwhile and taken it away.
      const kept = readCheckpointIfAny(path);
      if (kept === undefined || kept.header.version !== header.version) return undefined;
      const { header: found, parameters } = kept;
      const figures = figuresSchema.safeParse(found.figures);
      if (!figures.success) throw notOne(path, 'it does not say at which step it was stopped');
      const { step, looks } = figures.data;
      const group = (name: (typeof groups)[number]): Parameters =>
        Object.fromEntries(
          Object.entries(parameters)
            .filter(([key]) => key.startsWith(`${name} `))
            .map(([key, weights]) => [key.slice(name.length + 1), weights]),
        );
      const weights = {
        parameters: group('parameters'),
        first: group('first'),
        second: group('second'),
        best: group('best'),
      };
      if (Object.values(weights).some((one) => shapesOf(one) !== shapesOf(initial)))
        throw new RehearsalError(
          `${path} was left by a training of another model, which cannot be gone on with.`,
          {
            hint: 'Delete the file to train from the start; another version of Rehearsal wrote it.',
          },
        );
      return {
        step,
        looks,
        ...weights,
        // Snapshots were once written without.
        losses: [...(parameters['losses']?.values ?? [])],
      };
    },
    save(snapshot: Snapshot) {
      const losses = Float32Array.from(snapshot.losses);
      const parameters = {
        ...Object.fromEntries(
          groups.flatMap((name) =>
            Object.entries(snapshot[name]).map(([key, weights]) => [`${name} ${key}`, weights]),
          ),
        ),
        losses: { shape: [losses.length], values: losses },
      };
      writeCheckpoint(path, {
        header: { ...header, figures: { step: snapshot.step, looks: snapshot.looks } },
        parameters,
      });
    },
    forget: () => rmSync(path, { force: true }),
  };
}
