import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '../../src/catalogue/item.ts';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import type { Box, Screen } from '../../sandbox/screen.ts';
import type { Presentation } from '../../sandbox/storefronts/storefront.ts';
import { openVisit } from '../../sandbox/visit.ts';
import type { Decision } from '../../agents/agent.ts';
import { emptyMemory } from '../../agents/memory.ts';
import { choiceMind } from '../../agents/minds/choice.ts';
import { perceptionParameters } from '../../agents/perceive.ts';
import { choiceParameters } from '../../agents/minds/choice-parameters.ts';
import { perceive, readFacts, type Facts } from '../../agents/perceive.ts';
import { coverOf, everything, worldOf } from '../sandbox/world.ts';
import { ground, paintOver } from './painted.ts';
import { films, knowledge, profiles } from './toy.ts';

// The claim: a change of presentation reaches the choice mind through the pixels of the screenshot and no other
// way. Ratings count whatever the defaults are; the visitor examines every card.
const mind = choiceMind(knowledge, {
  ...choiceParameters,
  quality: 0.8,
  unrated: 0.6,
  familiar: 0,
  interestCentre: 0,
  interestSpread: 2,
  goOn: 1,
  lookingFatigue: 0,
});
const items: readonly Item[] = films.map((film, index) => ({
  id: `secretid-${String(index).padStart(2, '0')}`,
  title: film.title,
  text: 'A story.',
  year: 1950 + index,
  genres: [film.genre],
  rating: film.rating,
  votes: film.votes,
  attributes: {},
}));

let studio: Studio;
let full: Screen;
let hidden: Screen;
beforeAll(async () => {
  studio = await openStudio({ pages: 1 });
  full = await homeOf(everything);
  hidden = await homeOf({ ...everything, rating: false });
});
afterAll(() => studio.close());

async function homeOf(presentation: Presentation): Promise<Screen> {
  const visit = openVisit(
    worldOf((html) => studio.capture(html), {
      items: new Map(items.map((item) => [item.id, item])),
      presentation,
      coverOf,
      recommend: async ({ k, exclude }) => ({
        method: 'first',
        version: '1',
        items: items
          .filter(({ id }) => !exclude.includes(id))
          .slice(0, k)
          .map(({ id }) => ({ id, score: 1, propensity: 1 })),
      }),
    }),
  );
  await visit.start();
  return visit.look();
}

const decide = (screen: Screen, person: number, key: number): Promise<Decision> =>
  mind.decide(mind.begin(profiles[person]!, emptyMemory, [key]), screen);
const interests = ({ thought }: Decision): Record<string, number> =>
  Object.fromEntries(thought.noticed.map(({ text, interest }) => [text, interest]));
const textBoxes = (screen: Screen, wanted: (text: string) => boolean): Box[] =>
  screen.marks.flatMap((mark) =>
    mark.lines.filter((line) => wanted(line.text)).map((line) => wider(line.box)),
  );
const wider = ({ x, y, width, height }: Box): Box => ({
  x: x - 4,
  y: y - 1,
  width: width + 8,
  height: height + 2,
});
const factsOf = (screen: Screen): Facts[] =>
  perceive(screen, perceptionParameters)
    .filter(({ mark }) => mark.role === 'card')
    .map((seen) => readFacts(seen)!);
const unmarked = (screen: Screen): unknown =>
  screen.marks.map((mark) => ({ ...mark, lines: mark.lines.filter((line) => !line.text.includes('★')) }));

describe('the choice mind sees the page only through the screenshot', () => {
  it('reads every fact of the cards as rendered', () => {
    expect(factsOf(full)).toEqual(
      items
        .slice(0, 10)
        .map(({ title, year, genres, rating, votes }) => ({ title, year, genres, rating, votes })),
    );
  });

  it('reads no rating where the presentation hides it, and everything else as before', () => {
    expect(factsOf(hidden)).toEqual(factsOf(full).map((facts) => ({ ...facts, rating: null, votes: null })));
    expect(unmarked(hidden)).toEqual(unmarked(full));
  });

  it('decides with painted-over ratings as on the page that hides them, though the marks still name them', async () => {
    const ratings = textBoxes(full, (text) => text.includes('★'));
    expect(ratings).toHaveLength(10);
    const painted = paintOver(full, ratings, ground);
    expect(painted.marks).toEqual(full.marks);
    expect(factsOf(painted)).toEqual(factsOf(hidden));
    let changed = 0;
    for (let key = 0; key < 6; key++) {
      for (const person of [0, 1]) {
        const [onPainted, onHidden, onFull] = [
          await decide(painted, person, key),
          await decide(hidden, person, key),
          await decide(full, person, key),
        ];
        expect(onPainted.action).toEqual(onHidden.action);
        expect(Object.keys(interests(onPainted)).sort()).toEqual(Object.keys(interests(onHidden)).sort());
        for (const [title, interest] of Object.entries(interests(onHidden))) {
          expect(interests(onPainted)[title]).toBeCloseTo(interest, 2);
          if (Math.abs(interests(onFull)[title]! - interest) > 0.05) changed += 1;
        }
      }
    }
    // Of 120 looks at a card nearly all were worth more or less for the rating.
    expect(changed).toBeGreaterThan(80);
  });

  it('loses exactly the cards whose ratings are painted over, one by one', async () => {
    const before = interests(await decide(full, 0, 1));
    for (const mark of full.marks.filter(({ role }) => role === 'card').slice(0, 4)) {
      const rating = mark.lines.find((line) => line.text.includes('★'))!;
      const after = interests(await decide(paintOver(full, [wider(rating.box)], ground), 0, 1));
      const other = Object.keys(before).filter((title) => Math.abs(before[title]! - after[title]!) > 1e-9);
      expect(other).toEqual([mark.lines[0]!.text]);
    }
  });

  it('reads nothing and opens nothing where all text is painted over', async () => {
    const blank = paintOver(
      full,
      textBoxes(full, () => true),
      ground,
    );
    expect(perceive(blank, perceptionParameters).flatMap((seen) => seen.lines)).toEqual([]);
    for (let key = 0; key < 6; key++) {
      const { action, thought } = await decide(blank, 0, key);
      expect(thought.noticed).toEqual([]);
      expect(action.type).not.toBe('open');
    }
  });

  it('is told of a hidden cover by the picture alone', async () => {
    const bare = await homeOf({ ...everything, cover: false });
    expect(bare.marks.every((mark) => mark.picture === null)).toBe(true);
    const grey = paintOver(
      full,
      full.marks.flatMap((mark) => (mark.picture === null ? [] : [mark.picture])),
      [60, 60, 60],
    );
    const looks = (screen: Screen): number[] =>
      perceive(screen, perceptionParameters).map(({ look }) => look);
    expect(Math.max(...looks(full))).toBeGreaterThan(0.1);
    expect(Math.max(...looks(grey))).toBeLessThan(0.01);
    expect(Math.max(...looks(bare))).toBe(0);
  });

  it('gets no ids, scores or arms: not in marks, picture or pixels', () => {
    for (const screen of [full, hidden]) {
      expect(JSON.stringify(screen.marks)).not.toMatch(/secretid|first|propensity|score/);
      for (const bytes of [screen.image, screen.pixels.data]) {
        expect(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('secretid')).toBe(false);
      }
      expect(Object.keys(screen).sort()).toEqual(['hash', 'height', 'image', 'marks', 'pixels', 'width']);
      for (const mark of screen.marks)
        expect(Object.keys(mark).sort()).toEqual(['box', 'lines', 'number', 'picture', 'role']);
    }
  });
});
