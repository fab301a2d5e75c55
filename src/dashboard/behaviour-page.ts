// How visitors behaved, counted from the record: the funnel, clicks by slot, and how the goal's effect came about. It
// explains the experiment and decides nothing.

import { html } from '../report/html.ts';
import type { Html } from '../report/html.ts';
import { formatInterval, formatShare, formatSigned, nameInWords } from '../report/numbers.ts';
import { armColour } from '../report/style.ts';
import { curvePlot } from './curves.ts';
import type { Curve } from './curves.ts';
import { gauge } from './frame.ts';
import type { Links } from './links.ts';
import { armDot } from './replay-page.ts';
import type { RunView } from './run-view.ts';
import { effectSequences } from './sequence.ts';
import { runPage } from './shell.ts';
import { funnels } from './tally.ts';

/** The page. */
export function behaviourPage(view: RunView, links: Links): string {
  const body = html`<h1>How visitors behaved</h1>
    <p class="lead">
      Counted over finished sessions; failed ones are not data. Burn-in visits are left out of the funnel.
    </p>
    ${funnelSection(view)} ${positionSection(view)} ${sequenceSection(view)}`;
  return runPage(view, links, 'behaviour', 'Behaviour', body);
}

function funnelSection(view: RunView): Html {
  const stages = ['sessions', 'opened', 'watched', 'rated'] as const;
  const titles = ['sessions', 'opened an item', 'and watched', 'and rated'];
  return html`<section id="funnel">
    <h2>Funnel</h2>
    <div class="card">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">arm</th>
            ${titles.map((title) => html`<th scope="col">${title}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${funnels(view.sessions(), view.arms).map(
            (funnel) =>
              html`<tr>
                <td>${armDot(view, funnel.arm)}${funnel.arm}</td>
                ${stages.map((stage) => {
                  const share = funnel.sessions === 0 ? null : funnel[stage] / funnel.sessions;
                  return html`<td>
                    ${gauge(share ?? 0, 'share')} ${funnel[stage]}
                    <small>${share === null ? 'no session' : formatShare(share)}</small>
                  </td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

const slotAxes = {
  title: 'Clicks by times in view, by slot',
  across: 'slot',
  upright: 'clicks by times in view',
};

function positionSection(view: RunView): Html {
  const { slots } = view.tally();
  const curves = view.arms.map((arm, place): Curve => {
    const points = [...(slots.get(arm) ?? [])]
      .filter(([, { seen }]) => seen > 0)
      .sort(([a], [b]) => a - b)
      .map(([slot, { seen, clicks }]) => ({
        x: slot,
        y: clicks / seen,
        text: `slot ${slot}: ${clicks} clicks of ${seen} times in view (${formatShare(clicks / seen)})`,
      }));
    return { label: arm, colour: armColour(place), points };
  });
  return html`<section id="positions">
    <h2>Clicks by slot</h2>
    <p class="lead">
      Clicks by times in view, on the lists of the arms. What falls with the slot is attention as well as fit.
    </p>
    <div class="card">
      ${
        curves.every(({ points }) => points.length === 0)
          ? 'Nothing was in view yet.'
          : html`${curvePlot(curves, slotAxes)} ${legend(view)}`
      }
    </div>
  </section>`;
}

const sequenceAxes = { across: 'visitors', upright: 'arm minus control' };

function sequenceSection(view: RunView): Html {
  const goal = nameInWords(view.scenario.metrics.goal);
  const sequences = effectSequences(view);
  const curves = sequences.map(({ arm, points }): Curve => ({
    label: arm,
    colour: armColour(Math.max(0, view.arms.indexOf(arm))),
    points: points.map(({ visitors, effect, interval }) => ({
      x: visitors,
      y: effect,
      interval,
      text: `${visitors} visitors: ${formatSigned(effect)} (${formatInterval(interval, formatSigned)})`,
    })),
  }));
  return html`<section id="sequence">
    <h2>${goal} while visitors came in</h2>
    <p class="lead">
      Arm minus ${view.arms[0] ?? 'control'}. The bands are confidence sequences: they hold at all moments
      together, and so are wider than the interval of the verdict.
    </p>
    <div class="card">
      ${
        curves.every(({ points }) => points.length === 0)
          ? view.scenario.design === 'interleaving'
            ? 'Under interleaving there is one list, and no effect of an arm to follow.'
            : 'Too few visitors have been through both arms to draw it.'
          : html`${curvePlot(curves, { title: `${goal}: effect while visitors came in`, ...sequenceAxes })}
            ${legend(view)}`
      }
    </div>
  </section>`;
}

function legend(view: RunView): Html {
  return html`<ul class="legend">
    ${view.arms.map((arm) => html`<li>${armDot(view, arm)}${arm}</li>`)}
  </ul>`;
}
