// The speed contest as it is printed: screens against the naive way, then whole sessions: what a step costs outside
// the mind, sessions an hour, memory. The sessions are those of a user: rendered pages, choice mind, record on disk.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Studio } from '../../sandbox/camera.ts';
import { wallMilliseconds } from '../base/clock.ts';
import { builtIn } from '../catalogue/builtin.ts';
import { planOf } from '../experiment/assign.ts';
import { buildExperiment } from '../experiment/build.ts';
import { createRunFolder } from '../experiment/folder.ts';
import { newcomer, performSession } from '../experiment/perform.ts';
import { runScenario } from '../experiment/run.ts';
import { scenarioSchema, type Scenario } from '../experiment/scenario.ts';
import { table, type Section } from './page.ts';
import { speedContest, type SpeedRow } from './speed.ts';

export interface SpeedReport {
  readonly screens: readonly SpeedRow[];
  /** Milliseconds a step, one session at a time: all of it, and in the mind. */
  readonly step: { readonly total: number; readonly mind: number; readonly steps: number };
  readonly sessions: {
    readonly count: number;
    readonly seconds: number;
    readonly perHour: number;
    readonly screensTaken: number;
  };
  /** Largest resident memory of the Node process, MiB; the browser's own is not in it. */
  readonly memory: number;
}

const screensMeasured = 40;
const alone = 12;

/** Runs the whole contest on the built-in catalogue. */
export async function speedReport(
  studio: Studio,
  settings: { readonly visitors: number; readonly seed: number; log(line: string): void },
): Promise<SpeedReport> {
  settings.log('screens against the naive way');
  const screens = await speedContest({ screens: screensMeasured });
  settings.log('steps, one session at a time');
  const step = await stepCost(studio, scenarioOf(alone, settings.seed + 1));
  settings.log('whole sessions');
  const { catalogue } = builtIn();
  const place = mkdtempSync(join(tmpdir(), 'rehearsal-speed-'));
  try {
    const scenario = scenarioOf(settings.visitors, settings.seed);
    let first = 0;
    const before = studio.statistics().captured;
    await runScenario({
      scenario,
      catalogue,
      folder: createRunFolder(join(place, 'run'), scenario, { program: 'bench', started: '', force: false }),
      studio,
      interrupted: new AbortController().signal,
      log: settings.log,
      progress: () => {
        // The first call comes when training is over and the first session is about to begin.
        first ||= wallMilliseconds();
      },
    });
    const seconds = (wallMilliseconds() - first) / 1000;
    const count = 2 * settings.visitors;
    return {
      screens,
      step,
      sessions: {
        count,
        seconds,
        perHour: (3600 * count) / seconds,
        screensTaken: studio.statistics().captured - before,
      },
      memory: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** The section of docs/bench.md. */
export function speedSection(report: SpeedReport, command: string): Section {
  const { step, sessions } = report;
  return {
    name: 'speed',
    command,
    lines: [
      ...table(
        ['way to a screen', 'n', 'median ms', '95th percentile ms', 'times faster than naive'],
        report.screens.map((row) => [
          row.way,
          String(row.n),
          row.medianMs.toFixed(2),
          row.slowMs.toFixed(2),
          row.timesFaster.toFixed(1),
        ]),
      ),
      '',
      `A step takes ${step.total.toFixed(1)} ms, of which the mind ${step.mind.toFixed(1)} and everything else ${(step.total - step.mind).toFixed(1)} (${step.steps} steps, one session at a time).`,
      '',
      `${sessions.count} rendered choice-mind sessions in ${sessions.seconds.toFixed(0)} s: ${Math.round(sessions.perHour).toLocaleString('en-US')} sessions an hour, ${sessions.screensTaken} new screens taken. Largest resident memory of the Node process ${report.memory.toFixed(0)} MiB.`,
    ],
  };
}

/** Milliseconds of a step over the sessions of a scenario, lived one after the other on the built-in films. */
export async function stepCost(studio: Studio, scenario: Scenario): Promise<SpeedReport['step']> {
  const experiment = await buildExperiment(scenario, builtIn().catalogue, () => {});
  let mind = 0;
  const timedExperiment: typeof experiment = {
    ...experiment,
    mindFor: (...given) => {
      const own = experiment.mindFor(...given);
      return {
        ...own,
        decide: async (...asked) => {
          const started = wallMilliseconds();
          const decision = await own.decide(...asked);
          mind += wallMilliseconds() - started;
          return decision;
        },
      };
    },
  };
  let steps = 0;
  const started = wallMilliseconds();
  for (const planned of planOf(
    scenario,
    experiment.visitors.map(({ profile }) => profile.id),
  )) {
    const { session } = await performSession(planned, timedExperiment, {
      brought: newcomer,
      capture: (html) => studio.capture(html),
      saveScreen: async () => {},
    });
    steps += session.steps;
  }
  return { total: (wallMilliseconds() - started) / steps, mind: mind / steps, steps };
}

function scenarioOf(visitors: number, seed: number): Scenario {
  return scenarioSchema.parse({
    name: 'speed',
    question: 'How fast?',
    arms: [
      { name: 'popularity', method: 'popularity' },
      { name: 'mf', method: 'mf' },
    ],
    population: { visitors },
    seed,
  });
}
