// What the contest of augmentation shows: tables for the terminal and for Markdown, and a page with interval plots.
// No figure stands without its three controls, and no sentence goes past its interval.

import { html, trusted, type Html } from '../report/html.ts';
import { intervalPlot, type IntervalRow } from '../report/plots.ts';
import { styleSheet } from '../report/style.ts';
import type { Condition } from '../dataset/augmentation.ts';
import { added, type Added, type AugmentRow, type Figure } from './augment-figures.ts';
import type { AugmentReport } from './augment.ts';
import { table } from './page.ts';

const titles: Readonly<Record<Condition, string>> = {
  real: 'real',
  synthetic: '+ synthetic',
  'held-back': '+ held-back real',
  permuted: '+ permuted',
};
const colours: Readonly<Record<Added, string>> = {
  synthetic: '#2563eb',
  'held-back': '#0d9488',
  permuted: '#d97706',
};

/** Markdown lines: what was asked, the four conditions, the gains, what they come to, and why. */
export function augmentLines(report: AugmentReport): string[] {
  const about = ({ method, history, metric }: AugmentRow): string[] => [method, history, metric];
  return [
    ...aboutLines(report),
    '',
    ...table(
      ['method', 'history', 'metric', ...Object.values(titles)],
      report.rows.map((row) => [
        ...about(row),
        ...Object.keys(titles).map((condition) => plain(row.means[condition as Condition])),
      ]),
    ),
    '',
    'Gains over the real rows alone, and the standard deviation of the mean gain over seeds:',
    '',
    ...table(
      ['method', 'history', 'metric', ...added.flatMap((condition) => [titles[condition], 'sd'])],
      report.rows.map((row) => [
        ...about(row),
        ...added.flatMap((condition) => [signed(row.gains[condition]), row.seedSpread[condition].toFixed(4)]),
      ]),
    ),
    '',
    ...table(
      ['method', 'history', 'metric', 'synthetic − permuted', 'share of the real gain'],
      report.rows.map((row) => [
        ...about(row),
        signed(row.syntheticOverPermuted),
        share(row.shareOfRealGain),
      ]),
    ),
    '',
    'Whether the added rows agree with what the same people really did later:',
    '',
    ...table(
      ['rows', 'mean stars', 'rated later', 'liked, of likes', 'correlation of stars'],
      (['synthetic', 'permuted'] as const).map((kind) => {
        const { stars, met, liked, correlation } = report.agreement[kind];
        return [titles[kind], plain(stars, 2), share(met, 1), share(liked, 1), signed(correlation, 2)];
      }),
    ),
    '',
    ...report.rows.map((row) => `- ${verdict(row)}`),
  ];
}

function aboutLines(report: AugmentReport): string[] {
  const { available } = report;
  const count = (value: number): string => Math.round(value).toLocaleString('en-US');
  const rows = added.map((condition) => `${count(report.added[condition])} ${condition}`).join(', ');
  return [
    `Catalogue ${report.catalogue}: ${count(report.realRows)} real rows; ${report.people} people asked for what they really liked later; ${report.seeds} seeds.`,
    `${count(available.visitors)} visitors gave ${count(available.synthetic)} simulated ratings of items new to them and have ${count(available.heldBack)} real rows to hold back. Added, as many by each visitor: ${rows}.`,
    `Intervals are 95 %, people resampled, paired. History says whether a recommender, when asked, was told of the added rows, too. Of ${4 * report.rows.length} intervals one in twenty misses by chance alone.`,
  ];
}

/** What a row says. */
function verdict(row: AugmentRow): string {
  const gain = word(
    row.gains.synthetic,
    'synthetic rows help',
    'synthetic rows harm',
    'synthetic rows neither help nor harm for certain',
  );
  const over = word(
    row.syntheticOverPermuted,
    'they are better than permuted ones',
    'they are worse than permuted ones',
    'they are not told from permuted ones',
  );
  return `${row.method}, history ${row.history}, ${row.metric}: ${gain}; ${over}; share of the gain of equally many real rows: ${share(row.shareOfRealGain)}.`;
}

function word({ ci, note }: Figure, above: string, below: string, between: string): string {
  if (ci === null) return `not estimable (${note})`;
  return ci[0] > 0 ? above : ci[1] < 0 ? below : between;
}

function plain({ value, note }: Figure, digits = 4): string {
  return value === null ? `not estimable: ${note}` : value.toFixed(digits);
}

function signed({ value, ci, note }: Figure, digits = 4): string {
  const sign = (number: number): string => `${number < 0 ? '−' : '+'}${Math.abs(number).toFixed(digits)}`;
  if (value === null || ci === null) return `not estimable: ${note}`;
  return `${sign(value)} [${sign(ci[0])}, ${sign(ci[1])}]`;
}

function share({ value, ci, note }: Figure, digits = 0): string {
  if (value === null || ci === null) return `not estimable: ${note}`;
  const percent = (part: number): string => `${(100 * part).toFixed(digits).replace('-', '−')} %`;
  return `${percent(value)} [${percent(ci[0])}, ${percent(ci[1])}]`;
}

/** The page: one forest plot for each method, history and metric. */
export function augmentPage(report: AugmentReport, run: string): string {
  const section = (row: AugmentRow): Html =>
    html`<section class="card">
      <h3>${row.method}, history ${row.history}, ${row.metric}: ${plain(row.means.real)} on real rows</h3>
      ${intervalPlot(
        (['held-back', 'synthetic', 'permuted'] as const).map((condition): IntervalRow => {
          const { value, ci, note } = row.gains[condition];
          return {
            label: titles[condition],
            colour: colours[condition],
            estimate: value,
            interval: ci,
            text: signed(row.gains[condition]),
            note,
          };
        }),
        { zero: true, title: `${row.method}, ${row.metric}: gains`, width: 800, textWidth: 220 },
      )}
      <p>${verdict(row)}</p>
    </section>`;
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
            ${aboutLines(report).map((line) => html`<p>${line}</p>`)}
            <p>Gains over the real rows alone, with 95 % intervals over people.</p>
            ${report.rows.map(section)}
          </main>
        </body>
      </html>`.html
  }\n`;
}
