// `rehearsal audit mind`: shows visitors of a scenario the same pages again and again, lets them visit, asks them about
// themselves, and says which habits of the mind are faults.

import { momentTrials, type AuditParts } from '../audit/draws.ts';
import { mindLines } from '../audit/mind-lines.ts';
import { mindReport } from '../audit/mind-report.ts';
import { statementTrials } from '../audit/statements.ts';
import { visitTrials } from '../audit/visits.ts';
import { toldAudit, type AuditSetting } from './audit-setting.ts';
import type { ExitOutcome } from './verb.ts';
import { moneyOf } from '../llm/budget.ts';

/** Runs all audits of the experiment's mind. Exit code 3 where one finds a fault. */
export async function auditMind({
  experiment,
  studio,
  input,
  io,
  spent,
}: AuditSetting): Promise<ExitOutcome> {
  const repeats = input.integer('repeats')!;
  const parts: Omit<AuditParts, 'progress'> = {
    experiment,
    repeats,
    capture: (html) => studio.capture(html),
  };
  const told = (what: string): AuditParts => ({
    ...parts,
    progress: toldAudit(io, 40, (done, total) => `${what}: ${done}/${total}`),
  });
  const moments = await momentTrials(told('pages'));
  const visits = await visitTrials(told('visits'));
  const statements = await statementTrials(told('statements'));
  const { name, version } = experiment.mind;
  const report = mindReport(`${name} ${version}`, { moments, visits, statements }, experiment.scenario.seed);
  const { calls, tokensIn, tokensOut } = spent();
  const cost = { calls, tokensIn, tokensOut, usd: moneyOf(spent()) };
  io.answer(
    { audit: 'mind', ...report, cost, trials: { moments, visits, statements } },
    mindLines(report, cost),
  );
  return report.findings.some(({ status }) => status === 'fault') ? 3 : 0;
}
