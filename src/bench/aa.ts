// The A/A contest: scenarios/aa.ts with many seeds. The arms are the same, so a comparison that comes out
// significant is a false alarm; at 5 % about one in twenty is expected.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Studio } from '../../sandbox/camera.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import { createRunFolder } from '../experiment/folder.ts';
import { loadScenario } from '../experiment/load.ts';
import { runScenario } from '../experiment/run.ts';
import { table, type Section } from './page.ts';

export interface AaRow {
  readonly seed: number;
  readonly metric: string;
  readonly effect: number | null;
  readonly ci: readonly [number, number] | null;
  readonly p: number | null;
  readonly significant: boolean;
}

/** Runs the scenario with seeds 1 to `seeds`; one row a seed, on its goal metric. */
export async function aaContest(
  studio: Studio,
  settings: { readonly seeds: number; log(line: string): void },
): Promise<AaRow[]> {
  const rows: AaRow[] = [];
  for (let seed = 1; seed <= settings.seeds; seed++) {
    const scenario = { ...(await loadScenario('scenarios/aa.ts', { seed })), keepScreens: 0 };
    const place = mkdtempSync(join(tmpdir(), 'rehearsal-aa-'));
    try {
      const result = await runScenario({
        scenario,
        catalogue: readCatalogue(scenario.catalogue),
        folder: createRunFolder(join(place, 'run'), scenario, {
          program: 'bench',
          started: '',
          force: false,
        }),
        studio,
        interrupted: new AbortController().signal,
        log: () => {},
        progress: () => {},
      });
      const { metric, effect, ci, p } = result.comparisons.find(
        (one) => one.metric === scenario.metrics.goal,
      )!;
      rows.push({ seed, metric, effect, ci, p, significant: p !== null && p < scenario.metrics.alpha });
      settings.log(`seed ${seed}: p ${p === null ? 'not estimable' : p.toFixed(3)}`);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  }
  return rows;
}

/** The section of docs/bench.md. */
export function aaSection(rows: readonly AaRow[], command: string): Section {
  const alarms = rows.filter((row) => row.significant).length;
  const show = (value: number | null): string => (value === null ? 'not estimable' : value.toFixed(4));
  return {
    name: 'aa',
    command,
    lines: [
      `${alarms} of ${rows.length} comparisons of an arm with itself are significant at 5 % (scenarios/aa.ts, split visitors).`,
      '',
      ...table(
        ['seed', 'effect', '95 % interval', 'p'],
        rows.map((row) => [
          String(row.seed),
          show(row.effect),
          row.ci === null ? '–' : `${show(row.ci[0])} to ${show(row.ci[1])}`,
          show(row.p),
        ]),
      ),
    ],
  };
}
