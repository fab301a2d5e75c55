// The frame of every view: head with a strict content policy, the way back, the tabs of a run, the page's own part.
// No inline script and no style attribute anywhere, so that the policy can forbid both.

import { html } from '../report/html.ts';
import type { Html } from '../report/html.ts';
import type { Links } from './links.ts';
import type { RunView } from './run-view.ts';

/** Nothing but our own files: no inline script, no inline style, no frame, nothing from elsewhere. */
export const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
].join('; ');

export type Tab = 'experiment' | 'behaviour' | 'sessions' | 'visitors' | 'items';

export interface Page {
  readonly title: string;
  readonly asset: (name: string) => string;
  /** The list of runs, where there is one. */
  readonly runs: string | null;
  /** The run the page is about, and the tab it belongs to. */
  readonly run: { readonly view: RunView; readonly links: Links; readonly tab: Tab } | null;
  readonly body: Html;
}

/** A whole document. */
export function page({ title, asset, runs, run, body }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${contentPolicy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Rehearsal</title>
        <link rel="icon" href="${asset('icon.svg')}" />
        <link rel="stylesheet" href="${asset('style.css')}" />
        <script src="${asset('page.js')}" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="bar">
          ${runs === null ? html`<b>Rehearsal</b>` : html`<a class="home" href="${runs}">Rehearsal</a>`}
          ${
            run === null
              ? null
              : html`<span class="crumb">${run.view.name}</span>
                  <nav aria-label="Views of the run">${tabs(run.links, run.tab)}</nav>`
          }
        </header>
        <main id="main">${body}</main>
        <footer>All visitors are simulated. This is how they behaved, not how people will.</footer>
      </body>
    </html> `.html;
}

function tabs(links: Links, current: Tab): readonly Html[] {
  const all: readonly (readonly [Tab, string, string])[] = [
    ['experiment', 'Experiment', links.experiment],
    ['behaviour', 'Behaviour', links.behaviour],
    ['sessions', 'Sessions', links.sessions()],
    ['visitors', 'Visitors', links.visitors],
    ['items', 'Items', links.items],
  ];
  return all.map(([tab, name, address]) =>
    tab === current
      ? html`<a href="${address}" aria-current="page">${name}</a>`
      : html`<a href="${address}">${name}</a>`,
  );
}

/** A page of a run. */
export function runPage(view: RunView, links: Links, tab: Tab, title: string, body: Html): string {
  return page({
    title: `${title} · ${view.name}`,
    asset: (name) => links.asset(name),
    runs: links.runs,
    run: { view, links, tab },
    body,
  });
}

/** A link, or the plain text where there is nothing to link to. */
export function linked(address: string | null, text: string | number | Html): Html {
  return address === null ? html`${text}` : html`<a href="${address}">${text}</a>`;
}
