// A run's folder: everything that is known of the run, in one place that can be copied away.
// run.json (what was asked, and by which program), events.sqlite, screens/, result.json, report.html.

import { existsSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { RehearsalError, UsageError } from '../base/error.ts';
import { digest, sha256 } from '../base/hash.ts';
import { makeFolder, requireMakeable } from '../base/make-folder.ts';
import { clearUnfinished, isUnfinished } from '../base/whole-file.ts';
import { clearUnfinishedScreens } from '../store/blobs.ts';
import { lockFiles } from '../store/lock.ts';
import { writeWhole } from '../store/whole-file.ts';
import type { Result } from './result.ts';
import { parseScenario, scenarioSchema, type Scenario } from './scenario.ts';

export const manifestSchema = z.object({
  run: z.string(),
  /** Digest of the scenario: a changed question is another run. */
  scenarioHash: z.string(),
  scenario: scenarioSchema,
  program: z.string(),
  browser: z.string().nullable(),
  started: z.string(),
  /** The scenario's file as it was read, where it came from one. */
  file: z.object({ path: z.string(), sha256: z.string() }).optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export interface RunFolder {
  readonly path: string;
  readonly run: string;
  readonly record: string;
  readonly report: string;
}

/** The places in a run's folder. */
export function runFolder(path: string): RunFolder {
  const whole = resolve(path);
  return {
    path: whole,
    run: basename(whole),
    record: join(whole, 'events.sqlite'),
    report: join(whole, 'report.html'),
  };
}

/** Digest that names a scenario's question, all defaults filled in. */
export function scenarioHash(scenario: Scenario): string {
  return questionDigest(scenario);
}

/** What a run may cost and how the model is reached do not change the question: resume may raise a cap. */
const besideTheQuestion = [
  'baseUrl',
  'timeoutMs',
  'price',
  'capabilities',
  'concurrency',
  'requestsPerMinute',
  'attempts',
  'cassette',
  'traceContent',
  'budget',
];

/** Of a scenario as it was declared or stored, checked or not. */
function questionDigest(scenario: { readonly llm?: object | null }): string {
  const { llm, ...question } = scenario;
  if (llm == null) return digest(question);
  const asked = Object.entries(llm).filter(([field]) => !besideTheQuestion.includes(field));
  return digest({ ...question, llm: Object.fromEntries(asked) });
}

/**
 * Makes a new run's folder. Refuses a folder that is not empty, unless `force` says to replace a former *run*, which
 * waits aside for `forgetFormer` or `putFormerBack`; a folder that holds anything else is never touched.
 */
export function createRunFolder(
  path: string,
  scenario: Scenario,
  about: { program: string; started: string; force: boolean; file?: string },
): RunFolder {
  const folder = runFolder(path);
  requireFree(path, about.force);
  setAside(folder);
  makeFolder(folder.path);
  writeManifest(folder, {
    run: folder.run,
    scenarioHash: scenarioHash(scenario),
    scenario,
    program: about.program,
    browser: null,
    started: about.started,
    ...(about.file === undefined ? {} : { file: fingerprint(about.file) }),
  });
  return folder;
}

function fingerprint(path: string): { path: string; sha256: string } {
  return { path: resolve(path), sha256: sha256(readFileSync(path, 'utf8')) };
}

/** What to say where the file of the run's scenario is not what it was when the run began; null where it is, or is gone. */
export function editedSince({ file }: Manifest): string | null {
  if (file === undefined || !existsSync(file.path) || fingerprint(file.path).sha256 === file.sha256)
    return null;
  return `${file.path} was edited since this run began. The run keeps the scenario that it began with (run.json); a changed one is another run.`;
}

/** Where a run that is being replaced waits until the new one has begun. */
function asideOf({ path }: RunFolder): string {
  return join(dirname(path), `.${basename(path)}.former`);
}

/** run.json goes last: a replacement that is broken off leaves a folder that can still be replaced. */
function setAside(folder: RunFolder): void {
  const former = contentsOf(folder).sort((a, b) => Number(a === 'run.json') - Number(b === 'run.json'));
  if (former.length === 0) return;
  const aside = asideOf(folder);
  // One that waits there already was whole; what replaced it never began.
  if (existsSync(join(aside, 'run.json'))) return empty(folder);
  rmSync(aside, { recursive: true, force: true });
  makeFolder(aside);
  for (const name of former) renameSync(join(folder.path, name), join(aside, name));
}

function empty(folder: RunFolder): void {
  for (const name of contentsOf(folder)) rmSync(join(folder.path, name), { recursive: true });
}

/** The new run has begun: the one it replaces is deleted. */
export function forgetFormer(folder: RunFolder): void {
  rmSync(asideOf(folder), { recursive: true, force: true });
}

/** The new run could not begin: the one it would have replaced, if any, stands in its place again. */
export function putFormerBack(folder: RunFolder): void {
  const aside = asideOf(folder);
  if (!existsSync(join(aside, 'run.json'))) return;
  empty(folder);
  for (const name of readdirSync(aside)) renameSync(join(aside, name), join(folder.path, name));
  rmSync(aside, { recursive: true });
}

/** Throws a UsageError unless a new run can be made at `path`, where `force` says that a former run may be replaced. */
export function requireFree(path: string, force: boolean): void {
  requireMakeable(path);
  const contents = contentsOf(runFolder(path));
  const isRun = contents.includes('run.json');
  if (contents.length === 0 || (force && isRun)) return;
  throw new UsageError(
    `${path} is not empty`,
    isRun
      ? `Go on with it by 'rehearsal resume ${path}', replace it with --force, or choose another --out.`
      : 'Choose another --out.',
  );
}

/** Removes what writers that were killed left unfinished. For whoever holds the run's lock. */
export function clearLeftovers({ path }: RunFolder): void {
  clearUnfinished(path);
  clearUnfinishedScreens(path);
}

/**
 * What stands in a run's folder, but for its lock, which whoever makes or replaces a run may be holding, and for what
 * was never finished.
 */
function contentsOf({ path }: RunFolder): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path).filter((name) => !lockFiles.includes(name) && !isUnfinished(name));
}

/** What a run's folder says of its run. Throws where the folder is no run. */
export function readManifest(folder: RunFolder): Manifest {
  const path = join(folder.path, 'run.json');
  if (!existsSync(path)) {
    throw new UsageError(
      `${folder.path} is not a run: it has no run.json`,
      "Runs stand in runs/; 'rehearsal run SCENARIO' makes one.",
    );
  }
  const stored = readJson(path);
  const parsed = manifestSchema.safeParse(stored);
  if (!parsed.success)
    throw new RehearsalError(`${path} is damaged:\n${z.prettifyError(parsed.error)}`, {
      hint: 'Run the scenario again.',
    });
  parseScenario(parsed.data.scenario, path);
  requireUnchanged(path, stored, parsed.data.scenarioHash);
  return parsed.data;
}

/** The scenario as it stands in the file must be the one that was fixed before the run. */
function requireUnchanged(path: string, stored: unknown, fixed: string): void {
  const now = questionDigest((stored as { readonly scenario: { readonly llm?: object | null } }).scenario);
  if (now === fixed) return;
  throw new RehearsalError(
    `The scenario in ${path} was changed after the run began: its hash is ${now.slice(0, 12)}, the run's is ${fixed.slice(0, 12)}.`,
    { hint: 'A changed question is another run: run the changed scenario into another --out.' },
  );
}

export function writeManifest(folder: RunFolder, manifest: Manifest): void {
  writeWhole(join(folder.path, 'run.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

export function writeResult(folder: RunFolder, result: Result): void {
  writeWhole(join(folder.path, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
}

/** A result of fewer sessions than are planned says nothing of the run that goes on. */
export function removeResult(folder: RunFolder): void {
  rmSync(join(folder.path, 'result.json'), { force: true });
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new RehearsalError(`${path} is not JSON`, {
      hint: 'The file was cut or changed by hand; run the scenario again.',
      cause,
    });
  }
}
