// Contest in the loop: visitors on rendered pages, lists with a known share of held-out likes in random slots, and
// a real arm beside them. Gives the odds ratio, the slot audit, engagement over pages and the rating histogram.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Studio } from '../../sandbox/camera.ts';
import type { Catalogue } from '../catalogue/item.ts';
import { createRunFolder } from '../experiment/folder.ts';
import type { Result } from '../experiment/result.ts';
import { runScenario } from '../experiment/run.ts';
import { scenarioSchema } from '../experiment/scenario.ts';
import {
  engagementByPage,
  impressionsOf,
  oddsRatio,
  slotEffect,
  splitHalfFloor,
  starShares,
  starsOf,
  totalVariation,
  type Figure,
} from '../likeness/shape.ts';
import { openDatabase } from '../store/database.ts';
import { visitorsOf } from '../store/read.ts';

export interface LoopFigures {
  readonly visitors: number;
  readonly oddsRatio: Figure;
  readonly slotEffect: Figure;
  readonly engagement: readonly {
    readonly page: number;
    readonly rate: Figure;
    readonly impressions: number;
  }[];
  readonly stars: {
    readonly simulated: readonly number[];
    readonly real: readonly number[];
    readonly distance: number;
    /** Distance between two halves of the real people. */
    readonly floor: number;
    readonly count: number;
  };
  readonly result: Result;
}

/** Runs the probe (one liked in five) and `mf` with the choice mind and reads the shape of what happened. */
export async function loopContest(
  catalogue: Catalogue,
  studio: Studio,
  settings: { readonly visitors: number; readonly seed: number; log(line: string): void },
): Promise<LoopFigures> {
  const scenario = scenarioSchema.parse({
    name: 'likeness',
    question: 'Do the visitors behave in the shape of people?',
    catalogue: catalogue.name,
    arms: [
      { name: 'probe', likedShare: 0.2 },
      { name: 'mf', method: 'mf' },
    ],
    population: { visitors: settings.visitors, minimumLiked: 10 },
    site: { pages: 5 },
    keepScreens: 0,
    seed: settings.seed,
  });
  const place = mkdtempSync(join(tmpdir(), 'rehearsal-likeness-'));
  try {
    const folder = createRunFolder(join(place, 'run'), scenario, {
      program: 'bench',
      started: '',
      force: false,
    });
    const result = await runScenario({
      scenario,
      catalogue,
      folder,
      studio,
      interrupted: new AbortController().signal,
      log: settings.log,
      progress: ({ done, total }) => {
        if (done % 50 === 0) settings.log(`${done}/${total} sessions`);
      },
    });
    const database = openDatabase(folder.record, { readonly: true });
    try {
      const probe = impressionsOf(database, 'probe');
      const people = new Set(visitorsOf(database).map((visitor) => visitor.id));
      const real = new Map(
        [
          ...Map.groupBy(
            catalogue.interactions.filter((row) => people.has(row.user)),
            ({ user }) => user,
          ),
        ].map(([person, rows]) => [person, rows.map((row) => row.value)]),
      );
      const simulated = starsOf(database, 'mf');
      const realShares = starShares([...real.values()].flat());
      return {
        visitors: people.size,
        oddsRatio: oddsRatio(probe, settings.seed),
        slotEffect: slotEffect(probe, settings.seed),
        engagement: engagementByPage(probe, 100, settings.seed),
        stars: {
          simulated: starShares(simulated),
          real: realShares,
          distance: totalVariation(starShares(simulated), realShares),
          floor: splitHalfFloor(real, settings.seed),
          count: simulated.length,
        },
        result,
      };
    } finally {
      database.close();
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
