// The list of runs, the page that lays some of them beside each other, and the page of an error.

import type { Result } from '../experiment/result.ts';
import type { Scenario } from '../experiment/scenario.ts';
import { html } from '../report/html.ts';
import type { Html } from '../report/html.ts';
import {
  formatInterval,
  formatNumber,
  formatRelative,
  formatSigned,
  nameInWords,
} from '../report/numbers.ts';
import { intervalPlot } from '../report/plots.ts';
import type { IntervalRow } from '../report/plots.ts';
import { decisionWord } from '../report/sections.ts';
import { armColour, decisionClass } from '../report/style.ts';
import { serverLinks } from './links.ts';
import type { RunView } from './run-view.ts';
import type { RunLine } from './runs.ts';
import { page } from './shell.ts';

const asset = (name: string): string => `/assets/${name}`;
const frame = (title: string, body: Html): string => page({ title, asset, runs: '/', run: null, body });

/** All runs, the newest first, with boxes to compare some. */
export function runsPage(lines: readonly RunLine[]): string {
  return frame(
    'Runs',
    html`<h1>Runs</h1>
      ${
        lines.length === 0
          ? html`<p class="card">
              There is no run here yet. Make one: <code>rehearsal run scenarios/hello.ts</code>
            </p>`
          : html`<form action="/compare">
              <div class="card">
                <table class="list">
                  <thead>
                    <tr>
                      <th scope="col"><span class="hidden">compare</span></th>
                      <th scope="col">run</th>
                      <th scope="col">question</th>
                      <th scope="col">verdict</th>
                      <th scope="col" class="number">sessions</th>
                      <th scope="col">begun</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${lines.map(runRow)}
                  </tbody>
                </table>
              </div>
              <p><button type="submit">Compare the marked runs</button></p>
            </form>`
      }`,
  );
}

function runRow(line: RunLine): Html {
  const { name, started } = line;
  const begun = started === null ? '–' : started.slice(0, 16).replace('T', ' ');
  if (line.kind === 'unreadable') {
    return html`<tr>
      <td></td>
      <td class="name">${name}</td>
      <td colspan="3"><span class="chip fail">cannot be read</span> ${line.why}</td>
      <td class="when">${begun}</td>
    </tr>`;
  }
  const { view } = line;
  return html`<tr>
    <td><input type="checkbox" name="run" value="${name}" aria-label="Compare ${name}" /></td>
    <td class="name"><a href="${serverLinks(name).experiment}">${name}</a></td>
    <td>${view.scenario.question}</td>
    <td>${verdictCell(view)}</td>
    <td class="number">${sessionCount(view)}</td>
    <td class="when">${begun}</td>
  </tr>`;
}

function sessionCount({ result, planned, database }: RunView): string {
  const done =
    result === null
      ? Number(database.prepare('SELECT count(*) FROM sessions').pluck().get())
      : result.stopping.done.sessions;
  return planned === null || planned === done
    ? done.toLocaleString('en-US')
    : `${done.toLocaleString('en-US')} of ${planned.toLocaleString('en-US')}`;
}

function verdictCell({ result }: RunView): Html {
  if (result === null) return html`<span class="chip warn">no result yet</span>`;
  const { decision, arm } = result.verdict;
  return html`<b class="${decisionClass(decision)}">${decisionWord(decision)}</b>
    ${arm === null ? null : html`<small>${arm}</small>`}`;
}

const mostCompared = 6;

/** Some runs beside each other: their verdicts, their effects on each metric, and what was different in their questions. */
export function comparePage(views: readonly RunView[]): string {
  const shown = views.slice(0, mostCompared);
  const results = shown.flatMap(({ name, result }) => (result === null ? [] : [{ name, result }]));
  const metrics = [
    ...new Set(results.flatMap(({ result }) => result.comparisons.map(({ metric }) => metric))),
  ];
  return frame(
    'Compare runs',
    html`<h1>Compare runs</h1>
      ${
        shown.length < 2
          ? html`<p class="card">Mark at least two runs in the <a href="/">list of runs</a>.</p>`
          : html`${summaryTable(shown)} ${differencesTable(shown)}
              <h2>Effects against each run's control</h2>
              <p class="lead">Runs are compared by eye here. Their difference was not tested.</p>
              <div class="card">${metrics.map((metric) => metricPlot(metric, results))}</div>`
      }
      ${views.length > mostCompared ? html`<p class="lead">Only the first ${mostCompared} are shown.</p>` : null}`,
  );
}

