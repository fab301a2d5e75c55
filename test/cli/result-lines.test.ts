// What a terminal shows of a result besides its numbers.

import { expect, it } from 'vitest';
import { resultLines } from '../../src/cli/result-lines.ts';
import { exampleResult } from '../report/example-result.ts';

const places = { report: 'report.html', record: 'events.sqlite' };
const healthIn = (result: ReturnType<typeof exampleResult>): string[] =>
  resultLines(result, places).filter((line) => line.includes('health'));

it('says of the health of arms what a person should know, and nothing where they are well', () => {
  const result = exampleResult();
  expect(healthIn(result)).toEqual([
    '! health of item-knn: 3 of 476 slates were refused (short-slate 1, timeout 2)',
    '! health of matrix-factorisation: only 81 % of the items it listed were named exactly, and 60 % of the names it wrote exist',
  ]);
  const well = result.health.map((arm) => ({ ...arm, complaints: [] }));
  expect(healthIn({ ...result, health: well })).toEqual([]);
  expect(healthIn({ ...result, health: [] })).toEqual([]);
});
