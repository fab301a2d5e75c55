// Runs of the llm mind against a stand-in server: two visitors under two arms on two pages. What the tests of such runs
// share; nothing here checks anything.

import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import type { RunFolder } from '../../src/experiment/folder.ts';
import type { Result } from '../../src/experiment/result.ts';
import { runScenario } from '../../src/experiment/run.ts';
import type { Scenario, ScenarioInput } from '../../src/experiment/scenario.ts';
import { openDatabase } from '../../src/store/database.ts';
import { everything } from '../llm/asking.ts';
import { openStandIn, type StandIn } from '../llm/stand-in/server.ts';
import { visitorRule } from '../llm/stand-in/visitor.ts';
import { catalogue, small, temporaryFolder } from './small.ts';

/** What the runs of a test file need: a folder for them, a studio, and a stand-in that acts as a visitor. */
export interface ModelPlace {
  readonly root: string;
  readonly studio: Studio;
  readonly server: StandIn;
}

/** The place, there from the first test of the calling file to its last. */
export function modelPlace(): ModelPlace {
  const root = temporaryFolder();
  let studio: Studio | undefined;
  let server: StandIn | undefined;
  beforeAll(async () => {
    studio = await openStudio({ pages: 2 });
    server = await openStandIn();
    server.rules = { act: visitorRule() };
  });
  afterAll(async () => {
    await studio?.close();
    await server?.close();
    root.remove();
  });
  return {
    root: root.path,
    get studio() {
      return studio!;
    },
    get server() {
      return server!;
    },
  };
}

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
