// The experiment of a run: the sections of its report, and while it is under way how far it has come. A run under way
// has no verdict here: looking early and often is how false alarms are made.

import { dollars } from '../base/money.ts';
import type { Result } from '../experiment/result.ts';
import { deeperSection } from '../report/deeper-sections.ts';
import { healthSection } from '../report/health-section.ts';
import { html } from '../report/html.ts';
import type { Html } from '../report/html.ts';
import { formatNumber, nameInWords } from '../report/numbers.ts';
import { heldOutSection } from '../report/offline-section.ts';
import {
  armsSection,
  checksSection,
  exitsSection,
  metricsSection,
  verdictSection,
} from '../report/sections.ts';
import { quotedText } from '../report/quoted.ts';
import { unfinishedCard } from '../report/unfinished.ts';
import type { Links } from './links.ts';
import { armDot } from './replay-page.ts';
import { isDataRow } from './rows.ts';
import type { RunView } from './run-view.ts';
import { runPage } from './shell.ts';

/** The page; `live` is the part that a run under way keeps sending. */
export function experimentPage(view: RunView, links: Links): string {
  const { scenario, result } = view;
  const body = html`<h1>${scenario.question}</h1>
    ${facts(view)} ${result === null ? progressSection(view, links, null) : finished(result, view)}`;
  return runPage(view, links, 'experiment', 'Experiment', body);
}

function facts({ scenario, arms }: RunView): Html {
  const all = [
    `${scenario.population.visitors.toLocaleString('en-US')} visitors`,
    `${arms.length} ${arms.length === 1 ? 'list' : 'arms'}`,
    scenario.design,
    scenario.minds === undefined ? `${scenario.mind} mind` : `minds ${scenario.minds.join(' and ')}`,
    `${scenario.catalogue} catalogue`,
    `goal ${nameInWords(scenario.metrics.goal)}`,
    `seed ${scenario.seed}`,
  ];
  return html`<ul class="facts">
    ${all.map((fact) => html`<li>${fact}</li>`)}
  </ul>`;
}

function finished(result: Result, { scenario }: RunView): Html {
  return html`${unfinishedCard(result)} ${verdictSection(result)} ${metricsSection(result, scenario)}
  ${armsSection(result)} ${deeperSection(result)} ${heldOutSection(result)} ${exitsSection(result)}
  ${checksSection(result)} ${healthSection(result)} ${costSection(result)}`;
}

function costSection(result: Result): Html {
  const { cost, digest, scenarioHash } = result;
  const quoted = quotedText(result);
  const number = (value: number): string => value.toLocaleString('en-US');
  const rows: readonly (readonly [string, string])[] = [
    ['Model calls', number(cost.calls)],
    ['Tokens', `${number(cost.tokensIn)} in, ${number(cost.tokensOut)} out`],
    ['Money', dollars(cost.usd)],
    ...(quoted === null ? [] : [['Quoted', quoted] as const]),
    ['Time', `${number(Math.round(cost.seconds))} s`],
    ['Event digest', digest],
    ['Scenario hash', scenarioHash],
  ];
  return html`<section id="cost">
    <h2>Cost and origin</h2>
    <div class="card">
      <dl class="record">
        ${rows.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
    </div>
  </section>`;
}

/** What is known of the pace: seconds that the rest will take; null before two looks were taken. */
export type SecondsLeft = number | null;

/** How far a run without a result has come, by arm. */
export function progressSection(view: RunView, links: Links, secondsLeft: SecondsLeft): Html {
  const sessions = view.sessions();
  const failed = sessions.filter(({ status }) => status === 'failed').length;
  const rows = view.arms.map((arm) => {
    const own = sessions.filter((row) => row.arm === arm && row.replicate >= 1 && isDataRow(row));
    const mean = (field: 'clicks' | 'watches' | 'steps'): string =>
      own.length === 0 ? '–' : formatNumber(own.reduce((sum, row) => sum + row[field], 0) / own.length);
    return {
      arm,
      cells: [own.length.toLocaleString('en-US'), mean('steps'), mean('clicks'), mean('watches')],
    };
  });
  return html`<section id="live" data-live="${links.live ?? ''}">
    <h2>No result yet</h2>
    <div class="card">
      <p class="lead">
        This run is under way, or was interrupted (then go on with <code>rehearsal resume</code>). There is no
        verdict before its end: who looks early and often finds effects that are none.
      </p>
      ${progressBar(sessions.length, view.planned)}
      <ul class="facts">
        <li>${failed} failed</li>
        ${secondsLeft === null ? null : html`<li>about ${timeInWords(secondsLeft)} left</li>`}
      </ul>
      <table class="list">
        <thead>
          <tr>
            ${['arm', 'sessions', 'steps a session', 'clicks a session', 'watches a session'].map(
              (title, place) => html`<th scope="col" class="${place === 0 ? '' : 'number'}">${title}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ arm, cells }) =>
              html`<tr>
                <td>${armDot(view, arm)}${arm}</td>
                ${cells.map((cell) => html`<td class="number">${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** Without a plan in the record there is nothing to draw a share of. */
function progressBar(done: number, planned: number | null): Html {
  const count = done.toLocaleString('en-US');
  if (planned === null) return html`<p>${count} sessions</p>`;
  return html`<label for="progress">${count} of ${planned.toLocaleString('en-US')} sessions</label>
    <progress id="progress" value="${done}" max="${planned}"></progress>`;
}

function timeInWords(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
