// The sections of a report that show numbers: verdict, metrics, arms, exits, checks, record.
// Each is a function of the result; what could not be computed is said so, with its reason.

import type { ArmSummary, Comparison, Result } from '../experiment/result.ts';
import type { Scenario } from '../experiment/scenario.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import {
  formatInterval,
  formatNumber,
  formatProbability,
  formatRelative,
  formatShare,
  formatSigned,
  nameInWords,
} from './numbers.ts';
import { intervalPlot, stackedBars } from './plots.ts';
import type { IntervalRow } from './plots.ts';
import { armClass, armColour, decisionClass, exitClass, exitColour } from './style.ts';

/** A decision as a heading says it. */
export function decisionWord(decision: Result['verdict']['decision']): string {
  switch (decision) {
    case 'better':
      return 'Better';
    case 'worse':
      return 'Worse';
    case 'equivalent':
      return 'No difference';
    case 'cannot-tell':
      return 'Cannot tell';
    default:
      return decision satisfies never;
  }
}

/** The big card: decision, its sentence, the effect with its interval and the probability of its sign. */
export function verdictSection(result: Result): Html {
  const { verdict } = result;
  const colour = decisionClass(verdict.decision);
  const comparison = result.comparisons.find(
    (candidate) => candidate.metric === verdict.metric && candidate.arm === verdict.arm,
  );
  return html`<section id="verdict" class="card verdict ${colour}">
    <div>
      <div class="whom">Effect on simulated visitors, on ${nameInWords(verdict.metric)}</div>
      <div class="word">${decisionWord(verdict.decision)}</div>
      <p class="text">${verdict.text}</p>
    </div>
    <dl>
      ${comparison === undefined ? null : effectFact(comparison, result)}
      ${
        verdict.pSign === null
          ? null
          : html`<div>
              <dt>Probability that the sign is right</dt>
              <dd>${formatProbability(verdict.pSign)}</dd>
            </div>`
      }
    </dl>
  </section>`;
}

function effectFact(comparison: Comparison, result: Result): Html {
  const { effect, ci, relative, relativeCi, control, arm, n } = comparison;
  const pairs = result.design === 'twins' ? 'pairs' : 'visitors';
  return html`<div>
    <dt>${arm} against ${control}</dt>
    <dd>
      ${effect === null ? 'not estimable' : relative === null ? formatSigned(effect) : formatRelative(relative)}
      ${
        relative !== null && relativeCi !== null
          ? html`<small>${formatInterval(relativeCi, formatRelative)}</small>`
          : ci === null
            ? html`<small>${comparison.note}</small>`
            : html`<small>${formatInterval(ci, formatSigned)}</small>`
      }
      <small>${n.toLocaleString('en-US')} ${pairs}</small>
    </dd>
  </div>`;
}

/** For each metric: the arms' means and the effects against the control, with intervals; the goal first. */
export function metricsSection(result: Result, scenario: Scenario): Html {
  const goal = result.verdict.metric;
  const names = metricNames(result).sort((a, b) => Number(b === goal) - Number(a === goal));
  const control = result.arms[0];
  const level = formatShare(1 - scenario.metrics.alpha);
  return html`<section id="metrics">
    <h2>Effects and means</h2>
    <p class="lead">
      Points are estimates over visitors, lines their ${level} intervals. An effect is the arm minus
      ${control?.name ?? 'the control'}, in the metric's own
      unit${result.design === 'twins' ? ', from visitors who met both' : ''}. On the goal metric, the band
      marks differences too small to matter (± ${formatShare(scenario.metrics.margin)} of the control).
    </p>
    <div class="card">${names.map((name) => metricRow(name, name === goal, result, scenario))}</div>
  </section>`;
}

function metricRow(name: string, isGoal: boolean, result: Result, scenario: Scenario): Html {
  const means = result.arms.map((arm, place) => meanRow(arm, armColour(place), name));
  const effects = result.arms.flatMap((arm, place) => {
    const comparison = result.comparisons.find((each) => each.metric === name && each.arm === arm.name);
    return comparison === undefined ? [] : [effectRow(comparison, armColour(place))];
  });
  const controlMean = result.arms[0]?.metrics[name]?.mean ?? null;
  const band = isGoal && controlMean !== null ? Math.abs(controlMean) * scenario.metrics.margin : null;
  return html`<div class="metric">
    <h3>${nameInWords(name)}${isGoal ? ' (goal)' : ''}</h3>
    <div>
      <p class="part">Mean by arm</p>
      ${intervalPlot(means, { title: `${nameInWords(name)}: mean by arm`, zero: false, width: 400, textWidth: 70 })}
    </div>
    ${
      effects.length === 0
        ? null
        : html`<div>
            <p class="part">Effect against ${result.arms[0]?.name ?? 'the control'}</p>
            ${intervalPlot(effects, {
              title: `${nameInWords(name)}: effect against the control`,
              zero: true,
              band,
              width: 540,
              textWidth: 210,
            })}
          </div>`
    }
  </div>`;
}

