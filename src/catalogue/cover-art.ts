// The pictures of drawn covers: a dozen geometric compositions, each a pure function of a palette and a random
// stream. Flat shapes in the manner of printed posters; no text here (cover.ts) and no choice (cover-look.ts).

import type { Random } from '../base/random.ts';

/** Ground, three colours of shapes from dark to light, and the ink of the title. */
export interface Palette {
  readonly ground: string;
  readonly deep: string;
  readonly middle: string;
  readonly bright: string;
  readonly ink: string;
}

export type Composition = (palette: Palette, random: Random) => string;

export const coverWidth = 300;
export const coverHeight = 450;

/** One of the values, each as likely. */
export function pick<Value>(values: readonly Value[], random: Random): Value {
  return values[random.integer(values.length)] as Value;
}

function between(low: number, high: number, random: Random): number {
  return Math.round(low + (high - low) * random.uniform());
}

function circle(x: number, y: number, radius: number, colour: string, more = ''): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${colour}"${more}/>`;
}

function rectangle(x: number, y: number, width: number, height: number, colour: string, more = ''): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${colour}"${more}/>`;
}

function shape(points: readonly (readonly [number, number])[], colour: string): string {
  return `<path d="M${points.map(([x, y]) => `${Math.round(x)} ${Math.round(y)}`).join('L')}Z" fill="${colour}"/>`;
}

function count<Value>(length: number, make: (index: number) => Value): Value[] {
  return Array.from({ length }, (_, index) => make(index));
}

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

