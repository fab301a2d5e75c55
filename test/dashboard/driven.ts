// A browser for the tests of the dashboard, with ears for everything that must not happen: dialogs, violations of the
// content policy, errors of the script, requests that leave the machine.

import type { Browser, Page } from 'playwright';
import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import { findBrowser, launchBrowser } from '../../sandbox/camera-browser.ts';

export interface Driven {
  readonly page: Page;
  /** What happened that must not. */
  readonly troubles: string[];
}

export async function openBrowser(): Promise<Browser> {
  return launchBrowser((await findBrowser()).path);
}

/** A new page that listens. */
export async function drivenPage(browser: Browser, colorScheme: 'light' | 'dark' = 'light'): Promise<Driven> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, colorScheme });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!/^(http:\/\/127\.0\.0\.1:|file:\/\/|data:)/.test(request.url()))
      troubles.push(`request: ${request.url()}`);
  });
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`violation of ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`),
    ),
  );
  return { page, troubles };
}

/** Serious and critical findings of axe-core on the page, in words; of all its rules or only of these. */
export async function seriousFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  const options = { resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: [...rules] }) };
  const results = await page.evaluate(
    (given) =>
      (globalThis as unknown as { axe: { run(given: unknown): Promise<AxeResults> } }).axe.run(given),
    options,
  );
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
}
