// The cover of an item: its own image where it has one, else a poster drawn in code from title, genres and year.
// Deterministic to the byte and independent of the machine's fonts. The pictures are in cover-landscapes.ts and
// cover-patterns.ts.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { RehearsalError } from '../base/error.ts';
import { randomFrom } from '../base/random.ts';
import { coverHeight, coverWidth, type Palette } from './cover-shapes.ts';
import { lookOf } from './cover-look.ts';
import type { Item } from './item.ts';
import { letter, widthOf } from './lettering.ts';
import type { Weight } from './lettering.ts';

export type Illustrated = Pick<Item, 'title' | 'genres' | 'year' | 'image'>;

const margin = 22;
const longestImage = 5 * 1024 * 1024;
const tightness = -0.022;

/** What is written on a drawn poster beside its title; a page that hides a field must not show it here. */
export interface Printed {
  readonly year: boolean;
  readonly genres: boolean;
}

const everything: Printed = { year: true, genres: true };

/** A drawn poster as SVG text, 300 × 450. Depends on title, genres and year only; the art not on what is printed. */
export function cover(item: Illustrated, printed: Printed = everything): string {
  const random = randomFrom('cover', item.title, item.year ?? '');
  const { palette, composition } = lookOf(item.genres, random);
  const drawing = composition(palette, random);
  const lines = fittedLines(item.title);
  const height = lines.length * lines.size * 1.04;
  const small = [
    printed.genres ? item.genres.slice(0, 2).join(' / ') : '',
    item.year === undefined || !printed.year ? '' : String(item.year),
  ].filter((part) => part !== '');
  const panel = Math.max(118, Math.round(height + (small.length > 0 ? 62 : 44)));
  const above = random.uniform() < 0.3;
  const top = above ? 0 : coverHeight - panel;
  const start = above
    ? margin + lines.size * 0.78
    : top + (panel - height - (small.length > 0 ? 20 : 0)) / 2 + lines.size * 0.8;

  const title = lines.texts.map((text, index) =>
    inked(text, margin, start + index * lines.size * 1.04, lines.size, 900, tightness, palette.ink),
  );
  const line = above ? start + height - lines.size * 0.28 + 10 : coverHeight - 22;
  const notes = [
    small[0] === undefined
      ? ''
      : inked(small[0].toUpperCase(), margin, line, 11, 700, 0.09, palette.ink, 0.82),
    small[1] === undefined ? '' : rightInked(small[1], line, palette),
  ];
  const inner = Math.round(above ? panel + 6 : 0);
  const aged = item.year !== undefined && item.year < 1970;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${coverWidth}" height="${coverHeight}" viewBox="0 0 ${coverWidth} ${coverHeight}">`,
    `<rect width="${coverWidth}" height="${coverHeight}" fill="${palette.ground}"/>`,
    `<svg y="${inner > 0 ? Math.round(panel * 0.5) : 0}" width="${coverWidth}" height="${coverHeight}">${drawing}</svg>`,
    `<rect y="${top}" width="${coverWidth}" height="${panel}" fill="${palette.ground}"/>`,
    `<rect y="${above ? panel : top - 5}" width="${coverWidth}" height="5" fill="${palette.middle}"/>`,
    ...title,
    ...notes,
    aged
      ? `<rect x="6" y="6" width="288" height="438" fill="none" stroke="${palette.ink}" stroke-width="2" opacity="0.7"/>`
      : '',
    '</svg>',
  ].join('');
}

/**
 * The cover as a data URI: the item's image (PNG, JPEG or WebP of up to 5 MB at an absolute path), else the drawn
 * poster. Throws a RehearsalError when the image is missing, too large or of another kind; no poster takes its place.
 */
