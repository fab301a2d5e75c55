// A generated run for the contest of the dashboard: as many sessions as asked, twelve steps each, with slates, marks and
// pictures of the size that real ones have. What visitors do in it is chance; only its shape and size matter.

import { join } from 'node:path';
import type { Studio } from '../../sandbox/camera.ts';
import { homePage } from '../../sandbox/pages/home.ts';
import type { Screen } from '../../sandbox/screen.ts';
import { movies } from '../../sandbox/storefronts/movies.ts';
import { randomFrom } from '../base/random.ts';
import type { Random } from '../base/random.ts';
import { builtInItems } from '../catalogue/builtin.ts';
import { coverUri } from '../catalogue/cover.ts';
import { analyse } from '../experiment/analyse.ts';
import { createRunFolder, writeResult } from '../experiment/folder.ts';
import { parseScenario } from '../experiment/scenario.ts';
import { blobs } from '../store/blobs.ts';
import { openDatabase } from '../store/database.ts';
import type { Event } from '../store/events.ts';
import { writer } from '../store/write.ts';

const stepsPerSession = 12;
const pictures = 60;
const arms = ['control', 'treatment'] as const;

/** Writes the run into `folder`: twins, half the sessions in each arm. */
export async function generateRun(
  folder: string,
  studio: Studio,
  settings: { readonly sessions: number; readonly seed: number; log(line: string): void },
): Promise<void> {
  const visitors = Math.ceil(settings.sessions / arms.length);
  const scenario = parseScenario(
    {
      name: 'generated',
      question: 'How quickly does the dashboard open a large run?',
      arms: arms.map((name) => ({ name, method: 'random' })),
      population: { visitors },
      seed: settings.seed,
    },
    'the generated scenario',
  );
  const run = createRunFolder(folder, scenario, {
    program: 'bench',
    started: '2026-01-01T00:00:00.000Z',
    force: false,
  });
  const screens = await takeScreens(studio, folder);
  const database = openDatabase(run.record);
  try {
    const record = writer(database);
    const random = randomFrom(settings.seed, 'dashboard');
    const items = builtInItems();
    record.setRun('scenario', scenario);
    record.setRun('planned', visitors * arms.length);
    record.saveItems(items.map(({ id, title, genres }) => ({ id, title, genres: [...genres] })));
    for (let visitor = 0; visitor < visitors; visitor++) {
      const id = `visitor-${visitor}`;
      record.saveVisitor({ id, activity: 'low', diversity: 'medium', conformity: 'high', profile: { id } });
      for (const arm of arms) {
        const events = eventsOf(
          screens,
          items.map((item) => item.id),
          random,
        );
        record.saveSession(
          {
            visitor: id,
            arm,
            replicate: 1,
            mind: 'choice',
            mindVersion: 'generated',
            seed: settings.seed,
            status: 'complete',
            exitReason: 'bored',
            failureKind: null,
            failureMessage: null,
            steps: stepsPerSession,
            simulatedSeconds: stepsPerSession * 8,
            wallMs: 0,
          },
          events,
        );
      }
      if (visitor % 500 === 499) settings.log(`${(visitor + 1) * arms.length} sessions written`);
    }
    const result = analyse(database, {
      scenario,
      run: run.run,
      path: run.path,
      seconds: 0,
      heldOutNdcg: {},
      status: 'complete',
      planned: visitors * arms.length,
    });
    writeResult(run, result);
  } finally {
    database.close();
  }
}

async function takeScreens(studio: Studio, folder: string): Promise<readonly Screen[]> {
  const items = builtInItems();
  const shown = { cover: true, rating: true, year: true, genres: true };
  const kept = blobs(folder);
  const screens: Screen[] = [];
  for (let place = 0; place < pictures; place++) {
    const cards = items
      .slice(place * 3, place * 3 + 10)
      .map((item) => movies.card(item, shown, () => coverUri(item)));
    const page = homePage(movies, { number: 1, pages: 2, hasPrevious: false, hasNext: true, cards });
    const screen = await studio.capture(page);
    await kept.saveScreen(screen);
    screens.push(screen);
  }
  return screens;
}

/** Every other step opens an item and the next goes back; the last one leaves. */
function eventsOf(screens: readonly Screen[], items: readonly string[], random: Random): Event[] {
  const events: Event[] = [{ type: 'visit-started', time: 0, budget: 20 }];
  const slate = random.shuffle(items).slice(0, 10);
  events.push({
    type: 'slate-shown',
    time: 0,
    slate: 1,
    list: 'home',
    page: 1,
    method: 'random',
    version: 'generated',
    items: slate.map((item, place) => ({ item, slot: place + 1, score: 0.5, propensity: 1, inView: true })),
  });
  for (let step = 1; step <= stepsPerSession; step++) {
    const time = step * 8;
    const screen = screens[random.integer(screens.length)]!;
    const marks = screen.marks.filter(({ role }) => role === 'card');
    const slot = random.integer(10) + 1;
    const isLast = step === stepsPerSession;
    const action = isLast ? 'leave' : step % 2 === 1 ? 'open' : 'back';
    events.push({
      type: 'step-taken',
      time,
      page: step % 2 === 1 || isLast ? 'home' : 'item',
      screen: screen.hash,
      noticed: marks.map(({ number, lines, box }) => ({
        mark: number,
        text: lines[0]?.text ?? '',
        interest: 1 + 4 * random.uniform(),
        box: { ...box },
      })),
      interest: 1 + 4 * random.uniform(),
      fatigue: step,
      action,
      mark: isLast ? null : (marks[slot - 1]?.number ?? null),
      recalled: [],
      reason: 'It looked good enough to open.',
    });
    if (action === 'open') events.push({ type: 'item-opened', time, item: slate[slot - 1]!, slate: 1, slot });
    if (action === 'back') events.push({ type: 'item-closed', time, item: slate[slot - 1]! });
  }
  events.push({ type: 'visit-ended', time: stepsPerSession * 8, reason: 'bored' });
  return events;
}

/** Where the generated run lies below a temporary folder. */
export function generatedFolder(root: string): string {
  return join(root, 'generated');
}
