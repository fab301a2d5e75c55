// A result as a person reads it in a terminal: arms, effects, checks, verdict, and where to look further.

import { dollars } from '../base/money.ts';
import type { Comparison, Result } from '../experiment/result.ts';
import { duration } from './progress.ts';

/** Lines for stdout; `places` are paths of report and record. */
export function resultLines(
  result: Result,
  places: { readonly report: string; readonly record: string },
): string[] {
  const goal = result.verdict.metric;
  const width = Math.max(...result.arms.map((arm) => arm.name.length), 3);
  return [
    '',
    result.question,
    '',
    `${'arm'.padEnd(width)}  ${goal.padEnd(24)} NDCG@20  sessions  failed`,
    ...result.arms.map((arm) => {
      const metric = arm.metrics[goal];
      const value = metric?.mean == null ? 'not estimable' : `${show(metric.mean)} ${interval(metric.ci)}`;
      const accuracy = arm.heldOutNdcg20 === null ? '–' : arm.heldOutNdcg20.toFixed(3);
      return `${arm.name.padEnd(width)}  ${value.padEnd(24)} ${accuracy.padStart(7)}  ${String(arm.sessions).padStart(8)}  ${String(arm.failed).padStart(6)}`;
    }),
    '',
    ...result.comparisons.filter((comparison) => comparison.metric === goal).map(comparisonLine),
    '',
    ...offlineOrderLines(result),
    ...mindLines(result),
    ...moreLines(result),
    ...(result.segments.length > 1
      ? [
          `clicks per session by activity: ${result.segments.map(({ level, visitors, clicks }) => `${level} ${show(clicks.mean)} ${interval(clicks.ci)} (${visitors})`).join(', ')}`,
          '',
        ]
      : []),
    ...result.checks.map(
      (check) => `${{ ok: '✓', warn: '!', fail: '✗' }[check.status]} ${check.name}: ${check.detail}`,
    ),
    ...result.health.flatMap(({ arm, complaints }) =>
      complaints.map((complaint) => `! health of ${arm}: ${complaint}`),
    ),
    '',
    `Verdict: ${result.verdict.decision}. ${result.verdict.text}`,
    `Digest ${result.digest.slice(0, 16)} · seed ${result.seed} · ${duration(result.cost.seconds * 1000)}`,
    `Record  ${places.record}`,
    `Report  ${places.report}`,
  ];
}

/** What each of several minds says, how far they are apart, and what a cheap one saved. */
function mindLines({ minds }: Result): string[] {
  if (minds === null) return [];
  return [
    ...minds.each.flatMap(({ mind, effects, cost }) =>
      effects.map(({ arm, n, effect, ci, decision, note }) => {
        const said =
          effect === null ? `not estimable (${note})` : `${show(effect)} ${interval(ci)}, ${decision}`;
        const money = dollars(cost.usd);
        const spent = cost.calls === 0 ? '' : `; ${cost.calls} calls, ${cost.tokens} tokens, ${money}`;
        return `mind ${mind}: ${arm} ${said}, n ${n}${spent}`;
      }),
    ),
    ...minds.spread.map(({ arm, mind, difference, ci, note }) =>
      difference === null
        ? `${arm}, ${minds.lead} − ${mind}: not estimable (${note})`
        : `${arm}, ${minds.lead} − ${mind}: ${show(difference)} ${interval(ci)}`,
    ),
    ...minds.combined.flatMap(({ arm, n, rest, effective, saved }) =>
      effective === null || saved === null
        ? []
        : [
            `${arm}: ${n} + ${rest} people say as much as ${show(effective)} of ${minds.lead} alone; ${
              saved.sessions > 0
                ? `saved ${saved.sessions} sessions, ${saved.tokens.toLocaleString('en-US')} tokens, ${saved.usd === null ? 'price unknown' : `$${saved.usd.toFixed(2)}`}`
                : 'no session was saved'
            }`,
          ],
    ),
    '',
  ];
}

/** Every offline order beside that of the visitors. */
function offlineOrderLines({ offline }: Result): string[] {
  const lines = offline.map(({ measure, order, tau, disagree, note }) =>
    tau === null
      ? `by held-out ${measure}: ${order.join(' > ')}; not comparable, ${note}`
      : `by held-out ${measure}: ${order.join(' > ')}; tau ${tau.toFixed(2)} with the visitors${disagree.length === 0 ? '' : `, opposed on ${disagree.map((pair) => pair.join(' and ')).join(', ')}`}`,
  );
  return lines.length === 0 ? [] : [...lines, ''];
}

/** What else was found of the goal, where the scenario asked for it. */
function moreLines({ stopping, adjusted, posteriors }: Result): string[] {
  const lines = [
    ...adjusted.flatMap(({ arm, method, effect, ci, varianceRatio, decides }) =>
      effect === null || varianceRatio === null
        ? []
        : [
            `${arm}, ${method}: ${show(effect)} ${interval(ci)}, ${Math.round(100 * varianceRatio)} % of the variance left${decides ? ', decides' : ''}`,
          ],
    ),
    ...posteriors.map(
      ({ arm, pBetter, expectedLoss }) =>
        `${arm}, against the prior: P(better) ${show(pBetter)}, expected loss ${(100 * expectedLoss).toFixed(2)} %`,
    ),
    ...(stopping.rule === 'sequential'
      ? [
          `stopped after ${stopping.done.visitors} of ${stopping.planned.visitors} visitors (${stopping.ended}); saved ${stopping.saved.sessions} sessions, ${stopping.saved.tokens.toLocaleString('en-US')} tokens, ${dollars(stopping.saved.usd)}`,
        ]
      : []),
  ];
  return lines.length === 0 ? [] : [...lines, ''];
}

function comparisonLine(comparison: Comparison): string {
  const { arm, control, metric, effect, ci, relative, p } = comparison;
  if (effect === null) return `${arm} − ${control}, ${metric}: not estimable (${comparison.note})`;
  const percent = relative === null ? '' : ` (${relative > 0 ? '+' : ''}${(100 * relative).toFixed(1)} %)`;
  return `${arm} − ${control}, ${metric}: ${show(effect)} ${interval(ci)}${percent}, p ${p === null ? '–' : p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`}, ${comparison.decision}`;
}

function interval(ci: readonly [number, number] | null): string {
  return ci === null ? '' : `[${show(ci[0])}, ${show(ci[1])}]`;
}

function show(value: number): string {
  return Math.abs(value) >= 100
    ? value.toFixed(0)
    : Math.abs(value) >= 10
      ? value.toFixed(1)
      : value.toFixed(3);
}
