// The dashboard as a person uses it, in a real browser, on a real small run that is watched while it goes on: news
// arrive, every view opens, a session is played to its end, twins stop where they part, filters find, and axe-core
// finds nothing serious in light and dark. Then the same from files, with what was to be left out left out.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudio } from '../../sandbox/camera.ts';
import type { Studio } from '../../sandbox/camera.ts';
import { writeBundle } from '../../src/dashboard/bundle.ts';
import { builtIn } from '../../src/catalogue/builtin.ts';
import { openRuns } from '../../src/dashboard/runs.ts';
import type { Runs } from '../../src/dashboard/runs.ts';
import { serveDashboard } from '../../src/dashboard/serve.ts';
import type { Dashboard } from '../../src/dashboard/serve.ts';
import type { Result } from '../../src/experiment/result.ts';
import { catalogue, folderFor, runIn, small, smallInput, temporaryFolder } from '../experiment/small.ts';
import { partingRun } from './parting.ts';
import { drivenPage, openBrowser, seriousFindings } from './driven.ts';

const root = temporaryFolder();
/** `DASHBOARD_VISITORS=50` makes it a run of a hundred sessions; `DASHBOARD_PICTURES=DIR` keeps a picture of each view. */
const visitors = Number(process.env['DASHBOARD_VISITORS'] ?? 3);
const gallery = process.env['DASHBOARD_PICTURES'];
const population = { ...smallInput.population, visitors };
const scenario = small({ name: 'watched', population });
/** Run afterwards, so that there is one to compare it with. */
const other = small({ name: 'other', population, seed: 2, site: { pages: 1 } });
let browser: Browser;
let studio: Studio;
let runs: Runs;
let dashboard: Dashboard;
let result: Result;
/** What the page said about its progress while the run went on, and what stood there at its end. */
const news: string[] = [];
let atEnd = '';

beforeAll(async () => {
  [browser, studio] = await Promise.all([openBrowser(), openStudio()]);
  runs = openRuns(join(root.path, 'runs'));
  dashboard = await serveDashboard(runs, { port: 0, log: (line) => expect.fail(line) });
  const folder = folderFor(join(root.path, 'runs'), 'watched', scenario);
  const people = visitors > 3 ? builtIn().catalogue : catalogue;
  const running = runIn(folder, scenario, studio, Infinity, people);
  const { page } = await drivenPage(browser);
  const watched = watch(page);
  result = await running;
  await watched;
  await runIn(folderFor(join(root.path, 'runs'), 'other', other), other, studio, Infinity, people);
});
afterAll(async () => {
  await browser.close();
  await studio.close();
  await dashboard.close();
  runs.close();
  root.remove();
});

/** Opens the page once the record has begun, and notes what it says until it shows a verdict. */
async function watch(page: Page): Promise<void> {
  while ((await page.goto(`${dashboard.url}/runs/watched`))?.status() !== 200) await page.waitForTimeout(100);
  while ((await page.locator('#verdict').count()) === 0) {
    const label = await page
      .locator('#live label')
      .textContent({ timeout: 500 })
      .catch(() => null);
    if (label !== null && label !== news.at(-1)) news.push(label);
    await page.waitForTimeout(50);
  }
  atEnd = await page.locator('#verdict').innerText();
}

const open = async (address: string): Promise<{ page: Page; troubles: string[] }> => {
  const driven = await drivenPage(browser);
  await driven.page.goto(dashboard.url + address);
  return driven;
};
/** The session with the most steps; its number differs from run to run, since sessions end in any order. */
const longest = () =>
  runs
    .view('watched')!
    .sessions()
    .reduce((one, two) => (two.steps > one.steps ? two : one));
const output = (page: Page): Promise<string> => page.locator('.player output').innerText();
const shownFrames = (page: Page): Promise<number> => page.locator('.frame:visible').count();

/** A picture of what a visitor of the page sees first: twins in dark colours, the rest in light ones. */
async function keepPicture(page: Page, address: string, scheme: 'light' | 'dark'): Promise<void> {
  const [, first, , kind = 'experiment', one] = address.split(/[/?]/);
  if (gallery === undefined || (scheme === 'dark') !== (kind === 'twins')) return;
  const single: Readonly<Record<string, string>> = { sessions: 'replay', visitors: 'visitor', items: 'item' };
  const view = first === 'runs' ? (one === undefined ? kind : (single[kind] ?? kind)) : first || 'runs';
  await page.screenshot({ path: join(gallery, `dashboard-${view}.jpg`), type: 'jpeg', quality: 70 });
}

