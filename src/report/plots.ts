// Plots as inline SVG, pure functions of rows: intervals (means by arm, effects against the control), bars, and
// stacked bars. Colours and fonts come from the page's style sheet through classes and the rows' colours.

import { html } from './html.ts';
import type { Html } from './html.ts';
import { formatTick, niceTicks } from './numbers.ts';

export interface IntervalRow {
  readonly label: string;
  readonly colour: string;
  /** Null where it cannot be estimated; `note` then stands in its place. */
  readonly estimate: number | null;
  readonly interval: readonly [number, number] | null;
  /** The numbers in words, at the right of the row. */
  readonly text: string;
  readonly note: string;
}

export interface IntervalPlotOptions {
  /** Draws a line at zero and keeps it in view. */
  readonly zero: boolean;
  /** Half-width of a band of no practical difference around zero. */
  readonly band?: number | null;
  readonly title: string;
  /** Pixels; labels and texts take theirs from it. */
  readonly width?: number;
  readonly labelWidth?: number;
  readonly textWidth?: number;
}

const rowHeight = 28;
const axisHeight = 24;

/** Points with intervals, one row each, over one shared axis (a forest plot when `zero` is set). */
export function intervalPlot(rows: readonly IntervalRow[], options: IntervalPlotOptions): Html {
  const { zero, band = null, title, width = 500, labelWidth = 146, textWidth = 140 } = options;
  const values = rows.flatMap((row) => [
    ...(row.interval ?? []),
    ...(row.estimate === null ? [] : [row.estimate]),
  ]);
  if (zero) values.push(0, ...(band === null ? [] : [-band, band]));
  const [low, high] = padded(values);
  const left = labelWidth;
  const right = width - textWidth;
  const x = (value: number): number => round(left + ((value - low) / (high - low)) * (right - left));
  const height = rows.length * rowHeight + axisHeight;
  const bottom = rows.length * rowHeight;
  const ticks = niceTicks(low, high, 4);
  return html`<svg
    class="plot"
    role="img"
    aria-label="${title}"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
  >
    ${
      band === null
        ? null
        : html`<rect
            class="band"
            x="${x(-band)}"
            y="0"
            width="${round(x(band) - x(-band))}"
            height="${bottom}"
          />`
    }
    ${ticks.map(
      (tick) =>
        html`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="0" y2="${bottom}" /><text
            class="tick"
            x="${x(tick)}"
            y="${bottom + 16}"
            text-anchor="middle"
            >${formatTick(tick, ticks)}</text
          >`,
    )}
    ${zero ? html`<line class="zero" x1="${x(0)}" x2="${x(0)}" y1="0" y2="${bottom}" />` : null}
    ${rows.map((row, place) => intervalRow(row, place * rowHeight + rowHeight / 2, x, left, right))}
  </svg>`;
}

function intervalRow(
  row: IntervalRow,
  middle: number,
  x: (value: number) => number,
  left: number,
  right: number,
): Html {
  const { estimate, interval, colour } = row;
  const label = html`<text class="label" x="${left - 12}" y="${middle + 4}" text-anchor="end"
    >${shortened(row.label, lettersIn(left))}</text
  >`;
  if (estimate === null) {
    return html`${label}<text class="note" x="${left + 8}" y="${middle + 4}"
        >${shortened(row.note, 60)}</text
      >`;
  }
  return html`<g
    ><title>${row.label}: ${row.text}${row.note ? ` (${row.note})` : ''}</title>${label}${
      interval === null
        ? null
        : html`<line
            class="interval"
            stroke="${colour}"
            x1="${x(interval[0])}"
            x2="${x(interval[1])}"
            y1="${middle}"
            y2="${middle}"
          />`
    }<circle class="point" fill="${colour}" cx="${x(estimate)}" cy="${middle}" r="5" /><text
      class="value"
      x="${right + 14}"
      y="${middle + 4}"
      >${row.text}</text
    ></g
  >`;
}

export interface BarRow {
  readonly label: string;
  readonly colour: string;
  readonly value: number | null;
  readonly text: string;
}

/** Plain bars from zero. */
export function barPlot(
  rows: readonly BarRow[],
  title: string,
  width = 500,
  labelWidth = 146,
  textWidth = 70,
): Html {
  const longest = Math.max(...rows.map((row) => row.value ?? 0), 1e-12);
  const height = rows.length * rowHeight;
  return html`<svg
    class="plot"
    role="img"
    aria-label="${title}"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
  >
    ${rows.map((row, place) => {
      const middle = place * rowHeight + rowHeight / 2;
      const length = row.value === null ? 0 : round((row.value / longest) * (width - labelWidth - textWidth));
      return html`<text class="label" x="${labelWidth - 12}" y="${middle + 4}" text-anchor="end"
          >${shortened(row.label, 21)}</text
        ><rect
          fill="${row.colour}"
          x="${labelWidth}"
          y="${middle - 7}"
          width="${length}"
          height="14"
          rx="3"
        /><text
          class="${row.value === null ? 'note' : 'value'}"
          x="${labelWidth + length + 8}"
          y="${middle + 4}"
          >${row.text}</text
        >`;
    })}
  </svg>`;
}

export interface StackedRow {
  readonly label: string;
  readonly parts: readonly { readonly name: string; readonly colour: string; readonly count: number }[];
}

/** Bars of equal length, each divided by the shares of its parts; counts stand in parts wide enough. */
export function stackedBars(rows: readonly StackedRow[], title: string, width = 940, labelWidth = 146): Html {
  const height = rows.length * 34;
  const room = width - labelWidth;
  return html`<svg
    class="plot"
    role="img"
    aria-label="${title}"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
  >
    ${rows.map((row, place) => {
      const top = place * 34 + 4;
      const total = row.parts.reduce((sum, part) => sum + part.count, 0);
      let before = 0;
      const parts = row.parts
        .filter((part) => part.count > 0)
        .map((part) => {
          const left = round(labelWidth + (before / total) * room);
          const length = round((part.count / total) * room);
          before += part.count;
          const share = `${Math.round((part.count / total) * 100)} %`;
          return html`<g
            ><title>${row.label}: ${part.name} ${part.count} of ${total}</title
            ><rect
              fill="${part.colour}"
              x="${left}"
              y="${top}"
              width="${Math.max(0, length - 2)}"
              height="24"
              rx="4"
            />${
              length > 44
                ? html`<text
                    class="inside"
                    x="${round(left + length / 2 - 1)}"
                    y="${top + 16}"
                    text-anchor="middle"
                    >${share}</text
                  >`
                : null
            }</g
          >`;
        });
      return html`<text class="label" x="${labelWidth - 12}" y="${top + 16}" text-anchor="end"
          >${shortened(row.label, 21)}</text
        >${total === 0 ? html`<text class="note" x="${labelWidth}" y="${top + 16}">no session ended</text>` : parts}`;
    })}
  </svg>`;
}

/** Lowest and highest value with some air; a span of one around a lone value. */
function padded(values: readonly number[]): [number, number] {
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = high > low ? (high - low) * 0.06 : Math.abs(low) * 0.1 || 0.5;
  return [low - air, high + air];
}

/** Letters of a label that a margin of so many pixels holds. */
function lettersIn(margin: number): number {
  return Math.floor(margin / 6.9);
}

function shortened(text: string, letters: number): string {
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
