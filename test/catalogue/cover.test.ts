// Covers are well-formed, self-contained and the same every time; images are used only if they are images.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { builtInItems } from '../../src/catalogue/builtin.ts';
import { cover, coverUri } from '../../src/catalogue/cover.ts';
import { letter, widthOf } from '../../src/catalogue/lettering.ts';

const folder = mkdtempSync(join(tmpdir(), 'rehearsal-cover-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const film = { title: 'The Matrix', genres: ['Action', 'Sci-Fi'], year: 1999 };
const file = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

describe('a drawn cover', () => {
  it('depends on title, genres and year, and on nothing else', () => {
    expect(cover(film)).toBe(cover({ ...film }));
    for (const other of [
      { ...film, title: 'The Matrax' },
      { ...film, year: 2000 },
      { ...film, genres: ['Romance'] },
    ])
      expect(cover(other)).not.toBe(cover(film));
  });
  it('is well-formed, refers to nothing outside and holds no number that is none, whatever the title', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }),
        fc.constantFrom<string[]>([], ['Horror'], ['Comedy', 'Drama'], ['<b>&"\'']),
        (title, genres) => {
          const drawn = cover({ title, genres, year: 1985 });
          expect(drawn).not.toMatch(/NaN|undefined|Infinity|href|url\((?!#lens)|<script|<b>/);
          expect(openTags(drawn)).toEqual([]);
          expect(drawn).not.toMatch(/[\u0000-\u001f]/);
        },
      ),
      { numRuns: 40 },
    );
  });
  it('is small, and its title stays on the page, for every built-in film', () => {
    const films = builtInItems().filter((_, index) => index % 40 === 0);
    for (const item of films) {
      const drawn = cover(item);
      expect(drawn.length).toBeLessThan(60_000);
      expect(drawn).not.toContain('<text');
      for (const [, x, y] of drawn.matchAll(/<path transform="translate\(([\d.]+) ([\d.]+)\)"/g)) {
        expect(Number(x)).toBeGreaterThan(0);
        expect(Number(y)).toBeGreaterThan(0);
        expect(Number(y)).toBeLessThan(450);
      }
    }
    expect(new Set(films.map((item) => cover(item))).size).toBe(films.length);
  });
});

describe('lettering', () => {
  it('knows accents, Cyrillic and Greek, and says what it does not know', () => {
    for (const text of ['Amélie', 'Сталкер', 'Ωμέγα', 'Łódź'])
      expect(letter(text, 20, 900)?.path).toMatch(/^M[-\d. Mlqz]+z$/);
    expect(letter('千', 20, 900)).toBeUndefined();
  });
  it('is as wide as it says, in proportion to its size', () => {
    expect(letter('Heat', 40, 700)?.width).toBeCloseTo(widthOf('Heat', 40, 700) ?? 0, 6);
    expect(widthOf('Heat', 40, 700)).toBeCloseTo(2 * (widthOf('Heat', 20, 700) ?? 0), 6);
  });
});

describe('coverUri', () => {
  it('prints neither year nor genres where the page hides them, over the same art', () => {
    const svg = (year: boolean, genres: boolean): string =>
      Buffer.from(coverUri(film, { year, genres }).split(',')[1]!, 'base64').toString();
    expect(new Set([svg(true, true), svg(true, false), svg(false, true), svg(false, false)]).size).toBe(4);
    const art = (text: string): string => text.slice(0, 400);
    expect(art(svg(false, true))).toBe(art(svg(true, true)));
  });
  const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
  it('draws where there is no image and embeds one where there is', () => {
    expect(coverUri(film)).toMatch(/^data:image\/svg\+xml;base64,/);
    expect(coverUri({ ...film, image: file('a.png', png) })).toBe(
      `data:image/png;base64,${png.toString('base64')}`,
    );
    expect(coverUri({ ...film, image: file('a.jpg', Buffer.from('ffd8ffe0', 'hex')) })).toMatch(
      /^data:image\/jpeg/,
    );
    const webp = () => Buffer.from('RIFF0000WEBPVP8 ');
    expect(coverUri({ ...film, image: '/a.webp' }, { year: true, genres: true }, webp)).toMatch(
      /^data:image\/webp/,
    );
  });
  it.each([
    ['an SVG', () => file('a.svg', '<svg/>'), /neither PNG, JPEG nor WebP/],
    ['a missing file', () => join(folder, 'nothing.png'), /no image file/],
    ['a relative path', () => 'a.png', /relative path/],
    ['more than 5 MB', () => file('big.png', new Uint8Array(5 * 1024 * 1024 + 1)), /larger than 5 MB/],
  ])('refuses %s', (_, image, message) =>
    expect(() => coverUri({ ...film, image: image() })).toThrow(message),
  );
});

/** Tags that were opened and not closed, or closed and not open. */
function openTags(svg: string): string[] {
  const open: string[] = [];
  for (const [, closing, name, own] of svg.matchAll(/<(\/?)([a-zA-Z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (closing === '/') {
      if (open.pop() !== name) return ['crossed'];
    } else if (own !== '/') open.push(name ?? '');
  }
  return open;
}
