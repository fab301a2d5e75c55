// The camera: HTML → screen. A few pages of one browser are reused, patched, and photographed as JPEG; equal
// HTML gives equal bytes, so screens are kept by content and taken once even when asked for many times at once.

import type { Browser, BrowserContext, CDPSession } from 'playwright';
import sharp from 'sharp';
import { RehearsalError } from '../src/base/error.ts';
import { sha256 } from '../src/base/hash.ts';
import { findBrowser, launchBrowser } from './camera-browser.ts';
import type { BrowserSource } from './camera-browser.ts';
import { fontFaces } from './camera-font.ts';
import { showPage } from './camera-page.ts';
import type { PageOrder, SeenMark } from './camera-page.ts';
import { theme, viewport } from './pages/theme.ts';
import type { Pixels, Screen } from './screen.ts';

export interface Studio {
  readonly browser: { readonly path: string; readonly version: string; readonly source: BrowserSource };
  /** Takes the screen of a page fragment. Throws a RehearsalError when the browser has stopped or hangs. */
  capture(html: string): Promise<Screen>;
  close(): Promise<void>;
  statistics(): { readonly captured: number; readonly cached: number };
}

const pixelScale = 2;
const jpegQuality = 70;
/** Pictures a page holds before it forgets them all and begins again. */
const mostPictures = 800;
const patienceMs = 60_000;

interface Stage {
  readonly protocol: CDPSession;
  /** The page's own function (order) → marks, by its protocol id. */
  readonly show: string;
  /** Keys of the pictures that the page holds, by address. */
  readonly held: Map<string, string>;
}

/**
 * Opens a studio: `pages` pages side by side (default 2) and a cache of the last `cacheScreens` screens
 * (default 400, about 0.85 MB each). `browserPath` overrides which browser is used.
 */
export async function openStudio(
  options: { readonly pages?: number; readonly cacheScreens?: number; readonly browserPath?: string } = {},
): Promise<Studio> {
  const found = await findBrowser(options.browserPath);
  const browser = await launchBrowser(found.path);
  const kept = new Map<string, Promise<Screen>>();
  const limit = options.cacheScreens ?? 400;
  const free: Stage[] = [];
  const waiting: ((stage: Stage) => void)[] = [];
  let captured = 0;
  let cached = 0;
  try {
    const context = await openContext(browser);
    const fonts = fontFaces();
    for (let count = 0; count < (options.pages ?? 2); count++) free.push(await openStage(context, fonts));
  } catch (error) {
    await browser.close();
    throw error;
  }

  const takeStage = (): Promise<Stage> => {
    const stage = free.pop();
    return stage === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(stage);
  };
  const giveBack = (stage: Stage): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(stage);
    else next(stage);
  };
  const photograph = async (html: string): Promise<Screen> => {
    const stage = await takeStage();
    const shot = await withPatience(shoot(stage, html), browser).finally(() => giveBack(stage));
    captured += 1;
    return { image: shot.image, ...(await describe(shot.image)), marks: shot.marks };
  };

  return {
    browser: { path: found.path, version: browser.version(), source: found.source },
    capture: (html) => {
      const key = sha256(html);
      const known = kept.get(key);
      if (known !== undefined) {
        cached += 1;
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const screen = photograph(html);
      kept.set(key, screen);
      screen.catch(() => kept.delete(key));
      for (const oldest of kept.keys()) {
        if (kept.size <= limit) break;
        kept.delete(oldest);
      }
      return screen;
    },
    close: () => browser.close(),
    statistics: () => ({ captured, cached }),
  };
}

/** A context of the site's size that can reach nothing outside. */
async function openContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport,
    deviceScaleFactor: 1,
    offline: true,
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  await context.route('**/*', (route) => route.abort());
  return context;
}

async function openStage(context: BrowserContext, fonts: string): Promise<Stage> {
  const page = await context.newPage();
  await page.setContent(documentOf('', fonts));
  await page.evaluate(() =>
    Promise.all([400, 600, 700].map((weight) => document.fonts.load(`${weight} 16px Inter`))),
  );
  const protocol = await context.newCDPSession(page);
  const { result } = await protocol.send('Runtime.evaluate', {
    expression: `((held) => (order) => (${showPage.toString()})(held, order))(new Map())`,
  });
  if (result.objectId === undefined) throw new Error('the page took no function');
  return { protocol, show: result.objectId, held: new Map() };
}

/** A whole document around a page fragment. Its policy forbids scripts and the network even if escaping failed. */
export function documentOf(fragment: string, fonts: string = fontFaces()): string {
  const policy = "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'";
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><title>Rehearsal</title><style>${fonts}\n${theme}</style></head><body>${fragment}</body></html>`;
}

async function shoot(stage: Stage, html: string): Promise<{ marks: Screen['marks']; image: Uint8Array }> {
  const order = orderOf(html, stage.held);
  let marks: readonly SeenMark[];
  try {
    marks = await callShow(stage, order);
  } catch (error) {
    stage.held.clear();
    throw error;
  }
  const shot = await stage.protocol.send('Page.captureScreenshot', { format: 'jpeg', quality: jpegQuality });
  return { marks, image: new Uint8Array(Buffer.from(shot.data, 'base64')) };
}

/** Calls the page's function over the protocol: its own serialisation is several times faster than playwright's. */
async function callShow(stage: Stage, order: PageOrder): Promise<readonly SeenMark[]> {
  const { result, exceptionDetails } = await stage.protocol.send('Runtime.callFunctionOn', {
    objectId: stage.show,
    functionDeclaration: 'function (order) { return this(order); }',
    arguments: [{ value: order }],
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails !== undefined) {
    const { description, value } = exceptionDetails.exception ?? {};
    throw new Error(String(description ?? value ?? exceptionDetails.text));
  }
  return result.value as readonly SeenMark[];
}

/** Takes the pictures out of the markup and sends only those that the page does not hold yet. */
function orderOf(html: string, held: Map<string, string>): PageOrder {
  const forget = held.size === 0 || held.size > mostPictures;
  if (forget) held.clear();
  const pictures: [string, string][] = [];
  const markup = html.replace(/ src="(data:[^"]+)"/g, (_whole, address: string) => {
    let key = held.get(address);
    if (key === undefined) {
      key = String(held.size);
      held.set(address, key);
      pictures.push([key, address]);
    }
    return ` data-picture="${key}"`;
  });
  return { markup, pictures, forget };
}

/** Hash, size and pixels of a JPEG; pixels are RGB at half scale. Its profile is sRGB already: not converted again. */
async function describe(
  image: Uint8Array,
): Promise<{ hash: string; width: number; height: number; pixels: Pixels }> {
  const { width, height } = viewport;
  const { data, info } = await sharp(image, { ignoreIcc: true })
    .resize(width / pixelScale, height / pixelScale, { fit: 'fill', kernel: 'linear' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = { width: info.width, height: info.height, scale: pixelScale, data: new Uint8Array(data) };
  return { hash: sha256(image), width, height, pixels };
}

async function withPatience<T>(work: Promise<T>, browser: Browser): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      void browser.close();
      reject(new Error(`no screen within ${patienceMs / 1000} s`));
    }, patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } catch (cause) {
    const what = browser.isConnected() ? 'could not take a screen' : 'stopped while taking a screen';
    throw new RehearsalError(
      `The browser ${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        hint: 'Run `rehearsal doctor` to try the browser alone; `rehearsal resume` continues the run.',
        cause,
      },
    );
  } finally {
    clearTimeout(timer);
  }
}
