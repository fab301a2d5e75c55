// The examples as a reader sees them: each screen with boxes around what the visitor noticed, the warmer the more
// it was wanted, the acted-on one drawn full; below it what the visitor did, why, and how tired it was.

import type { Example, ExampleStep, Picture, StepTaken } from './examples.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { formatClock, formatNumber, nameInWords } from './numbers.ts';
import { armClass } from './style.ts';

/** One part per example; `arms` gives the order that colours follow. */
export function examplesSection(examples: readonly Example[], arms: readonly string[]): Html {
  return html`<section id="examples">
    <h2>What visitors saw and did</h2>
    <p class="lead">
      One visit per arm, by the same visitor where the arms shared it. Boxes mark what was noticed, with the
      interest it raised from 1 to 5; the thick one was acted on.
    </p>
    ${examples.length === 0 ? html`<div class="card">No visit was finished, so there is none to show.</div>` : null}
    ${examples.map(
      (example) =>
        html`<div class="card">
          <h3><i class="dot ${armClass(Math.max(0, arms.indexOf(example.arm)))}"></i>${example.arm}</h3>
          <p class="small">
            Visitor ${example.visitor}, visit ${example.replicate}: ${example.stepCount} steps in
            ${formatClock(example.seconds)} simulated minutes, left ${leftBecause(example.exitReason)}.
          </p>
          <div class="steps">${example.steps.map((step) => stepArticle(step, example.stepCount))}</div>
        </div>`,
    )}
  </section>`;
}

function stepArticle({ number, step, picture }: ExampleStep, stepCount: number): Html {
  return html`<article class="step">
    <div class="screen">
      ${typeof picture === 'string' ? html`<p>${missing(picture, step.screen)}</p>` : overlay(step, picture)}
    </div>
    <header>
      <h3>${doing(step)}</h3>
      <span>step ${number} of ${stepCount}, ${step.page} page, ${formatClock(step.time)}</span>
    </header>
    <p>${step.reason}</p>
    ${step.recalled.length === 0 ? null : html`<p class="small">Remembered: ${[...new Set(step.recalled)].join('; ')}</p>`}
    <div class="meters">
      <span
        >Interest<span class="meter"
          ><i style="width: ${Math.round(((step.interest - 1) / 4) * 100)}%"></i></span
        >${formatNumber(step.interest)}</span
      >
      <span>Fatigue ${formatNumber(step.fatigue)}</span>
      <span>Noticed ${step.noticed.length}</span>
    </div>
  </article>`;
}

function missing(picture: 'left-out' | 'not-kept', hash: string): string {
  return picture === 'not-kept'
    ? `The run kept no picture of this screen. Its hash is ${hash}.`
    : `The picture is left out to keep this page small. It is in the run's folder: screens/${hash.slice(0, 2)}/${hash}.jpg`;
}

function overlay(step: StepTaken, picture: Picture): Html {
  const { width, height, base64 } = picture;
  return html`<svg
    role="img"
    aria-label="Screen with what the visitor noticed"
    viewBox="0 0 ${width} ${height}"
  >
    <image href="data:image/jpeg;base64,${base64}" width="${width}" height="${height}" />
    ${noticedBoxes(step, width)}
  </svg>`;
}

/** Boxes around what was noticed on a screen of this width in pixels, as SVG in the screen's pixels. */
export function noticedBoxes(step: StepTaken, width: number): readonly Html[] {
  const unit = width / 100;
  return step.noticed.map((seen) => {
    const chosen = seen.mark === step.mark;
    const colour = interestColour(seen.interest);
    const { box } = seen;
    return html`<g
      ><title>${seen.text}: interest ${formatNumber(seen.interest)}</title
      ><rect
        x="${box.x}"
        y="${box.y}"
        width="${box.width}"
        height="${box.height}"
        rx="${unit * 0.6}"
        fill="${colour}"
        fill-opacity="${chosen ? 0.16 : 0.05}"
        stroke="${colour}"
        stroke-width="${unit * (chosen ? 0.6 : 0.25)}"
      /><rect
        x="${box.x + box.width - unit * 4.4}"
        y="${box.y}"
        width="${unit * 4.4}"
        height="${unit * 2.8}"
        rx="${unit * 0.6}"
        fill="${colour}"
      /><text
        x="${box.x + box.width - unit * 2.2}"
        y="${box.y + unit * 2.05}"
        text-anchor="middle"
        fill="#fff"
        font-size="${unit * 1.8}"
        font-weight="600"
        font-family="Inter, system-ui, sans-serif"
        >${seen.interest.toFixed(1)}</text
      ></g
    >`;
  });
}

/** Cool to warm over interest 1 to 5. */
function interestColour(interest: number): string {
  if (interest >= 4) return '#dc2626';
  if (interest >= 3) return '#d97706';
  if (interest >= 2) return '#2563eb';
  return '#475569';
}

/** What a step did, in words: 'Open: Goodfellas'. */
export function doing(step: StepTaken): string {
  const target = step.noticed.find((seen) => seen.mark === step.mark)?.text.split('\n')[0];
  return target === undefined || target === ''
    ? nameInWords(step.action)
    : `${nameInWords(step.action)}: ${target}`;
}

/** Why a visit ended, to stand after 'left'. */
export function leftBecause(reason: string): string {
  switch (reason) {
    case 'time-over':
      return 'because its time was over';
    case 'step-limit':
      return 'cut at the step limit';
    case 'budget-spent':
      return 'cut by the budget';
    default:
      return reason;
  }
}
