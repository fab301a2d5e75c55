// What is known of a run besides its rows: the question, who decided, the checks. Read from the record and from
// result.json beside it; the few fields that a dataset needs are parsed here, whatever else a scenario holds.

import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import { digest } from '../base/hash.ts';
import type { Database } from '../store/database.ts';
import { runValue, sessionsOf, type StoredSession } from '../store/read.ts';
import { isCutByBudget } from '../store/session.ts';

const scenarioSchema = z
  .object({
    name: z.string(),
    question: z.string(),
    catalogue: z.string(),
    design: z.enum(['twins', 'split', 'interleaving']),
    mind: z.string(),
    minds: z.array(z.string()).optional(),
    seed: z.int(),
    arms: z.array(z.looseObject({ name: z.string(), method: z.string().optional() })).min(1),
  })
  /** Several minds are named together; each session says which was its own. */
  .transform(({ minds, ...about }) => ({ ...about, mind: minds?.join(' + ') ?? about.mind }));

export const checkSchema = z.object({
  name: z.string(),
  status: z.enum(['ok', 'warn', 'fail']),
  detail: z.string(),
});

export interface RunFacts {
  readonly run: string;
  readonly scenario: z.infer<typeof scenarioSchema>;
  readonly scenarioHash: string;
  /** SHA-256 over all events; null while the run is not over. */
  readonly digest: string | null;
  readonly model: string | null;
  /** SHA-256 of each prompt by name; null for minds without prompts. */
  readonly prompts: Readonly<Record<string, string>> | null;
  readonly promptsDigest: string | null;
  /** Names and versions of mind, browser and arms. */
  readonly versions: Readonly<Record<string, string>>;
  /** Null where the run has no result.json yet. */
  readonly checks: readonly z.infer<typeof checkSchema>[] | null;
  /** By how they ended; `cut` by the budget, which is in none of the others and no data. */
  readonly sessions: Readonly<Record<'complete' | 'truncated' | 'failed' | 'cut', number>>;
}

/** The facts of the run in `folder` whose record is `database`. Throws where the record holds no scenario. */
export function factsOf(database: Database, folder: string): RunFacts {
  const about = parsed(scenarioSchema, runValue(database, 'scenario'), 'scenario of the record');
  const model = parsed(
    z.object({ model: z.string() }).optional(),
    runValue(database, 'model'),
    'model of the record',
  );
  const prompts = parsed(
    z.record(z.string(), z.string()).optional(),
    runValue(database, 'prompts'),
    'prompts of the record',
  );
  const sessions = sessionsOf(database);
  const count = (status: StoredSession['status']): number =>
    sessions.filter((session) => session.status === status && !isCutByBudget(session)).length;
  return {
    run: basename(resolve(folder)),
    scenario: about,
    scenarioHash:
      z.string().optional().parse(runValue(database, 'scenarioHash')) ??
      digest(runValue(database, 'scenario')),
    digest: z.string().nullish().parse(runValue(database, 'digest')) ?? null,
    model: model?.model ?? null,
    prompts: prompts ?? null,
    promptsDigest: prompts === undefined ? null : digest(prompts).slice(0, 16),
    versions: parsed(
      z.record(z.string(), z.string()).default({}),
      runValue(database, 'versions'),
      'versions of the record',
    ),
    checks: checksOf(folder),
    sessions: {
      complete: count('complete'),
      truncated: count('truncated'),
      failed: count('failed'),
      cut: sessions.filter(isCutByBudget).length,
    },
  };
}

function checksOf(folder: string): RunFacts['checks'] {
  const path = join(folder, 'result.json');
  if (!existsSync(path)) return null;
  return parsed(z.object({ checks: z.array(checkSchema) }), JSON.parse(readFileSync(path, 'utf8')), path)
    .checks;
}

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new RehearsalError(`The ${what} is not what was expected:\n${z.prettifyError(result.error)}`, {
    hint: 'The run was cut off before it began, or its files were changed; run the scenario again.',
  });
}
