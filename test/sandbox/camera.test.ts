import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coverUri } from '../../src/catalogue/cover.ts';
import { findBrowser } from '../../sandbox/camera-browser.ts';
import { openStudio } from '../../sandbox/camera.ts';
import type { Studio } from '../../sandbox/camera.ts';
import { homePage } from '../../sandbox/pages/home.ts';
import { withNumbers } from '../../sandbox/pages/numbers.ts';
import { itemPage } from '../../sandbox/pages/item.ts';
import { resultsPage } from '../../sandbox/pages/results.ts';
import type { Screen } from '../../sandbox/screen.ts';
import { movies } from '../../sandbox/storefronts/movies.ts';
import { coverOf, everything, items } from './world.ts';

const turns = { number: 2, pages: 3, hasPrevious: true, hasNext: true };
const cards = (from: number, count: number, presentation = everything) =>
  items.slice(from, from + count).map((item) => movies.card(item, presentation, () => coverOf(item)));
const home = (from: number, count: number, presentation = everything): string =>
  homePage(movies, { ...turns, cards: cards(from, count, presentation) });
const item = (index: number): string => {
  const view = movies.item(items[index]!, everything, () => coverOf(items[index]!));
  return itemPage(movies, { item: view, watched: false, stars: null, listed: false });
};
const inside = (screen: Screen): boolean =>
  screen.marks.every(
    ({ box }) => box.x >= 0 && box.y >= 0 && box.x + box.width <= 1280 && box.y + box.height <= 800,
  );

