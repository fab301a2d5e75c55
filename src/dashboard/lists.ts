// The three lists of a run as pages, and the pages of one visitor and one item that they lead to.

import { html } from '../report/html.ts';
import type { Html } from '../report/html.ts';
import { formatClock, formatNumber, formatShare, nameInWords } from '../report/numbers.ts';
import type { Links } from './links.ts';
import { listBody } from './list-page.ts';
import type { Column, ListQuery } from './list-page.ts';
import { armDot, siblings, visitName } from './replay-page.ts';
import { itemFields, sessionFields, visitorFields } from './rows.ts';
import type { ItemRow, SessionRow, VisitorRow } from './rows.ts';
import type { RunView } from './run-view.ts';
import { linked, runPage } from './shell.ts';

/** All sessions, to be filtered and played. */
export function sessionsPage(view: RunView, links: Links, query: ListQuery): string {
  const rows = links.served
    ? view.sessions()
    : view.sessions().filter(({ id }) => links.session(id) !== null);
  const left = view.sessions().length - rows.length;
  const body = listBody({
    title: 'Sessions',
    noun: 'sessions',
    lead:
      left === 0
        ? 'Every visit of every visitor. Open one to play it.'
        : `${rows.length} of the ${view.sessions().length} sessions of the run are part of this bundle.`,
    examples: [`arm:${view.arms[0] ?? ''}`, 'steps>20', 'exit!=bored', 'clicks>=3'],
    rows,
    fields: sessionFields,
    columns: sessionColumns(view, links),
    address: links.sessions(),
    query,
    served: links.served,
  });
  return runPage(view, links, 'sessions', 'Sessions', body);
}

function sessionColumns(view: RunView, links: Links): Column<SessionRow>[] {
  return [
    { field: 'id', title: 'session', cell: ({ id }) => linked(links.session(id), id) },
    { field: 'arm', title: 'arm', cell: ({ arm }) => html`${armDot(view, arm)}${arm}` },
    { field: 'visitor', title: 'visitor', cell: ({ visitor }) => linked(links.visitor(visitor), visitor) },
    { field: 'replicate', title: 'visit', cell: ({ replicate }) => replicate },
    { field: 'exit', title: 'left', cell: exitCell },
    { field: 'steps', title: 'steps', cell: ({ steps }) => steps },
    { field: 'seconds', title: 'minutes', cell: ({ seconds }) => formatClock(seconds) },
    { field: 'clicks', title: 'clicks', cell: ({ clicks }) => clicks },
    { field: 'watches', title: 'watches', cell: ({ watches }) => watches },
    { field: 'ratings', title: 'ratings', cell: ({ ratings }) => ratings },
  ];
}

function exitCell({ status, exit }: SessionRow): Html | string {
  if (status === 'complete') return nameInWords(exit).toLowerCase();
  return html`<span class="chip ${status === 'failed' ? 'fail' : 'warn'}">${status}</span> ${exit}`;
}

/** All visitors. */
export function visitorsPage(view: RunView, links: Links, query: ListQuery): string {
  const body = listBody<VisitorRow>({
    title: 'Visitors',
    noun: 'visitors',
    lead: 'Who came: levels of activity, diversity and conformity, and what their sessions add up to over all arms.',
    examples: ['activity:high', 'conformity!=low', 'clicks>10'],
    rows: links.served
      ? view.visitors()
      : view.visitors().filter(({ visitor }) => links.visitor(visitor) !== null),
    fields: visitorFields,
    columns: [
      { field: 'visitor', title: 'visitor', cell: ({ visitor }) => linked(links.visitor(visitor), visitor) },
      { field: 'activity', title: 'activity', cell: ({ activity }) => activity },
      { field: 'diversity', title: 'diversity', cell: ({ diversity }) => diversity },
      { field: 'conformity', title: 'conformity', cell: ({ conformity }) => conformity },
      { field: 'sessions', title: 'sessions', cell: ({ sessions }) => sessions },
      { field: 'steps', title: 'steps', cell: ({ steps }) => steps },
      { field: 'clicks', title: 'clicks', cell: ({ clicks }) => clicks },
      { field: 'watches', title: 'watches', cell: ({ watches }) => watches },
    ],
    address: links.visitors,
    query,
    served: links.served,
  });
  return runPage(view, links, 'visitors', 'Visitors', body);
}

/** One visitor: profile and all its sessions. */
export function visitorPage(view: RunView, links: Links, visitor: VisitorRow): string {
  const own = view.sessions().filter((session) => session.visitor === visitor.visitor);
  const replicates = [...new Set(own.map(({ replicate }) => replicate))].sort((a, b) => a - b);
  const body = html`<h1>${visitor.visitor}</h1>
    <ul class="facts">
      <li>activity ${visitor.activity}</li>
      <li>diversity ${visitor.diversity}</li>
      <li>conformity ${visitor.conformity}</li>
    </ul>
    <h2>Sessions</h2>
    <div class="card">${plainTable(sessionColumns(view, links), own, sessionFields)}</div>
    ${replicates
      .filter((replicate) => siblings(view, { visitor: visitor.visitor, replicate }).length > 1)
      .map((replicate) => {
        const address = links.twins(visitor.visitor, replicate);
        return address === null
          ? null
          : html`<p><a href="${address}">Twins side by side, ${visitName(replicate)}</a></p>`;
      })}
    <h2>Profile</h2>
    <div class="card">
      ${view.hidden.has('profiles') ? 'The profile is left out here.' : profileList(view.profile(visitor.visitor))}
    </div>`;
  return runPage(view, links, 'visitors', visitor.visitor, body);
}