describe('the dashboard', () => {
  it('tells the news of a run under way without being asked again, and the verdict when there is one', () => {
    expect(news.length).toBeGreaterThan(2);
    expect(news.every((label) => new RegExp(`^\\d+ of ${2 * visitors} sessions$`).test(label))).toBe(true);
    expect(atEnd).toContain(result.verdict.text.slice(0, 20));
  });

  it('has every view, in light and dark, without trouble and without a serious finding of axe-core', async () => {
    const visitor = runs.view('watched')!.visitors()[0]!.visitor;
    const item = runs.view('watched')!.items()[0]!.item;
    const views = [
      '',
      '/behaviour',
      '/sessions',
      '/sessions/1',
      `/twins/${visitor}/1`,
      '/visitors',
      `/visitors/${visitor}`,
      '/items',
      `/items/${encodeURIComponent(item)}`,
    ];
    const addresses = ['/', '/compare?run=watched&run=other', ...views.map((view) => `/runs/watched${view}`)];
    for (const scheme of ['light', 'dark'] as const) {
      const { page, troubles } = await drivenPage(browser, scheme);
      // Dark differs in colours alone, which one page of each kind shows.
      for (const address of scheme === 'dark' ? addresses.slice(2, 7) : addresses) {
        expect((await page.goto(dashboard.url + address))?.status(), address).toBe(200);
        expect(await page.locator('h1').count(), address).toBe(1);
        await keepPicture(page, address, scheme);
        expect(
          await seriousFindings(page, scheme === 'dark' ? ['color-contrast'] : undefined),
          `${address} ${scheme}`,
        ).toEqual([]);
      }
      expect(troubles).toEqual([]);
    }
  });

  it('plays a session to its end, one frame at a time, with its screens', async () => {
    const { page, troubles } = await open(`/runs/watched/sessions/${longest().id}`);
    const { steps } = longest();
    expect(steps).toBeGreaterThan(3);
    expect(await output(page)).toBe(`1 of ${steps}`);
    await page.locator('.player select[data-do=speed]').selectOption('20');
    await page.keyboard.press('Space');
    await page.waitForFunction(
      (last) => document.querySelector('.player')?.getAttribute('data-now') === last,
      String(steps),
    );
    expect(await shownFrames(page)).toBe(1);
    expect(await page.locator('.frame:visible .plain').last().innerText()).toMatch(/Left: /);
    expect(await page.locator('[data-do=play]').innerText()).toBe('Play');
    const picture = page.locator('.frame:visible img');
    await picture.evaluate((image: HTMLImageElement) => image.decode());
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(600);
    expect(troubles).toEqual([]);
  });

  it('steps by keys and links, and the step stands in the address', async () => {
    const { page } = await open(`/runs/watched/sessions/${longest().id}#step-2`);
    expect(await output(page)).toMatch(/^2 of/);
    await page.keyboard.press('ArrowRight');
    expect(page.url()).toMatch(/#step-3$/);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Home');
    expect(await output(page)).toMatch(/^1 of/);
    await page.locator('.strip a').nth(1).click();
    await expect.poll(() => output(page)).toMatch(/^2 of/);
    expect(await page.locator('.strip a[aria-current]').count()).toBe(1);
    expect(await page.locator('.frame:visible .state.lit').count()).toBe(1);
  });

  it('shows what was remembered, each memory once with its score', async () => {
    const { page } = await open(`/runs/watched/sessions/${longest().id}#step-4`);
    const memories = await page.locator('.frame:visible h3:text-is("Remembered") + ul li').allInnerTexts();
    expect(memories.length).toBeGreaterThan(0);
    for (const memory of memories) expect(memory).toMatch(/\S.* \d\.\d\d$/);
  });

  it('stops twins where they part and shows both', async () => {
    const { visitor } = longest();
    const { page } = await open(`/runs/watched/twins/${visitor}/1`);
    const stop = Number(await page.locator('.player').getAttribute('data-stop'));
    expect(stop).toBeGreaterThan(0);
    expect(await page.getByText(`They part at step ${stop}:`).count()).toBe(1);
    await page.keyboard.press('End');
    expect(await output(page)).not.toContain('part');
    await page.keyboard.press('d');
    expect(await output(page)).toContain(`${stop} of`);
    expect(await output(page)).toContain('here they part');
    expect(await shownFrames(page)).toBe(2);
  });

  it('pauses twins that are played at the step where they part, and goes on when asked again', async () => {
    partingRun(join(root.path, 'runs', 'parting'), 3, 5);
    const { page, troubles } = await open('/runs/parting/twins/a/1');
    const now = (step: number) =>
      page.waitForFunction(
        (wanted) => document.querySelector('.player')?.getAttribute('data-now') === wanted,
        String(step),
      );
    await page.locator('.player select[data-do=speed]').selectOption('20');
    await page.locator('[data-do=play]').click();
    await now(3);
    await page.waitForTimeout(200);
    expect(await output(page)).toBe('3 of 5, here they part');
    expect(await page.locator('[data-do=play]').innerText()).toBe('Play');
    expect(await page.getByText('the screens were the same picture').count()).toBe(1);
    await page.locator('[data-do=play]').click();
    await now(5);
    expect(troubles).toEqual([]);
  });

  it('filters on the server, by address, and says what it does not understand', async () => {
    const { page } = await open('/runs/watched/sessions');
    await page.keyboard.press('/');
    await page.keyboard.type('arm:chance clicks>=0');
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=arm%3Achance/);
    expect(await page.locator('.count').innerText()).toBe(`${visitors} of ${2 * visitors} sessions`);
    expect(await page.locator('tbody tr').count()).toBe(visitors);
    await page.goto(`${dashboard.url}/runs/watched/sessions?q=colour:red`);
    expect(await page.locator('.count').innerText()).toContain("no field 'colour'");
    await page.goto(`${dashboard.url}/runs/watched/items?sort=-seen`);
    const seen = (await page.locator('tbody tr td:nth-child(4)').allInnerTexts()).map(Number);
    expect(seen).toEqual([...seen].sort((a, b) => b - a));
  });
});

