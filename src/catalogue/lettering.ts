// Lettering for covers: text as outlines of the bundled Inter, so that a cover looks the same on every machine
// (a picture in a page can reach neither the page's fonts nor files). Reads the glyf outlines of a WOFF 1.0 file
// (W3C; OpenType 1.9): cmap formats 4 and 12, simple and composite glyphs. No kerning, no shaping, left to right.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { inflateSync } from 'node:zlib';

export type Weight = 400 | 700 | 900;

/** One line of text as SVG path data in pixels, baseline at y = 0, starting at x = 0. */
export interface Lettered {
  readonly path: string;
  readonly width: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly on: boolean;
}
type Contour = readonly Point[];

interface Face {
  /** Font units per em. */
  readonly em: number;
  glyphOf(letter: number): number | undefined;
  advance(glyph: number): number;
  contours(glyph: number): readonly Contour[];
}

const subsets = ['latin', 'latin-ext', 'cyrillic', 'greek', 'vietnamese'];
const faces = new Map<string, Face>();

/** Width of a line in pixels; undefined when Inter lacks one of its letters. `tracking` is in em. */
export function widthOf(text: string, size: number, weight: Weight, tracking = 0): number | undefined {
  let width = 0;
  for (const letter of text) {
    const found = find(letter, weight);
    if (found === undefined) return undefined;
    width += (found.face.advance(found.glyph) / found.face.em + tracking) * size;
  }
  return width;
}

/** The line as outlines; undefined when Inter lacks one of its letters. */
export function letter(text: string, size: number, weight: Weight, tracking = 0): Lettered | undefined {
  let x = 0;
  let path = '';
  for (const character of text) {
    const found = find(character, weight);
    if (found === undefined) return undefined;
    const { face, glyph } = found;
    const scale = size / face.em;
    path += face
      .contours(glyph)
      .map((contour) => drawn(contour, x, scale))
      .join('');
    x += face.advance(glyph) * scale + tracking * size;
  }
  return { path, width: x };
}

function find(character: string, weight: Weight): { face: Face; glyph: number } | undefined {
  const code = character.codePointAt(0) ?? 0;
  for (const subset of subsets) {
    const face = faceOf(subset, weight);
    const glyph = face.glyphOf(code);
    if (glyph !== undefined) return { face, glyph };
  }
  return undefined;
}

function faceOf(subset: string, weight: Weight): Face {
  const name = `@fontsource/inter/files/inter-${subset}-${weight}-normal.woff`;
  const known = faces.get(name) ?? readFace(readFileSync(createRequire(import.meta.url).resolve(name)));
  faces.set(name, known);
  return known;
}

/**
 * Quadratic outlines: two off-curve points in a row have an on-curve point half-way between them. Places are whole
 * tenths of a pixel and given from the one before, which makes the path half as long.
 */
function drawn(contour: Contour, x: number, scale: number): string {
  const start = contour.findIndex((point) => point.on);
  if (contour.length < 2 || start < 0) return '';
  const points = [...contour.slice(start), ...contour.slice(0, start + 1)];
  const tenths = (point: { x: number; y: number }) => ({
    x: Math.round((x + point.x * scale) * 10),
    y: Math.round(-point.y * scale * 10),
  });
  let last = tenths(points[0] as Point);
  const from = (place: typeof last): string => pair(place.x - last.x, place.y - last.y);
  let path = `M${pair(last.x, last.y)}`;
  for (let index = 1; index < points.length; index++) {
    const point = points[index] as Point;
    const place = tenths(point);
    if (point.on) {
      path += `l${from(place)}`;
      last = place;
      continue;
    }
    const next = points[index + 1] as Point;
    const end = tenths(next.on ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 });
    path += `q${from(place)} ${from(end)}`;
    last = end;
    if (next.on) index++;
  }
  return `${path}z`;
}

/** Two numbers of tenths as path data: "1.2 0.3", "1.2-.3". */
function pair(x: number, y: number): string {
  const short = (tenths: number): string => String(tenths / 10).replace(/^(-?)0\./, '$1.');
  return `${short(x)}${y < 0 ? '' : ' '}${short(y)}`;
}

function readFace(woff: Buffer): Face {
  const tables = new Map<string, Buffer>();
  for (let index = 0; index < woff.readUInt16BE(12); index++) {
    const entry = 44 + index * 20;
    const packed = woff.subarray(
      woff.readUInt32BE(entry + 4),
      woff.readUInt32BE(entry + 4) + woff.readUInt32BE(entry + 8),
    );
    const length = woff.readUInt32BE(entry + 12);
    tables.set(
      woff.toString('latin1', entry, entry + 4),
      packed.length < length ? inflateSync(packed) : packed,
    );
  }
  const table = (name: string): Buffer => {
    const found = tables.get(name);
    if (found === undefined) throw new Error(`the font has no ${name} table`);
    return found;
  };
  const [head, loca, glyf, metrics] = [table('head'), table('loca'), table('glyf'), table('hmtx')];
  const long = head.readInt16BE(50) === 1;
  const measured = table('hhea').readUInt16BE(34);
  const glyphs = readCharacterMap(table('cmap'));
  const at = (glyph: number): number =>
    long ? loca.readUInt32BE(glyph * 4) : loca.readUInt16BE(glyph * 2) * 2;
  const contours = (glyph: number): readonly Contour[] => {
    const data = glyf.subarray(at(glyph), at(glyph + 1));
    if (data.length === 0) return [];
    return data.readInt16BE(0) >= 0 ? readSimple(data) : readComposite(data, contours);
  };
  return {
    em: head.readUInt16BE(18),
    glyphOf: (letter) => glyphs.get(letter),
    advance: (glyph) => metrics.readUInt16BE(Math.min(glyph, measured - 1) * 4),
    contours,
  };
}

