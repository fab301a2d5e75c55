// What `bench` refuses before a contest reads or trains anything.

import { expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { benchVerb } from '../../src/cli/bench.ts';
import { rememberingTerminal } from './terminal.ts';

it.each([
  [['names', '--sets', 'bueaty'], /no data set 'bueaty' in the contest of names Data sets: beauty, office\./],
  [['recommenders', '--sets', 'bueaty'], /no data set 'bueaty' in the contest\b/],
  [['recommenders', '--sets', 'toys', '--methods', 'sasrek'], /sasrek/],
  [['beams', '--methods', 'tiger'], /beams does not take --methods It takes --sets, --people, --seed\./],
  [['lazy', '--people', '5'], /lazy does not take --people It takes --sets, --seed\./],
])('%j', async (words, complaint) => {
  const terminal = rememberingTerminal();
  const table = [{ name: benchVerb.name, summary: benchVerb.summary, load: async () => benchVerb }];
  expect(await main(['bench', ...words, '--data', '/'], table, '1.2.3', terminal)).toBe(2);
  expect(terminal.logged.join(' ')).toMatch(complaint);
  expect(terminal.documents).toEqual([]);
});
