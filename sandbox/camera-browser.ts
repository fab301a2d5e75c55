// Finds a browser and launches it so that equal pages give equal bytes. The order: the one named by the person,
// playwright's own, one of the system, the one inside the npm package @sparticuz/chromium (Linux on x64).

import {
  accessSync,
  constants,
  createReadStream,
  createWriteStream,
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import { RehearsalError } from '../src/base/error.ts';
import { besideOf, clearUnfinished } from '../src/base/whole-file.ts';

export type BrowserSource = 'named' | 'playwright' | 'system' | 'package';

export interface FoundBrowser {
  readonly path: string;
  readonly source: BrowserSource;
}

const systemPaths: readonly string[] = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const steadyFlags: readonly string[] = [
  '--disable-partial-raster',
  '--disable-checker-imaging',
  '--disable-lcd-text',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
  '--disable-gpu',
  '--hide-scrollbars',
  '--mute-audio',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--disable-extensions',
];

const hint =
  'Set REHEARSAL_BROWSER to the path of a Chromium or Chrome, or install one: npx playwright install --with-deps chromium';

/**
 * The browser to use: `named` (default: REHEARSAL_BROWSER), else playwright's, the system's, the packaged one,
 * which is unpacked once (about 200 MB in the temporary folder, 2-4 s). Throws a RehearsalError if there is none.
 */
export async function findBrowser(
  named: string | undefined = process.env['REHEARSAL_BROWSER'],
): Promise<FoundBrowser> {
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return { path: named, source: 'named' };
    throw new RehearsalError(
      `Expected the path of a browser, but ${named} is not a program that can be run.`,
      { hint },
    );
  }
  const own = chromium.executablePath();
  if (own !== '' && isProgram(own)) return { path: own, source: 'playwright' };
  const system = systemPaths.find(isProgram);
  if (system !== undefined) return { path: system, source: 'system' };
  if (process.platform === 'linux' && process.arch === 'x64')
    return { path: await unpackBrowser(), source: 'package' };
  throw new RehearsalError(`No browser was found for ${process.platform} on ${process.arch}.`, { hint });
}

/** Launches a browser with the flags that make screenshots repeatable, and `more`; without a sandbox only as root. */
export async function launchBrowser(path: string, more: readonly string[] = []): Promise<Browser> {
  const asRoot = process.getuid?.() === 0;
  try {
    return await chromium.launch({
      executablePath: path,
      headless: true,
      chromiumSandbox: !asRoot,
      // Ctrl-C is for the run, which ends its sessions first; the browser is closed by whoever opened it.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      args: [...steadyFlags, ...(asRoot ? ['--no-sandbox'] : []), ...more],
    });
  } catch (cause) {
    const missing = /error while loading shared libraries: (\S+?):/.exec(String(cause))?.[1];
    const why = missing === undefined ? 'it did not start' : `the system library ${missing} is missing`;
    throw new RehearsalError(`The browser ${path} cannot be used: ${why}.`, {
      hint: missing === undefined ? hint : `Install it (on Debian: apt-get install libnss3), or: ${hint}`,
      cause,
    });
  }
}

/** What has stood unfinished for longer was left by a killed process: 200 MB that nobody else would clear. */
const longestUnpackingMs = 600_000;

/**
 * Unpacks the packaged browser into a folder of this user and version. It is written beside its place and
 * renamed, so that whoever does this at once, or is killed half way, never leaves a broken one.
 */
async function unpackBrowser(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const home = dirname(dirname(entry));
  const { version } = createRequire(import.meta.url)(join(home, 'package.json')) as { version: string };
  const user = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `rehearsal-browser-${version}-${user}`);
  const path = join(folder, 'chromium');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== user) {
      throw new RehearsalError(`${folder} belongs to somebody else.`, {
        hint: 'Remove it or set TMPDIR to a folder of your own.',
      });
    }
    if (isProgram(path)) return path;
    clearUnfinished(folder, longestUnpackingMs);
    const partial = besideOf(path);
    try {
      await pipeline(
        createReadStream(join(home, 'bin', 'chromium.br')),
        createBrotliDecompress({ chunkSize: 2 ** 21 }),
        createWriteStream(partial, { mode: 0o700 }),
      );
      renameSync(partial, path);
    } finally {
      rmSync(partial, { force: true });
    }
    return path;
  } catch (cause) {
    if (cause instanceof RehearsalError) throw cause;
    throw new RehearsalError(`The packaged browser could not be unpacked into ${folder}.`, {
      hint: `It needs 210 MB; set TMPDIR to a folder with more room, or: ${hint}`,
      cause,
    });
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path) && lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true;
  } catch {
    return false;
  }
}
