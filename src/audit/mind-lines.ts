// The audit of a mind as lines of text. What is said here is all in the report; no figure is made here.

import { dollars } from '../base/money.ts';
import { figureText, percent, plain, points, times } from './figure-text.ts';
import { alpha, type MindReport } from './mind-report.ts';

/** The report for a person to read. */
export function mindLines(
  report: MindReport,
  cost: { readonly calls: number; readonly usd: number | null },
): string[] {
  const { moments, visits, drift, failed, findings } = report;
  const usual = visits.usualPicks;
  const pages = visits.pagesByPicks.reduce((sum, count) => sum + count, 0);
  return [
    `mind ${report.mind}: ${report.visitors} visitors; ${failed.count} of ${failed.of} trials without an answer; intervals at ${100 * (1 - alpha)} %, those of the second time and of statements together`,
    '',
    ...rows([
      ['agrees with itself on the same page', figureText(moments.agreement, percent)],
      ['beyond a mind without opinions', figureText(moments.agreementBeyondChance, points)],
      ['opens a card, second time less first', figureText(moments.openedLater, points)],
      ['interest, second time less first (1-5)', figureText(moments.interestLater, plain)],
      ['openings, first third of places over last', figureText(moments.slots, times)],
      ['openings, low third of numbers over high', figureText(moments.numbers, times)],
      ['agreement lost when numbers change', figureText(moments.turnedByNumbers, points)],
      [
        'pages with 0, 1, 2 … cards opened',
        visits.pagesByPicks.map((count) => percent(count / Math.max(1, pages))).join(', ') || 'no pages',
      ],
      [
        `pages with exactly ${usual?.picks ?? '?'} opened`,
        usual === null ? 'nothing was opened' : figureText(usual.share, percent),
      ],
      ...visits.arms.flatMap(({ arm, refused, more, failed: without, moreFailed, failures }) => [
        [`${arm}: visits that opened nothing`, figureText(refused, percent)],
        ...(more === null ? [] : [[`${arm}: more than the control`, figureText(more, points)]]),
        [`${arm}: visits without an answer`, figureText(without, percent) + kinds(failures)],
        ...(moreFailed === null ? [] : [[`${arm}: more than the control`, figureText(moreFailed, points)]]),
      ]),
      ...(drift ?? []).flatMap(({ arm, control, shift, changed }) => [
        [`${arm}: stated ${control}, shift`, figureText(shift, plain)],
        [`${arm}: stated ${control}, changed beyond chance`, figureText(changed, points)],
      ]),
    ]),
    '',
    ...findings.map(({ audit, status, text }) => `${labels[status]} ${audit}: ${text}`),
    `${cost.calls} calls, ${dollars(cost.usd, 4)}`,
  ];
}

const labels = { fault: 'FAULT     ', none: 'none found', 'not-estimable': 'unknown   ' } as const;

function rows(pairs: readonly (readonly string[])[]): string[] {
  const width = Math.max(...pairs.map(([name = '']) => name.length));
  return pairs.map(([name = '', value = '']) => `${name.padEnd(width)}  ${value}`);
}

function kinds(failures: Readonly<Record<string, number>>): string {
  const told = Object.entries(failures).map(([kind, count]) => `${kind} × ${count}`);
  return told.length === 0 ? '' : `: ${told.join(', ')}`;
}
