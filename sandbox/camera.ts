// The camera: HTML → screen. A few pages of one browser are reused, patched, and photographed as JPEG; equal
// HTML gives equal bytes, so screens are kept by content and taken once even when asked for many times at once, and
// a screen that was lost with its browser is simply taken again.

import sharp from 'sharp';
import { RehearsalError } from '../src/base/error.ts';
import { sha256 } from '../src/base/hash.ts';
import { BrowserError } from './browser-error.ts';
import { findBrowser } from './camera-browser.ts';
import type { BrowserSource } from './camera-browser.ts';
import { openCrew } from './camera-crew.ts';
import { PageFault, shoot } from './camera-stage.ts';
import { viewport } from './pages/theme.ts';
import type { Pixels, Screen } from './screen.ts';

export interface Studio {
  readonly browser: { readonly path: string; readonly version: string; readonly source: BrowserSource };
  /**
   * Takes the screen of a page fragment. Throws a BrowserError when the browser died or hung and its successor did
   * too, and a RehearsalError when the page cannot be shown.
   */
  capture(html: string): Promise<Screen>;
  close(): Promise<void>;
  statistics(): { readonly captured: number; readonly cached: number; readonly browsers: number };
}

export interface StudioOptions {
  /** Pages side by side. */
  readonly pages?: number;
  /** Screens kept, about 0.85 MB each. */
  readonly cacheScreens?: number;
  /** Overrides which browser is used. */
  readonly browserPath?: string;
  /** Screens after which the browser is replaced by a fresh one. */
  readonly retireAfter?: number;
  /** Milliseconds after which a browser counts as hung. */
  readonly patienceMs?: number;
}

const pixelScale = 2;
/** Browsers that may be lost over one screen. */
const mostLost = 2;

/** Opens a studio; by default 2 pages, 400 screens kept, a fresh browser every 2,000 screens, a minute's patience. */
export async function openStudio(options: StudioOptions = {}): Promise<Studio> {
  const found = await findBrowser(options.browserPath);
  const crew = await openCrew({
    path: found.path,
    pages: options.pages ?? 2,
    retireAfter: options.retireAfter ?? 2000,
    patienceMs: options.patienceMs ?? 60_000,
  });
  const kept = new Map<string, Promise<Screen>>();
  const limit = options.cacheScreens ?? 400;
  let captured = 0;
  let cached = 0;

  const photograph = async (html: string): Promise<Screen> => {
    for (let lost = 1; ; lost++) {
      try {
        const shot = await crew.onStage((stage) => shoot(stage, html));
        captured += 1;
        return { image: shot.image, ...(await describe(shot.image)), marks: shot.marks };
      } catch (error) {
        if (error instanceof PageFault) throw unshowable(error);
        if (!(error instanceof BrowserError) || lost >= mostLost) throw error;
      }
    }
  };

  return {
    browser: { path: found.path, version: crew.version, source: found.source },
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
    close: () => crew.close(),
    statistics: () => ({ captured, cached, browsers: crew.launched() }),
  };
}

function unshowable(fault: PageFault): RehearsalError {
  return new RehearsalError(`The browser could not take a screen: ${fault.message}`, {
    hint: 'The page holds something that cannot be shown, for example a broken picture of the catalogue.',
    cause: fault,
  });
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
