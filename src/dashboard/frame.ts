// One frame of a replay as HTML: the screen with boxes around what was noticed, and beside it what was done, why, how
// tired and how interested the visitor was, what it remembered, and what the site did then. Every frame is in the page
// from the start; the player only shows one at a time.

import { doing, noticedBoxes } from '../report/example-section.ts';
import { html } from '../report/html.ts';
import type { Html } from '../report/html.ts';
import { formatClock, formatNumber, nameInWords } from '../report/numbers.ts';
import type { Event } from '../store/events.ts';
import { chart } from './chart.ts';
import type { ChartState } from './chart.ts';
import type { Links } from './links.ts';
import type { Frame, Replay } from './replay.ts';
import type { RunView } from './run-view.ts';
import { linked } from './shell.ts';

/** The frames of one replay in order, in a track that the player moves; `prefix` keeps ids of twins apart. */
export function track(replay: Replay, view: RunView, links: Links, prefix = ''): Html {
  return html`<div class="track">
    ${replay.frames.map((frame, place) =>
      frameArticle(frame, replay.frames[place + 1], replay, view, links, prefix),
    )}
    <p class="over" hidden>This visit has no such step: it ended before.</p>
  </div>`;
}

function frameArticle(
  frame: Frame,
  next: Frame | undefined,
  replay: Replay,
  view: RunView,
  links: Links,
  prefix: string,
): Html {
  const { step, number, happened } = frame;
  const after: ChartState = next?.step.page ?? 'ended';
  const showsThoughts = !view.hidden.has('thoughts');
  return html`<article
    class="frame"
    id="${prefix}step-${number}"
    data-step="${number}"
    aria-label="${`Step ${number} of ${replay.frames.length}`}"
  >
    <div class="stage">${stage(frame, view, links)}</div>
    <div class="side">
      <p class="when">
        Step ${number} of ${replay.frames.length}, ${formatClock(step.time)}, ${step.page} page
      </p>
      <h2>${doing(step)}</h2>
      <p class="thought">${showsThoughts ? step.reason : 'The thought is left out here.'}</p>
      <dl class="gauges">
        <dt>Interest</dt>
        <dd>${gauge((step.interest - 1) / 4, 'interest')} ${formatNumber(step.interest)} of 5</dd>
        <dt>Fatigue</dt>
        <dd>
          ${gauge(replay.budget > 0 ? step.fatigue / replay.budget : 0, 'fatigue')}
          ${formatNumber(step.fatigue)} of ${formatNumber(replay.budget)}
        </dd>
      </dl>
      ${chart(step.page, after)} ${recalled(step)} ${consequences(happened, view, links)}
      <details>
        <summary>Noticed ${step.noticed.length}</summary>
        <ol class="noticed">
          ${[...step.noticed]
            .sort((a, b) => b.interest - a.interest)
            .map(
              ({ text, interest, mark }) =>
                html`<li class="${mark === step.mark ? 'chosen' : ''}">
                  <span>${text}</span> <b>${interest.toFixed(1)}</b>
                </li>`,
            )}
        </ol>
      </details>
    </div>
  </article>`;
}

function stage({ step, number }: Frame, view: RunView, links: Links): Html {
  const size = view.screen(step.screen);
  if (size === null) {
    return html`<p class="missing">
      ${view.hidden.has('screens') ? 'Pictures are left out here.' : html`The run kept no picture of this screen. Its hash is ${step.screen}.`}
    </p>`;
  }
  const { width, height } = size;
  return html`<img
      src="${links.screen(step.screen)}"
      width="${width}"
      height="${height}"
      loading="${number === 1 ? 'eager' : 'lazy'}"
      alt="What the visitor saw at step ${number}"
    /><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Boxes around what was noticed">
      ${noticedBoxes(step, width)}
    </svg>`;
}

/** A bar filled by a share of 0 to 1. */
export function gauge(share: number, kind: string): Html {
  const length = Math.max(0, Math.min(1, share)) * 100;
  return html`<svg class="gauge ${kind}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="ground" width="100" height="8" rx="3" />
    <rect class="filled" width="${length.toFixed(1)}" height="8" rx="3" />
  </svg>`;
}

/** Memories of equal text once, with the best of their scores. */
function recalled({ recalled: memories, recallScores = [] }: Frame['step']): Html | null {
  if (memories.length === 0) return null;
  const scores = memories.map((memory, index) => ({ memory, score: recallScores[index] }));
  const once = scores.filter(({ memory }, index) => memories.indexOf(memory) === index);
  return html`<h3>Remembered</h3>
    <ul class="plain">
      ${once.map(
        ({ memory, score }) =>
          html`<li>
            ${memory}${score === undefined ? null : html` <span class="small">${score.toFixed(2)}</span>`}
          </li>`,
      )}
    </ul>`;
}

function consequences(happened: readonly Event[], view: RunView, links: Links): Html | null {
  const told = happened.map((event) => tell(event, view, links)).filter((line) => line !== null);
  if (told.length === 0) return null;
  return html`<h3>Then</h3>
    <ul class="plain">
      ${told.map((line) => html`<li>${line}</li>`)}
    </ul>`;
}

/** An event in words; null for what only repeats the step. */
export function tell(event: Event, view: RunView, links: Links): Html | null {
  const item = (id: string): Html => linked(links.item(id), view.title(id));
  switch (event.type) {
    case 'visit-started':
    case 'step-taken':
    case 'item-closed':
      return null;
    case 'slate-shown':
      return html`List ${event.slate} shown: ${event.items.length} on page ${event.page} (${event.list})`;
    case 'item-opened':
      return html`Opened ${item(event.item)} from slot ${event.slot} of list ${event.slate}`;
    case 'item-watched':
      return html`Watched ${item(event.item)}`;
    case 'item-rated':
      return html`Rated ${item(event.item)} ${event.stars} of 5`;
    case 'item-listed':
      return html`Put ${item(event.item)} on the list`;
    case 'page-turned':
      return html`Turned to page ${event.page} (${event.list})`;
    case 'search-made':
      return html`Searched for “${event.query}”`;
    case 'visit-ended':
      return html`Left: ${nameInWords(event.reason).toLowerCase()}`;
    default:
      return event satisfies never;
  }
}