function summaryTable(views: readonly RunView[]): Html {
  const row = (name: string, cell: (view: RunView) => Html | string): Html =>
    html`<tr>
      <th scope="row">${name}</th>
      ${views.map((view) => html`<td>${cell(view)}</td>`)}
    </tr>`;
  const known = (view: RunView, cell: (result: Result) => Html | string): Html | string =>
    view.result === null ? '–' : cell(view.result);
  return html`<div class="card">
    <table>
      <thead>
        <tr>
          <td></td>
          ${views.map(({ name }) => html`<th scope="col"><a href="${serverLinks(name).experiment}">${name}</a></th>`)}
        </tr>
      </thead>
      <tbody>
        ${row('Question', (view) => view.scenario.question)} ${row('Verdict', verdictCell)}
        ${row('Why', (view) => known(view, ({ verdict }) => verdict.text))}
        ${row('Visitors', (view) => known(view, ({ stopping }) => stopping.done.visitors.toLocaleString('en-US')))}
        ${row('Event digest', (view) => known(view, ({ digest }) => html`<code>${digest.slice(0, 12)}</code>`))}
        ${row('Scenario hash', (view) => known(view, ({ scenarioHash }) => html`<code>${scenarioHash.slice(0, 12)}</code>`))}
      </tbody>
    </table>
  </div>`;
}

function differencesTable(views: readonly RunView[]): Html {
  const different = scenarioDifferences(views.map(({ scenario }) => scenario));
  return html`<h2>What was asked differently</h2>
    <div class="card">
      ${
        different.length === 0
          ? 'Nothing: the scenarios are equal.'
          : html`<table>
              <thead>
                <tr>
                  <th scope="col">field</th>
                  ${views.map(({ name }) => html`<th scope="col">${name}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${different.map(
                  ({ field, values }) =>
                    html`<tr>
                      <th scope="row" class="name"><code>${field}</code></th>
                      ${values.map((value) => html`<td>${value ?? '–'}</td>`)}
                    </tr>`,
                )}
              </tbody>
            </table>`
      }
    </div>`;
}

function metricPlot(metric: string, results: readonly { name: string; result: Result }[]): Html {
  const rows = results.flatMap(({ name, result }) =>
    result.comparisons
      .filter((comparison) => comparison.metric === metric)
      .map(({ arm, effect, ci, relative, decision, note }): IntervalRow => ({
        label: `${name}: ${arm}`,
        colour: armColour(
          Math.max(
            0,
            result.arms.findIndex((candidate) => candidate.name === arm),
          ),
        ),
        estimate: effect,
        interval: ci,
        text:
          effect === null
            ? ''
            : `${relative === null ? formatSigned(effect) : formatRelative(relative)}, ${decisionWord(decision).toLowerCase()}`,
        note:
          effect === null ? `not estimable: ${note}` : ci === null ? note : formatInterval(ci, formatNumber),
      })),
  );
  const title = nameInWords(metric);
  return html`<h3>${title}</h3>
    ${intervalPlot(rows, { title: `${title}: effects by run`, zero: true, width: 930, labelWidth: 260, textWidth: 190 })}`;
}

/** Fields of scenarios that are not the same in all, as paths: 'population.visitors', 'arms.1.settings.factors'. */
export function scenarioDifferences(
  scenarios: readonly Scenario[],
): { readonly field: string; readonly values: readonly (string | undefined)[] }[] {
  const flat = scenarios.map((scenario) => new Map(leaves(scenario, '')));
  const fields = [...new Set(flat.flatMap((own) => [...own.keys()]))].sort();
  return fields
    .map((field) => ({ field, values: flat.map((own) => own.get(field)) }))
    .filter(({ values }) => new Set(values).size > 1);
}

function leaves(value: unknown, path: string): [string, string][] {
  if (value === null || typeof value !== 'object') return [[path, JSON.stringify(value) ?? '–']];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

/** What went wrong, in the frame of all pages. */
export function problemPage(title: string, detail: string): string {
  return frame(
    title,
    html`<h1>${title}</h1>
      <p class="card">${detail}</p>`,
  );
}