export function coverUri(
  item: Illustrated,
  printed: Printed = everything,
  readFile: (path: string) => Uint8Array = readImage,
): string {
  if (item.image === undefined)
    return `data:image/svg+xml;base64,${Buffer.from(cover(item, printed)).toString('base64')}`;
  if (!isAbsolute(item.image)) {
    throw imageError(
      item,
      `${item.image} is a relative path`,
      'readCatalogue makes paths inside the catalogue absolute; give an absolute path otherwise.',
    );
  }
  const bytes = readFile(item.image);
  if (bytes.length > longestImage)
    throw imageError(
      item,
      `${item.image} has ${bytes.length} bytes, more than 5 MB`,
      'Make the image smaller.',
    );
  const type = kindOf(bytes);
  if (type === undefined)
    throw imageError(item, `${item.image} is neither PNG, JPEG nor WebP`, 'Convert the image.');
  return `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
}

/** Items whose covers are kept, those shown last; a drawn cover takes about 12 KB. */
const mostKept = 2000;
const kept = new Map<Item, Map<string, string>>();

/** `coverUri`, drawn or read once for each item object and way of printing it, as long as the item is shown now and then. */
export function keptCoverUri(item: Item, { year, genres }: Printed): string {
  const known = kept.get(item) ?? new Map<string, string>();
  kept.delete(item);
  kept.set(item, known);
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
  const key = `${year} ${genres}`;
  const uri = known.get(key) ?? coverUri(item, { year, genres });
  known.set(key, uri);
  return uri;
}

/** Reads an image file; looks at its size first. */
export function readImage(path: string): Uint8Array {
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new RehearsalError(`There is no image file at ${path}.`, {
      hint: 'Mend the image column of the items, or leave it out to have covers drawn.',
    });
  }
  if (statSync(path).size > longestImage) {
    throw new RehearsalError(`The image ${path} is larger than 5 MB.`, { hint: 'Make the image smaller.' });
  }
  return readFileSync(path);
}

function imageError(item: Illustrated, what: string, hint: string): RehearsalError {
  return new RehearsalError(`The image of ${JSON.stringify(item.title)} cannot be used: ${what}.`, { hint });
}

function kindOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('RIFF') && head.slice(8) === 'WEBP') return 'image/webp';
  return undefined;
}

/** The largest size at which the title stands in a few lines, and the lines. */
function fittedLines(title: string): { texts: string[]; size: number; length: number } {
  const room = coverWidth - 2 * margin;
  for (let size = 50; size > 17; size -= 2) {
    const texts = wrapped(title, size, room);
    const most = size > 40 ? 2 : size > 32 ? 3 : size > 24 ? 4 : 5;
    if (texts.length <= most && texts.every((text) => widthAt(text, size) <= room))
      return { texts, size, length: texts.length };
  }
  const texts = wrapped(title, 17, room).flatMap((text) => broken(text, 17, room));
  const shown = texts.length <= 7 ? texts : [...texts.slice(0, 6), `${(texts[6] ?? '').slice(0, -1)}…`];
  return { texts: shown, size: 17, length: shown.length };
}

function wrapped(title: string, size: number, room: number): string[] {
  const lines: string[] = [];
  for (const word of title.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && widthAt(`${last} ${word}`, size) <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A line that is one word too long, cut into pieces that fit. */
function broken(text: string, size: number, room: number): string[] {
  const pieces = [''];
  for (const character of text) {
    const last = pieces.at(-1) ?? '';
    if (last !== '' && widthAt(last + character, size) > room) pieces.push(character);
    else pieces[pieces.length - 1] = last + character;
  }
  return pieces;
}

/** Width of title lettering; letters that Inter lacks are taken for one em wide. */
function widthAt(text: string, size: number): number {
  return widthOf(text, size, 900, tightness) ?? [...text].length * size;
}

function rightInked(text: string, y: number, palette: Palette): string {
  return inked(
    text,
    coverWidth - margin - (widthOf(text, 11, 700, 0.09) ?? 0),
    y,
    11,
    700,
    0.09,
    palette.ink,
    0.82,
  );
}

/** Outlines; where Inter lacks a letter, text for the fonts that the machine has. */
function inked(
  text: string,
  x: number,
  y: number,
  size: number,
  weight: Weight,
  tracking: number,
  colour: string,
  opacity = 1,
): string {
  const place = `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
  const faded = opacity === 1 ? '' : ` opacity="${opacity}"`;
  const lettered = letter(text, size, weight, tracking);
  if (lettered !== undefined)
    return `<path transform="translate(${place})" d="${lettered.path}" fill="${colour}"${faded}/>`;
  return `<text transform="translate(${place})" font-family="Inter, sans-serif" font-size="${size}" font-weight="${weight}" fill="${colour}"${faded}>${escaped(text)}</text>`;
}

function escaped(text: string): string {
  // XML forbids most control characters even when escaped.
  return text
    .replace(/[\u0000-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
