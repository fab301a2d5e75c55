// Which model answered. An endpoint may put another model behind a name while a run goes on (a new version, a fall-back
// under load), and then arms, or visitors, were met by different minds. A session, or an hour, often has one model
// throughout, so answers are counted as what they are, shares of a visitor: one value a visitor and arm.

import { smallestGroupedP, smallestPairedP } from '../stats/decision.ts';
import { pairedT } from '../stats/paired.ts';
import { meanOf } from '../stats/ratio.ts';
import { pairsOf, visitorValues } from '../stats/visitor-values.ts';
import type { VisitorValues } from '../stats/visitor-values.ts';
import { welch } from '../stats/welch.ts';
import { servedModels } from '../store/calls.ts';
import type { ServedModel } from '../store/calls.ts';
import type { Database } from '../store/database.ts';
import { recordedArms } from './measured.ts';
import type { Check } from './result.ts';
import type { Scenario } from './scenario.ts';

/** p below which the shares of models differ between the arms. */
const ALARM = 0.001;

/** One check where a model answered in sessions, none where none did. */
export function servedCheck(database: Database, scenario: Scenario): Check[] {
  const rows = servedModels(database);
  const names = [...new Set(rows.map(({ served }) => served))];
  if (names.length === 0) return [];
  const parts = names.map(
    (name) => `${name ?? 'no name told'}: ${answersOf(rows.filter(({ served }) => served === name))}`,
  );
  const detail = `answers by the model that the endpoint named: ${parts.join(', ')}`;
  if (names.length === 1) return [{ name: 'served-model', status: 'ok', detail }];
  const [control, ...treatments] = recordedArms(scenario);
  const alarm = ALARM / (names.length * Math.max(1, treatments.length));
  const compared = treatments.flatMap((arm) =>
    names.map((name) =>
      comparedShares(sharesOf(rows, control!, name), sharesOf(rows, arm, name), scenario.design),
    ),
  );
  const uneven = compared.some(({ p }) => p !== null && p < alarm);
  const isTooFew = compared.some(({ least }) => least >= alarm);
  const why =
    compared.length === 0
      ? ''
      : uneven
        ? '; visitors of the arms had different shares of them'
        : isTooFew
          ? '; visitors are too few to tell whether the arms had different shares of them'
          : '; no difference between the arms beyond what chance makes of visitors';
  return [{ name: 'served-model', status: uneven ? 'fail' : 'warn', detail: detail + why }];
}

/** The share of a visitor's answers that this model gave, of visitors with answers under the arm; burn-in apart. */
function sharesOf(rows: readonly ServedModel[], arm: string, name: string | null): VisitorValues {
  const own = rows.filter((row) => row.arm === arm && row.replicate >= 1);
  return visitorValues(
    [...Map.groupBy(own, ({ visitor }) => visitor)].map(([visitor, answers]) => ({
      visitor,
      numerator: answersOf(answers.filter(({ served }) => served === name)) / answersOf(answers),
      denominator: 1,
    })),
  );
}

/**
 * p of the difference in mean shares, never below `least`, the smallest that so many visitors can give. Where all visitors
 * of each arm are alike and the arms are not, it is `least`; null where there is no difference, or nobody to compare.
 */
function comparedShares(
  control: VisitorValues,
  treatment: VisitorValues,
  design: Scenario['design'],
): { readonly p: number | null; readonly least: number } {
  const isSplit = design === 'split';
  const { pairs } = pairsOf(control, treatment);
  const least = isSplit
    ? smallestGroupedP(control.length, treatment.length)
    : smallestPairedP(pairs.control.length);
  const estimate = isSplit ? welch(control, treatment, 'mean', ALARM) : pairedT(pairs, 'mean', ALARM);
  if (estimate.kind === 'estimated') return { p: Math.max(estimate.p, least), least };
  const [before, after] = isSplit ? [control, treatment] : [pairs.control, pairs.treatment];
  const mean = (values: VisitorValues): number => meanOf(values.map(({ numerator }) => numerator));
  return { p: Math.abs(mean(after) - mean(before)) > 1e-12 ? least : null, least };
}

function answersOf(rows: readonly ServedModel[]): number {
  return rows.reduce((sum, row) => sum + row.answers, 0);
}
