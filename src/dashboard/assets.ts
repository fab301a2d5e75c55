// The files every view needs: one style sheet, one script, two fonts, an icon. Read once, from beside this file and from
// the font's package. The script is put together from two sources, because a page opened from disk can load no modules.

import { readFileSync } from 'node:fs';
import { styleSheet } from '../report/style.ts';

export interface Asset {
  readonly type: string;
  readonly body: string | Uint8Array;
}

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1d4ed8"/><path d="M12 9 L23 16 L12 23 Z" fill="#fff"/></svg>';

/** All assets by the name under which views ask for them. */
export function readAssets(): ReadonlyMap<string, Asset> {
  const weights = [400, 600] as const;
  const faces = weights.map(
    (weight) =>
      `@font-face { font-family: Inter; font-weight: ${weight}; src: url(inter-${weight}.woff2) format('woff2'); }`,
  );
  return new Map<string, Asset>([
    [
      'style.css',
      { type: 'text/css; charset=utf-8', body: `${styleSheet(faces.join('\n'))}\n${beside('style.css')}` },
    ],
    ['page.js', { type: 'text/javascript; charset=utf-8', body: script() }],
    ['icon.svg', { type: 'image/svg+xml', body: icon }],
    ...weights.map((weight): [string, Asset] => {
      const file = new URL(import.meta.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`));
      return [`inter-${weight}.woff2`, { type: 'font/woff2', body: readFileSync(file) }];
    }),
  ]);
}

/** Both sources as one classic script with its own scope: no exports, no imports. */
function script(): string {
  const sources = ['filter.js', 'page.js'].map((name) =>
    beside(name)
      .replace(/^import .*;\n/gmu, '')
      .replace(/^export /gmu, ''),
  );
  return `(() => {\n'use strict';\n${sources.join('\n')}})();\n`;
}

function beside(name: string): string {
  return readFileSync(new URL(`./browser/${name}`, import.meta.url), 'utf8');
}
