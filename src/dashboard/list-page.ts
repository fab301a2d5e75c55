// Lists of sessions, visitors and items: a typed filter, a sortable head, fifty rows at a time. The server filters; in a
// bundle all rows are in the page with their data, and the page filters them itself with the same code.

import { html } from '../report/html.ts';
import type { Html } from '../report/html.ts';
import { matches, parseFilter } from './browser/filter.js';
import type { Fields, Row } from './browser/filter.js';

export interface Column<R> {
  readonly field: string;
  readonly title: string;
  readonly cell: (row: R) => Html | string | number;
}

export interface ListInput<R extends object> {
  readonly title: string;
  /** What rows are called: 'sessions'. */
  readonly noun: string;
  readonly lead: Html | string;
  /** Filters to try, as they are typed. */
  readonly examples: readonly string[];
  readonly rows: readonly R[];
  readonly fields: Fields;
  readonly columns: readonly Column<R>[];
  readonly address: string;
  readonly query: ListQuery;
  readonly served: boolean;
}

/** What the address of a list asks for. */
export interface ListQuery {
  readonly filter: string;
  /** A field, with '-' before it for falling order; empty for the order of the record. */
  readonly sort: string;
  /** From 1. */
  readonly page: number;
}

export const wholeList: ListQuery = { filter: '', sort: '', page: 1 };
const pageSize = 50;

/** The list query in the parameters of an address; what makes no sense is as if it were not there. */
export function listQuery(parameters: URLSearchParams): ListQuery {
  const page = Number(parameters.get('page') ?? 1);
  return {
    filter: (parameters.get('q') ?? '').slice(0, 500),
    sort: parameters.get('sort') ?? '',
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}

/** The body of a list's page. */
export function listBody<R extends object>(input: ListInput<R>): Html {
  const { title, noun, lead, rows, fields, columns, query, served } = input;
  const filter = parseFilter(query.filter, fields);
  const problem = 'problem' in filter ? filter.problem : null;
  const found = 'terms' in filter ? rows.filter((row) => matches(filter.terms, row as Row)) : [];
  const ordered = sorted(found, query.sort, fields);
  const shown = served ? ordered.slice((query.page - 1) * pageSize, query.page * pageSize) : ordered;
  const count =
    found.length === rows.length
      ? `${number(rows.length)} ${noun}`
      : `${number(found.length)} of ${number(rows.length)} ${noun}`;
  return html`<h1>${title}</h1>
    <p class="lead">${lead}</p>
    <form
      class="filter"
      role="search"
      action="${input.address}"
      data-fields="${served ? '' : JSON.stringify(fields)}"
    >
      <label for="filter">Filter</label>
      <input
        id="filter"
        name="q"
        type="search"
        value="${query.filter}"
        autocomplete="off"
        spellcheck="false"
        aria-describedby="filter-help"
      />
      ${query.sort === '' ? null : html`<input type="hidden" name="sort" value="${query.sort}" />`}
      <button type="submit">Show</button>
    </form>
    <p class="small" id="filter-help">
      Fields: ${Object.keys(fields).join(', ')}. Operators: <code>:</code> <code>!=</code> <code>&lt;</code>
      <code>&lt;=</code> <code>&gt;</code> <code>&gt;=</code>, and <code>~</code> for a part of a text. For
      example
      ${input.examples.map((example, place) => html`${place === 0 ? '' : ', '}<code>${example}</code>`)}.
    </p>
    <p class="count" role="status" data-noun="${noun}">
      ${problem === null ? count : html`<span class="chip warn">filter</span> ${problem}`}
    </p>
    <div class="card">
      <table class="list">
        <thead>
          <tr>
            ${columns.map((column) => head(column, input))}
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (row) =>
              html`<tr ${served ? null : html`data-row="${JSON.stringify(row)}"`}>
                ${columns.map(({ field, cell }) => html`<td class="${fields[field] === 'number' ? 'number' : ''}">${cell(row)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
      ${shown.length === 0 && problem === null ? html`<p>Nothing fits the filter.</p>` : null}
    </div>
    ${served ? pager(input, found.length) : null}`;
}

function head<R extends object>({ field, title }: Column<R>, input: ListInput<R>): Html {
  const { query, fields, served } = input;
  const kind = fields[field] === 'number' ? 'number' : '';
  if (!served || fields[field] === undefined) return html`<th scope="col" class="${kind}">${title}</th>`;
  const isFalling = query.sort === `-${field}`;
  const order = query.sort === field ? 'ascending' : isFalling ? 'descending' : 'none';
  const next = order === 'none' ? (kind === 'number' ? `-${field}` : field) : isFalling ? field : `-${field}`;
  const sign = order === 'none' ? '' : isFalling ? ' ↓' : ' ↑';
  return html`<th scope="col" class="${kind}" aria-sort="${order}">
    <a href="${addressOf(input, { ...query, sort: next, page: 1 })}">${title}${sign}</a>
  </th>`;
}

function pager<R extends object>(input: ListInput<R>, found: number): Html | null {
  const pages = Math.ceil(found / pageSize);
  const { page } = input.query;
  if (pages <= 1 && page <= 1) return null;
  const to = (target: number): string => addressOf(input, { ...input.query, page: target });
  return html`<nav class="pager" aria-label="Pages">
    ${page > 1 ? html`<a href="${to(page - 1)}" rel="prev">Previous</a>` : null}
    <span>page ${page} of ${pages}</span>
    ${page < pages ? html`<a href="${to(page + 1)}" rel="next">Next</a>` : null}
  </nav>`;
}

function addressOf<R extends object>({ address }: ListInput<R>, { filter, sort, page }: ListQuery): string {
  const parameters = new URLSearchParams({
    ...(filter === '' ? {} : { q: filter }),
    ...(sort === '' ? {} : { sort }),
    ...(page === 1 ? {} : { page: String(page) }),
  });
  return parameters.size === 0 ? address : `${address}?${parameters}`;
}

/** Rows in order of a field; what is not known stands last, whatever the order. */
function sorted<R extends object>(rows: readonly R[], sort: string, fields: Fields): readonly R[] {
  const field = sort.replace(/^-/, '');
  if (!Object.hasOwn(fields, field)) return rows;
  const sign = sort.startsWith('-') ? -1 : 1;
  const valueOf = (row: R): string | number | null => (row as Row)[field] ?? null;
  return rows.toSorted((a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x < y ? -1 : x > y ? 1 : 0);
  });
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
