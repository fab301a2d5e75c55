// A browser may die, hang or grow: the same screens come out. And whatever a page holds, nothing goes out.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { findBrowser } from '../../sandbox/camera-browser.ts';
import { browserProcesses, killBrowsers } from '../../sandbox/camera-process.ts';
import { openStudio, type Studio, type StudioOptions } from '../../sandbox/camera.ts';
import { besideOf } from '../../src/base/whole-file.ts';
import { dyingBrowser } from './dying-browser.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-faults-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const studios: Studio[] = [];
const open = async (options: StudioOptions = {}): Promise<Studio> => {
  const studio = await openStudio({ pages: 1, ...options });
  studios.push(studio);
  return studio;
};
afterEach(async () => {
  for (const studio of studios.splice(0)) await studio.close();
});
const page = (text: string): string => `<main><p data-mark="text">${text}</p></main>`;

const { source } = await findBrowser();

describe.skipIf(source !== 'package')('the packaged browser', () => {
  it('is unpacked for all who ask at the same time, and what a killed process left is cleared', async () => {
    const home = mkdtempSync(join(folder, 'home-'));
    vi.stubEnv('TMPDIR', home);
    try {
      const [one, two] = await Promise.all([findBrowser(), findBrowser()]);
      expect(one).toEqual(two);
      const place = dirname(one.path);
      expect(place.startsWith(home)).toBe(true);
      expect(readdirSync(place)).toEqual(['chromium']);
      rmSync(one.path);
      const left = besideOf(one.path);
      writeFileSync(left, 'half');
      utimesSync(left, 0, 0);
      await findBrowser();
      expect(readdirSync(place)).toEqual(['chromium']);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('a browser', () => {
  it('that is killed, idle or at work, is replaced, and the screens are the same bytes', async () => {
    const studio = await open({ cacheScreens: 1 });
    const [one, two] = [await studio.capture(page('one')), await studio.capture(page('two'))];
    expect(browserProcesses()).toHaveLength(1);
    killBrowsers();
    expect((await studio.capture(page('one'))).hash).toBe(one.hash);
    const underway = studio.capture(page('two'));
    killBrowsers();
    expect((await underway).hash).toBe(two.hash);
    expect(studio.statistics().browsers).toBeGreaterThan(1);
    expect(browserProcesses()).toHaveLength(1);
  });

  it('that hangs is killed after a patience and replaced', { timeout: 120_000 }, async () => {
    const studio = await open({ cacheScreens: 1, patienceMs: 5_000 });
    const { hash } = await studio.capture(page('one'));
    await studio.capture(page('two'));
    const [hung] = browserProcesses();
    process.kill(-hung!, 'SIGSTOP');
    expect((await studio.capture(page('one'))).hash).toBe(hash);
    expect(browserProcesses()).not.toContain(hung);
  });

  it('is retired after so many screens, without a difference, and not for a page that cannot be shown', async () => {
    const studio = await open({ cacheScreens: 1, retireAfter: 3 });
    const broken = '<main><img src="data:image/png;base64,AAAA" alt=""></main>';
    const first = await studio.capture(page('0'));
    await expect(studio.capture(broken)).rejects.toMatchObject({ name: 'RehearsalError' });
    expect(studio.statistics().browsers).toBe(1);
    for (let count = 1; count < 7; count++) await studio.capture(page(String(count)));
    expect((await studio.capture(page('0'))).hash).toBe(first.hash);
    expect(studio.statistics()).toEqual({ captured: 8, cached: 0, browsers: 3 });
  });

  // Playwright's own promise of a new page never settles where the browser dies before it answers.
  it.each([
    ['dies', 'Target.createBrowserContext'],
    ['dies', 'Target.createTarget'],
    ['hangs', 'Target.createTarget'],
  ] as const)('that %s at %s while a studio opens is replaced by another', async (way, method) => {
    const { path } = await findBrowser();
    const browserPath = dyingBrowser(folder, path, method, way);
    const studio = await open({ browserPath, patienceMs: 3_000 });
    expect(studio.statistics().browsers).toBe(2);
    const { hash } = await (await open()).capture(page('one'));
    expect((await studio.capture(page('one'))).hash).toBe(hash);
  });

  it('that cannot be replaced fails the screen by name', async () => {
    const studio = await open();
    await studio.close();
    await expect(studio.capture(page('late'))).rejects.toMatchObject({ name: 'BrowserError' });
  });
});

describe('the page of a browser', () => {
  it('reaches nothing outside, whatever a fragment holds', async () => {
    const asked: string[] = [];
    const canary = createServer((request, response) => {
      asked.push(String(request.url));
      response.end('reached');
    });
    canary.listen(0, '127.0.0.1');
    await once(canary, 'listening');
    const at = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`;
    const ways: readonly string[] = [
      `<img src="${at}/img">`,
      `<img srcset="${at}/srcset 1x">`,
      `<picture><source srcset="${at}/source"><img></picture>`,
      `<svg><image href="${at}/svg"/><use href="${at}/use#x"/></svg>`,
      `<div style="background:url(${at}/css)">x</div>`,
      `<style>@import url(${at}/import); @font-face{font-family:f;src:url(${at}/font)} p{font-family:f}</style><p>x</p>`,
      `<link rel="stylesheet" href="${at}/link"><link rel="prefetch" href="${at}/prefetch"><link rel="preconnect" href="${at}">`,
      `<link rel="dns-prefetch" href="${at}"><link rel="modulepreload" href="${at}/module"><link rel="icon" href="${at}/icon">`,
      `<script src="${at}/script"></script><script>fetch('${at}/fetch')</script>`,
      `<img src="x" onerror="fetch('${at}/onerror');navigator.sendBeacon('${at}/beacon')">`,
      `<svg onload="new WebSocket('${at.replace('http', 'ws')}/socket')"></svg>`,
      `<iframe src="${at}/iframe"></iframe><iframe srcdoc="<img src='${at}/srcdoc'>"></iframe>`,
      `<object data="${at}/object"></object><embed src="${at}/embed">`,
      `<video src="${at}/video" poster="${at}/poster" autoplay></video><audio src="${at}/audio" autoplay></audio>`,
      `<form action="${at}/form" method="post"><input name="a" autofocus onfocus="this.form.submit()"></form>`,
      `<meta http-equiv="refresh" content="0;url=${at}/refresh">`,
      `<a href="${at}/ping" ping="${at}/ping" download>x</a>`,
      `<base href="${at}/"><img src="relative">`,
      `<details open ontoggle="location='${at}/location'"><summary>x</summary></details>`,
      `<body background="${at}/body"><table background="${at}/table"><tr><td>x</td></tr></table>`,
    ];
    try {
      const studio = await open({ patienceMs: 20_000 });
      for (const way of ways) {
        await studio.capture(`${page('before')}${way}`).catch((error: unknown) => {
          // A page that is refused reaches nothing either.
          expect(error).toMatchObject({ name: expect.stringMatching(/^(Rehearsal|Browser)Error$/) });
        });
      }
      await studio.capture(page('after'));
      expect(asked).toEqual([]);
      expect(await (await fetch(`${at}/alive`)).text()).toBe('reached');
    } finally {
      canary.close();
    }
  });
});
