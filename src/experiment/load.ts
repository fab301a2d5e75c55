// A scenario file into a scenario: imports the module and checks its default export. Flags of the command line
// override exactly one field each, before the check.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../base/error.ts';
import { listed } from '../base/listed.ts';
import { nearestName } from '../base/spelling.ts';
import { mindNames } from './scenario-minds.ts';
import { parseScenario, type Scenario } from './scenario.ts';

export interface Overrides {
  readonly catalogue?: string | undefined;
  readonly seed?: number | undefined;
  readonly visitors?: number | undefined;
  readonly mind?: string | undefined;
  /** Names with commas between. */
  readonly minds?: string | undefined;
  readonly model?: string | undefined;
  readonly maxUsd?: number | undefined;
  readonly maxTokens?: number | undefined;
  /** A file of answers to record to, or to replay from. */
  readonly record?: string | undefined;
  readonly replay?: string | undefined;
}

/** The scenario in a file with the overrides applied. Throws a UsageError naming the file and what is wrong with it. */
export async function loadScenario(path: string, overrides: Overrides = {}): Promise<Scenario> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`there is no scenario at ${path}`, 'Try scenarios/hello.ts.');
  return withOverrides(await declaredIn(file, path), overrides);
}

/** The checked default export of a module. */
async function declaredIn(file: string, path: string): Promise<Scenario> {
  let loaded: { readonly default?: unknown };
  try {
    loaded = (await import(pathToFileURL(file).href)) as { readonly default?: unknown };
  } catch (cause) {
    throw notLoaded(path, cause);
  }
  if (loaded.default === undefined) {
    throw new UsageError(
      `${path} has no default export`,
      'A scenario file ends in `export default defineScenario({...})`.',
    );
  }
  try {
    return parseScenario(loaded.default, path);
  } catch (cause) {
    throw cause instanceof UsageError ? cause : notLoaded(path, cause);
  }
}

/** What a file's own code throws, told with the file. */
function notLoaded(path: string, cause: unknown): UsageError {
  if (cause instanceof UsageError) return new UsageError(`${path}: ${cause.message}`, cause.hint);
  return new UsageError(
    `${path} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
    String(cause).includes("Cannot find package 'rehearsal'")
      ? 'Put it into the folder of Rehearsal, for example scenarios/, where its imports are found.'
      : 'A scenario is a TypeScript file with `export default defineScenario({...})`.',
  );
}

/** The scenario with each given override in its one field, checked again. */
export function withOverrides(scenario: Scenario, overrides: Overrides): Scenario {
  const { catalogue, seed, visitors } = overrides;
  return parseScenario(
    {
      ...scenario,
      ...(catalogue === undefined ? {} : { catalogue }),
      ...(seed === undefined ? {} : { seed }),
      ...mindsAsked(overrides),
      llm: withModel(scenario, overrides),
      population: { ...scenario.population, ...(visitors === undefined ? {} : { visitors }) },
    },
    'the scenario with its options',
  );
}

/** What decides, where an option says so: one mind takes the place of several, and several that of one. */
function mindsAsked({ mind, minds }: Overrides): object {
  if (mind !== undefined && minds !== undefined)
    throw new UsageError('--mind and --minds exclude each other', '--minds choice,llm names several.');
  if (mind !== undefined) return { mind: knownMind(mind), minds: undefined, allotment: undefined };
  return minds === undefined ? {} : { minds: listed(minds, '--minds').map(knownMind) };
}

function knownMind(name: string): string {
  if (mindNames.some((known) => known === name)) return name;
  const meant = nearestName(name, mindNames);
  throw new UsageError(
    `there is no mind '${name}'`,
    meant === undefined ? `Minds: ${mindNames.join(', ')}.` : `Did you mean ${meant}?`,
  );
}

/** The scenario's llm with the options that name its parts; it is made where there is none and --model names one. */
function withModel({ llm }: Scenario, { model, maxUsd, maxTokens, record, replay }: Overrides): unknown {
  const given = Object.entries({
    model,
    'max-usd': maxUsd,
    'max-tokens': maxTokens,
    record,
    replay,
  }).find(([, value]) => value !== undefined);
  if (given === undefined) return llm;
  if (llm === null && model === undefined)
    throw new UsageError(
      `--${given[0]} is for a model, and the scenario names none`,
      'Add --mind llm --model NAME.',
    );
  if (record !== undefined && replay !== undefined) {
    throw new UsageError(
      '--record and --replay exclude each other',
      'Leave out both to do whatever is possible.',
    );
  }
  const path = record ?? replay;
  return {
    ...llm,
    ...(model === undefined ? {} : { model }),
    budget: {
      ...llm?.budget,
      ...(maxUsd === undefined ? {} : { usd: maxUsd }),
      ...(maxTokens === undefined ? {} : { tokens: maxTokens }),
    },
    ...(path === undefined ? {} : { cassette: { path, mode: record === undefined ? 'replay' : 'record' } }),
  };
}
