// Where each view has its address: on the server (absolute, ids percent-encoded) and in a bundle of files (relative,
// ids hashed, so that no id can name a path). Pages ask here and never build an address of their own.

import { sha256 } from '../base/hash.ts';

/** Addresses of the views of one run; null where a view is not part of what is shown. */
export interface Links {
  asset(name: string): string;
  /** The list of all runs; null in a bundle, which holds one. */
  readonly runs: string | null;
  readonly experiment: string;
  readonly behaviour: string;
  /** A list, filtered where the server can do that; `query` is a typed filter. */
  sessions(query?: string): string;
  readonly visitors: string;
  readonly items: string;
  session(id: number): string | null;
  visitor(id: string): string | null;
  item(id: string): string | null;
  /** The same visit of a visitor under several arms. */
  twins(visitor: string, replicate: number): string | null;
  screen(hash: string): string;
  /** Server-sent events of a run under way; null in a bundle. */
  readonly live: string | null;
  /** Whether the server filters lists; otherwise the page does it itself. */
  readonly served: boolean;
}

/** Addresses on the server for the run of this name. */
export function serverLinks(run: string): Links {
  const base = `/runs/${encodeURIComponent(run)}`;
  const part = encodeURIComponent;
  return {
    asset: (name) => `/assets/${name}`,
    runs: '/',
    experiment: base,
    behaviour: `${base}/behaviour`,
    sessions: (query) => `${base}/sessions${query === undefined ? '' : `?q=${part(query)}`}`,
    visitors: `${base}/visitors`,
    items: `${base}/items`,
    session: (id) => `${base}/sessions/${id}`,
    visitor: (id) => `${base}/visitors/${part(id)}`,
    item: (id) => `${base}/items/${part(id)}`,
    twins: (visitor, replicate) => `${base}/twins/${part(visitor)}/${replicate}`,
    screen: (hash) => `${base}/screens/${hash}.jpg`,
    live: `${base}/live`,
    served: true,
  };
}

/** Names of the files of a bundle, from its top. */
export const bundleFiles = {
  experiment: 'index.html',
  behaviour: 'behaviour.html',
  sessions: 'sessions.html',
  visitors: 'visitors.html',
  items: 'items.html',
  session: (id: number) => `sessions/${id}.html`,
  visitor: (id: string) => `visitors/${sha256(id).slice(0, 16)}.html`,
  item: (id: string) => `items/${sha256(id).slice(0, 16)}.html`,
  twins: (visitor: string, replicate: number) =>
    `twins/${sha256(JSON.stringify([visitor, replicate])).slice(0, 16)}.html`,
  screen: (hash: string) => `screens/${hash.slice(0, 2)}/${hash}.jpg`,
} as const;

/** What a bundle holds besides its five lists. */
export interface BundleContents {
  readonly sessions: ReadonlySet<number>;
  readonly visitors: ReadonlySet<string>;
  readonly items: ReadonlySet<string>;
  /** Keys JSON.stringify([visitor, replicate]). */
  readonly twins: ReadonlySet<string>;
}

/** Addresses in a bundle, seen from a file `depth` folders below its top. */
export function bundleLinks(depth: 0 | 1, contents: BundleContents): Links {
  const up = '../'.repeat(depth);
  return {
    asset: (name) => `${up}assets/${name}`,
    runs: null,
    experiment: up + bundleFiles.experiment,
    behaviour: up + bundleFiles.behaviour,
    sessions: () => up + bundleFiles.sessions,
    visitors: up + bundleFiles.visitors,
    items: up + bundleFiles.items,
    session: (id) => (contents.sessions.has(id) ? up + bundleFiles.session(id) : null),
    visitor: (id) => (contents.visitors.has(id) ? up + bundleFiles.visitor(id) : null),
    item: (id) => (contents.items.has(id) ? up + bundleFiles.item(id) : null),
    twins: (visitor, replicate) =>
      contents.twins.has(JSON.stringify([visitor, replicate]))
        ? up + bundleFiles.twins(visitor, replicate)
        : null,
    screen: (hash) => up + bundleFiles.screen(hash),
    live: null,
    served: false,
  };
}