function profileList(profile: unknown): Html {
  if (profile === null || typeof profile !== 'object') return html`<p>The record holds no profile.</p>`;
  return html`<dl class="record">
    ${Object.entries(profile).map(
      ([key, value]) =>
        html`<dt>${nameInWords(key)}</dt>
          <dd>${valueInWords(value)}</dd>`,
    )}
  </dl>`;
}

/** Any JSON as a reader wants it: lists by commas, titles alone, numbers short. */
function valueInWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'number') return formatNumber(value);
  if (Array.isArray(value)) return value.map(valueInWords).join(', ') || '–';
  if (typeof value !== 'object') return String(value);
  if ('title' in value) return String(value.title);
  return (
    Object.entries(value)
      .map(([key, inner]) => `${key} ${valueInWords(inner)}`)
      .join(', ') || '–'
  );
}

/** All items that were ever in a list. */
export function itemsPage(view: RunView, links: Links, query: ListQuery): string {
  const body = listBody<ItemRow>({
    title: 'Items',
    noun: 'items',
    lead: 'Every item that was in a list of any arm or of the search: how often shown, in view, opened, watched, and its mean slot.',
    examples: ['seen>50', 'ctr>=0.2', 'genres~drama', 'clicks:0'],
    rows: links.served ? view.items() : view.items().filter(({ item }) => links.item(item) !== null),
    fields: itemFields,
    columns: [
      { field: 'title', title: 'title', cell: ({ item, title }) => linked(links.item(item), title) },
      { field: 'genres', title: 'genres', cell: ({ genres }) => genres },
      { field: 'shown', title: 'shown', cell: ({ shown }) => shown },
      { field: 'seen', title: 'in view', cell: ({ seen }) => seen },
      { field: 'clicks', title: 'clicks', cell: ({ clicks }) => clicks },
      { field: 'ctr', title: 'CTR', cell: ({ ctr }) => (ctr === null ? '–' : formatShare(ctr)) },
      { field: 'watches', title: 'watches', cell: ({ watches }) => watches },
      { field: 'slot', title: 'mean slot', cell: ({ slot }) => (slot === null ? '–' : slot.toFixed(1)) },
    ],
    address: links.items,
    query,
    served: links.served,
  });
  return runPage(view, links, 'items', 'Items', body);
}

const mostOpenings = 100;

/** One item: by arm, and the moments it was opened. */
export function itemPage(view: RunView, links: Links, item: ItemRow): string {
  const tally = view.tally();
  const openings = view.openings(item.item);
  const rows = view.arms.map((arm) => ({ arm, counts: tally.arms.get(arm)?.get(item.item) }));
  const body = html`<h1>${item.title}</h1>
    <p class="lead">${item.genres} (id ${item.item})</p>
    <div class="card">
      <table class="list">
        <thead>
          <tr>
            ${['arm', 'shown', 'in view', 'clicks', 'CTR', 'watches', 'mean slot'].map(
              (title, place) => html`<th scope="col" class="${place === 0 ? '' : 'number'}">${title}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(({ arm, counts }) => {
            const { shown = 0, seen = 0, clicks = 0, watches = 0, slots = 0 } = counts ?? {};
            const cells = [
              shown,
              seen,
              clicks,
              seen === 0 ? '–' : formatShare(clicks / seen),
              watches,
              seen === 0 ? '–' : (slots / seen).toFixed(1),
            ];
            return html`<tr>
              <td>${armDot(view, arm)}${arm}</td>
              ${cells.map((cell) => html`<td class="number">${cell}</td>`)}
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    <h2>Opened</h2>
    <div class="card">
      ${openings.length === 0 ? 'Nobody opened it.' : null}
      <ul class="plain">
        ${openings.slice(0, mostOpenings).map(({ session, step, slot }) => {
          const row = view.session(session);
          const address = links.session(session);
          return html`<li>
            ${linked(address === null ? null : `${address}#step-${step}`, `session ${session}, step ${step}`)},
            slot ${slot}${row === undefined ? null : html`: ${row.visitor} under ${row.arm}`}
          </li>`;
        })}
      </ul>
      ${openings.length > mostOpenings ? html`<p>and ${openings.length - mostOpenings} times more.</p>` : null}
    </div>`;
  return runPage(view, links, 'items', item.title, body);
}

function plainTable<R>(
  columns: readonly Column<R>[],
  rows: readonly R[],
  fields: Readonly<Record<string, string>>,
): Html {
  const kind = (field: string): string => (fields[field] === 'number' ? 'number' : '');
  return html`<table class="list">
    <thead>
      <tr>
        ${columns.map(({ field, title }) => html`<th scope="col" class="${kind(field)}">${title}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${columns.map(({ field, cell }) => html`<td class="${kind(field)}">${cell(row)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
