// A scenario that takes seconds: built-in films, a planted population of few people, three visitors, two pages.
// What the tests of the experiment share; nothing here checks anything.

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Studio } from '../../sandbox/camera.ts';
import { builtIn } from '../../src/catalogue/builtin.ts';
import { catalogueRoot, writeCatalogue } from '../../src/catalogue/folder.ts';
import type { Catalogue } from '../../src/catalogue/item.ts';
import { createRunFolder, type RunFolder } from '../../src/experiment/folder.ts';
import type { Result } from '../../src/experiment/result.ts';
import { runScenario } from '../../src/experiment/run.ts';
import { parseScenario, type Scenario, type ScenarioInput } from '../../src/experiment/scenario.ts';

/** The built-in films with 60 planted people. */
export const catalogue: Catalogue = builtIn({ people: 60 }).catalogue;

export const popularityArm = { name: 'popularity', method: 'popularity' };
export const chanceArm = { name: 'chance', method: 'random' };

export const smallInput = {
  name: 'small',
  question: 'Does anything differ?',
  arms: [popularityArm, chanceArm],
  population: { visitors: 3, minimumHistory: 10 },
  site: { pages: 2 },
  stepLimit: 60,
} satisfies ScenarioInput;

/** The small scenario with changes. */
export function small(changes: Partial<ScenarioInput> = {}): Scenario {
  return parseScenario({ ...smallInput, ...changes }, 'the small scenario');
}

/** A new folder for runs under the system's temporary folder, and how to be rid of it. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'rehearsal-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes the small catalogue as `tiny` where commands given in that folder look for catalogues. */
export function writeTiny(root: string): Catalogue {
  const tiny = { ...catalogue, name: 'tiny' };
  const report = { importer: 'test', source: 'memory', files: [], dropped: [], changed: [] };
  const read = { rows: 0, items: 0, people: 0, interactions: 0 };
  writeCatalogue({ catalogue: tiny, report: { ...report, ...read } }, join(root, catalogueRoot));
  return tiny;
}

/** A run folder of this name for the scenario. */
export function folderFor(root: string, name: string, scenario: Scenario): RunFolder {
  return createRunFolder(join(root, name), scenario, {
    program: '0',
    started: '2026-01-01T00:00:00.000Z',
    force: false,
  });
}

/** Runs in a folder, by default on the small catalogue; `stopAfter` sessions it is interrupted. */
export async function runIn(
  folder: RunFolder,
  scenario: Scenario,
  studio: Studio,
  stopAfter = Infinity,
  people: Catalogue = catalogue,
): Promise<Result> {
  const controller = new AbortController();
  return await runScenario({
    scenario,
    catalogue: people,
    folder,
    studio,
    interrupted: controller.signal,
    log: () => undefined,
    progress: ({ done }) => {
      if (done >= stopAfter) controller.abort();
    },
  });
}

/** The health of the arms without what depends on the machine and its weather. */
export function healthCounts({ health }: Result) {
  return health.map(({ wait, again, ...counts }) => ({ ...counts, waited: wait !== null }));
}

/** Names of all screen files of a run, in order. */
export function screensOf(folder: RunFolder): string[] {
  return (readdirSync(join(folder.path, 'screens'), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.jpg'))
    .sort();
}
