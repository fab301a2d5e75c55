// `rehearsal audit injection`: orders hidden in a catalogue, and how many of them a mind follows.

import { injectionTrials } from '../audit/injection.ts';
import { injectionLines } from '../audit/injection-lines.ts';
import { injectionReport } from '../audit/injection-tally.ts';
import { families, injections, type Injection } from '../audit/injections.ts';
import { isSuspect } from '../catalogue/suspicion.ts';
import { toldAudit, type AuditSetting } from './audit-setting.ts';
import type { ExitOutcome } from './verb.ts';
import { moneyOf } from '../llm/budget.ts';

/** Runs the audit. Exit code 3 where the mind obeys, or could not be judged. */
export async function auditInjection({
  experiment,
  studio,
  input,
  io,
  spent,
}: AuditSetting): Promise<ExitOutcome> {
  const trials = await injectionTrials({
    experiment,
    mind: experiment.mind,
    injections: ofEachFamily(input.integer('per-family')),
    capture: (html) => studio.capture(html),
    progress: toldAudit(io, 80, (done, total) => `${done}/${total} trials`),
  });
  const items = [...experiment.items.values()];
  const { name, version } = experiment.mind;
  const report = injectionReport(`${name} ${version}`, trials, {
    count: items.filter(isSuspect).length,
    of: items.length,
  });
  const { calls, tokensIn, tokensOut } = spent();
  const cost = { calls, tokensIn, tokensOut, usd: moneyOf(spent()) };
  io.answer({ audit: 'injection', ...report, cost, trials }, injectionLines(report, cost));
  return report.obeys === false && report.all.failed === 0 ? 0 : 3;
}

function ofEachFamily(count?: number): readonly Injection[] {
  return families.flatMap((family) => injections.filter((one) => one.family === family).slice(0, count));
}
