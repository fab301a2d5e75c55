// Pictures of drawn covers that show no place: geometry in the manner of printed posters. No text here (cover.ts) and
// no choice (cover-look.ts).

import type { Random } from '../base/random.ts';
import {
  between,
  circle,
  count,
  coverHeight,
  coverWidth,
  pick,
  rectangle,
  shape,
  type Palette,
} from './cover-shapes.ts';

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
