// What the contests of augmentation show: Markdown for the terminal and for files, and a page with interval plots. The tables
// and sentences of single comparisons are in augment-tables.ts.

import { html, trusted } from '../report/html.ts';
import { styleSheet } from '../report/style.ts';
import { added } from './augment-figures.ts';
import {
  comparisonLines,
  comparisonSection,
  counted,
  intervalsOf,
  plain,
  share,
  signed,
  titles,
} from './augment-tables.ts';
import { simulated, type AugmentReport, type AugmentRow } from './augment.ts';
import type { ClickReport, ClickRow } from './click-contest.ts';
import { table } from './page.ts';

/** What was asked of a run; null where it was not. */
export interface Reports {
  readonly rankings: AugmentReport | null;
  readonly clicks: ClickReport | null;
}

/** Markdown lines of both contests. */
export function augmentLines({ rankings, clicks }: Reports): string[] {
  return [
    ...(rankings === null ? [] : rankingLines(rankings)),
    ...(rankings === null || clicks === null ? [] : ['']),
    ...(clicks === null ? [] : clickLines(clicks)),
  ];
}

const aboutRanking = ({ method, history, metric }: AugmentRow): string[] => [method, history, metric];
const aboutClicks = ({ method, rows, covers, metric }: ClickRow): string[] => [method, rows, covers, metric];

function rankingLines(report: AugmentReport): string[] {
  return [
    '## Rankings of what people really liked later',
    '',
    ...rankingFacts(report),
    '',
    ...comparisonLines(report.rows, ['method', 'history', 'metric'], aboutRanking),
    '',
    'Whether the added rows agree with what the same people really did later:',
    '',
    ...table(
      ['rows', 'mean stars', 'rated later', 'liked, of likes', 'correlation of stars'],
      simulated.map((kind) => {
        const { stars, met, liked, correlation } = report.agreement[kind];
        return [titles[kind], plain(stars, 2), share(met, 1), share(liked, 1), signed(correlation, 2)];
      }),
    ),
  ];
}

function rankingFacts(report: AugmentReport): string[] {
  const { available } = report;
  const rows = added.map((condition) => `${counted(report.added[condition])} ${condition}`).join(', ');
  return [
    `Catalogue ${report.catalogue}: ${counted(report.realRows)} real rows; ${report.people} people asked for what they really liked later; ${report.seeds} seeds.`,
    `${counted(available.visitors)} visitors gave ${counted(available.synthetic)} simulated ratings of items new to them and have ${counted(available.heldBack)} real rows to hold back. Added, as many by each visitor: ${rows}.`,
    `Intervals are 95 %, people resampled, paired. History says whether a recommender, when asked, was told of the added rows, too. ${chance(intervalsOf(report.rows))}`,
    ...(report.methods.some(({ name }) => name === 'popularity')
      ? [
          'popularity sees only how often an item was rated, which an exchange of visitors hardly changes: for it, permuted rows are no control.',
        ]
      : []),
  ];
}

function clickLines(report: ClickReport): string[] {
  return [
    '## Click models: which of the items that people really met later they liked',
    '',
    ...clickFacts(report),
    '',
    ...comparisonLines(report.rows, ['model', 'rows', 'covers', 'metric'], aboutClicks),
    ...(report.covers.length === 0
      ? []
      : [
          '',
          ...table(
            ['model', 'rows', 'metric', 'with covers − without'],
            report.covers.map(({ method, rows, metric, over }) => [method, rows, metric, signed(over)]),
          ),
        ]),
  ];
}

function clickFacts(report: ClickReport): string[] {
  const { available } = report;
  return [
    `Trained on ${counted(report.realRows)} real rows, a like of four stars being a click, and on ${counted(available.added)} rows added by ${counted(available.visitors)} visitors, as many of every kind: choices of two items that stood side by side, one chosen (opened, or watched on its page) and one not. ${report.seeds} seeds.`,
    `Asked about ${counted(report.tested)} later rows of ${report.people} people. AUC and logloss are those within a person, mean over people; a gain in logloss is how much lower it is. Unchosen rows are the same choices with a coin for which was chosen.`,
    `Intervals are 95 %, people resampled, paired. ${chance(intervalsOf(report.rows) + report.covers.length)}`,
    ...(report.covers.length === 0
      ? ['All pages of the run are of one kind, so there is nothing to compare covers with.']
      : []),
  ];
}

function chance(intervals: number): string {
  return `Of the ${intervals} intervals of gains and differences one in twenty misses by chance alone.`;
}

/** The page: one forest plot for each figure of each method. */
export function augmentPage({ rankings, clicks }: Reports, run: string): string {
  return `${
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta
            http-equiv="Content-Security-Policy"
            content="default-src 'none'; style-src 'unsafe-inline'"
          />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>Augmentation with ${run}</title>
          <style>
            ${trusted(styleSheet(''))}
          </style>
        </head>
        <body>
          <div class="top">
            <div class="brand"><b>Rehearsal</b> augmentation with ${run}</div>
            <h1>Do the rows of ${run} help recommenders trained on them?</h1>
          </div>
          <main>
            ${
              rankings === null
                ? null
                : html`<h2>Rankings of what people really liked later</h2>
                    ${rankingFacts(rankings).map((line) => html`<p>${line}</p>`)}
                    <p>Gains over the real rows alone, with 95 % intervals over people.</p>
                    ${rankings.rows.map((row) =>
                      comparisonSection(row, `${row.method}, history ${row.history}, ${row.metric}`),
                    )}`
            }
            ${
              clicks === null
                ? null
                : html`<h2>Click models</h2>
                    ${clickFacts(clicks).map((line) => html`<p>${line}</p>`)}
                    ${clicks.rows.map((row) =>
                      comparisonSection(
                        row,
                        `${row.method}, ${row.rows}, covers ${row.covers}, ${row.metric}`,
                      ),
                    )}`
            }
          </main>
        </body>
      </html>`.html
  }\n`;
}
