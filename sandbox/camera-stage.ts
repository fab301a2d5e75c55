// A stage: one page of a browser that shows fragments and is photographed. It can reach nothing outside: no network,
// no scripts of the fragment, no service workers, no downloads. What a page did wrong is a PageFault; anything else
// that is thrown here is the browser's fault.

import type { Browser, BrowserContext, CDPSession } from 'playwright';
import { fontFaces } from './camera-font.ts';
import { showPage } from './camera-page.ts';
import type { PageOrder, SeenMark } from './camera-page.ts';
import { theme, viewport } from './pages/theme.ts';
import type { Screen } from './screen.ts';

const jpegQuality = 70;
/** Pictures a page holds before it forgets them all and begins again. */
const mostPictures = 800;

export interface Stage {
  readonly protocol: CDPSession;
  /** The page's own function (order) → marks, by its protocol id. */
  readonly show: string;
  /** Keys of the pictures that the page holds, by address. */
  readonly held: Map<string, string>;
}

/** The fragment cannot be shown: it would fail on any browser. */
export class PageFault extends Error {}

/** A context of the site's size that can reach nothing outside. */
export async function openContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport,
    deviceScaleFactor: 1,
    offline: true,
    colorScheme: 'dark',
    reducedMotion: 'reduce',
    serviceWorkers: 'block',
    acceptDownloads: false,
  });
  await context.route('**/*', (route) => route.abort());
  return context;
}

/** Opens a page of the context, ready to show fragments. */
export async function openStage(context: BrowserContext, fonts: string): Promise<Stage> {
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

/** Shows a fragment and photographs it. Throws a PageFault where the fragment is at fault. */
export async function shoot(
  stage: Stage,
  html: string,
): Promise<{ marks: Screen['marks']; image: Uint8Array }> {
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
    throw new PageFault(String(description ?? value ?? exceptionDetails.text));
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
