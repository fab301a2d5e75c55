// The sections of a report for those who want to know more of the goal: several minds, how the run was stopped, guardrails, less noisy
// estimates, a prior's reading, kinds of visitors, pages and visits, and what one arm's log says of another. Each is
// left out where the run has nothing of it.

import { dollars } from '../base/money.ts';
import type { Result } from '../experiment/result.ts';
import { grid } from './grid.ts';
import { html, type Html } from './html.ts';
import { mindsPart } from './minds-part.ts';
import { armColour } from './style.ts';
import {
  formatInterval,
  formatNumber,
  formatProbability,
  formatRelative,
  formatSigned,
  nameInWords,
} from './numbers.ts';
import { intervalPlot, type IntervalRow } from './plots.ts';
import { decisionWord } from './sections.ts';

/** The whole section, or null where there is nothing to say. */
export function deeperSection(result: Result): Html | null {
  const parts = [
    mindsPart(result),
    stoppingPart(result),
    guardrailPart(result),
    adjustedPart(result),
    posteriorPart(result),
    segmentPart(result),
    stagePart(result),
    offPolicyPart(result),
  ].filter((part) => part !== null);
  if (parts.length === 0) return null;
  return html`<section id="deeper">
    <h2>A closer look at ${nameInWords(result.verdict.metric)}</h2>
    <p class="lead">
      The verdict goes by the comparison above unless it says otherwise here. What follows explains it; of
      many rows, some stand out by chance.
    </p>
    ${parts.map((part) => html`<div class="card">${part}</div>`)}
  </section>`;
}

const endings: Readonly<Record<Result['stopping']['ended'], string>> = {
  'as-planned': 'ran to its planned end',
  decided: 'ended early: the answer was clear',
  futile: 'ended early: the rest could hardly have changed the answer',
  interrupted: 'was interrupted',
  stopped: 'stopped itself, because too much failed',
  truncated: 'was truncated by its budget',
};

function stoppingPart({ stopping, arms }: Result): Html | null {
  if (stopping.rule === 'fixed') return null;
  const { planned, done, saved, looks } = stopping;
  const rows = looks.flatMap((look) =>
    look.arms.map((own): IntervalRow => ({
      label: `${look.visitors} visitors${look.arms.length > 1 ? `, ${own.arm}` : ''}`,
      colour: colourOf(arms, own.arm),
      estimate: own.effect,
      interval: own.ci,
      text: decisionWord(own.decision).toLowerCase(),
      note: own.effect === null ? 'not estimable' : '',
    })),
  );
  const spared = [
    `${saved.sessions.toLocaleString('en-US')} sessions`,
    ...(saved.tokens > 0 ? [`${saved.tokens.toLocaleString('en-US')} tokens`] : []),
    ...(saved.usd !== null && saved.usd > 0 ? [dollars(saved.usd)] : []),
  ].join(', ');
  return html`<h3>When it stopped</h3>
    <p>
      The run ${endings[stopping.ended]} after ${done.visitors.toLocaleString('en-US')} of
      ${planned.visitors.toLocaleString('en-US')}
      visitors${saved.sessions > 0 ? `, which saved ${spared}` : ''}. Intervals hold at all looks together.
    </p>
    ${intervalPlot(rows, { title: 'Effect at each look', zero: true, width: 760, textWidth: 130 })}`;
}

function guardrailPart({ guardrails }: Result): Html | null {
  if (guardrails.length === 0) return null;
  return html`<h3>Guardrails</h3>
    ${grid(
      ['metric', 'arm', 'may lose', 'effect', 'worst', ''],
      guardrails.map(({ metric, arm, margin, relative, worst, status, note }) => [
        nameInWords(metric),
        arm,
        formatRelative(-margin).replace('−', ''),
        relative === null ? '–' : formatRelative(relative),
        worst === null ? '–' : formatRelative(worst),
        `${status === 'cannot-tell' ? 'cannot tell' : status}${note === '' ? '' : `: ${note}`}`,
      ]),
    )}`;
}

function adjustedPart({ adjusted }: Result): Html | null {
  if (adjusted.length === 0) return null;
  return html`<h3>Less noise</h3>
    ${grid(
      ['arm', 'method', 'effect', 'interval', 'variance left', ''],
      adjusted.map(({ arm, method, effect, ci, varianceRatio, decides, note }) => [
        arm,
        method === 'cuped' ? 'CUPED' : 'post-stratified',
        effect === null ? '–' : formatSigned(effect),
        ci === null ? '–' : formatInterval(ci),
        varianceRatio === null ? '–' : `${Math.round(100 * varianceRatio)} %`,
        [decides ? 'decides' : '', note].filter(Boolean).join('; '),
      ]),
    )}`;
}

