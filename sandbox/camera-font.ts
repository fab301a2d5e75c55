// The bundled typeface as CSS, so that pages look the same whatever fonts a machine has. Inter, SIL Open Font
// License, from @fontsource/inter; put into the page once when the camera starts.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const weights = [400, 600, 700] as const;

const subsets: Readonly<Record<string, string>> = {
  latin:
    'U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215',
  'latin-ext': 'U+0100-02BA, U+1E00-1E9F, U+1EF2-1EFF, U+2113, U+20A0-20AB, U+20AD-20C0',
  cyrillic: 'U+0301, U+0400-045F, U+0490-0491, U+04B0-04B1, U+2116',
  greek: 'U+0370-03FF',
};

/** @font-face rules with the fonts inside as data URIs, about 500 kB. */
export function fontFaces(): string {
  const require = createRequire(import.meta.url);
  return Object.entries(subsets)
    .flatMap(([subset, range]) => weights.map((weight) => ({ subset, range, weight })))
    .map(({ subset, range, weight }) => {
      const file = require.resolve(`@fontsource/inter/files/inter-${subset}-${weight}-normal.woff2`);
      const source = `data:font/woff2;base64,${readFileSync(file).toString('base64')}`;
      return `@font-face{font-family:Inter;font-style:normal;font-weight:${weight};font-display:block;src:url(${source}) format('woff2');unicode-range:${range}}`;
    })
    .join('\n');
}
