// Comparisons of augmentation in words: three tables and a sentence for each, for rankings and click models alike. No figure
// stands without its controls, and no sentence goes past its interval.

import { conditions, type Condition } from '../dataset/augmentation.ts';
import type { Html } from '../report/html.ts';
import { html } from '../report/html.ts';
import { intervalPlot } from '../report/plots.ts';
import { added, controls, type Added, type Comparison, type Figure } from './augment-figures.ts';
import { table } from './page.ts';

export const titles: Readonly<Record<Condition, string>> = {
  real: 'real',
  synthetic: '+ synthetic',
  'held-back': '+ held-back real',
  permuted: '+ permuted',
  unchosen: '+ unchosen',
};
const colours: Readonly<Record<Added, string>> = {
  synthetic: '#2563eb',
  'held-back': '#0d9488',
  permuted: '#d97706',
  unchosen: '#9333ea',
};

/** How many intervals of gains and differences comparisons show, shares left out. */
export const intervalsOf = (rows: readonly Comparison[]): number =>
  rows.length * (added.length + controls.length);

/** Markdown lines: the conditions, the gains, what they come to. `about` gives a row's first cells, of these `names`. */
export function comparisonLines<Row extends Comparison>(
  rows: readonly Row[],
  names: readonly string[],
  about: (row: Row) => string[],
): string[] {
  return [
    ...table(
      [...names, ...conditions.map((condition) => titles[condition])],
      rows.map((row) => [...about(row), ...conditions.map((condition) => plain(row.means[condition]))]),
    ),
    '',
    'Gains over the real rows alone, and the standard deviation of the mean gain over seeds:',
    '',
    ...table(
      [...names, ...added.flatMap((condition) => [titles[condition], 'sd'])],
      rows.map((row) => [
        ...about(row),
        ...added.flatMap((condition) => [signed(row.gains[condition]), row.seedSpread[condition].toFixed(4)]),
      ]),
    ),
    '',
    ...table(
      [...names, ...controls.map((control) => `synthetic − ${control}`), 'share of the real gain'],
      rows.map((row) => [
        ...about(row),
        ...controls.map((control) => signed(row.syntheticOver[control])),
        share(row.shareOfRealGain),
      ]),
    ),
    '',
    ...rows.map((row) => `- ${about(row).join(', ')}: ${verdict(row)}`),
  ];
}

/** The gains as a plot with its sentence, under a heading. */
export function comparisonSection(row: Comparison, about: string): Html {
  return html`<section class="card">
    <h3>${about}: ${plain(row.means.real)} on real rows</h3>
    ${intervalPlot(
      (['held-back', 'synthetic', 'permuted', 'unchosen'] as const).map((condition) => {
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
      { zero: true, title: `${about}: gains`, width: 800, textWidth: 220 },
    )}
    <p>${verdict(row)}</p>
  </section>`;
}

function verdict(row: Comparison): string {
  const gain = word(
    row.gains.synthetic,
    'synthetic rows help',
    'synthetic rows harm',
    'synthetic rows neither help nor harm for certain',
  );
  const over = controls.map((control) =>
    word(
      row.syntheticOver[control],
      `better than ${control} ones`,
      `worse than ${control} ones`,
      `not told from ${control} ones`,
    ),
  );
  return `${gain}; they are ${over.join(' and ')}; share of the gain of equally many real rows: ${share(row.shareOfRealGain)}.`;
}

function word({ ci, note }: Figure, above: string, below: string, between: string): string {
  if (ci === null) return `not estimable (${note})`;
  return ci[0] > 0 ? above : ci[1] < 0 ? below : between;
}

export function plain({ value, note }: Figure, digits = 4): string {
  return value === null ? `not estimable: ${note}` : value.toFixed(digits);
}

export function signed({ value, ci, note }: Figure, digits = 4): string {
  const sign = (number: number): string => `${number < 0 ? '−' : '+'}${Math.abs(number).toFixed(digits)}`;
  if (value === null || ci === null) return `not estimable: ${note}`;
  return `${sign(value)} [${sign(ci[0])}, ${sign(ci[1])}]`;
}

export function share({ value, ci, note }: Figure, digits = 0): string {
  if (value === null || ci === null) return `not estimable: ${note}`;
  const percent = (part: number): string => `${(100 * part).toFixed(digits).replace('-', '−')} %`;
  return `${percent(value)} [${percent(ci[0])}, ${percent(ci[1])}]`;
}

export const counted = (value: number): string => Math.round(value).toLocaleString('en-US');