function readCharacterMap(cmap: Buffer): Map<number, number> {
  const glyphs = new Map<number, number>();
  for (let index = 0; index < cmap.readUInt16BE(2); index++) {
    const table = cmap.subarray(cmap.readUInt32BE(4 + index * 8 + 4));
    const format = table.readUInt16BE(0);
    if (format === 12) {
      for (let group = 0; group < table.readUInt32BE(12); group++) {
        const [first, last, glyph] = [0, 4, 8].map((offset) =>
          table.readUInt32BE(16 + group * 12 + offset),
        ) as [number, number, number];
        for (let code = first; code <= last; code++) glyphs.set(code, glyph + code - first);
      }
    } else if (format === 4) {
      const size = table.readUInt16BE(6);
      for (let segment = 0; segment < size; segment += 2) {
        const last = table.readUInt16BE(14 + segment);
        const first = table.readUInt16BE(16 + size + segment);
        const delta = table.readUInt16BE(16 + 2 * size + segment);
        const offset = 16 + 3 * size + segment;
        const range = table.readUInt16BE(offset);
        for (let code = first; code <= last && code < 0xffff; code++) {
          const raw = range === 0 ? code : table.readUInt16BE(offset + range + 2 * (code - first));
          if (raw !== 0) glyphs.set(code, (raw + delta) & 0xffff);
        }
      }
    }
  }
  return glyphs;
}

function readSimple(data: Buffer): Contour[] {
  const count = data.readInt16BE(0);
  const ends = Array.from({ length: count }, (_, index) => data.readUInt16BE(10 + index * 2));
  const points = (ends.at(-1) ?? -1) + 1;
  let at = 12 + count * 2 + data.readUInt16BE(10 + count * 2);
  const flags: number[] = [];
  while (flags.length < points) {
    const flag = data.readUInt8(at++);
    flags.push(flag);
    if (flag & 8) for (let repeats = data.readUInt8(at++); repeats > 0; repeats--) flags.push(flag);
  }
  const axis = (short: number, same: number): number[] => {
    let value = 0;
    return flags.map((flag) => {
      if (flag & short) value += flag & same ? data.readUInt8(at++) : -data.readUInt8(at++);
      else if (!(flag & same)) {
        value += data.readInt16BE(at);
        at += 2;
      }
      return value;
    });
  };
  const xs = axis(2, 16);
  const ys = axis(4, 32);
  return ends.map((end, index) =>
    Array.from({ length: end - (ends[index - 1] ?? -1) }, (_, step) => {
      const point = (ends[index - 1] ?? -1) + 1 + step;
      return { x: xs[point] ?? 0, y: ys[point] ?? 0, on: ((flags[point] ?? 0) & 1) === 1 };
    }),
  );
}

/** Components with offsets and scales; components matched by points do not occur in Inter and are refused. */
function readComposite(data: Buffer, contoursOf: (glyph: number) => readonly Contour[]): Contour[] {
  const all: Contour[] = [];
  for (let at = 10, flags = 32; flags & 32;) {
    flags = data.readUInt16BE(at);
    const glyph = data.readUInt16BE(at + 2);
    const wide = (flags & 1) !== 0;
    if (!(flags & 2)) throw new Error('a composite glyph is matched by points');
    const [x, y] = wide
      ? [data.readInt16BE(at + 4), data.readInt16BE(at + 6)]
      : [data.readInt8(at + 4), data.readInt8(at + 5)];
    at += wide ? 8 : 6;
    const numbers = flags & 8 ? 1 : flags & 64 ? 2 : flags & 128 ? 4 : 0;
    const scales = Array.from({ length: numbers }, (_, index) => data.readInt16BE(at + index * 2) / 16384);
    at += numbers * 2;
    const [a = 1, second = a, third = 0, fourth = a] = scales;
    const [xx, xy, yx, yy] = numbers === 4 ? [a, second, third, fourth] : [a, 0, 0, second];
    for (const contour of contoursOf(glyph)) {
      all.push(
        contour.map((point) => ({
          x: xx * point.x + yx * point.y + x,
          y: xy * point.x + yy * point.y + y,
          on: point.on,
        })),
      );
    }
  }
  return all;
}
