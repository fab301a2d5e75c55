// The contest of statistics as it is printed: error rates, coverage, power, looking, less noise and interleaving by
// simulation; real tests; and how long a million visitors take.

import { existsSync } from 'node:fs';
import { wallMilliseconds } from '../base/clock.ts';
import { randomFrom } from '../base/random.ts';
import { momentsOf } from '../stats/moments.ts';
import { differenceOfMeans, ratioOfMeans } from '../stats/two-sample.ts';
import { visitorValues } from '../stats/visitor-values.ts';
import type { Section } from './page.ts';
import { cupedTable, errorTable, powerTable } from './statistics-errors.ts';
import { interleavingTable, looksTable } from './statistics-looks.ts';
import { asosLines, banditLines, cookieLines, upworthyLines } from './statistics-real.ts';

/** Runs everything; real data only where they are, and says so. */
export function statisticsSection(
  data: string,
  settings: { readonly repetitions: number; log(line: string): void },
  command: string,
): Section {
  const { repetitions, log } = settings;
  const lines = [...errorTable(repetitions, log)];
  log('power, looking, CUPED, interleaving');
  lines.push(...powerTable(repetitions), ...looksTable(repetitions), ...cupedTable(repetitions));
  lines.push(...interleavingTable(Math.min(repetitions, 500)));
  log('real tests');
  if (existsSync(data))
    lines.push(...asosLines(data), ...banditLines(data), ...cookieLines(data), ...upworthyLines(data));
  else lines.push(`Real tests: not run, ${data} is absent.`, '');
  log('a million visitors');
  lines.push(...millionLines());
  return { name: 'statistics', command, lines };
}

function millionLines(): string[] {
  const arm = (first: number) => {
    const random = randomFrom('million', first);
    return visitorValues(
      Array.from({ length: 1_000_000 }, (_, index) => ({
        visitor: String(first + index),
        numerator: random.uniform() + first / 1e9,
        denominator: 1,
      })),
    );
  };
  const [control, treatment] = [arm(1e6), arm(2e6)];
  const started = wallMilliseconds();
  const [a, b] = [momentsOf(control), momentsOf(treatment)];
  differenceOfMeans(a, b, { alpha: 0.05 });
  ratioOfMeans(a, b, { alpha: 0.05 });
  const seconds = (wallMilliseconds() - started) / 1000;
  return [`Two arms of a million visitors, from values to both effects: ${seconds.toFixed(2)} s.`];
}
