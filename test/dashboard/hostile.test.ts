// Hostile text through every field, on every view, served and from disk: no dialog, no violation of the content
// policy, nothing runs, and the text is there as text.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeBundle } from '../../src/dashboard/bundle.ts';
import { openRuns } from '../../src/dashboard/runs.ts';
import type { Runs } from '../../src/dashboard/runs.ts';
import { serveDashboard } from '../../src/dashboard/serve.ts';
import type { Dashboard } from '../../src/dashboard/serve.ts';
import { temporaryFolder } from '../experiment/small.ts';
import { drivenPage, openBrowser } from './driven.ts';
import { attacks, hostileRun } from './hostile.ts';

const root = temporaryFolder();
let browser: Browser;
let runs: Runs;
let dashboard: Dashboard;
let folder: string;
beforeAll(async () => {
  folder = await hostileRun(join(root.path, 'runs'));
  runs = openRuns(join(root.path, 'runs'));
  dashboard = await serveDashboard(runs, { port: 0, log: () => undefined });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
  await dashboard.close();
  runs.close();
  root.remove();
});

const part = encodeURIComponent;
const shownAs = (text: string): string => text.replaceAll('\u0000', '').replaceAll(/\s+/gu, ' ').trim();

it('is text on every served view', async () => {
  const run = `/runs/${part('<img src=x onerror=alert(1)>')}`;
  const visitor = part(attacks[0]!);
  const item = part(`1 ${attacks[1]!}`);
  const query = attacks.slice(0, 12).map((attack) => part(attack));
  const views = [
    '/',
    run,
    `${run}/behaviour`,
    `${run}/sessions`,
    `${run}/sessions/1`,
    `${run}/sessions/11`,
    `${run}/visitors`,
    `${run}/visitors/${visitor}`,
    `${run}/twins/${visitor}/1`,
    `${run}/items`,
    `${run}/items/${item}`,
    `/compare?run=${part('<img src=x onerror=alert(1)>')}&run=${query[3]}`,
    `${run}/sessions?q=${query[0]}&sort=${query[7]}`,
    ...query.map((attack) => `${run}/items?q=${attack}`),
    ...query.slice(0, 4).map((attack) => `${run}/${attack}`),
  ];
  const { page, troubles } = await drivenPage(browser);
  for (const view of views) {
    const before = troubles.length;
    await page.goto(dashboard.url + view);
    expect(await page.evaluate(() => '__hit' in globalThis), view).toBe(false);
    const own = troubles.slice(before).filter((trouble) => !trouble.includes('404 (Not Found)'));
    expect(own, view).toEqual([]);
  }
  await page.goto(`${dashboard.url}${run}/sessions/1`);
  const thoughts = (await page.locator('.thought').allTextContents()).map(shownAs);
  const said = (await page.locator('#calls pre').allTextContents()).map(shownAs);
  for (const attack of attacks.slice(0, 20)) expect(said).toContain(shownAs(attack));
  for (const attack of attacks) expect(thoughts).toContain(shownAs(attack));
});

it('is text in every file of a bundle, whose names are our own', async () => {
  const out = join(root.path, 'bundle');
  writeBundle(folder, out, { hidden: new Set(), sessions: 4 });
  const names = (readdirSync(out, { recursive: true }) as string[]).filter((name) =>
    /\.[a-z0-9]+$/.test(name),
  );
  expect(names.every((name) => /^[a-z0-9./-]+$/.test(name))).toBe(true);
  const pages = names.filter((name) => name.endsWith('.html'));
  const wanted = [
    ...pages.filter((name) => !name.startsWith('items/')),
    ...pages.filter((name) => name.startsWith('items/')).slice(0, 5),
  ];
  const { page, troubles } = await drivenPage(browser);
  for (const name of wanted) {
    await page.goto(pathToFileURL(join(out, name)).href);
    expect(await page.evaluate(() => '__hit' in globalThis), name).toBe(false);
    expect(troubles, name).toEqual([]);
  }
});
