// Memory of pictures: what a cover is remembered by, on the real pages, and how it brings a visit back.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { recall, emptyMemory, memoryParameters, type MemoryRecord } from '../../agents/memory.ts';
import { llmMind } from '../../agents/minds/llm.ts';
import { firstPicture, pictureVector, pictureVectors, pictureVectorSize } from '../../agents/picture.ts';
import { dot, textVector } from '../../agents/text.ts';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import type { Screen } from '../../sandbox/screen.ts';
import { openVisit } from '../../sandbox/visit.ts';
import { keptCoverUri } from '../../src/catalogue/cover.ts';
import { everything, worldOf } from '../sandbox/world.ts';
import { homeScreen, paintOver } from './painted.ts';
import { playedClient } from './played.ts';
import { profiles } from './toy.ts';

let studio: Studio;
let home: Screen;
const opened: Screen[] = [];
beforeAll(async () => {
  studio = await openStudio({ pages: 1 });
  const looks = { presentation: everything, coverOf: keptCoverUri };
  const visit = openVisit(worldOf((html) => studio.capture(html), looks));
  await visit.start();
  home = await visit.look();
  for (const card of home.marks.filter(({ role }) => role === 'card').slice(0, 3)) {
    await visit.act({ type: 'open', mark: card.number });
    const item = await visit.look();
    opened.push(item);
    await visit.act({ type: 'back', mark: item.marks.find(({ role }) => role === 'back')!.number });
    await visit.look();
  }
});
afterAll(() => studio.close());

it('a cover on its item page is most like the cover that was opened, among all on the list', () => {
  const cards = pictureVectors(home);
  expect(cards).toHaveLength(10);
  for (const [index, page] of opened.entries()) {
    const own = firstPicture(page, page.marks)!;
    expect(own).toHaveLength(pictureVectorSize);
    const likeness = cards.map((card) => dot(card, own));
    expect(likeness.indexOf(Math.max(...likeness)), String(likeness)).toBe(index);
    expect(likeness[index]).toBeGreaterThan(0.9);
  }
});

it('a picture of one colour, or one too small to look at, is like nothing', () => {
  const box = home.marks.find(({ picture }) => picture !== null)!.picture!;
  const flat = paintOver(home, [box], [90, 20, 20]);
  for (const vector of [pictureVector(flat.pixels, box), pictureVector(home.pixels, { ...box, width: 6 })])
    expect(dot(vector, vector)).toBe(0);
});

it('what was seen comes back for its picture where the words say nothing', () => {
  const record = (text: string, picture: Float64Array | null): MemoryRecord => ({
    time: 0,
    page: 'item',
    text,
    vector: textVector(text),
    picture,
    interest: 3,
    action: 'open',
    importance: 0.5,
  });
  const [first, second] = pictureVectors(home);
  const memory = {
    shortTerm: [record('the first', first!), record('the second', second!), record('unseen', null)],
    longTerm: [],
  };
  const back = (pictures: readonly Float64Array[], picture = 1): string[] =>
    recall(memory, { vector: textVector(''), pictures }, 0, { ...memoryParameters, picture }).records.map(
      ({ text }) => text,
    );
  expect(back([first!])[0]).toBe('the first');
  expect(back([second!])[0]).toBe('the second');
  expect(back([second!], 0)).toEqual(back([]));
});

it('the mind of a model keeps the picture of the mark it acted on, and none where there was none', async () => {
  const mind = llmMind({ client: playedClient() });
  let opening = 0;
  for (let key = 0; key < 20; key++) {
    const { state, action } = await mind.decide(mind.begin(profiles[0]!, emptyMemory, [key]), home);
    if (action.type !== 'open') continue;
    opening += 1;
    const { picture } = home.marks.find(({ number }) => number === action.mark)!;
    expect(state.memory.shortTerm.at(-1)!.picture).toEqual(pictureVector(home.pixels, picture!));
  }
  expect(opening).toBeGreaterThan(5);
  const bare = homeScreen([{ title: 'Aliens' }, { title: 'Dune' }]);
  const unpictured = { ...bare, marks: bare.marks.map((mark) => ({ ...mark, picture: null })) };
  const { state } = await mind.decide(mind.begin(profiles[0]!, emptyMemory, [1]), unpictured);
  expect(state.memory.shortTerm.at(-1)!.picture).toBeNull();
});
