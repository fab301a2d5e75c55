// A stopped training as a file in the checkpoint format: weights, both moments, the best weights so far, the looks, the last
// losses. It goes away when the training ends.

import { rmSync } from 'node:fs';
import { z } from 'zod';
import type { Snapshot, SnapshotKeeper } from './fit.ts';
import { readCheckpointIfAny, writeCheckpoint, type CheckpointHeader } from './checkpoint.ts';
import type { Parameters } from './parameters.ts';

const figuresSchema = z.object({
  step: z.int(),
  looks: z.array(z.object({ step: z.int(), score: z.number() })),
});

const groups = ['parameters', 'first', 'second', 'best'] as const;

/** Keeps the snapshot of one version at `path`; one of another version is not loaded. */
export function fileKeeper(
  path: string,
  header: Omit<CheckpointHeader, 'figures'>,
): SnapshotKeeper & { forget(): void } {
  return {
    load() {
      // Another process that trains the same may have ended meanwhile and taken it away.
      const kept = readCheckpointIfAny(path);
      if (kept === undefined || kept.header.version !== header.version) return undefined;
      const { header: found, parameters } = kept;
      const { step, looks } = figuresSchema.parse(found.figures);
      const group = (name: (typeof groups)[number]): Parameters =>
        Object.fromEntries(
          Object.entries(parameters)
            .filter(([key]) => key.startsWith(`${name} `))
            .map(([key, weights]) => [key.slice(name.length + 1), weights]),
        );
      return {
        step,
        looks,
        parameters: group('parameters'),
        first: group('first'),
        second: group('second'),
        best: group('best'),
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
