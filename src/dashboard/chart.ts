// The statechart of a visit as a small drawing: the state a step was taken in is lit, the transition it made is drawn
// strong. States and transitions are those of sandbox/site.ts; a test holds the two equal.

import { html } from '../report/html.ts';
import type { Html } from '../report/html.ts';

export type ChartState = 'home' | 'results' | 'item' | 'ended';

const places: Readonly<Record<ChartState, { readonly x: number; readonly y: number }>> = {
  home: { x: 50, y: 20 },
  item: { x: 230, y: 20 },
  results: { x: 50, y: 96 },
  ended: { x: 230, y: 96 },
};

/** Transitions between different states. */
export const edges: readonly (readonly [ChartState, ChartState])[] = [
  ['home', 'item'],
  ['item', 'home'],
  ['home', 'results'],
  ['results', 'home'],
  ['results', 'item'],
  ['item', 'results'],
  ['home', 'ended'],
  ['results', 'ended'],
  ['item', 'ended'],
];

/** States that a visit can stay in: pages are turned, items watched, rated and listed. */
export const loops: readonly ChartState[] = ['home', 'results', 'item'];

const half = { width: 40, height: 14 };

/** The drawing with `lit` lit and the transition to `next` strong; `next` equal to `lit` is a loop, null none. */
export function chart(lit: ChartState, next: ChartState | null): Html {
  const states = Object.entries(places) as [ChartState, { x: number; y: number }][];
  return html`<svg
    class="chart"
    viewBox="0 0 280 116"
    role="img"
    aria-label="${`Statechart: on the ${lit} page${next === null ? '' : next === lit ? ', stays' : `, then ${next}`}`}"
  >
    ${edges.map(([from, to]) => edge(from, to, from === lit && to === next))}
    ${loops.map((state) => loop(state, state === lit && state === next))}
    ${states.map(
      ([name, { x, y }]) =>
        html`<rect
            class="${name === lit ? 'state lit' : 'state'}"
            x="${x - half.width}"
            y="${y - half.height}"
            width="${2 * half.width}"
            height="${2 * half.height}"
            rx="8"
          /><text class="${name === lit ? 'lit' : ''}" x="${x}" y="${y + 4}" text-anchor="middle"
            >${name}</text
          >`,
    )}
  </svg>`;
}

/** There and back are drawn side by side, so that each has its own line. */
function edge(from: ChartState, to: ChartState, taken: boolean): Html {
  const [a, b] = [places[from], places[to]];
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const [dx, dy] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const aside = 4;
  const reach =
    Math.min(half.width / Math.max(Math.abs(dx), 1e-9), half.height / Math.max(Math.abs(dy), 1e-9)) + 1;
  const point = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  const end = { x: b.x - dx * reach - dy * aside, y: b.y - dy * reach + dx * aside };
  const start = point(a.x + dx * reach - dy * aside, a.y + dy * reach + dx * aside);
  const wing = (side: number): string =>
    point(end.x - dx * 6 - dy * 3.5 * side, end.y - dy * 6 + dx * 3.5 * side);
  return html`<path
    class="${taken ? 'edge taken' : 'edge'}"
    d="M ${start} L ${point(end.x, end.y)} M ${wing(1)} L ${point(end.x, end.y)} L ${wing(-1)}"
  />`;
}

function loop(state: ChartState, taken: boolean): Html {
  const { x, y } = places[state];
  const out = x < 140 ? -1 : 1;
  const edgeX = x + out * half.width;
  return html`<path
    class="${taken ? 'edge taken' : 'edge'}"
    d="M ${edgeX} ${y - 6} C ${edgeX + out * 13} ${y - 10} ${edgeX + out * 13} ${y + 10} ${edgeX} ${y + 6}"
  />`;
}
