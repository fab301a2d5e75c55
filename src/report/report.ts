// The report of a run: one HTML file that needs nothing else, no scripts, everything escaped. A function of the
// record: the same record gives the same bytes. It shows what the result says and concludes nothing of its own.

import { dollars } from '../base/money.ts';
import type { Result } from '../experiment/result.ts';
import type { Scenario } from '../experiment/scenario.ts';
import { examplesSection } from './example-section.ts';
import type { Example } from './examples.ts';
import { healthSection } from './health-section.ts';
import { html, trusted } from './html.ts';
import type { Html } from './html.ts';
import { heldOutSection } from './offline-section.ts';
import {
  armsSection,
  checksSection,
  decisionWord,
  exitsSection,
  metricsSection,
  verdictSection,
} from './sections.ts';
import { deeperSection } from './deeper-sections.ts';
import { quotedText } from './quoted.ts';
import { styleSheet } from './style.ts';
import { unfinishedCard } from './unfinished.ts';

export interface ReportInput {
  readonly result: Result;
  readonly scenario: Scenario;
  readonly examples: readonly Example[];
  /** What else the record says of the run, by name: versions of mind, program and browser. */
  readonly versions: Readonly<Record<string, string>>;
  /** The command that makes the same run again. */
  readonly command: string;
  /** @font-face rules with embedded fonts; empty for the system's font. */
  readonly fonts: string;
}

const contentPolicy = "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'";

/** The whole page as text. */
export function renderReport(input: ReportInput): string {
  const { result, scenario, examples } = input;
  const heldOut = heldOutSection(result);
  const deeper = deeperSection(result);
  const health = healthSection(result);
  const sections: readonly (readonly [string, string])[] = [
    ['metrics', 'Effects and means'],
    ['arms', 'Arms'],
    ...(deeper === null ? [] : [['deeper', 'A closer look'] as const]),
    ...(heldOut === null ? [] : [['held-out', 'Held-out accuracy'] as const]),
    ['exits', 'Why visitors left'],
    ['checks', 'Checks'],
    ...(health === null ? [] : [['health', 'Health of the arms'] as const]),
    ['examples', 'What visitors saw and did'],
    ['record', 'How it was made'],
  ];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${decisionWord(result.verdict.decision)}: ${result.question}</title>
        <style>
          ${trusted(styleSheet(input.fonts))}
        </style>
      </head>
      <body>
        <div class="top">
          <div class="brand"><b>Rehearsal</b> report of ${result.run}</div>
          <h1>${result.question}</h1>
          ${facts(result, scenario)}
          <nav>${sections.map(([id, title]) => html`<a href="#${id}">${title}</a>`)}</nav>
        </div>
        <main>
          ${unfinishedCard(result)} ${verdictSection(result)} ${metricsSection(result, scenario)}
          ${armsSection(result)} ${deeper} ${heldOut} ${exitsSection(result)} ${checksSection(result)}
          ${health}
          ${examplesSection(
            examples,
            result.arms.map((arm) => arm.name),
          )}
          ${recordSection(input)}
          <footer>
            All visitors in this report are simulated. It says how they behaved, not how people will.
          </footer>
        </main>
      </body>
    </html> `.html;
}

const designs: Readonly<Record<Result['design'], string>> = {
  twins: 'twins: every visitor in every arm',
  split: 'split: every visitor in one arm',
  interleaving: 'interleaving: both arms in every list',
};

function facts(result: Result, scenario: Scenario): Html {
  const isOneMind = result.minds === null;
  // Interleaved arms are the same sessions, seen from both sides.
  const apart = result.design === 'interleaving' ? result.arms.slice(0, 1) : result.arms;
  const sessions = isOneMind
    ? apart.reduce((sum, arm) => sum + arm.sessions, 0)
    : result.stopping.done.sessions;
  const visitors = !isOneMind
    ? result.stopping.done.visitors
    : result.design !== 'split'
      ? Math.max(...result.arms.map((arm) => arm.visitors))
      : result.arms.reduce((sum, arm) => sum + arm.visitors, 0);
  const list = [
    `${visitors.toLocaleString('en-US')} simulated visitors`,
    `${sessions.toLocaleString('en-US')} sessions`,
    `${result.arms.length} arms`,
    designs[result.design],
    result.minds === null ? `${result.mind} mind` : `minds ${result.mind}`,
    `${result.catalogue} catalogue`,
    `goal ${nameOfGoal(scenario)}`,
  ];
  return html`<ul class="facts">
    ${list.map((fact) => html`<li>${fact}</li>`)}
  </ul>`;
}

function nameOfGoal(scenario: Scenario): string {
  return scenario.metrics.goal === 'ctr' ? 'CTR' : scenario.metrics.goal;
}

function recordSection({ result, versions, command }: ReportInput): Html {
  const { cost } = result;
  const quoted = quotedText(result);
  const rows: readonly (readonly [string, string])[] = [
    ['Scenario', result.scenario],
    ['Seed', String(result.seed)],
    ['Design', result.design],
    ['Catalogue', result.catalogue],
    ...('mind' in versions ? [] : [['Mind', result.mind] as const]),
    ...Object.entries(versions)
      .map(([name, version]): [string, string] => [name.charAt(0).toUpperCase() + name.slice(1), version])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
    ['Event digest', result.digest],
    ['Folder', result.path],
    [
      'Cost',
      `${cost.calls.toLocaleString('en-US')} model calls, ${(cost.tokensIn + cost.tokensOut).toLocaleString('en-US')} tokens, ${dollars(cost.usd)}, ${Math.round(cost.seconds).toLocaleString('en-US')} s`,
    ],
    ...(quoted === null ? [] : [['Quoted', quoted] as const]),
  ];
  return html`<section id="record">
    <h2>How it was made</h2>
    <div class="card">
      <dl class="record">
        ${rows.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
      <pre>${command}</pre>
    </div>
  </section>`;
}
