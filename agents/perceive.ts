// Looking: from a screenshot's pixels and marks to what a visitor can read and what draws the eye. Legibility
// comes from the height and the contrast of each line as photographed, salience from area, contrast,
// colourfulness (Hasler and Süsstrunk 2003) and place. Text that is not legible does not exist for the mind.

import type { Box, Mark, Pixels, Screen } from '../sandbox/screen.ts';
import { eachPixel } from './pixels.ts';

export interface PerceptionParameters {
  /** Line height in screenshot pixels below which nothing, and from which everything, can be read. */
  readonly unreadableHeight: number;
  readonly readableHeight: number;
  /** Contrast ratio (WCAG 2) below which nothing, and from which everything, can be read. */
  readonly unreadableContrast: number;
  readonly readableContrast: number;
  /** Legibility from which a line is read. */
  readonly threshold: number;
  /** Weights of ln(area share), contrast to the surround, colourfulness, nearness to the top left. */
  readonly area: number;
  readonly contrast: number;
  readonly colour: number;
  readonly topLeft: number;
}

export interface SeenMark {
  readonly mark: Mark;
  /** The lines that can be read, in reading order, with their heights in pixels. */
  readonly lines: readonly { readonly text: string; readonly height: number }[];
  readonly salience: number;
  /** Liveliness of the mark's picture, 0 dull or none, about 1 vivid. */
  readonly look: number;
}

/** What a card or an item page says, as far as it was legible. */
export interface Facts {
  readonly title: string;
  readonly year: number | null;
  readonly genres: readonly string[];
  readonly rating: number | null;
  readonly votes: number | null;
}

/** How sharp eyes are taken to be. Set by hand so that all of a full page is read and 7-pixel or grey-on-grey text is not. */
export const perceptionParameters: PerceptionParameters = {
  unreadableHeight: 7,
  readableHeight: 11,
  unreadableContrast: 1.3,
  readableContrast: 2.5,
  threshold: 0.5,
  area: 0.3,
  contrast: 1,
  colour: 0.5,
  topLeft: 0.5,
};

/** Every mark of a screen as seen; pure in the screen, so it may be remembered by the screen's hash. */
export function perceive(screen: Screen, parameters: PerceptionParameters): SeenMark[] {
  return screen.marks.map((mark) => {
    const look = mark.picture === null ? 0 : vividness(screen.pixels, mark.picture);
    return {
      mark,
      lines: mark.lines
        .filter((line) => legibility(screen.pixels, line.box, parameters) >= parameters.threshold)
        .map((line) => ({ text: line.text, height: line.box.height })),
      salience: salience(screen, mark, look, parameters),
      look,
    };
  });
}

/** Legibility of one line, 0-1: the smaller of what its height and its contrast allow. */
export function legibility(pixels: Pixels, box: Box, parameters: PerceptionParameters): number {
  const height = ramp(box.height, parameters.unreadableHeight, parameters.readableHeight);
  if (height === 0) return 0;
  const { low, high } = luminanceRange(pixels, box);
  return Math.min(
    height,
    ramp((high + 0.05) / (low + 0.05), parameters.unreadableContrast, parameters.readableContrast),
  );
}

const ratingPattern = /★\s*(\d(?:[.,]\d+)?)/u;
const votesPattern = /\(?\s*([\d,.  ]*\d)\s*(?:ratings|votes)?\)?\s*$/u;
const yearPattern = /\b(1[89]\d\d|20\d\d)\b/u;

