// The model behind a run: opened with the run's own cassette, trace and budget, and charged with what earlier parts of
// the run have spent. The ledger is kept in the record, so that a cap holds over a kill and a resume.

import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../base/error.ts';
import { nothingSpent, requirePrice, sumOfSpent, type Spent } from '../llm/budget.ts';
import { openCassette } from '../llm/cassette.ts';
import { openModel, type Model } from '../llm/open.ts';
import { spentBetween } from '../llm/quote.ts';
import type { Access } from '../llm/settings.ts';
import type { Database } from '../store/database.ts';
import { runValue } from '../store/read.ts';
import type { Writer } from '../store/write.ts';
import type { RunFolder } from './folder.ts';
import type { Scenario } from './scenario.ts';
import { mindsOf } from './scenario-minds.ts';

const spentSchema: z.ZodType<Spent> = z.object({
  calls: z.number(),
  tokensIn: z.number(),
  tokensOut: z.number(),
  usd: z.number(),
  unmeasured: z.number(),
  unpriced: z.number(),
  minutes: z.number(),
});

/** What this run has spent so far, by its record: in all, or of that on questions about items. */
export function ledgerOf(database: Database, part: 'spent' | 'spentOnItems' = 'spent'): Spent {
  return spentSchema.parse(runValue(database, part) ?? nothingSpent);
}

/** Notes that the run has spent so much in all, and the difference on questions about items. */
export function chargeItems(database: Database, record: Pick<Writer, 'setRun'>, spent: Spent): void {
  const more = spentBetween(ledgerOf(database), spent);
  record.setRun('spentOnItems', sumOfSpent(ledgerOf(database, 'spentOnItems'), more));
  record.setRun('spent', spent);
}

export interface ModelOfRun {
  readonly scenario: Scenario;
  readonly folder: RunFolder;
  readonly access: Access | undefined;
  readonly spentBefore: Spent;
  keepSpent(spent: Spent): void;
  /** Whether an earlier process began this run: then its recording is gone on with, not begun again. */
  readonly isBegun: boolean;
}

/**
 * Throws what the settings of the model alone forbid, before a run's folder is made at `path` or a former run there is
 * replaced: a cap in dollars without a price, a cassette that cannot be used, or one that would be deleted with that run.
 */
export function requireModelSettings(scenario: Scenario, path: string): void {
  const { llm } = scenario;
  if (llm === null || !mindsOf(scenario).includes('llm')) return;
  requirePrice(llm.budget, llm);
  if (llm.cassette === null) return;
  const { path: answers, mode } = llm.cassette;
  if (existsSync(answers) && !/^\.\.([/\\]|$)/.test(relative(resolve(path), resolve(answers)))) {
    throw new UsageError(
      `The cassette ${answers} stands in ${path} and would be deleted with the former run there.`,
      'Choose another --out, or copy the answers elsewhere first.',
    );
  }
  openCassette(answers, mode);
}

/** The llm mind's model, or null; answers are kept in the run's folder unless the scenario names another cassette. */
export async function modelOfRun(parts: ModelOfRun): Promise<Model | null> {
  const { scenario, folder, access, spentBefore, keepSpent, isBegun } = parts;
  if (scenario.llm === null || !mindsOf(scenario).includes('llm')) return null;
  if (access === undefined) throw new Error('defect: a run of the llm mind without access to a model');
  const { deciding: _, profile: _induced, budget, ...settings } = scenario.llm;
  const stated = settings.cassette ?? { path: join(folder.path, 'answers.jsonl'), mode: 'auto' as const };
  const cassette = stated.mode === 'record' && isBegun ? { ...stated, mode: 'auto' as const } : stated;
  return await openModel({
    settings: { ...settings, cassette },
    access,
    caps: budget,
    spentBefore,
    keepSpent,
    tracePath: join(folder.path, 'trace.jsonl'),
  });
}
