// What drawn covers are made of: the palette, the size, and flat shapes as SVG. Nothing is composed here.

import type { Random } from '../base/random.ts';

/** Ground, three colours of shapes from dark to light, and the ink of the title. */
export interface Palette {
  readonly ground: string;
  readonly deep: string;
  readonly middle: string;
  readonly bright: string;
  readonly ink: string;
}

/** A picture as SVG elements, a pure function of its palette and a random stream. */
export type Composition = (palette: Palette, random: Random) => string;

export const coverWidth = 300;
export const coverHeight = 450;

/** One of the values, each as likely. */
export function pick<Value>(values: readonly Value[], random: Random): Value {
  return values[random.integer(values.length)] as Value;
}

export function between(low: number, high: number, random: Random): number {
  return Math.round(low + (high - low) * random.uniform());
}

export function circle(x: number, y: number, radius: number, colour: string, more = ''): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour}"${more}/>`;
}

export function rectangle(
  x: number,
  y: number,
  width: number,
  height: number,
  colour: string,
  more = '',
): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${colour}"${more}/>`;
}

export function shape(points: readonly (readonly [number, number])[], colour: string): string {
  return `<path d="M${points.map(([x, y]) => `${Math.round(x)} ${Math.round(y)}`).join('L')}Z" fill="${colour}"/>`;
}

export function count<Value>(length: number, make: (index: number) => Value): Value[] {
  return Array.from({ length }, (_, index) => make(index));
}
