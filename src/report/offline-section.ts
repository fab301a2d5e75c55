// Offline accuracy beside what the simulated visitors did: bars by arm, and every measure's order of the arms.

import type { Result } from '../experiment/result.ts';
import { kendallTau } from '../stats/rank-correlation.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { formatNumber, nameInWords } from './numbers.ts';
import { barPlot } from './plots.ts';
import { armColour } from './style.ts';
/** Held-out NDCG beside the goal, where at least two arms have both: does the offline order agree? */
export function heldOutSection(result: Result): Html | null {
  const goal = result.verdict.metric;
  const arms = result.arms
    .map((arm, place) => ({
      name: arm.name,
      colour: armColour(place),
      ndcg: arm.heldOutNdcg20,
      mean: arm.metrics[goal]?.mean ?? null,
    }))
    .filter((arm) => arm.ndcg !== null && arm.mean !== null);
  if (arms.length < 2) return null;
  const points = arms.map((arm) => [arm.ndcg ?? 0, arm.mean ?? 0] as const);
  const { agreeing, pairs } = agreement(points);
  const tau = kendallTau(points);
  const bars = (values: (arm: (typeof arms)[number]) => number | null): Parameters<typeof barPlot>[0] =>
    arms.map((arm) => {
      const value = values(arm);
      return {
        label: arm.name,
        colour: arm.colour,
        value,
        text: value === null ? 'not estimable' : formatNumber(value),
      };
    });
  return html`<section id="held-out">
    <h2>Beside held-out accuracy</h2>
    <p class="lead">
      NDCG@20 measures the same arms on items that real people liked and that no arm was trained on.
      ${
        agreeing === pairs
          ? `Both order the arms alike (${agreeing} of ${pairs} pairs).`
          : `They agree on ${agreeing} of ${pairs} pairs of arms.`
      }
      ${tau.kind === 'estimated' ? `Kendall’s τ is ${tau.value.toFixed(2)}.` : `No rank correlation: ${tau.reason}.`}
    </p>
    ${offlineTable(result)}
    <div class="card pair">
      <div>
        <p class="part">Held-out NDCG@20</p>
        ${barPlot(
          bars((arm) => arm.ndcg),
          'Held-out NDCG@20 by arm',
          470,
        )}
      </div>
      <div>
        <p class="part">${nameInWords(goal)} of simulated visitors</p>
        ${barPlot(
          bars((arm) => arm.mean),
          `${nameInWords(goal)} by arm`,
          470,
        )}
      </div>
    </div>
  </section>`;
}

/** Every offline measure with its order of the arms, how far the visitors share it, and where they do not. */
function offlineTable({ offline }: Result): Html | null {
  if (offline.length === 0) return null;
  return html`<div class="card">
    <table>
      <tr>
        <th>Held-out</th>
        <th>Order of arms</th>
        <th>Kendall’s τ with visitors</th>
        <th>Opposed</th>
      </tr>
      ${offline.map(
        ({ measure, order, tau, disagree, note }) =>
          html`<tr>
            <td>${measure}</td>
            <td>${order.join(' > ')}</td>
            <td>${tau === null ? note : formatNumber(tau)}</td>
            <td>${disagree.map((pair) => pair.join(' and ')).join(', ') || 'no pair'}</td>
          </tr>`,
      )}
    </table>
  </div>`;
}

/** Pairs ordered alike by both numbers, of all pairs. */
export function agreement(points: readonly (readonly [number, number])[]): {
  agreeing: number;
  pairs: number;
} {
  let agreeing = 0;
  let pairs = 0;
  points.forEach((first, place) => {
    for (const second of points.slice(place + 1)) {
      pairs++;
      if (Math.sign(first[0] - second[0]) === Math.sign(first[1] - second[1])) agreeing++;
    }
  });
  return { agreeing, pairs };
}