function meanRow(arm: ArmSummary, colour: string, name: string): IntervalRow {
  const metric = arm.metrics[name];
  const mean = metric?.mean ?? null;
  return {
    label: arm.name,
    colour,
    estimate: mean,
    interval: metric?.ci ?? null,
    text: mean === null ? '' : formatNumber(mean),
    note: mean === null ? 'not estimable' : '',
  };
}

function effectRow(comparison: Comparison, colour: string): IntervalRow {
  const { arm, effect, ci, relative, p, note } = comparison;
  const text =
    effect === null
      ? ''
      : [
          relative === null ? formatSigned(effect) : formatRelative(relative),
          p === null ? '' : `p ${p < 0.001 ? '' : '= '}${formatProbability(p)}`,
          decisionWord(comparison.decision).toLowerCase(),
        ]
          .filter(Boolean)
          .join(', ');
  return {
    label: arm,
    colour,
    estimate: effect,
    interval: ci,
    text,
    note: effect === null ? `not estimable: ${note}` : note,
  };
}

/** The arms side by side: sessions, failures by kind, every metric, held-out accuracy. */
export function armsSection(result: Result): Html {
  const { arms } = result;
  const row = (name: string, cell: (arm: ArmSummary) => Html | string): Html =>
    html`<tr>
      <th>${name}</th>
      ${arms.map((arm) => html`<td class="number">${cell(arm)}</td>`)}
    </tr>`;
  return html`<section id="arms">
    <h2>Arms</h2>
    <div class="card">
      <table>
        <tr>
          <th></th>
          ${arms.map((arm, place) => html`<td class="number"><i class="dot ${armClass(place)}"></i>${arm.name}</td>`)}
        </tr>
        ${arms.every((arm) => arm.method === arm.name) ? null : row('Method', (arm) => arm.method)}
        ${row('Visitors', (arm) => arm.visitors.toLocaleString('en-US'))}
        ${row('Sessions', (arm) => arm.sessions.toLocaleString('en-US'))}
        ${row('Failed sessions', failedCell)}
        ${arms.every((arm) => arm.cut === 0) ? null : row('Cut by the budget', (arm) => arm.cut.toLocaleString('en-US'))}
        ${metricNames(result).map((name) => row(nameInWords(name), (arm) => metricCell(arm, name)))}
        ${row('Held-out Recall@20', (arm) => (arm.heldOutRecall20 === null ? '–' : formatNumber(arm.heldOutRecall20)))}
        ${row('Held-out AUC', (arm) => (arm.heldOutAuc === null ? '–' : formatNumber(arm.heldOutAuc)))}
        ${row('Held-out NDCG@20', (arm) => (arm.heldOutNdcg20 === null ? '–' : formatNumber(arm.heldOutNdcg20)))}
      </table>
    </div>
  </section>`;
}

function failedCell(arm: ArmSummary): Html | string {
  if (arm.failed === 0) return '0';
  const kinds = sortedEntries(arm.failures).map(([kind, count]) => `${kind} ${count}`);
  return html`<span class="chip fail">${arm.failed}</span><small>${kinds.join(', ')}</small>`;
}

function metricCell(arm: ArmSummary, name: string): Html | string {
  const metric = arm.metrics[name];
  if (metric === undefined || metric.mean === null) return html`–<small>not estimable</small>`;
  const mean = formatNumber(metric.mean);
  return metric.n === arm.visitors
    ? mean
    : html`${mean}<small>of ${metric.n.toLocaleString('en-US')}</small>`;
}

/** How sessions ended, as shares by arm. */
export function exitsSection(result: Result): Html {
  const known = ['satisfied', 'bored', 'tired', 'time-over', 'step-limit'];
  const found = new Set(result.arms.flatMap((arm) => Object.keys(arm.exits)));
  const reasons = [
    ...known.filter((reason) => found.has(reason)),
    ...[...found].filter((reason) => !known.includes(reason)).sort(),
  ];
  const rows = result.arms.map((arm) => ({
    label: arm.name,
    parts: reasons.map((name) => ({
      name: nameInWords(name),
      colour: exitColour(name),
      count: arm.exits[name] ?? 0,
    })),
  }));
  return html`<section id="exits">
    <h2>Why visitors left</h2>
    <div class="card">
      ${stackedBars(rows, 'Reasons to leave by arm')}
      <ul class="legend">
        ${reasons.map((name) => html`<li><i class="dot ${exitClass(name)}"></i>${nameInWords(name)}</li>`)}
      </ul>
    </div>
  </section>`;
}

/** Every check with its status and what it found. */
export function checksSection(result: Result): Html {
  return html`<section id="checks">
    <h2>Checks</h2>
    <div class="card">
      ${
        result.checks.length === 0
          ? 'No check was made.'
          : html`<table>
              ${result.checks.map(
                (check) =>
                  html`<tr>
                    <td><span class="chip ${check.status}">${check.status}</span></td>
                    <td>${nameInWords(check.name)}</td>
                    <td>${check.detail}</td>
                  </tr>`,
              )}
            </table>`
      }
    </div>
  </section>`;
}

/** Names of all metrics in the order in which the first arm lists them. */
function metricNames(result: Result): string[] {
  return [...new Set(result.arms.flatMap((arm) => Object.keys(arm.metrics)))];
}

/** Entries by falling count, then name. */
function sortedEntries(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
