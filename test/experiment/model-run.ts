// Runs of the llm mind against a stand-in server: two visitors under two arms on two pages. What the tests of such runs
// share; nothing here checks anything.

import { join } from 'node:path';
import type { Studio } from '../../sandbox/camera.ts';
import type { RunFolder } from '../../src/experiment/folder.ts';
import type { Result } from '../../src/experiment/result.ts';
import { runScenario } from '../../src/experiment/run.ts';
import type { Scenario, ScenarioInput } from '../../src/experiment/scenario.ts';
import { openDatabase } from '../../src/store/database.ts';
import { everything } from '../llm/asking.ts';
import { catalogue, small } from './small.ts';

/** The small scenario with the llm mind; `llm` and `more` change it. */
export function modelScenario(llm: object = {}, more: Partial<ScenarioInput> = {}): Scenario {
  return small({
    mind: 'llm',
    llm: { model: 'stand-in', capabilities: everything, attempts: 1, ...llm },
    population: { visitors: 2, minimumHistory: 10 },
    stepLimit: 20,
    ...more,
  });
}

/** Runs it against the server at this address. */
export async function runWithModel(
  folder: RunFolder,
  asked: Scenario,
  studio: Studio,
  baseUrl: string,
  interrupted: AbortSignal = new AbortController().signal,
): Promise<Result> {
  return await runScenario({
    scenario: asked,
    catalogue,
    folder,
    studio,
    access: { baseUrl, key: null },
    interrupted,
    log: () => undefined,
    progress: () => undefined,
  });
}

export interface Call {
  /** Status of the call's session; null where that was deleted to be tried again. */
  readonly status: string | null;
  readonly attempts: number;
  readonly tokens: number | null;
  readonly hash: string;
}

/** The calls in the record of the run in this folder, in order. */
export function callsOf(path: string): Call[] {
  const database = openDatabase(join(path, 'events.sqlite'), { readonly: true });
  try {
    return database
      .prepare(
        `SELECT s.status, c.attempts, c.tokens_in + c.tokens_out AS tokens, c.request_hash AS hash
        FROM calls c LEFT JOIN sessions s ON s.id = c.session ORDER BY c.id`,
      )
      .all() as Call[];
  } finally {
    database.close();
  }
}
