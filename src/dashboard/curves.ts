// Curves as inline SVG: points joined by lines over two axes, with a band where there are intervals. Colours come with
// the series, everything else from the style sheet.

import { html } from '../report/html.ts';
import type { Html } from '../report/html.ts';
import { formatTick, niceTicks } from '../report/numbers.ts';

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  readonly interval?: readonly [number, number];
  /** The point in words, shown when it is pointed at. */
  readonly text: string;
}

export interface Curve {
  readonly label: string;
  readonly colour: string;
  readonly points: readonly CurvePoint[];
}

export interface CurveOptions {
  readonly title: string;
  /** What the level axis counts. */
  readonly across: string;
  /** What the upright axis counts. */
  readonly upright: string;
  readonly width?: number;
  readonly height?: number;
}

const margin = { left: 64, right: 16, top: 12, bottom: 42 };

/** Curves over shared axes; zero is always in view on the upright one. */
export function curvePlot(curves: readonly Curve[], options: CurveOptions): Html {
  const { title, across, upright, width = 1110, height = 280 } = options;
  const points = curves.flatMap((curve) => curve.points);
  const xs = points.map(({ x }) => x);
  const ys = [0, ...points.flatMap(({ y, interval }) => [y, ...(interval ?? [])])];
  const [left, right] = [margin.left, width - margin.right];
  const [top, bottom] = [margin.top, height - margin.bottom];
  const along = scale(Math.min(...xs), Math.max(...xs), left + 14, right - 14);
  const up = scale(Math.min(...ys), Math.max(...ys), bottom, top);
  const yTicks = niceTicks(Math.min(...ys), Math.max(...ys), 5);
  const xTicks = niceTicks(Math.min(...xs), Math.max(...xs), 10).filter(Number.isInteger);
  return html`<svg
    class="plot"
    role="img"
    aria-label="${title}"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
  >
    ${yTicks.map(
      (tick) =>
        html`<line
            class="${tick === 0 ? 'zero' : 'grid'}"
            x1="${left}"
            x2="${right}"
            y1="${up(tick)}"
            y2="${up(tick)}"
          /><text class="tick" x="${left - 10}" y="${up(tick) + 4}" text-anchor="end"
            >${formatTick(tick, yTicks)}</text
          >`,
    )}
    ${xTicks.map(
      (tick) =>
        html`<text class="tick" x="${along(tick)}" y="${bottom + 18}" text-anchor="middle"
          >${formatTick(tick, xTicks)}</text
        >`,
    )}
    <text class="tick" x="${(left + right) / 2}" y="${height - 6}" text-anchor="middle">${across}</text>
    <text class="tick" transform="translate(12 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">
      ${upright}
    </text>
    ${curves.map((curve) => oneCurve(curve, along, up))}
  </svg>`;
}

function oneCurve({ colour, label, points }: Curve, along: Scale, up: Scale): Html {
  const bounded = points.filter((point) => point.interval !== undefined);
  const edge = [
    ...bounded.map(({ x, interval }) => `${along(x)},${up(interval![1])}`),
    ...bounded.toReversed().map(({ x, interval }) => `${along(x)},${up(interval![0])}`),
  ];
  return html`${edge.length === 0 ? null : html`<polygon fill="${colour}" fill-opacity="0.13" points="${edge.join(' ')}" />`}<polyline
      fill="none"
      stroke="${colour}"
      stroke-width="2"
      points="${points.map(({ x, y }) => `${along(x)},${up(y)}`).join(' ')}"
    />${points.map(
      ({ x, y, text }) =>
        html`<circle cx="${along(x)}" cy="${up(y)}" r="3.5" fill="${colour}"
          ><title>${label}, ${text}</title></circle
        >`,
    )}`;
}

type Scale = (value: number) => number;

function scale(low: number, high: number, from: number, to: number): Scale {
  return (value) =>
    Math.round((high === low ? (from + to) / 2 : from + ((value - low) / (high - low)) * (to - from)) * 10) /
    10;
}
