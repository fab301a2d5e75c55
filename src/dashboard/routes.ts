// From an address to an answer. Parts of an address are looked up among runs, sessions, visitors and items that are
// there, or checked to be a hash; none of them is ever joined into a path or into SQL.

import { readFileSync } from 'node:fs';

import { readAssets } from './assets.ts';
import { behaviourPage } from './behaviour-page.ts';
import { experimentPage } from './experiment-page.ts';
import { serverLinks } from './links.ts';
import type { Links } from './links.ts';
import { listQuery } from './list-page.ts';
import { itemPage, itemsPage, sessionsPage, visitorPage, visitorsPage } from './lists.ts';
import { keptScreenPath } from './replay.ts';
import { replayPage, siblings, twinsPage } from './replay-page.ts';
import type { RunView } from './run-view.ts';
import { comparePage, problemPage, runsPage } from './runs-page.ts';
import type { Runs } from './runs.ts';

export interface Answer {
  readonly status: 200 | 404;
  readonly type: string;
  readonly body: string | Uint8Array;
  /** Never changes under its address. */
  readonly forever?: boolean;
}

export type Routed = Answer | { readonly live: string };

const assets = readAssets();

/** The answer to a GET of this address, or the name of the run whose news are asked for. */
export function route(address: URL, runs: Runs): Routed {
  const parts = partsOf(address.pathname);
  if (parts === null) return notFound('The address is not one.');
  const [first, name, ...rest] = parts;
  if (first === undefined) return shown(runsPage(runs.list()));
  if (first === 'compare' && name === undefined) {
    const views = [...new Set(address.searchParams.getAll('run'))].map((run) => runs.view(run));
    return shown(comparePage(views.filter((view) => view !== undefined)));
  }
  if (first === 'assets' && name !== undefined && rest.length === 0) {
    const asset = assets.get(name);
    return asset === undefined ? notFound('There is no such file.') : { status: 200, ...asset };
  }
  if (first !== 'runs' || name === undefined) return notFound('There is no such view.');
  const view = runs.view(name);
  if (view === undefined) return notFound('There is no such run. It may have been moved or deleted.');
  return runRoute(view, serverLinks(name), rest, address.searchParams);
}

function runRoute(
  view: RunView,
  links: Links,
  [tab, id, more, ...rest]: readonly string[],
  parameters: URLSearchParams,
): Routed {
  if (rest.length > 0) return notFound('There is no such view.');
  if (tab === undefined) return shown(experimentPage(view, links));
  if (id === undefined) {
    const query = listQuery(parameters);
    if (tab === 'behaviour') return shown(behaviourPage(view, links));
    if (tab === 'sessions') return shown(sessionsPage(view, links, query));
    if (tab === 'visitors') return shown(visitorsPage(view, links, query));
    if (tab === 'items') return shown(itemsPage(view, links, query));
    if (tab === 'live') return { live: view.name };
    return notFound('There is no such view.');
  }
  if (tab === 'twins' && more !== undefined)
    return twinsRoute(view, links, id, more, parameters.getAll('arm'));
  if (more !== undefined) return notFound('There is no such view.');
  if (tab === 'screens') return screenRoute(view, id);
  if (tab === 'sessions') {
    const session = /^\d{1,15}$/.test(id) ? view.session(Number(id)) : undefined;
    return session === undefined
      ? notFound('The record holds no such session.')
      : shown(replayPage(view, links, session));
  }
  if (tab === 'visitors') {
    const visitor = view.visitors().find((row) => row.visitor === id);
    return visitor === undefined
      ? notFound('The record holds no such visitor.')
      : shown(visitorPage(view, links, visitor));
  }
  if (tab === 'items') {
    const item = view.items().find((row) => row.item === id);
    return item === undefined
      ? notFound('No list of this run held such an item.')
      : shown(itemPage(view, links, item));
  }
  return notFound('There is no such view.');
}

function twinsRoute(
  view: RunView,
  links: Links,
  visitor: string,
  replicate: string,
  arms: readonly string[],
): Routed {
  const all = siblings(view, { visitor, replicate: Number(replicate) });
  const named = arms.map((arm) => all.find((row) => row.arm === arm)).filter((row) => row !== undefined);
  const [one, two] = named.length === 2 && named[0] !== named[1] ? named : all;
  if (one === undefined || two === undefined)
    return notFound('This visitor did not finish that visit under two arms.');
  const others = all.length > 2 ? all.filter((row) => row !== one) : [];
  return shown(twinsPage(view, links, [one, two], others));
}

function screenRoute(view: RunView, file: string): Routed {
  const hash = /^([0-9a-f]{64})\.jpg$/.exec(file)?.[1];
  const path = hash === undefined ? null : keptScreenPath(view.folder, hash);
  return path === null
    ? notFound('The run kept no such picture.')
    : { status: 200, type: 'image/jpeg', body: readFileSync(path), forever: true };
}

/** The decoded parts of a path; null where the encoding is broken. An encoded slash stays inside its part. */
function partsOf(path: string): string[] | null {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    return null;
  }
}

function shown(body: string): Answer {
  return { status: 200, type: 'text/html; charset=utf-8', body };
}

function notFound(detail: string): Answer {
  return { status: 404, type: 'text/html; charset=utf-8', body: problemPage('Not found', detail) };
}
