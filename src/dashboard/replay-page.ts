// The replay of one session, and of twins side by side: player, film strip, frames. Where there is no script the frames
// stand below each other and the strip's links lead to them.

import { doing, leftBecause } from '../report/example-section.ts';
import { html } from '../report/html.ts';
import type { Html } from '../report/html.ts';
import { formatClock, nameInWords } from '../report/numbers.ts';
import { armClass } from '../report/style.ts';
import { divergenceOf } from './divergence.ts';
import type { Divergence } from './divergence.ts';
import { track } from './frame.ts';
import type { Links } from './links.ts';
import { modelCallsSection } from './model-calls.ts';
import type { Frame, Replay } from './replay.ts';
import { isDataRow, type SessionRow } from './rows.ts';
import type { RunView } from './run-view.ts';
import { linked, runPage } from './shell.ts';

/** The page of one session. */
export function replayPage(view: RunView, links: Links, session: SessionRow): string {
  const replay = view.replay(session.id);
  const isFailed = session.status === 'failed';
  const twins = siblings(view, session).length > 1 ? links.twins(session.visitor, session.replicate) : null;
  const body = html`<h1>${armDot(view, session.arm)}${session.arm}: ${session.visitor}</h1>
    <p class="lead">
      ${linked(links.visitor(session.visitor), `Visitor ${session.visitor}`)},
      ${visitName(session.replicate)}: ${replay.frames.length} steps in ${formatClock(session.seconds)}
      simulated minutes,
      ${isFailed ? html`failed (${session.exit})` : html`left ${leftBecause(session.exit)}`}.
      ${twins === null ? null : html`<a href="${twins}">Beside its twins</a>`}
    </p>
    ${isFailed ? html`<p class="card"><span class="chip fail">failed</span> ${session.failure} A failed session is not data: no number counts it.</p>` : null}
    ${isFailed || isDataRow(session) ? null : html`<p class="card"><span class="chip warn">cut</span> The budget of model calls was used up. What it cut is not data: no number counts it.</p>`}
    ${
      replay.frames.length === 0
        ? html`<p class="card">No step was recorded, so there is nothing to play.</p>`
        : html`${player(replay.frames.length, null, jumps(replay))} ${strip(replay.frames, view, links)}
          ${track(replay, view, links)}`
    }
    ${modelCallsSection(view.calls(session.id))}`;
  return runPage(view, links, 'sessions', `Session ${session.id}`, body);
}

/** Twins that are shown: the control and one other arm, of all that the visitor met. */
export function twinsPage(
  view: RunView,
  links: Links,
  pair: readonly [SessionRow, SessionRow],
  others: readonly SessionRow[],
): string {
  const [one, two] = pair;
  const replays = [view.replay(one.id), view.replay(two.id)] as const;
  const parting = divergenceOf(...replays);
  const steps = Math.max(...replays.map(({ frames }) => frames.length));
  const body = html`<h1>Twins: ${one.visitor}</h1>
    <p class="lead">
      ${linked(links.visitor(one.visitor), `Visitor ${one.visitor}`)}, ${visitName(one.replicate)}, in two
      arms with the same memory and the same chance.
      ${others.map(
        (other) =>
          html` <a href="?arm=${encodeURIComponent(one.arm)}&amp;arm=${encodeURIComponent(other.arm)}"
            >${one.arm} beside ${other.arm}</a
          >`,
      )}
    </p>
    <section class="card" aria-label="Where they part">${partingText(parting, pair, view, links)}</section>
    ${player(steps, parting.step, [])}
    <div class="twins">
      ${pair.map((session, side) => {
        const name = linked(links.session(session.id), session.arm);
        return html`<section aria-label="${session.arm}">
          <h2 class="side-name">${armDot(view, session.arm)}${name}</h2>
          ${track(replays[side]!, view, links, side === 0 ? 'a-' : 'b-')}
        </section>`;
      })}
    </div>`;
  return runPage(view, links, 'sessions', `Twins ${one.visitor}`, body);
}

/** Sessions of the same visitor and visit, in the order of the arms. */
export function siblings(
  view: RunView,
  { visitor, replicate }: { visitor: string; replicate: number },
): SessionRow[] {
  return view
    .sessions()
    .filter((row) => row.visitor === visitor && row.replicate === replicate && isDataRow(row))
    .sort((a, b) => view.arms.indexOf(a.arm) - view.arms.indexOf(b.arm));
}

