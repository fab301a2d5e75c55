// Screens painted in the test: flat ground, text as stripes of ink, marks with boxes and lines like those of the
// site. No browser has a part in it, so a test can say exactly what stands where. Not a rendering of the site.

import { sha256 } from '../../src/base/hash.ts';
import type { Box, Mark, MarkRole, Pixels, Screen, TextLine } from '../../sandbox/screen.ts';

export type Colour = readonly [number, number, number];

export interface PaintedLine {
  readonly text: string;
  readonly box: Box;
  readonly ink?: Colour;
}

export interface PaintedMark {
  readonly role: MarkRole;
  readonly box: Box;
  readonly lines?: readonly PaintedLine[];
  readonly picture?: { readonly box: Box; readonly colours: readonly [Colour, Colour] } | null;
}

export interface PaintedFilm {
  readonly title: string | readonly string[];
  readonly facts?: string;
  readonly rating?: string | null;
}

export const size = { width: 1280, height: 800 } as const;
export const ground: Colour = [14, 15, 19];
export const ink: Colour = [244, 241, 234];
const scale = 2;

/** A screen of these marks, numbered in the order given. Equal marks give equal bytes. */
export function paint(marks: readonly PaintedMark[], background: Colour = ground): Screen {
  const pixels = blank(background);
  for (const { picture, lines } of marks) {
    if (picture) stripes(pixels, picture.box, picture.colours[0], picture.colours[1], 8);
    for (const line of lines ?? []) stripes(pixels, line.box, line.ink ?? ink, background, 1);
  }
  const numbered: Mark[] = marks.map(({ role, box, lines, picture }, index) => ({
    number: index + 1,
    role,
    box,
    lines: (lines ?? []).map(({ text, box: place }): TextLine => ({ text, box: place })),
    picture: picture?.box ?? null,
  }));
  return screenOf(pixels, numbered);
}

/** The same screen with these boxes painted over in one colour; marks and their texts stay as they were. */
export function paintOver(screen: Screen, boxes: readonly Box[], colour: Colour): Screen {
  const pixels = { ...screen.pixels, data: Uint8Array.from(screen.pixels.data) };
  for (const box of boxes) stripes(pixels, box, colour, colour, 1);
  return screenOf(pixels, screen.marks);
}

/** The home page: up to ten cards, five to a row, search and whichever page buttons are wanted. */
export function homeScreen(
  films: readonly PaintedFilm[],
  turns: { readonly next?: boolean; readonly previous?: boolean } = {},
): Screen {
  return paint([
    button('search', 28, 100, 'Search films'),
    ...films.map((film, index) => card(film, 256 + (index % 5) * 204, 30 + Math.floor(index / 5) * 380)),
    ...(turns.next ? [button('next-page', 28, 690, 'Next page')] : []),
    ...(turns.previous ? [button('previous-page', 28, 740, 'Previous page')] : []),
  ]);
}

/** Results of a search; without films, the page that says so. */
export function resultsScreen(films: readonly PaintedFilm[]): Screen {
  return paint([
    button('search', 28, 100, 'query'),
    button('back', 28, 160, 'Back'),
    textMark(28, 220, [films.length === 0 ? 'Nothing found' : `${films.length} results`], 22),
    ...(films.length === 0 ? [textMark(500, 400, ['No film has these words in its title.'], 18)] : []),
    ...films.map((film, index) => card(film, 256 + (index % 5) * 204, 30 + Math.floor(index / 5) * 380)),
  ]);
}

export const itemRoles = ['watch', 'rate', 'add-to-list'] as const;

/** An item page with what can still be done. */
export function itemScreen(
  film: PaintedFilm,
  can: readonly MarkRole[] = itemRoles,
  way: { readonly back: boolean } = { back: true },
): Screen {
  return paint([
    ...(way.back ? [button('back', 56, 26, 'Back')] : []),
    aboutMark(film),
    ...can.map((role, index) => button(role, 532 + index * 160, 680, role)),
  ]);
}

export function card(film: PaintedFilm, x: number, y: number): PaintedMark {
  const picture = { x, y, width: 184, height: 276 };
  return {
    role: 'card',
    box: { x, y, width: 184, height: 344 },
    lines: filmLines(film, x, y + 284, 18, 13),
    picture: {
      box: picture,
      colours: [
        [150, 60, 40],
        [40, 80, 150],
      ],
    },
  };
}

function aboutMark(film: PaintedFilm): PaintedMark {
  return {
    role: 'text',
    box: { x: 56, y: 104, width: 1168, height: 640 },
    lines: filmLines(film, 532, 122, 40, 16),
  };
}

function filmLines(film: PaintedFilm, x: number, y: number, tall: number, small: number): PaintedLine[] {
  const titles = typeof film.title === 'string' ? [film.title] : film.title;
  const rest = [film.facts ?? '', film.rating ?? ''].filter((text) => text !== '');
  return [
    ...titles.map((text, index) => line(text, x, y + index * (tall + 2), tall)),
    ...rest.map((text, index) => line(text, x, y + titles.length * (tall + 2) + index * (small + 5), small)),
  ];
}

function line(text: string, x: number, y: number, height: number): PaintedLine {
  return { text, box: { x, y, width: Math.min(176, 10 + text.length * height * 0.5), height } };
}

function button(role: MarkRole, x: number, y: number, label: string): PaintedMark {
  return { role, box: { x, y, width: 150, height: 44 }, lines: [line(label, x + 14, y + 14, 14)] };
}

function textMark(x: number, y: number, texts: readonly string[], height: number): PaintedMark {
  return {
    role: 'text',
    box: { x, y, width: 190, height: texts.length * (height + 4) },
    lines: texts.map((text, index) => line(text, x, y + index * (height + 4), height)),
  };
}

function screenOf(pixels: Pixels, marks: readonly Mark[]): Screen {
  // No JPEG is made: the picture's bytes stand for it, and the hash follows them as it does in a real screen.
  const image = new TextEncoder().encode(sha256(pixels.data) + sha256(JSON.stringify(marks)));
  return { image, hash: sha256(image), ...size, pixels, marks };
}

function blank(colour: Colour): Pixels {
  const [width, height] = [size.width / scale, size.height / scale];
  const data = new Uint8Array(width * height * 3);
  data.set(colour);
  for (let filled = 3; filled < data.length; filled *= 2) data.copyWithin(filled, 0, filled);
  return { width, height, scale, data };
}

/** Columns of `wide` pixels, every third in the first colour. */
function stripes(pixels: Pixels, box: Box, first: Colour, second: Colour, wide: number): void {
  const [left, top] = [Math.floor(box.x / scale), Math.floor(box.y / scale)];
  const right = Math.min(pixels.width, Math.ceil((box.x + box.width) / scale));
  const bottom = Math.min(pixels.height, Math.ceil((box.y + box.height) / scale));
  for (let y = Math.max(0, top); y < bottom; y++) {
    for (let x = Math.max(0, left); x < right; x++) {
      const colour = Math.floor((x - left) / wide) % 3 === 0 ? first : second;
      pixels.data.set(colour, (y * pixels.width + x) * 3);
    }
  }
}