describe('the camera', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it('takes equal bytes, pixels and marks in two launches', async () => {
    const other = await openStudio({ pages: 1 });
    const pages = [
      home(0, 10),
      home(10, 5),
      item(3),
      item(8),
      resultsPage(movies, { ...turns, query: 'x', found: 0, cards: [] }),
    ];
    try {
      for (const page of pages) {
        const [one, two] = await Promise.all([studio.capture(page), other.capture(page)]);
        expect(two.hash).toBe(one.hash);
        expect(two.marks).toEqual(one.marks);
        expect(Buffer.compare(one.pixels.data, two.pixels.data)).toBe(0);
      }
      expect(other.browser).toEqual(studio.browser);
    } finally {
      await other.close();
    }
  });

  it('shows other numbers where a page states them, and nothing else of it changes', async () => {
    const plain = await studio.capture(home(0, 10));
    const count = plain.marks.length;
    const numbers = plain.marks.map(({ number }) => count + 1 - number);
    const other = await studio.capture(withNumbers(home(0, 10), numbers));
    expect(other.marks).toEqual(plain.marks.map((mark, index) => ({ ...mark, number: numbers[index]! })));
    expect(other.hash).not.toBe(plain.hash);
    const same = await studio.capture(
      withNumbers(
        home(0, 10),
        plain.marks.map(({ number }) => number),
      ),
    );
    expect(same.hash).toBe(plain.hash);
    await expect(studio.capture(withNumbers(home(0, 10), [1]))).rejects.toThrow('1 numbers');
  });

  it('takes the same bytes whatever it showed before', async () => {
    const fresh = await openStudio({ pages: 1, cacheScreens: 1 });
    try {
      const first = await fresh.capture(home(0, 10));
      for (const page of [item(3), home(5, 3), item(1)]) await fresh.capture(page);
      const again = await fresh.capture(home(0, 10));
      expect(fresh.statistics()).toEqual({ captured: 5, cached: 0, browsers: 1 });
      expect(again.hash).toBe(first.hash);
    } finally {
      await fresh.close();
    }
  });

  it('takes a page once, however often and however concurrently it is asked for', async () => {
    const before = studio.statistics();
    const screens = await Promise.all(Array.from({ length: 6 }, () => studio.capture(item(20))));
    expect(new Set(screens).size).toBe(1);
    expect(studio.statistics()).toEqual({
      ...before,
      captured: before.captured + 1,
      cached: before.cached + 5,
    });
  });

  it('keeps every card of every page size in view, two lines of title at most, and apart from the others', async () => {
    for (const hidden of [everything, { ...everything, cover: false }]) {
      for (let count = 1; count <= 10; count++) {
        const screen = await studio.capture(home(0, count, hidden));
        const boxes = screen.marks.filter((mark) => mark.role === 'card').map((mark) => mark.box);
        expect(boxes).toHaveLength(count);
        expect(inside(screen)).toBe(true);
        for (const [index, a] of boxes.entries()) {
          for (const b of boxes.slice(index + 1)) {
            expect(
              a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y,
            ).toBe(true);
          }
        }
        for (const mark of screen.marks) {
          for (const { box } of mark.lines) {
            expect(box.x).toBeGreaterThanOrEqual(mark.box.x - 1);
            expect(box.x + box.width).toBeLessThanOrEqual(mark.box.x + mark.box.width + 1);
            expect(box.y + box.height).toBeLessThanOrEqual(mark.box.y + mark.box.height + 1);
          }
        }
      }
    }
  });

  it('numbers the marks in reading order and reads what is written on them', async () => {
    const screen = await studio.capture(home(8, 10));
    expect(screen.marks.map((mark) => mark.number)).toEqual(screen.marks.map((_, index) => index + 1));
    expect(screen.marks.map((mark) => mark.role)).toEqual([
      'search',
      ...Array<string>(10).fill('card'),
      'next-page',
      'previous-page',
    ]);
    expect(screen.marks[0]!.lines.map((line) => line.text)).toEqual(['Search films']);
    const card = screen.marks[1]!;
    expect(card.lines.map((line) => line.text)).toEqual(['Amélie', '1958 · Drama', '★ 3.0 (1,212)']);
    expect(card.picture).toMatchObject({ width: 184, height: 276 });
    expect(screen.marks[0]!.picture).toBeNull();
    const [title, facts] = card.lines;
    expect(title!.box.height).toBeGreaterThan(facts!.box.height);
  });

  it('reads of a long text only what is seen', async () => {
    const card = (await studio.capture(home(3, 1))).marks[1]!;
    const seen = card.lines
      .slice(0, 2)
      .map((line) => line.text)
      .join(' ');
    expect(seen.endsWith('…')).toBe(true);
    expect(items[3]!.title.startsWith(seen.slice(0, -1))).toBe(true);
    const about = (await studio.capture(item(25))).marks[1]!;
    expect(about.lines.filter((line) => line.box.height === 16)).toHaveLength(1 + 6);
    expect(about.lines.some((line) => line.text.endsWith('…'))).toBe(true);
  });

  it('marks what can be done with an item and nothing that was done', async () => {
    const view = movies.item(items[12]!, everything, () => coverOf(items[12]!));
    const roles = async (watched: boolean, stars: number | null, listed: boolean): Promise<string[]> =>
      (await studio.capture(itemPage(movies, { item: view, watched, stars, listed }))).marks.map(
        (mark) => mark.role,
      );
    expect(await roles(false, null, false)).toEqual(['back', 'text', 'watch', 'rate', 'add-to-list']);
    expect(await roles(true, null, false)).toEqual(['back', 'text', 'rate', 'add-to-list']);
    expect(await roles(true, 4, true)).toEqual(['back', 'text']);
  });

  it('shows pixels at half scale that hold the picture', async () => {
    const { pixels, marks, width, height, image } = await studio.capture(home(8, 10));
    expect([width, height, pixels.width, pixels.height, pixels.scale]).toEqual([1280, 800, 640, 400, 2]);
    expect(pixels.data).toHaveLength(640 * 400 * 3);
    expect([...image.slice(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    const picture = marks[1]!.picture!;
    const at = (x: number, y: number): number[] => {
      const start = (Math.round(y / 2) * 640 + Math.round(x / 2)) * 3;
      return [...pixels.data.slice(start, start + 3)];
    };
    const middle = at(picture.x + picture.width / 2, picture.y + picture.height * 0.4);
    const corner = at(picture.x + picture.width - 20, picture.y + picture.height - 20);
    expect(
      Math.abs(middle[0]! - corner[0]!) +
        Math.abs(middle[1]! - corner[1]!) +
        Math.abs(middle[2]! - corner[2]!),
    ).toBeGreaterThan(60);
  });

  it('names a browser that is not there and says what to do', async () => {
    await expect(findBrowser('/nowhere/chrome')).rejects.toMatchObject({
      name: 'RehearsalError',
      message: expect.stringContaining('/nowhere/chrome'),
      hint: expect.stringContaining('REHEARSAL_BROWSER'),
    });
  });

  it('refuses a broken picture instead of photographing a hole', async () => {
    const broken = homePage(movies, {
      ...turns,
      cards: [{ ...cards(0, 1)[0]!, cover: 'data:image/png;base64,AAAA' }],
    });
    await expect(studio.capture(broken)).rejects.toMatchObject({ name: 'RehearsalError' });
    await expect(studio.capture(home(0, 2))).resolves.toBeDefined();
  });

  it('takes covers of titles in any script: 千と千尋, Ωmega, русский, 🎬', async () => {
    const titles = ['千と千尋の神隠し', 'Ωmega', 'Сталкер', '🎬🍿', 'العربية', 'a\u0301\u200b\u202e'];
    const shown = titles.map((title, at) => ({
      ...cards(0, titles.length)[at]!,
      title,
      cover: coverUri({ ...items[at]!, title }),
    }));
    await expect(studio.capture(homePage(movies, { ...turns, cards: shown }))).resolves.toBeDefined();
  });

  it('takes a drawing for its shapes only: one that could restyle or reach beyond itself is refused', async () => {
    const drawnAs = (inside: string): string =>
      `data:image/svg+xml;base64,${Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 3">${inside}</svg>`).toString('base64')}`;
    const pageWith = (inside: string): string =>
      homePage(movies, { ...turns, cards: [{ ...cards(0, 1)[0]!, cover: drawnAs(inside) }] });
    await expect(studio.capture(pageWith('<rect width="2" height="3" fill="red"/>'))).resolves.toBeDefined();
    await expect(studio.capture(pageWith('<text x="0" y="1">plain</text>'))).resolves.toBeDefined();
    for (const inside of [
      '<style>body{display:none}</style>',
      '<script>document.title = "mine"</script>',
      '<image href="http://127.0.0.1/a.png"/>',
      '<foreignObject><p>text</p></foreignObject>',
      '<use href="#x"/>',
    ]) {
      await expect(studio.capture(pageWith(inside)), inside).rejects.toThrow('a drawing may not hold');
    }
  });
});
