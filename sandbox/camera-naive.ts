// The yardstick for the camera's speed: the way a screenshot is usually taken, a fresh context that opens a
// document and saves the full page as PNG. Used by the speed contest alone; visitors never see these pictures.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findBrowser, launchBrowser } from './camera-browser.ts';
import { fontFaces } from './camera-font.ts';
import { documentOf } from './camera-stage.ts';
import { viewport } from './pages/theme.ts';

export interface NaiveCamera {
  /** Writes the document of a page fragment, ready to be opened; returns its address. */
  prepare(html: string): string;
  /** Opens an address in a new context and returns the full page as PNG bytes. */
  capture(address: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Opens the yardstick on the same browser that the studio uses. */
export async function openNaiveCamera(): Promise<NaiveCamera> {
  const browser = await launchBrowser((await findBrowser()).path);
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-naive-'));
  const fonts = fontFaces();
  let count = 0;
  return {
    prepare: (html) => {
      count += 1;
      const path = join(folder, `${count}.html`);
      writeFileSync(path, documentOf(html, fonts));
      return pathToFileURL(path).href;
    },
    capture: async (address) => {
      const context = await browser.newContext({ viewport });
      try {
        const page = await context.newPage();
        await page.goto(address);
        return await page.screenshot({ fullPage: true });
      } finally {
        await context.close();
      }
    },
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
