// What the report says of the health of arms.

import { expect, it } from 'vitest';
import { healthSection } from '../../src/report/health-section.ts';
import { exampleResult } from './example-result.ts';

/** The cells of the table by the name of their row, without tags. */
function rowsOf(health = exampleResult().health): Record<string, string[]> {
  const page = healthSection({ ...exampleResult(), health })?.html ?? '';
  const rows = [...page.matchAll(/<tr>([^]*?)<\/tr>/g)].map(([, row]) =>
    [...row!.matchAll(/<t[hd][^>]*>([^]*?)<\/t[hd]>/g)].map(([, cell]) =>
      cell!
        .replace(/<[^>]*>/g, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    ),
  );
  return Object.fromEntries(rows.map(([name, ...cells]) => [name, cells]));
}

it('has a row for each thing that can be said of some arm, and a dash where it cannot be said of one', () => {
  expect(rowsOf()).toEqual({
    '': ['random', 'popularity', 'item-knn', 'matrix-factorisation'],
    'Slates asked': ['480', '480', '476', '480'],
    'Median wait for a slate': [
      ...Array.from({ length: 2 }, () => '0.410 ms 95 % within 1.20 ms'),
      '31.2 ms 95 % within 64.0 s',
      '18.0 ms 95 % within 22.0 ms',
    ],
    'Refused slates': ['0', '0', '3 short-slate 1, timeout 2', '0'],
    'Invalid generations': ['–', '–', '0 % by construction', '40 % of 9,600 names'],
    'Listed items named exactly': ['–', '–', '–', '81 % of 4,800 items'],
    'Slates the beam did not fill': [
      '–',
      '–',
      '15 of 473 3 by scoring everything',
      '61 of 480 240 items by likeness',
    ],
    'Sessions begun again': ['0', '0', '4', '0'],
  });
});

it('leaves out rows that say nothing of any arm, and complaints that nobody has', () => {
  const [plain] = exampleResult().health;
  expect(Object.keys(rowsOf([plain!]))).toEqual([
    '',
    'Slates asked',
    'Median wait for a slate',
    'Refused slates',
  ]);
  expect(healthSection({ ...exampleResult(), health: [plain!] })?.html).not.toContain('complaint');
  expect(healthSection(exampleResult())?.html).toContain('only 81 % of the items it listed');
});

it('has no section where the record says nothing of slates', () => {
  expect(healthSection({ ...exampleResult(), health: [] })).toBeNull();
});