function posteriorPart({ posteriors }: Result): Html | null {
  if (posteriors.length === 0) return null;
  return html`<h3>Against a prior</h3>
    ${grid(
      ['arm', 'effect', 'interval', 'P(better)', 'P(no difference)', 'expected loss', ''],
      posteriors.map((own) => [
        own.arm,
        formatRelative(own.relative),
        formatInterval(own.interval, formatRelative),
        formatProbability(own.pBetter),
        formatProbability(own.pEquivalent),
        `${(100 * own.expectedLoss).toFixed(2)} %`,
        decisionWord(own.decision).toLowerCase(),
      ]),
    )}`;
}

function segmentPart({ segmentEffects, arms }: Result): Html | null {
  if (segmentEffects.length === 0) return null;
  const rows = segmentEffects.map((own): IntervalRow => ({
    label: `${own.trait} ${own.level}${arms.length > 2 ? `, ${own.arm}` : ''}`,
    colour: colourOf(arms, own.arm),
    estimate: own.effect,
    interval: own.ci,
    text: [
      own.relative === null ? '' : formatRelative(own.relative),
      own.pAdjusted === null ? '' : `p ${formatProbability(own.pAdjusted)}`,
      `n ${own.n}`,
    ]
      .filter(Boolean)
      .join(', '),
    note: own.effect === null ? `not estimable: ${own.note}` : '',
  }));
  return html`<h3>By kind of visitor</h3>
    <p>p values are adjusted over all rows (Benjamini and Hochberg).</p>
    ${intervalPlot(rows, { title: 'Effect by kind of visitor', zero: true, width: 930, labelWidth: 230, textWidth: 190 })}`;
}

function stagePart({ novelty, arms }: Result): Html | null {
  const { pages, visits, changes } = novelty;
  if (pages.length === 0 && visits.length === 0) return null;
  const rows = (stages: typeof pages, word: string): IntervalRow[] =>
    stages.map(({ number, arm, n, effect, ci }) => ({
      label: `${word} ${number}${arms.length > 2 ? `, ${arm}` : ''}`,
      colour: colourOf(arms, arm),
      estimate: effect,
      interval: ci,
      text: `n ${n}`,
      note: '',
    }));
  return html`<h3>Does it last?</h3>
    ${
      pages.length === 0
        ? null
        : intervalPlot(rows(pages, 'page'), {
            title: 'Effect by page of the list',
            zero: true,
            width: 800,
            labelWidth: 190,
            textWidth: 90,
          })
    }
    ${
      visits.length === 0
        ? null
        : intervalPlot(rows(visits, 'visit'), {
            title: 'Effect by visit',
            zero: true,
            width: 800,
            labelWidth: 190,
            textWidth: 90,
          })
    }
    ${changes
      .filter(({ change }) => change !== null)
      .map(
        ({ arm, change, ci, p }) =>
          html`<p>
            ${arm}: last visit minus first ${formatSigned(change!)}
            ${ci === null ? '' : ` (${formatInterval(ci)})`}${p === null ? '' : `, p ${formatProbability(p)}`}
          </p>`,
      )}`;
}

function offPolicyPart({ offPolicy }: Result): Html | null {
  if (offPolicy.length === 0) return null;
  const show = (estimate: (typeof offPolicy)[number]['truth']): string =>
    estimate === null
      ? '–'
      : `${formatNumber(estimate.value)}${estimate.ci === null ? '' : ` (${formatInterval(estimate.ci)})`}`;
  return html`<h3>What a log would have said</h3>
    <p>Clicks on the first list of an arm, estimated from the log of another, beside what really happened.</p>
    ${grid(
      ['arm', 'from the log of', 'IPS', 'SNIPS', 'really', 'effective places', ''],
      offPolicy.map((own) => [
        own.target,
        own.logged,
        show(own.ips),
        show(own.snips),
        show(own.truth),
        `${formatNumber(own.effectiveSize)} of ${own.logSize.toLocaleString('en-US')}`,
        own.note,
      ]),
    )}`;
}

function colourOf(arms: Result['arms'], name: string): string {
  return armColour(
    Math.max(
      0,
      arms.findIndex((arm) => arm.name === name),
    ),
  );
}
