// Pictures of drawn covers that show a place: sun, hills, towns, woods, roads. Flat shapes in the manner of printed
// posters; no text here (cover.ts) and no choice (cover-look.ts).

import type { Random } from '../base/random.ts';
import {
  between,
  circle,
  count,
  coverHeight,
  coverWidth,
  rectangle,
  shape,
  type Palette,
} from './cover-shapes.ts';

/** A low sun cut by widening bars, over water. */
export function sun({ ground, deep, middle, bright }: Palette, random: Random): string {
  const [x, y, radius] = [between(90, 210, random), between(130, 170, random), between(88, 118, random)];
  const bars = count(6, (index) => rectangle(0, y + 8 + index * 17, coverWidth, 2 + index * 2.2, ground));
  const waves = count(5, (index) =>
    rectangle(
      0,
      276 + index * 36,
      coverWidth,
      36,
      index % 2 === 0 ? deep : middle,
      ` opacity="${0.55 + index * 0.09}"`,
    ),
  );
  return (
    circle(x, y, radius + 26, bright, ' opacity="0.25"') +
    circle(x, y, radius, middle) +
    circle(x, y - 10, radius - 30, bright, ' opacity="0.55"') +
    bars.join('') +
    waves.join('')
  );
}

/** Layered ridges under a disc. */
export function hills({ ground, deep, middle, bright }: Palette, random: Random): string {
  const sharp = random.uniform() < 0.5;
  const ridge = (base: number, height: number, colour: string, opacity: number): string => {
    const tops = count(
      7,
      (index) =>
        [
          index * 50,
          base - (index % 2 === 0 ? random.uniform() * 0.35 : 0.5 + 0.5 * random.uniform()) * height,
        ] as const,
    );
    const line = sharp
      ? tops.map(([x, y]) => `L${x} ${Math.round(y)}`).join('')
      : tops
          .map(
            ([x, y], index) => `${index === 0 ? 'L' : `S${x - 25} ${Math.round(y)} `}${x} ${Math.round(y)}`,
          )
          .join('');
    return `<path d="M0 450${line}L300 450Z" fill="${colour}" opacity="${opacity}"/>`;
  };
  return (
    circle(between(70, 230, random), between(80, 140, random), between(40, 66, random), bright) +
    ridge(250, 120, middle, 0.55) +
    ridge(300, 110, middle, 1) +
    ridge(350, 100, deep, 1) +
    ridge(430, 80, ground, 0.35)
  );
}

/** A town with some windows lit. */
export function skyline({ deep, middle, bright }: Palette, random: Random): string {
  const row = (colour: string, low: number, high: number, lit: boolean): string => {
    let towers = '';
    for (let x = -10; x < coverWidth;) {
      const [width, height] = [between(28, 58, random), between(low, high, random)];
      towers += rectangle(x, coverHeight - height, width, height, colour);
      for (let wy = coverHeight - height + 12; lit && wy < 400; wy += 18) {
        for (let wx = x + 7; wx < x + width - 9; wx += 13) {
          if (random.uniform() < 0.32) towers += rectangle(wx, wy, 6, 9, bright);
        }
      }
      x += width + between(0, 4, random);
    }
    return towers;
  };
  const moon = circle(between(60, 240, random), between(70, 130, random), between(30, 52, random), bright);
  return moon + `<g opacity="0.6">${row(middle, 260, 360, false)}</g>` + row(deep, 190, 310, true);
}

/** Bare firs before a moon. */
export function forest({ ground, deep, middle, bright }: Palette, random: Random): string {
  const moon = [between(90, 210, random), between(110, 160, random), between(60, 92, random)] as const;
  const firs = (trees: number, base: number, height: number, colour: string): string =>
    count(trees, (index) => {
      const x = (index + 0.5) * (coverWidth / trees) + between(-12, 12, random);
      const top = base - height * (0.6 + 0.4 * random.uniform());
      const half = (base - top) * 0.17;
      return shape(
        [
          [x, top],
          [x + half * 0.6, top + (base - top) * 0.45],
          [x + half * 0.3, top + (base - top) * 0.45],
          [x + half, base],
          [x - half, base],
          [x - half * 0.3, top + (base - top) * 0.45],
          [x - half * 0.6, top + (base - top) * 0.45],
        ],
        colour,
      );
    }).join('');
  return (
    circle(moon[0], moon[1], moon[2] + 30, middle, ' opacity="0.35"') +
    circle(...moon, bright) +
    firs(9, 330, 190, middle) +
    firs(7, 390, 230, deep) +
    rectangle(0, 388, coverWidth, 62, deep) +
    firs(5, 460, 220, ground)
  );
}

/** A road to the horizon. */
export function road({ ground, deep, middle, bright }: Palette, random: Random): string {
  const [x, y] = [between(100, 200, random), between(170, 215, random)];
  const dashes = count(6, (index) => {
    const [near, far] = [((index + 0.5) / 6) ** 2, (index / 6) ** 2];
    const at = (depth: number, side: number): readonly [number, number] => [
      x + (150 - x) * depth + side * 9 * depth,
      y + (460 - y) * depth,
    ];
    return shape([at(far, -1), at(far, 1), at(near, 1), at(near, -1)], bright);
  });
  const beams = count(7, (index) =>
    shape(
      [
        [x, y],
        [-60 + index * 70, -40],
        [-32 + index * 70, -40],
      ],
      middle,
    ),
  );
  return (
    `<g opacity="0.5">${beams.join('')}</g>` +
    circle(x, y, between(44, 70, random), bright) +
    rectangle(0, y, coverWidth, 300, deep) +
    shape(
      [
        [x - 4, y],
        [x + 4, y],
        [330, 460],
        [-30, 460],
      ],
      ground,
    ) +
    shape(
      [
        [x - 4, y],
        [x - 1, y],
        [-2, 460],
        [-30, 460],
      ],
      middle,
    ) +
    shape(
      [
        [x + 1, y],
        [x + 4, y],
        [330, 460],
        [302, 460],
      ],
      middle,
    ) +
    dashes.join('')
  );
}