describe('a bundle', () => {
  it('opens from disk without a network, plays a session and filters', async () => {
    const out = join(root.path, 'whole');
    const bundle = writeBundle(join(root.path, 'runs', 'watched'), out, { hidden: new Set(), sessions: 200 });
    expect(bundle.sessions).toBe(2 * visitors);
    const { page, troubles } = await drivenPage(browser);
    await page.context().setOffline(true);
    await page.goto(pathToFileURL(bundle.start).href);
    expect(await page.locator('#verdict').count()).toBe(1);
    await page.getByRole('link', { name: 'Sessions' }).click();
    await page.locator('#filter').fill('arm:chance');
    expect(await page.locator('tbody tr:visible').count()).toBe(visitors);
    await page.locator('tbody tr:visible a').first().click();
    await page.waitForSelector('body.playing');
    await page.keyboard.press('End');
    const picture = page.locator('.frame:visible img');
    await picture.evaluate((image: HTMLImageElement) => image.decode());
    expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(600);
    await page.getByRole('link', { name: 'Beside its twins' }).click();
    await page.waitForSelector('body.playing');
    expect(await shownFrames(page)).toBe(2);
    expect(troubles).toEqual([]);
  });

  it('holds nothing of what is left out, and no path of this machine', () => {
    const view = runs.view('watched')!;
    const out = join(root.path, 'redacted');
    writeBundle(view.folder, out, {
      hidden: new Set(['visitors', 'profiles', 'thoughts', 'screens']),
      sessions: 200,
    });
    const files = (readdirSync(out, { recursive: true }) as string[]).filter((name) =>
      /\.(html|jpg)$/.test(name),
    );
    const text = files.map((name) => readFileSync(join(out, name), 'utf8')).join('\n');
    expect(files.some((name) => name.endsWith('.jpg'))).toBe(false);
    for (const { visitor } of view.visitors()) expect(text).not.toContain(visitor);
    const thoughts = view.replay(longest().id).frames.map(({ step }) => step.reason);
    expect(thoughts.filter((thought) => text.includes(thought))).toEqual([]);
    expect(text).not.toContain(root.path);
    expect(text).not.toContain('Rating mean');
  });
});
