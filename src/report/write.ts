// Writes report.html into a run's folder from what lies there already: result.json, the record and the screens.
// The only file of the report that touches the disk for more than pictures.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import { resultSchema } from '../experiment/result.ts';
import type { Result } from '../experiment/result.ts';
import { parseScenario } from '../experiment/scenario.ts';
import type { Scenario } from '../experiment/scenario.ts';
import { openDatabase, wholeRecord, type Database } from '../store/database.ts';
import { runValue } from '../store/read.ts';
import { writeWhole } from '../store/whole-file.ts';
import { pickExamples } from './examples.ts';
import { renderReport } from './report.ts';

/** Names of the files in a run's folder that a report is made from, and its own. */
export const runFiles = {
  record: 'events.sqlite',
  result: 'result.json',
  manifest: 'run.json',
  report: 'report.html',
} as const;

/** Pictures may take this much of a report; with base64 a report stays near 3 MB. */
const examples = { stepsPerArm: 6, pictureBytes: 2_000_000 } as const;

/**
 * Writes the report of the run in `folder` and returns its path. The record's run values give the scenario
 * (`scenario`), and where they are set the versions (`versions`, text by name).
 * Throws a RehearsalError when the folder holds no finished run, a StoreError when the page cannot be written; the former
 * one then stands.
 */
export function writeReport(folder: string): string {
  const result = readResult(folder);
  const database = openDatabase(join(folder, runFiles.record), { readonly: true });
  try {
    return wholeRecord(database.name, () => reportOf(database, folder, result));
  } finally {
    database.close();
  }
}

function reportOf(database: Database, folder: string, result: Result): string {
  const scenario = parseScenario(runValue(database, 'scenario'), join(folder, runFiles.record));
  const page = renderReport({
    result,
    scenario,
    examples: pickExamples(
      database,
      folder,
      result.arms.map((arm) => arm.name),
      examples,
    ),
    versions: z.record(z.string(), z.string()).parse(runValue(database, 'versions') ?? {}),
    command: commandOf(scenarioFileOf(folder), result, scenario),
    fonts: embeddedFonts(),
  });
  const path = join(folder, runFiles.report);
  writeWhole(path, page);
  return path;
}

/** The result of the run in this folder, checked. */
export function readResult(folder: string): Result {
  const path = join(folder, runFiles.result);
  if (!existsSync(path)) {
    throw new RehearsalError(
      `${folder} holds no ${runFiles.result}, so there is no finished run to report on.`,
      {
        hint: existsSync(join(folder, runFiles.record))
          ? `The run was interrupted. Go on with it: rehearsal resume ${folder}`
          : 'Give the folder of a run, as `rehearsal run` printed it.',
      },
    );
  }
  const parsed = resultSchema.safeParse(jsonIn(path));
  if (parsed.success) return parsed.data;
  throw new RehearsalError(`${path} is not the result of a run:\n${z.prettifyError(parsed.error)}`, {
    hint: `Write it again from the record: rehearsal resume ${folder}`,
  });
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new RehearsalError(`${path} is not JSON: ${(error as Error).message}`, {
      hint: 'The file is damaged; write it again with `rehearsal resume`.',
      cause: error,
    });
  }
}

/** What a report reads of run.json. */
const manifestSchema = z.object({ file: z.object({ path: z.string() }) });

/** The file that the scenario came from, as run.json says; null where nobody noted it. */
function scenarioFileOf(folder: string): string | null {
  const path = join(folder, runFiles.manifest);
  if (!existsSync(path)) return null;
  return manifestSchema.safeParse(jsonIn(path)).data?.file.path ?? null;
}

/** The command that runs the scenario again; where its file is not known, the one of this name. */
function commandOf(file: string | null, result: Result, scenario: Scenario): string {
  const { llm, mind, minds, population } = scenario;
  return [
    `npx rehearsal run ${word(file ?? `scenarios/${result.scenario}.ts`)}`,
    `--catalogue ${word(result.catalogue)}`,
    `--seed ${result.seed}`,
    `--visitors ${population.visitors}`,
    minds === undefined ? `--mind ${mind}` : `--minds ${minds.join(',')}`,
    ...(llm === null ? [] : [`--model ${word(llm.model)}`]),
  ].join(' ');
}

/** A word of a shell's command, quoted where it has to be. */
function word(text: string): string {
  return /^[\w./:@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Inter, embedded, so that a report looks the same on every machine. */
function embeddedFonts(): string {
  return [400, 600]
    .map((weight) => {
      const file = new URL(import.meta.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`));
      const data = readFileSync(file).toString('base64');
      return `@font-face { font-family: Inter; font-weight: ${weight}; src: url(data:font/woff2;base64,${data}) format('woff2'); }`;
    })
    .join('\n');
}
