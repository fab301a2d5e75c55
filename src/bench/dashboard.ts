// The contest of the dashboard: how long a reader waits for each view of a large run, in a real browser, and for a step
// of a replay until its picture is drawn. Every view is asked for twice: on a server that has just started, and again.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../../sandbox/camera-browser.ts';
import type { Studio } from '../../sandbox/camera.ts';
import { openRuns } from '../dashboard/runs.ts';
import { serveDashboard } from '../dashboard/serve.ts';
import { generateRun, generatedFolder } from './dashboard-record.ts';
import { table } from './page.ts';
import type { Section } from './page.ts';
import { speedRow, timed } from './speed.ts';
import type { SpeedRow } from './speed.ts';

export interface DashboardReport {
  readonly sessions: number;
  readonly steps: number;
  /** Milliseconds until the page and all it shows are loaded. */
  readonly views: readonly { readonly view: string; readonly firstMs: number; readonly againMs: number }[];
  readonly step: SpeedRow;
}

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof launchBrowser>>['newPage']>>;

const base = '/runs/generated';
const views: readonly (readonly [string, string])[] = [
  ['list of runs', '/'],
  ['experiment', base],
  ['sessions', `${base}/sessions`],
  ['sessions, filtered', `${base}/sessions?q=${encodeURIComponent('arm:control clicks>=3')}`],
  ['replay of a session', `${base}/sessions/777`],
  ['twins', `${base}/twins/visitor-77/1`],
  ['behaviour', `${base}/behaviour`],
  ['visitors', `${base}/visitors`],
  ['items', `${base}/items`],
];

/** Generates the run in a temporary folder, opens every view, steps through replays, and deletes it. */
export async function dashboardContest(
  studio: Studio,
  settings: { readonly sessions: number; readonly seed: number; log(line: string): void },
): Promise<DashboardReport> {
  const root = mkdtempSync(join(tmpdir(), 'rehearsal-dashboard-'));
  const browser = await launchBrowser(studio.browser.path);
  try {
    await generateRun(generatedFolder(root), studio, settings);
    const page = await browser.newPage();
    // A page of our own first, so that the browser's start is in no figure.
    await page.goto('about:blank');
    const rows: { view: string; firstMs: number; againMs: number }[] = [];
    for (const [view, address] of views) rows.push({ view, ...(await openTwice(root, page, address)) });
    const steps = await stepThrough(root, page);
    const { sessions } = settings;
    return { sessions, steps: sessions * 12, views: rows, step: speedRow('one step on', steps) };
  } finally {
    await browser.close();
    rmSync(root, { recursive: true });
  }
}

/** On a server of its own, so that nothing of another view is already read. */
async function openTwice(
  root: string,
  page: Page,
  address: string,
): Promise<{ firstMs: number; againMs: number }> {
  return served(root, async (url) => {
    const open = (): Promise<number> => timed(() => page.goto(url + address, { waitUntil: 'load' }));
    return { firstMs: await open(), againMs: await open() };
  });
}

/** Milliseconds of single steps, each until the shown picture is decoded and a frame was drawn. */
async function stepThrough(root: string, page: Page): Promise<number[]> {
  return served(root, async (url) => {
    const times: number[] = [];
    for (const session of [11, 222, 333, 444, 555]) {
      await page.goto(`${url}${base}/sessions/${session}`);
      await page.waitForSelector('body.playing');
      for (let step = 1; step < 12; step++) {
        times.push(
          await timed(async () => {
            await page.keyboard.press('ArrowRight');
            await page.evaluate(async () => {
              const shown = document.querySelector<HTMLImageElement>('.frame:not([hidden]) img');
              if (shown === null) throw new Error('no picture is shown');
              await shown.decode();
              await new Promise((drawn) => requestAnimationFrame(drawn));
            });
          }),
        );
      }
    }
    return times;
  });
}

async function served<T>(root: string, work: (url: string) => Promise<T>): Promise<T> {
  const runs = openRuns(root);
  const failures: string[] = [];
  const dashboard = await serveDashboard(runs, { port: 0, log: (line) => failures.push(line) });
  try {
    const done = await work(dashboard.url);
    if (failures.length > 0) throw new Error(failures.join('\n'));
    return done;
  } finally {
    await dashboard.close();
    runs.close();
  }
}

/** The section of docs/bench.md. */
export function dashboardSection(report: DashboardReport, command: string): Section {
  const ms = (value: number): string => `${Math.round(value)} ms`;
  return {
    name: 'dashboard',
    command,
    lines: [
      `A generated run of ${report.sessions.toLocaleString('en-US')} sessions and ${report.steps.toLocaleString('en-US')} steps, in the browser of the tests. First: the server had just started and read nothing yet. A step of a replay, until its picture is drawn, takes ${ms(report.step.medianMs)} (median of ${report.step.n}; 95th percentile ${ms(report.step.slowMs)}).`,
      '',
      ...table(
        ['view', 'first', 'again'],
        report.views.map(({ view, firstMs, againMs }) => [view, ms(firstMs), ms(againMs)]),
      ),
    ],
  };
}