/** Wedges from one point. */
export function rays({ deep, middle, bright }: Palette, random: Random): string {
  const [x, y] = [between(60, 240, random), between(120, 250, random)];
  const wedges = 2 * between(8, 13, random);
  const turn = random.uniform();
  const at = (step: number): readonly [number, number] => [
    x + 700 * Math.cos(((step + turn) / wedges) * 2 * Math.PI),
    y + 700 * Math.sin(((step + turn) / wedges) * 2 * Math.PI),
  ];
  const fan = count(wedges / 2, (index) =>
    shape([[x, y], at(2 * index), at(2 * index + 1)], index % 3 === 2 ? middle : deep),
  );
  const radius = between(38, 64, random);
  return fan.join('') + circle(x, y, radius + 16, middle) + circle(x, y, radius, bright);
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

/** Rings about a point off the middle. */
export function rings({ ground, deep, middle, bright }: Palette, random: Random): string {
  const [x, y] = [between(90, 210, random), between(120, 210, random)];
  const step = between(20, 32, random);
  const drift = between(-6, 6, random);
  const colours = [deep, ground, middle, ground];
  const turns = count(12, (index) =>
    circle(x + index * drift, y, (12 - index) * step, colours[index % 4] ?? deep),
  );
  return turns.join('') + circle(x, y, Math.round(step * 0.8), bright);
}

/** Light through slats, and a figure's round head and shoulders in it. */
export function blinds({ ground, deep, middle, bright }: Palette, random: Random): string {
  const tilt = between(-14, 14, random);
  const gap = between(26, 36, random);
  const slats = count(24, (index) =>
    rectangle(
      -120,
      -60 + index * gap,
      560,
      Math.round(gap * 0.52),
      index % 5 === 2 ? bright : middle,
      ' opacity="0.9"',
    ),
  );
  const x = between(110, 200, random);
  return (
    rectangle(0, 0, coverWidth, coverHeight, deep) +
    `<g transform="rotate(${tilt} 150 200)">${slats.join('')}</g>` +
    `<path d="M${x - 115} 450C${x - 112} 262 ${x - 70} 244 ${x - 20} 226L${x - 20} 190L${x + 20} 190L${x + 20} 226C${x + 70} 244 ${x + 112} 262 ${x + 115} 450Z" fill="${ground}"/>` +
    `<ellipse cx="${x}" cy="158" rx="44" ry="58" fill="${ground}"/>`
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

/** A planet, its ring, moons and stars. */
export function orbits({ deep, middle, bright, ink }: Palette, random: Random): string {
  const [x, y, radius] = [between(100, 200, random), between(140, 200, random), between(58, 92, random)];
  const tilt = between(-35, 35, random);
  const stars = count(60, () =>
    circle(random.integer(300), random.integer(450), random.uniform() < 0.15 ? 2 : 1, ink, ' opacity="0.7"'),
  );
  const paths = count(3, (index) => {
    const wide = radius + 44 + index * 46;
    const angle = random.uniform() * 2 * Math.PI;
    const moon = circle(
      Math.round(x + wide * Math.cos(angle)),
      Math.round(y + wide * 0.34 * Math.sin(angle)),
      between(6, 13, random),
      index === 1 ? middle : bright,
    );
    return `<ellipse cx="${x}" cy="${y}" rx="${wide}" ry="${Math.round(wide * 0.34)}" fill="none" stroke="${bright}" stroke-width="2" opacity="0.55"/>${moon}`;
  });
  const half = `<path d="M${x - radius} ${y}A${radius} ${radius} 0 0 0 ${x + radius} ${y}Z" fill="${deep}" opacity="0.55"/>`;
  return (
    stars.join('') +
    `<g transform="rotate(${tilt} ${x} ${y})">${circle(x, y, radius, middle)}${half}${paths.join('')}</g>`
  );
}

/** Quarter circles, discs and squares on a grid. */
export function tiles({ ground, deep, middle, bright }: Palette, random: Random): string {
  const side = pick([75, 100], random);
  const colours = [deep, middle, bright, ground];
  return count((coverWidth / side) * Math.ceil(coverHeight / side), (index) => {
    const x = (index % (coverWidth / side)) * side;
    const y = Math.floor(index / (coverWidth / side)) * side;
    const [back, front] = random.shuffle(colours) as [string, string];
    const kind = random.integer(5);
    const turn = ` transform="rotate(${90 * random.integer(4)} ${x + side / 2} ${y + side / 2})"`;
    const inside =
      kind === 0
        ? circle(x + side / 2, y + side / 2, side * 0.36, front)
        : kind === 1
          ? `<path d="M${x} ${y}L${x + side} ${y}L${x} ${y + side}Z" fill="${front}"${turn}/>`
          : kind === 2
            ? `<path d="M${x} ${y + side / 2}A${side / 2} ${side / 2} 0 0 1 ${x + side} ${y + side / 2}Z" fill="${front}"${turn}/>`
            : `<path d="M${x} ${y}L${x + side} ${y}A${side} ${side} 0 0 1 ${x} ${y + side}Z" fill="${front}"${turn}/>`;
    return rectangle(x, y, side, side, back) + inside;
  }).join('');
}

/** Two discs that overlap. */
export function pair({ deep, middle, bright }: Palette, random: Random): string {
  const [y, radius, apart] = [between(150, 185, random), between(76, 96, random), between(38, 62, random)];
  const lift = between(-30, 30, random);
  const [left, right] = [
    [150 - apart, y - lift],
    [150 + apart, y + lift],
  ] as const;
  // The discs cross half way between their centres, `high` to either side of the line that joins them.
  const distance = Math.hypot(right[0] - left[0], right[1] - left[1]);
  const high = Math.sqrt(radius ** 2 - (distance / 2) ** 2) / distance;
  const [across, along] = [high * (right[1] - left[1]), high * (right[0] - left[0])];
  const point = (side: 1 | -1): string =>
    `${(150 + side * across).toFixed(1)} ${(y - side * along).toFixed(1)}`;
  const arc = `A${radius} ${radius} 0 0 1 `;
  const lens = `<path d="M${point(1)}${arc}${point(-1)}${arc}${point(1)}Z" fill="${bright}"/>`;
  const lines = count(
    9,
    (index) =>
      `<path d="M0 ${300 + index * 20}Q150 ${270 + index * 20} 300 ${300 + index * 20}" fill="none" stroke="${deep}" stroke-width="2" opacity="0.35"/>`,
  );
  return (
    lines.join('') +
    circle(left[0], left[1], radius, deep) +
    circle(right[0], right[1], radius, middle) +
    lens
  );
}

/** Scattered flat shapes about a large one. */
export function confetti({ deep, middle, bright }: Palette, random: Random): string {
  const colours = [deep, middle, bright];
  const pieces = count(34, (index) => {
    const [x, y, size] = [
      (index % 6) * 52 + between(0, 40, random),
      Math.floor(index / 6) * 62 + between(0, 40, random),
      between(9, 26, random),
    ];
    const colour = pick(colours, random);
    const turn = ` transform="rotate(${random.integer(180)} ${x} ${y})"`;
    return pick(
      [
        circle(x, y, Math.round(size / 2), colour),
        rectangle(x - size / 2, y - 4, size, 8, colour, ` rx="4"${turn}`),
        `<path d="M${x} ${y - size / 2}L${x + size / 2} ${y + size / 2}L${x - size / 2} ${y + size / 2}Z" fill="${colour}"${turn}/>`,
        `<circle cx="${x}" cy="${y}" r="${Math.round(size / 2)}" fill="none" stroke="${colour}" stroke-width="5"/>`,
      ],
      random,
    );
  });
  const [x, y, radius] = [between(110, 190, random), between(130, 190, random), between(64, 88, random)];
  return (
    pieces.join('') +
    circle(x + 9, y + 9, radius, deep) +
    circle(x, y, radius, bright) +
    `<path d="M${x - radius * 0.5} ${y + 6}A${radius * 0.5} ${radius * 0.5} 0 0 0 ${x + radius * 0.5} ${y + 6}Z" fill="${deep}"/>`
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
