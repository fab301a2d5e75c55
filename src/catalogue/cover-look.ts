// How a cover looks: palettes by mood, and which moods and compositions suit which genre. The choice among
// them is drawn from the random stream, so that a title always gets the same look.

import type { Random } from '../base/random.ts';
import { forest, hills, road, skyline, sun } from './cover-landscapes.ts';
import { blinds, confetti, orbits, pair, rays, rings, tiles } from './cover-patterns.ts';
import { pick, type Composition, type Palette } from './cover-shapes.ts';

const palette = (colours: string): Palette => {
  const [ground = '', deep = '', middle = '', bright = '', ink = ''] = colours
    .split(' ')
    .map((colour) => `#${colour}`);
  return { ground, deep, middle, bright, ink };
};

const moods = {
  warm: [
    'fbe3b5 d1495b edae49 00798c 2b2d42',
    'fff1d6 f26a4b f7b538 2a9d8f 22223b',
    'ffd9c7 c8553d f28f3b 588b8b 2d1e2f',
  ],
  bold: [
    '14213d e63946 f77f00 fcbf49 fff6e5',
    '1b1b1e d7263d f46036 2e9cca fdf7ee',
    '2b0a0f b3001b ff5a36 ffc145 fff3e2',
  ],
  night: [
    '0d1b2a 1b3a4b 3a6ea5 c9d6df f1f5f9',
    '10121c 2a3150 596ba0 d9c89e f5f1e6',
    '0b2027 15474f 40798c cfd7c7 f6f1d1',
  ],
  blood: [
    '0f0c0d 3b0d11 a4161a e5383b f5efe6',
    '121212 2b2d2f 7f1d1d d9d2c5 f4efe6',
    '0a1210 1b3022 4f772d d4e09b f2f7e2',
  ],
  space: [
    '0b0c2a 28246b 7b2cbf 4cc9f0 f3f0ff',
    '050a1f 0f3057 00a8a8 ffd166 eefbff',
    '120a24 4b1d6e f72585 4cc9f0 fdf4ff',
  ],
  rose: [
    'ffe5e5 c9184a ff758f ffb3c1 590d22',
    'fde8d7 b5446e e08e79 f2c6b4 3d1f33',
    '3a0f2b 8d1d5c ef6f6c f9b4a6 fff1ec',
  ],
  earth: [
    'f2e2c4 8c4a2f c97b3b e0a458 3b2417',
    'e8d9b9 4f5d3a a3793d d9a441 2c2a1e',
    '33201a 7a3b1d c8742b f0c27b fdf2dd',
  ],
  paper: [
    'f1ede4 23395b 406e8e b9c7cf 161925',
    'ebe7dd 4a4e69 9a8c98 c9ada7 22223b',
    'e9ecdf 344e41 588157 a3b18a 1d2a22',
  ],
  candy: [
    'fff3b0 ff6b6b 4ecdc4 ffa62b 1a2a4a',
    'd7f3ff f15bb5 00a6fb fee440 1d2b53',
    'e6ffe9 7b2ff7 06d6a0 ffd166 20214f',
  ],
  gold: [
    '1a1423 684756 b8860b f4d58d fdf6e3',
    '2d132c 801336 c72c41 ee9b54 fff0df',
    '101820 2f4858 9c7a3c f2d492 fbf5e6',
  ],
} as const;
type Mood = keyof typeof moods;

const drawings = {
  sun,
  rays,
  hills,
  rings,
  blinds,
  skyline,
  forest,
  orbits,
  tiles,
  pair,
  confetti,
  road,
} as const;
type Art = keyof typeof drawings;

/** What a genre looks like: first words that occur in the genre's name decide. */
const looks: readonly (readonly [RegExp, readonly Mood[], readonly Art[]])[] = [
  [/romantic comedy/i, ['rose', 'candy'], ['pair', 'confetti', 'tiles']],
  [/black comedy/i, ['bold', 'gold'], ['blinds', 'tiles', 'confetti']],
  [/horror/i, ['blood'], ['forest', 'rings', 'blinds', 'hills']],
  [/sci|space/i, ['space'], ['orbits', 'rings', 'sun', 'road']],
  [/fantasy/i, ['space', 'gold', 'night'], ['hills', 'orbits', 'forest', 'rays']],
  [/romance/i, ['rose', 'warm'], ['pair', 'sun', 'hills']],
  [/western/i, ['earth', 'warm'], ['sun', 'road', 'hills']],
  [/noir|crime|mystery/i, ['night', 'gold', 'bold'], ['blinds', 'skyline', 'rings', 'road']],
  [/thriller|suspense/i, ['night', 'bold'], ['rings', 'blinds', 'skyline', 'road']],
  [/war/i, ['earth', 'blood'], ['rays', 'hills', 'blinds']],
  [/action/i, ['bold'], ['rays', 'road', 'skyline', 'blinds']],
  [/adventure/i, ['warm', 'earth', 'space'], ['hills', 'sun', 'road', 'rays']],
  [/animation|child|family|kids/i, ['candy'], ['confetti', 'tiles', 'hills', 'rays']],
  [/comedy/i, ['candy', 'warm'], ['confetti', 'tiles', 'rays', 'pair']],
  [/music|concert/i, ['gold', 'space', 'candy'], ['rings', 'rays', 'tiles']],
  [/documentary|imax/i, ['paper', 'earth'], ['tiles', 'hills', 'rings']],
  [/drama/i, ['paper', 'warm', 'gold', 'night'], ['hills', 'pair', 'sun', 'skyline', 'tiles']],
];

/** Palette and composition for these genres, drawn from the stream. */
export function lookOf(
  genres: readonly string[],
  random: Random,
): { palette: Palette; composition: Composition } {
  const found = looks.find(([words]) => genres.some((genre) => words.test(genre)));
  const mood = pick(found?.[1] ?? (Object.keys(moods) as Mood[]), random);
  const drawing = pick(found?.[2] ?? (Object.keys(drawings) as Art[]), random);
  return { palette: palette(pick(moods[mood], random)), composition: drawings[drawing] };
}
