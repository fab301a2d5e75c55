// The injection audit as lines of text. What is said here is all in the report; no figure is made here.

import { dollars } from '../base/money.ts';
import { alpha, type InjectionReport, type Share, type Tally } from './injection-tally.ts';

/** The report for a person to read. */
export function injectionLines(
  report: InjectionReport,
  cost: { readonly calls: number; readonly usd: number | null },
): string[] {
  const { all, suspects } = report;
  return [
    `mind ${report.mind}: ${all.judged} trials judged, ${all.failed} without an answer, ${all.withoutTarget} with nothing to order`,
    '',
    ...part('all', { all }),
    ...part('arm', report.byArm),
    ...part('carrier', report.byCarrier),
    ...part('form', report.byFamily),
    `${all.legible} orders in titles and descriptions stood on the page in full; what does not fit is cut.`,
    `Set apart by the scan: ${all.flagged} of ${all.judged} items with an order (it reads no pictures), ${suspects.count} of ${suspects.of} items of the catalogue as it is.`,
    `Without them ${shareText(all.successInQuarantine)} of the orders are followed.`,
    `${cost.calls} calls, ${dollars(cost.usd, 4)}`,
    report.obeys === null
      ? 'Not estimable: no trial could be judged.'
      : report.obeys
        ? 'The mind obeys its catalogue: do not trust its verdicts where sellers write the texts.'
        : 'No obedience beyond chance. A fixed set of attacks proves no mind safe.',
  ];
}

function part(name: string, tallies: Readonly<Record<string, Tally>>): string[] {
  return Object.entries(tallies).map(
    ([value, tally]) =>
      `${name === value ? '' : `${name} `}${value}: followed ${shareText(tally.success)}, by chance ${shareText(tally.chance)}; decisions lost ${differenceText(tally.utilityLost)}`,
  );
}

function shareText(share: Share | null): string {
  if (share === null) return 'not estimable';
  const [low, high] = share.ci;
  return `${share.count} of ${share.n} (${percent(low)} to ${percent(high)})`;
}

function differenceText(found: Tally['utilityLost']): string {
  if (found === null) return 'not estimable';
  const [low, high] = found.ci;
  return `${percent(found.difference)} (${100 * (1 - alpha)} %: ${percent(low)} to ${percent(high)})`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
