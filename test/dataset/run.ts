// A small made-up run for tests of data sets: six visitors, twins under two arms, two visits each, titles that want to
// be formulas and markup, one failed session, one search, a slate shown twice. No browser, no experiment.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sha256 } from '../../src/base/hash.ts';
import { marksPath, screenPath } from '../../src/store/blobs.ts';
import { openDatabase } from '../../src/store/database.ts';
import type { Event } from '../../src/store/events.ts';
import { writer } from '../../src/store/write.ts';
import { sampleSession, timedOut } from '../store/sample.ts';

export const titles = [
  'Heat',
  '=HYPERLINK("http://x","y")',
  '-1+1',
  '@SUM(A1)',
  '<script>alert(1)</script>, "quoted"',
  'Léon | a | tale',
  'tab\there\nand line',
  "'tis",
  '+32',
  '[JSON]',
  'Alien (1979)',
  '东邪西毒 🎬',
];
export const items = titles.map((title, index) => ({
  id: `i${index}`,
  title,
  genres: index % 3 === 0 ? [] : index % 3 === 1 ? ['Drama'] : ['Drama', 'Sci-Fi'],
}));
export const arms = ['control', 'other'];
const visitors = ['ann', 'ben', 'cleo', 'dora', 'émile', 'f-6'];

const scenario = {
  name: 'made-up',
  question: 'Does [it](http://x) differ?',
  catalogue: 'not-here',
  design: 'twins',
  mind: 'choice',
  seed: 7,
  arms: arms.map((name) => ({ name, method: 'popularity' })),
};

export interface MadeUpRun {
  readonly folder: string;
  remove(): void;
}

/** Writes the run folder. */
export function madeUpRun(changes: Partial<typeof scenario> = {}): MadeUpRun {
  const root = mkdtempSync(join(tmpdir(), 'rehearsal-dataset-'));
  const folder = join(root, 'made-up');
  mkdirSync(folder);
  const database = openDatabase(join(folder, 'events.sqlite'));
  const record = writer(database);
  record.setRun('scenario', { ...scenario, ...changes });
  record.setRun('versions', { mind: 'choice v1' });
  record.setRun('model', { model: 'eyes-1' });
  record.setRun('prompts', { act: 'ab'.repeat(32) });
  record.saveItems(items);
  for (const [index, id] of visitors.entries()) {
    record.saveVisitor({
      id,
      activity: 'low',
      diversity: 'medium',
      conformity: 'high',
      profile: { secret: 'history' },
    });
    for (const [place, arm] of arms.entries()) {
      for (const replicate of [1, 2]) {
        const fails = id === 'f-6' && arm === 'other' && replicate === 2;
        record.saveSession(
          sampleSession({
            visitor: id,
            arm,
            replicate,
            seed: 4_000_000_000 + index,
            ...(fails ? timedOut : {}),
          }),
          visitEvents(index, place, replicate),
        );
      }
    }
  }
  database.close();
  for (const picture of pictures.values()) {
    const path = screenPath(folder, sha256(picture));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, picture);
    writeFileSync(marksPath(folder, sha256(picture)), '[{"mark":3,"text":"=Heat, | 1995"}]');
  }
  const checks = [{ name: 'srm', status: 'ok', detail: 'as | planned' }];
  writeFileSync(join(folder, 'result.json'), JSON.stringify({ checks }));
  return { folder, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Steps at these times show a screen that was kept; the others' are named by the record and nowhere to be found. */
export const pictures = new Map(
  [14.2, 21].map((time) => [time, Buffer.from([0xff, 0xd8, 0xff, time, 0, 0x80, 0xff, 0xd9])]),
);

/** Three slates of four: the arm's (shown again, then wholly in view), the search's, the arm's next; what is opened turns with the visitor. */
function visitEvents(visitor: number, arm: number, replicate: number): Event[] {
  const at = (offset: number): string => `i${(visitor + 5 * arm + 3 * replicate + offset) % items.length}`;
  const slate = (number: number, list: 'home' | 'results', time: number, inView: number): Event => ({
    type: 'slate-shown',
    time,
    slate: number,
    list,
    page: number,
    method: 'popularity',
    version: 'v9',
    items: [0, 1, 2, 3].map((slot) => ({
      item: at(4 * (number - 1) + slot),
      slot: slot + 1,
      score: 1 / (slot + 3),
      propensity: list === 'home' ? 0.25 : 1,
      inView: slot < inView,
    })),
  });
  const step = (time: number): Event => ({
    type: 'step-taken',
    time,
    page: 'home',
    screen: screenAt(time),
    noticed: [{ mark: 3, text: 'Heat | 1995', interest: 3, box: { x: 0, y: 0, width: 1, height: 1 } }],
    interest: 3.5,
    fatigue: 1.25,
    action: 'open',
    mark: 3,
    recalled: [],
    reason: '=cmd() looked good',
  });
  const did = (
    type: 'item-opened' | 'item-watched' | 'item-listed',
    time: number,
    offset: number,
  ): Event => ({
    type,
    time,
    item: at(offset),
    slate: Math.floor(offset / 4) + 1,
    slot: (offset % 4) + 1,
  });
  return [
    { type: 'visit-started', time: 0, budget: 30 },
    slate(1, 'home', 0.1, 2),
    step(2.7),
    did('item-opened', 4.5, 0),
    did('item-watched', 9.25, 0),
    { type: 'item-rated', time: 12, item: at(0), slate: 1, slot: 1, stars: ((visitor + replicate) % 5) + 1 },
    { type: 'item-closed', time: 13, item: at(0) },
    slate(1, 'home', 13, 4),
    step(14.2),
    { type: 'search-made', time: 15, query: '=1' },
    slate(2, 'results', 16, 4),
    step(17),
    did('item-opened', 18, 5),
    did('item-listed', 19, 5),
    slate(3, 'home', 20, 0),
    step(21),
    did('item-opened', 22, 9),
    { type: 'item-rated', time: 23.5, item: at(9), slate: 3, slot: 2, stars: 5 },
    { type: 'visit-ended', time: 30, reason: 'satisfied' },
  ];
}

function screenAt(time: number): string {
  const kept = pictures.get(time);
  return kept === undefined ? String(time).padStart(64, 'a').replace('.', 'b') : sha256(kept);
}
