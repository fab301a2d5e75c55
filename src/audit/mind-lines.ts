// The audit of a mind as lines of text. What is said here is all in the report; no figure is made here.

import type { Found } from './figures.ts';
import { alpha, type MindReport } from './mind-report.ts';

/** The report for a person to read. */
export function mindLines(
  report: MindReport,
  cost: { readonly calls: number; readonly usd: number },
): string[] {
  const { moments, visits, drift, failed, findings } = report;
  const usual = visits.usualPicks;
  const pages = visits.pagesByPicks.reduce((sum, count) => sum + count, 0);
  return [
    `mind ${report.mind}: ${report.visitors} visitors; ${failed.count} of ${failed.of} trials without an answer; intervals at ${100 * (1 - alpha)} %`,
    '',
    ...rows([
      ['agrees with itself on the same page', figure(moments.agreement, percent)],
      ['beyond a mind without opinions', figure(moments.agreementBeyondChance, points)],
      ['opens a card, second time less first', figure(moments.openedLater, points)],
      ['interest, second time less first (1-5)', figure(moments.interestLater, plain)],
      ['openings, first third of places over last', figure(moments.slots, times)],
      ['openings, low third of numbers over high', figure(moments.numbers, times)],
      ['agreement lost when numbers change', figure(moments.turnedByNumbers, points)],
      [
        'pages with 0, 1, 2 … cards opened',
        visits.pagesByPicks.map((count) => percent(count / Math.max(1, pages))).join(', ') || 'no pages',
      ],
      [
        `pages with exactly ${usual?.picks ?? '?'} opened`,
        usual === null ? 'nothing was opened' : figure(usual.share, percent),
      ],
      ...visits.arms.flatMap(({ arm, refused, more, failed: without, moreFailed, failures }) => [
        [`${arm}: visits that opened nothing`, figure(refused, percent)],
        ...(more === null ? [] : [[`${arm}: more than the control`, figure(more, points)]]),
        [`${arm}: visits without an answer`, figure(without, percent) + kinds(failures)],
        ...(moreFailed === null ? [] : [[`${arm}: more than the control`, figure(moreFailed, points)]]),
      ]),
      ...(drift ?? []).flatMap(({ arm, control, shift, changed }) => [
        [`${arm}: stated ${control}, shift`, figure(shift, plain)],
        [`${arm}: stated ${control}, changed beyond chance`, figure(changed, points)],
      ]),
    ]),
    '',
    ...findings.map(({ audit, status, text }) => `${labels[status]} ${audit}: ${text}`),
    `${cost.calls} calls, $${cost.usd.toFixed(4)}`,
  ];
}

const labels = { fault: 'FAULT', none: 'ok   ', 'not-estimable': '?    ' } as const;

function rows(pairs: readonly (readonly string[])[]): string[] {
  const width = Math.max(...pairs.map(([name = '']) => name.length));
  return pairs.map(([name = '', value = '']) => `${name.padEnd(width)}  ${value}`);
}

function figure(found: Found, show: (value: number) => string): string {
  if (found.kind === 'not-estimable') return `not estimable: ${found.reason}`;
  return `${show(found.value)} (${show(found.ci[0])} to ${show(found.ci[1])}; n = ${found.n})`;
}

function kinds(failures: Readonly<Record<string, number>>): string {
  const told = Object.entries(failures).map(([kind, count]) => `${kind} × ${count}`);
  return told.length === 0 ? '' : `: ${told.join(', ')}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function points(share: number): string {
  return `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`;
}

function plain(value: number): string {
  return value.toFixed(2);
}

function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}
