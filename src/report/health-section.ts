// The health of the arms as a table: slates, waiting, refusals, and for generative methods what was generated. Rows that
// say nothing of any arm are left out.

import type { Result } from '../experiment/result.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { formatNumber, formatShare } from './numbers.ts';
import { armClass } from './style.ts';

type ArmHealth = Result['health'][number];

const nothing = '–';

/** The section; null where the record says nothing of slates. */
export function healthSection({ health }: Result): Html | null {
  if (health.length === 0) return null;
  const row = (name: string, cell: (arm: ArmHealth) => Html | string): Html =>
    html`<tr>
      <th>${name}</th>
      ${health.map((arm) => html`<td class="number">${cell(arm)}</td>`)}
    </tr>`;
  const rowWhere = (
    says: (arm: ArmHealth) => boolean,
    name: string,
    cell: (arm: ArmHealth) => Html | string,
  ): Html | null => (health.some(says) ? row(name, cell) : null);
  const isGenerative = ({ search, writing }: ArmHealth): boolean => search !== null || writing !== null;
  return html`<section id="health">
    <h2>Health of the arms</h2>
    <p class="lead">
      Every slate that was asked of an arm. No arm has a fallback: what is refused fails its session, and
      nothing is put in its place. Waiting is wall-clock time and differs from run to run.
    </p>
    <div class="card">
      <table>
        <tr>
          <th></th>
          ${health.map(
            ({ arm }, place) => html`<td class="number"><i class="dot ${armClass(place)}"></i>${arm}</td>`,
          )}
        </tr>
        ${row('Slates asked', ({ asked }) => number(asked))} ${row('Median wait for a slate', waitCell)}
        ${row('Refused slates', refusedCell)} ${rowWhere(isGenerative, 'Invalid generations', invalidCell)}
        ${rowWhere(({ writing }) => writing !== null, 'Listed items named exactly', groundingCell)}
        ${rowWhere(isGenerative, 'Slates the beam did not fill', beyondCell)}
        ${rowWhere(
          ({ again }) => again > 0,
          'Sessions begun again',
          ({ again }) => number(again),
        )}
        ${rowWhere(
          ({ untold }) => untold > 0,
          'Sessions that say nothing',
          ({ untold }) => number(untold),
        )}
      </table>
      ${health.flatMap(({ arm, complaints }) =>
        complaints.map(
          (complaint) => html`<p class="complaint"><span class="chip warn">${arm}</span> ${complaint}</p>`,
        ),
      )}
    </div>
  </section>`;
}

function waitCell({ wait }: ArmHealth): Html | string {
  if (wait === null) return nothing;
  return html`${milliseconds(wait.median)}<small>95 % within ${milliseconds(wait.p95)}</small>`;
}

function refusedCell({ asked, refused }: ArmHealth): Html | string {
  const kinds = Object.entries(refused);
  if (asked === 0) return nothing;
  if (kinds.length === 0) return '0';
  const all = kinds.reduce((sum, [, times]) => sum + times, 0);
  return html`<span class="chip fail">${number(all)}</span
    ><small>${kinds.map(([kind, times]) => `${kind} ${number(times)}`).join(', ')}</small>`;
}

function invalidCell({ search, writing }: ArmHealth): Html | string {
  if (writing !== null && writing.validRate !== null)
    return html`${formatShare(1 - writing.validRate)}<small>of ${number(writing.written)} names</small>`;
  return search === null ? nothing : html`0 %<small>by construction</small>`;
}

function groundingCell({ writing }: ArmHealth): Html | string {
  if (writing === null || writing.groundingRate === null) return nothing;
  const { named, nearest, further, groundingRate } = writing;
  return html`${formatShare(groundingRate)}<small>of ${number(named + nearest + further)} items</small>`;
}

function beyondCell({ search, writing }: ArmHealth): Html | string {
  if (writing !== null)
    return html`${number(writing.filled)} of ${number(writing.slates)}<small
        >${number(writing.further)} items by likeness</small
      >`;
  if (search === null) return nothing;
  const { slates, wider, everything } = search;
  return html`${number(wider + everything)} of ${number(slates)}<small
      >${everything === 0 ? 'wider beam' : `${number(everything)} by scoring everything`}</small
    >`;
}

function milliseconds(value: number): string {
  return value >= 10_000 ? `${formatNumber(value / 1000)} s` : `${formatNumber(value)} ms`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