export function visitName(replicate: number): string {
  return replicate < 1 ? `burn-in visit ${replicate}` : `visit ${replicate}`;
}

/** The dot in an arm's colour. */
export function armDot(view: RunView, arm: string): Html {
  return html`<i class="dot ${armClass(Math.max(0, view.arms.indexOf(arm)))}"></i>`;
}

function partingText(
  parting: Divergence,
  [one, two]: readonly [SessionRow, SessionRow],
  view: RunView,
  links: Links,
): Html {
  const { step, screens, why, slots } = parting;
  if (step === null) return html`<p><b>They never part.</b> All steps are the same.</p>`;
  const reasons: Readonly<Record<Divergence['why'], string>> = {
    list: `the two arms had filled the list differently: ${slots.length} slots held another item.`,
    page: 'the same items were shown in another way, or another page was open.',
    mind: 'the screens were the same picture; what the visitor remembered or how tired it was had come to differ.',
    ended: 'one of the two visits was already over.',
    none: '',
  };
  return html`<p>
      <b>They part at step ${step}:</b> ${reasons[why]}
      ${screens === null || screens === step ? null : `The screens first differed at step ${screens}.`}
    </p>
    ${
      slots.length === 0
        ? null
        : html`<details>
            <summary>Slots that differ at step ${step}</summary>
            <table>
              <thead>
                <tr>
                  <th scope="col">slot</th>
                  <th scope="col">${one.arm}</th>
                  <th scope="col">${two.arm}</th>
                </tr>
              </thead>
              <tbody>
                ${slots.map(
                  ({ slot, items }) =>
                    html`<tr>
                      <td>${slot}</td>
                      ${items.map((item) => html`<td>${item === null ? '–' : linked(links.item(item), view.title(item))}</td>`)}
                    </tr>`,
                )}
              </tbody>
            </table>
          </details>`
    }`;
}

/** The controls; hidden until the script is there, since they need it. `stop` is a step at which playing pauses. */
function player(steps: number, stop: number | null, events: readonly Jump[]): Html {
  return html`<div
    class="player"
    role="group"
    aria-label="Player"
    data-steps="${steps}"
    data-stop="${stop ?? ''}"
    hidden
  >
    <button type="button" data-do="first" title="First step (Home)">First</button>
    <button type="button" data-do="back" title="One step back (left arrow)">Back</button>
    <button type="button" data-do="play" title="Play or pause (space)" class="main">Play</button>
    <button type="button" data-do="on" title="One step on (right arrow)">On</button>
    <button type="button" data-do="last" title="Last step (End)">Last</button>
    ${stop === null ? null : html`<button type="button" data-do="stop" title="Where they part (d)">To step ${stop}</button>`}
    <output aria-live="off">1 of ${steps}</output>
    <label
      >Speed
      <select data-do="speed">
        <option value="0.5">half</option>
        <option value="1" selected>1 step a second</option>
        <option value="2">2</option>
        <option value="5">5</option>
        <option value="20">20</option>
      </select></label
    >
    ${
      events.length === 0
        ? null
        : html`<label
            >Jump to
            <select data-do="jump">
              <option value="">…</option>
              ${events.map(({ step, text }) => html`<option value="${step}">${step}: ${text}</option>`)}
            </select></label
          >`
    }
  </div>`;
}

interface Jump {
  readonly step: number;
  readonly text: string;
}

/** The steps worth jumping to: all but turning pages and going back. */
function jumps({ frames }: Replay): Jump[] {
  return frames
    .filter(({ step }) => !['next-page', 'previous-page', 'back'].includes(step.action))
    .map(({ number, step }) => ({ step: number, text: shortened(doing(step)) }));
}

function strip(frames: readonly Frame[], view: RunView, links: Links): Html {
  return html`<nav class="strip" aria-label="Film strip">
    ${frames.map(({ number, step }) => {
      const size = view.screen(step.screen);
      return html`<a href="#step-${number}" data-step="${number}"
        >${
          size === null
            ? html`<span class="blank"></span>`
            : html`<img
                src="${links.screen(step.screen)}"
                width="128"
                height="${Math.round((128 * size.height) / size.width)}"
                loading="lazy"
                alt=""
              />`
        }<span>${number} ${nameInWords(step.action)}</span></a
      >`;
    })}
  </nav>`;
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
