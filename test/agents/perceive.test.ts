import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  legibility,
  perceive,
  readFacts,
  type Facts,
  type PerceptionParameters,
  type SeenMark,
} from '../../agents/perceive.ts';
import { card, ground, homeScreen, paint, paintOver, type Colour, type PaintedMark } from './painted.ts';

const parameters: PerceptionParameters = {
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
const grey = (level: number): Colour => [level, level, level];
const written = (height: number, ink: Colour): PaintedMark => ({
  role: 'text',
  box: { x: 100, y: 100, width: 200, height: 60 },
  lines: [{ text: 'words', box: { x: 100, y: 100, width: 120, height }, ink }],
});
const legible = (height: number, ink: Colour, background: Colour = ground): number => {
  const screen = paint([written(height, ink)], background);
  return legibility(screen.pixels, screen.marks[0]!.lines[0]!.box, parameters);
};
const lines = (seen: SeenMark): string[] => seen.lines.map(({ text }) => text);

describe('legibility', () => {
  it('is whole for large light text on the dark ground and for dark text on light', () => {
    expect(legible(18, grey(240))).toBe(1);
    expect(legible(18, grey(20), grey(240))).toBe(1);
  });

  it('goes from nothing to everything with the height of the line', () => {
    expect(legible(7, grey(240))).toBe(0);
    expect(legible(9, grey(240))).toBeCloseTo(0.5, 12);
    expect(legible(11, grey(240))).toBe(1);
  });

  it('goes with the contrast ratio of ink and ground as WCAG 2 defines it', () => {
    // (L + 0.05)/(l + 0.05) of grey 128 on black is 0.2659/0.05 = 5.32, of grey 40 on black 1.42, of 64 1.98.
    expect(legible(18, grey(128), grey(0))).toBe(1);
    expect(legible(18, grey(40), grey(0))).toBeCloseTo((1.4243 - 1.3) / 1.2, 3);
    expect(legible(18, grey(64), grey(0))).toBeCloseTo((2.0252 - 1.3) / 1.2, 3);
  });

  it('never rises as text gets smaller or fainter', () => {
    const level = fc.integer({ min: 0, max: 255 });
    const height = fc.integer({ min: 2, max: 40 });
    fc.assert(
      fc.property(height, height, level, level, (h, i, a, b) => {
        const [small, large] = [Math.min(h, i), Math.max(h, i)];
        const [faint, bright] = [Math.min(a, b), Math.max(a, b)];
        expect(legible(small, grey(bright), grey(0))).toBeLessThanOrEqual(
          legible(large, grey(bright), grey(0)),
        );
        expect(legible(large, grey(faint), grey(0))).toBeLessThanOrEqual(
          legible(large, grey(bright), grey(0)),
        );
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it('is nothing where ink and ground are one colour, or off the screen', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), (level) => {
        expect(legible(18, grey(level), grey(level))).toBe(0);
      }),
      { numRuns: 20, seed: 2 },
    );
    const screen = paint([]);
    expect(legibility(screen.pixels, { x: 2000, y: 2000, width: 50, height: 20 }, parameters)).toBe(0);
  });
});

describe('perceiving', () => {
  const screen = homeScreen([
    { title: 'The Third Man', facts: '1949 · Drama, Crime', rating: '★ 3.9 (1,204)' },
    { title: 'Amélie', facts: '2001 · Comedy', rating: '★ 4.1 (950)' },
  ]);

  it('sees every mark and reads every line that is photographed', () => {
    const seen = perceive(screen, parameters);
    expect(seen.map(({ mark }) => mark)).toEqual(screen.marks);
    expect(lines(seen[1]!)).toEqual(['The Third Man', '1949 · Drama, Crime', '★ 3.9 (1,204)']);
  });

  it('does not read what is painted over with the ground, and still reads the rest', () => {
    const [, first] = screen.marks;
    for (const [hidden, line] of first!.lines.entries()) {
      const [, seen, other] = perceive(paintOver(screen, [line.box], ground), parameters);
      expect(lines(seen!)).toEqual(
        first!.lines.filter((_, index) => index !== hidden).map(({ text }) => text),
      );
      expect(lines(other!)).toHaveLength(3);
    }
  });

  it('sees in a picture its liveliness, none where there is none or it is grey', () => {
    const framed = (colours: readonly [Colour, Colour] | null): PaintedMark => {
      const mark = card({ title: 'Film' }, 300, 100);
      return { ...mark, picture: colours === null ? null : { box: mark.picture!.box, colours } };
    };
    const look = (colours: readonly [Colour, Colour] | null): number =>
      perceive(paint([framed(colours)]), parameters)[0]!.look;
    expect(look(null)).toBe(0);
    expect(look([grey(40), grey(200)])).toBeCloseTo(0, 9);
    // Hasler and Süsstrunk by hand for plain red: rg 255, yb 127.5, no variance: 0.3 · √(255² + 127.5²)/100.
    expect(
      look([
        [255, 0, 0],
        [255, 0, 0],
      ]),
    ).toBeCloseTo((0.3 * Math.hypot(255, 127.5)) / 100, 9);
    expect(
      look([
        [255, 0, 0],
        [0, 0, 255],
      ]),
    ).toBeGreaterThan(
      look([
        [140, 120, 120],
        [120, 120, 140],
      ]),
    );
  });

  it('is drawn by what is large, bright against its surround, coloured, and near the top left', () => {
    const at = (fields: Partial<PaintedMark>): number =>
      perceive(paint([{ ...card({ title: 'Film' }, 600, 300), ...fields }]), parameters)[0]!.salience;
    const box = { x: 600, y: 300, width: 184, height: 344 };
    const picture = { x: 600, y: 300, width: 184, height: 276 };
    const plain = at({ picture: null });
    expect(at({ picture: null, box: { ...box, width: 368 } })).toBeGreaterThan(plain);
    expect(at({ picture: { box: picture, colours: [grey(250), grey(250)] } })).toBeGreaterThan(plain);
    expect(
      at({
        picture: {
          box: picture,
          colours: [
            [150, 60, 40],
            [150, 60, 40],
          ],
        },
      }),
    ).toBeGreaterThan(at({ picture: { box: picture, colours: [grey(80), grey(80)] } }));
    expect(at({ picture: null, lines: [] })).toBeLessThan(
      at({ picture: null, lines: [], box: { ...box, x: 100, y: 50 } }),
    );
  });
});

describe('reading the facts', () => {
  const read = (...texts: readonly (readonly [string, number])[]): Facts | null =>
    readFacts({
      mark: paint([card({ title: '' }, 0, 0)]).marks[0]!,
      lines: texts.map(([text, height]) => ({ text, height })),
      salience: 0,
      look: 0,
    });

  it('takes title, year, genres, rating and votes from a card', () => {
    expect(read(['The Third Man', 18], ['1949 · Drama, Crime', 13], ['★ 3.9 (1,204)', 13])).toEqual({
      title: 'The Third Man',
      year: 1949,
      genres: ['Drama', 'Crime'],
      rating: 3.9,
      votes: 1204,
    });
  });

  it('joins a title of two lines, and leaves the ellipsis of a longer one', () => {
    expect(
      read(['Dr. Strangelove or: How I', 18], ['Learned to Stop…', 18], ['1964 · Comedy', 13]),
    ).toMatchObject({
      title: 'Dr. Strangelove or: How I Learned to Stop…',
      year: 1964,
      genres: ['Comedy'],
    });
  });

  it('drops the ellipsis of a shortened list of genres', () => {
    expect(read(['Film', 18], ['1964 · Comedy, War…', 13])!.genres).toEqual(['Comedy', 'War']);
  });

  it('takes a year from the line below the title only', () => {
    expect(read(['2001: A Space Odyssey', 18], ['1968 · Sci-Fi', 13])).toMatchObject({
      title: '2001: A Space Odyssey',
      year: 1968,
    });
    expect(read(['1984', 18], ['Drama', 13])).toMatchObject({ title: '1984', year: null, genres: ['Drama'] });
    expect(read(['1984', 18])).toEqual({ title: '1984', year: null, genres: [], rating: null, votes: null });
  });

  it('knows no rating, votes, year or genres that are not there', () => {
    expect(read(['Film', 18], ['1949 · Drama', 13])).toMatchObject({ rating: null, votes: null });
    expect(read(['Film', 18], ['★ 4.0', 13])).toEqual({
      title: 'Film',
      year: null,
      genres: [],
      rating: 4,
      votes: null,
    });
    expect(read(['Film', 18], ['Drama', 13], ['★ 4.0 (12)', 13])).toMatchObject({
      year: null,
      genres: ['Drama'],
      rating: 4,
      votes: 12,
    });
  });

  it('reads an item page: no duration among the genres, no rating from the story', () => {
    expect(
      read(
        ['The Third Man', 40],
        ['1949 · Film-Noir, Thriller · 1 h 44 min', 16],
        ['★ 4.2 (12,345)', 17],
        ['A writer comes to Vienna in 1949 and looks for his friend (3).', 16],
      ),
    ).toEqual({
      title: 'The Third Man',
      year: 1949,
      genres: ['Film-Noir', 'Thriller'],
      rating: 4.2,
      votes: 12345,
    });
  });

  it('is nothing where no line but a rating can be read', () => {
    expect(read()).toBeNull();
    expect(read(['★ 3.9 (1,204)', 13])).toBeNull();
  });
});