/** Reads a card or an item page: the tallest lines are the title, the line below them year and genres, a star marks the rating. */
export function readFacts(seen: SeenMark): Facts | null {
  const tallest = Math.max(
    0,
    ...seen.lines.filter((line) => !ratingPattern.test(line.text)).map((line) => line.height),
  );
  const start = seen.lines.findIndex(
    (line) => line.height >= tallest * 0.95 && !ratingPattern.test(line.text),
  );
  if (start === -1) return null;
  let end = start;
  while (
    end < seen.lines.length &&
    seen.lines[end]!.height >= tallest * 0.95 &&
    !ratingPattern.test(seen.lines[end]!.text)
  )
    end += 1;
  const rest = seen.lines.filter((_, index) => index < start || index >= end).map((line) => line.text);
  const rated = rest.find((text) => ratingPattern.test(text));
  const below = seen.lines[end]?.text ?? '';
  const plain = ratingPattern.test(below) ? '' : below;
  const year = yearPattern.exec(plain)?.[1];
  return {
    title: seen.lines
      .slice(start, end)
      .map((line) => line.text)
      .join(' '),
    year: year === undefined ? null : Number(year),
    genres: plain
      .split(/\s*[·•|,]\s*/u)
      .map((word) => word.replace(/…$/u, '').trim())
      .filter((word) => word !== '' && !/^\d/u.test(word)),
    rating: rated === undefined ? null : Number(ratingPattern.exec(rated)![1]!.replace(',', '.')),
    votes: rated === undefined ? null : votesIn(rated),
  };
}

function votesIn(text: string): number | null {
  const rest = text.replace(ratingPattern, '');
  const digits = votesPattern.exec(rest)?.[1]?.replace(/\D/gu, '');
  return digits === undefined || digits === '' ? null : Number(digits);
}

function salience(screen: Screen, mark: Mark, look: number, parameters: PerceptionParameters): number {
  const share = (mark.box.width * mark.box.height) / (screen.width * screen.height);
  const inside = meanLuminance(screen.pixels, mark.box);
  const around = meanLuminance(screen.pixels, grown(mark.box, 24));
  const nearness = 1 - (mark.box.x / screen.width + mark.box.y / screen.height) / 2;
  return (
    parameters.area * Math.log(Math.max(share, 1e-6)) +
    parameters.contrast * Math.abs(inside - around) +
    parameters.colour * look +
    parameters.topLeft * nearness
  );
}

/** Hasler and Süsstrunk's colourfulness √(σ²_rg + σ²_yb) + 0.3 √(μ²_rg + μ²_yb), divided by 100. */
function vividness(pixels: Pixels, box: Box): number {
  let count = 0;
  let rg = 0;
  let yb = 0;
  let rgSquares = 0;
  let ybSquares = 0;
  eachPixel(pixels, box, (red, green, blue) => {
    const a = red - green;
    const b = (red + green) / 2 - blue;
    count += 1;
    rg += a;
    yb += b;
    rgSquares += a * a;
    ybSquares += b * b;
  });
  if (count === 0) return 0;
  const variance = rgSquares / count - (rg / count) ** 2 + ybSquares / count - (yb / count) ** 2;
  return (Math.sqrt(Math.max(0, variance)) + 0.3 * Math.hypot(rg / count, yb / count)) / 100;
}

/** The luminances of ink and ground: extremes are trimmed so that single JPEG artefacts do not count. */
function luminanceRange(pixels: Pixels, box: Box): { low: number; high: number } {
  const values: number[] = [];
  eachPixel(pixels, box, (red, green, blue) => values.push(luminance(red, green, blue)));
  if (values.length === 0) return { low: 0, high: 0 };
  values.sort((a, b) => a - b);
  return {
    low: values[Math.floor(values.length * 0.03)]!,
    high: values[Math.ceil(values.length * 0.97) - 1]!,
  };
}

function meanLuminance(pixels: Pixels, box: Box): number {
  let sum = 0;
  let count = 0;
  eachPixel(pixels, box, (red, green, blue) => {
    sum += luminance(red, green, blue);
    count += 1;
  });
  return count === 0 ? 0 : sum / count;
}

const linear = Float64Array.from({ length: 256 }, (_, level) => {
  const value = level / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
});

/** Relative luminance of an sRGB pixel, 0-1 (WCAG 2). */
function luminance(red: number, green: number, blue: number): number {
  return 0.2126 * linear[red]! + 0.7152 * linear[green]! + 0.0722 * linear[blue]!;
}

function grown(box: Box, by: number): Box {
  return { x: box.x - by, y: box.y - by, width: box.width + 2 * by, height: box.height + 2 * by };
}

function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
