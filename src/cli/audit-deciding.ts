// `rehearsal audit deciding`: the llm mind decides on the same pages in one call and as an agent; what each costs and gives.

import { decidingLines } from '../audit/deciding-lines.ts';
import { decidingReport, decidingTrials, type Way } from '../audit/deciding.ts';
import { alpha } from '../audit/mind-report.ts';
import { UsageError } from '../base/error.ts';
import { dollars } from '../base/money.ts';
import type { Experiment } from '../experiment/build.ts';
import { leadMind } from '../experiment/scenario-minds.ts';
import type { Scenario } from '../experiment/scenario.ts';
import { toldAudit, type AuditSetting } from './audit-setting.ts';
import type { ExitOutcome } from './verb.ts';
import { moneyOf } from '../llm/budget.ts';

/** The model of a scenario that can be asked in both ways. Throws a UsageError where its mind is another. */
export function twoWays(scenario: Scenario): NonNullable<Scenario['llm']> {
  if (scenario.llm !== null && leadMind(scenario) === 'llm') return scenario.llm;
  throw new UsageError(
    'two ways of deciding are those of the llm mind, and the scenario has another',
    'Try scenarios/deciding.ts, or give --mind llm --model NAME.',
  );
}

/** Compares the two ways. Exit code 3 where one of them got no answer at some page. */
export async function auditDeciding(setting: AuditSetting): Promise<ExitOutcome> {
  const { experiment, studio, input, io, spent, rebuilt } = setting;
  const llm = twoWays(experiment.scenario);
  const deciding = async (way: Way): Promise<Experiment> =>
    llm.deciding === way ? experiment : await rebuilt({ llm: { ...llm, deciding: way } });
  const [direct, agent] = [await deciding('direct'), await deciding('agent')];
  const trials = await decidingTrials(
    {
      experiment,
      repeats: input.integer('repeats')!,
      capture: (html) => studio.capture(html),
      progress: toldAudit(io, 1, (done, total) => `${done}/${total} pages`),
    },
    { direct: (hear) => direct.mindFor(hear), agent: (hear) => agent.mindFor(hear) },
  );
  const report = decidingReport(trials, alpha);
  const { calls, tokensIn, tokensOut } = spent();
  const cost = { calls, tokensIn, tokensOut, usd: moneyOf(spent()) };
  io.answer({ audit: 'deciding', ...report, cost, trials }, [
    ...decidingLines(report),
    '',
    `${calls} calls, ${dollars(cost.usd, 4)}`,
  ]);
  return report.ways.every(({ failed }) => Object.keys(failed).length === 0) ? 0 : 3;
}
