// The browsers behind a studio, one after another. A browser that dies or hangs is replaced by a fresh one, and one that
// has taken many screens is retired before its memory grows; each is closed when its last page is done. Whoever was
// at work on a lost browser gets a BrowserError and may ask again.

import type { Browser, BrowserContext } from 'playwright';
import { BrowserError } from './browser-error.ts';
import { launchBrowser } from './camera-browser.ts';
import { fontFaces } from './camera-font.ts';
import { killBrowsers, nextMark } from './camera-process.ts';
import { openContext, openStage, PageFault, type Stage } from './camera-stage.ts';

export interface CrewParts {
  readonly path: string;
  /** Pages side by side. */
  readonly pages: number;
  /** Screens after which a browser is retired. */
  readonly retireAfter: number;
  /** How long a page may take before its browser counts as hung. */
  readonly patienceMs: number;
}

export interface Crew {
  readonly version: string;
  /** Does `work` on a free stage of a living browser. Throws BrowserError, or the PageFault of the work. */
  onStage<T>(work: (stage: Stage) => Promise<T>): Promise<T>;
  /** How many browsers were launched so far. */
  launched(): number;
  close(): Promise<void>;
}

interface Hand {
  readonly mark: string;
  readonly browser: Browser;
  readonly context: BrowserContext;
  atWork: number;
  taken: number;
  isRetired: boolean;
}

/** A place to work; its stage belongs to one browser and is opened anew on the next. */
interface Place {
  stage: Stage | null;
  hand: Hand | null;
}

/** Launches the first browser and opens its pages. */
export async function openCrew(parts: CrewParts): Promise<Crew> {
  const fonts = fontFaces();
  const free: Place[] = Array.from({ length: parts.pages }, () => ({ stage: null, hand: null }));
  const waiting: ((place: Place) => void)[] = [];
  let launched = 0;
  let isClosed = false;
  let present: Promise<Hand> | null = null;

  const launch = async (): Promise<Hand> => {
    const mark = nextMark();
    const browser = await launchBrowser(parts.path, [mark]);
    launched += 1;
    try {
      const context = await within(parts.patienceMs, browser, openContext(browser));
      return { mark, browser, context, atWork: 0, taken: 0, isRetired: false };
    } catch (cause) {
      killBrowsers(mark);
      throw stopped('opening a window', cause);
    }
  };
  const presentHand = async (): Promise<Hand> => {
    if (isClosed) throw new BrowserError('The browser is closed.');
    const hand = await (present ??= launch().catch((error: unknown) => {
      present = null;
      throw error;
    }));
    if (hand.browser.isConnected() && !hand.isRetired) return hand;
    retire(hand);
    return await presentHand();
  };
  /** No new work for it; the next one is launched when there is some. */
  const retire = (hand: Hand): void => {
    if (!hand.isRetired) present = null;
    hand.isRetired = true;
  };
  const takePlace = (): Promise<Place> => {
    const place = free.pop();
    return place === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(place);
  };
  const giveBack = (place: Place): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(place);
    else next(place);
  };
  const workAt = async <T>(place: Place, hand: Hand, work: (stage: Stage) => Promise<T>): Promise<T> => {
    if (place.stage === null || place.hand !== hand) {
      place.stage = await openStage(hand.context, fonts);
      place.hand = hand;
    }
    return await work(place.stage);
  };

  const onStage = async <T>(work: (stage: Stage) => Promise<T>): Promise<T> => {
    const place = await takePlace();
    try {
      const hand = await presentHand().catch((cause: unknown) => {
        throw new BrowserError(
          `The browser could not be started again: ${cause instanceof Error ? cause.message : String(cause)}`,
          cause,
        );
      });
      hand.atWork += 1;
      try {
        const done = await within(parts.patienceMs, hand.browser, workAt(place, hand, work));
        hand.taken += 1;
        if (hand.taken >= parts.retireAfter) retire(hand);
        return done;
      } catch (cause) {
        if (cause instanceof PageFault) throw cause;
        place.stage = null;
        retire(hand);
        killBrowsers(hand.mark);
        throw stopped('taking a screen', cause);
      } finally {
        hand.atWork -= 1;
        if (hand.isRetired && hand.atWork === 0) void hand.browser.close().catch(() => undefined);
      }
    } finally {
      giveBack(place);
    }
  };

  const openPlaces = async (): Promise<Hand> => {
    const hand = await presentHand();
    try {
      for (const place of free) {
        place.stage = await within(parts.patienceMs, hand.browser, openStage(hand.context, fonts));
        place.hand = hand;
      }
      return hand;
    } catch (cause) {
      retire(hand);
      killBrowsers(hand.mark);
      throw stopped('opening its pages', cause);
    }
  };
  // The first browser may be lost as any later one: another takes its place, once.
  const first = await openPlaces().catch((error: unknown) => {
    if (error instanceof BrowserError) return openPlaces();
    throw error;
  });
  return {
    version: first.browser.version(),
    onStage,
    launched: () => launched,
    close: async () => {
      isClosed = true;
      const hand = await present?.catch(() => null);
      await hand?.browser.close();
    },
  };
}

const stopped = (doing: string, cause: unknown): BrowserError =>
  new BrowserError(
    `The browser stopped while ${doing}: ${cause instanceof Error ? cause.message : String(cause)}`,
    cause,
  );

/**
 * The work, or an error when it takes longer or its browser goes: playwright's own promises may stay open for ever
 * where a browser is killed while it opens a page. A promise that comes late is let go.
 */
async function within<T>(milliseconds: number, browser: Browser, work: Promise<T>): Promise<T> {
  const { promise: lost, reject } = Promise.withResolvers<never>();
  const late = (): void => reject(new Error(`nothing came within ${milliseconds / 1000} s`));
  const gone = (): void => reject(new Error('it is gone'));
  const timer = setTimeout(late, milliseconds);
  browser.on('disconnected', gone);
  if (!browser.isConnected()) gone();
  work.catch(() => undefined);
  try {
    return await Promise.race([work, lost]);
  } finally {
    clearTimeout(timer);
    browser.off('disconnected', gone);
  }
}
