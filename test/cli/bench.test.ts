// What `bench` refuses before a contest reads or trains anything.

import { expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { benchVerb } from '../../src/cli/bench.ts';
import { contestCommand, contestInput } from '../../src/cli/contest-options.ts';
import { contests } from '../../src/cli/contests.ts';
import { verbInput } from '../../src/cli/verb.ts';
import { rememberingTerminal } from './terminal.ts';

it.each([
  [['names', '--sets', 'bueaty'], /no data set 'bueaty' in the contest of names Data sets: beauty, office\./],
  [['recommenders', '--sets', 'bueaty'], /no data set 'bueaty' in the contest\b/],
  [['recommenders', '--sets', 'toys', '--methods', 'sasrek'], /sasrek/],
  [
    ['beams', '--methods', 'tiger'],
    /beams does not take --methods It takes --sets, --people, --seed, --data/,
  ],
  [['lazy', '--people', '5'], /lazy does not take --people It takes --sets, --seed, --data, --checkpoints\./],
  [['likeness', '--sets', 'beauty'], /likeness does not take --sets It takes --visitors, --seed, --data\./],
  [['likeness', '--repetitions', '2000'], /likeness does not take --repetitions/],
  [['crowd'], /crowd does not take --data It takes no options\./],
  [['speed'], /speed does not take --data/],
  [['--kills', '5'], /no contest that runs without its name takes --kills Name one that does: torture\./],
])('%j', async (words, complaint) => {
  const terminal = rememberingTerminal();
  const table = [{ name: benchVerb.name, summary: benchVerb.summary, load: async () => benchVerb }];
  expect(await main(['bench', ...words, '--data', '/'], table, '1.2.3', terminal)).toBe(2);
  expect(terminal.logged.join(' ')).toMatch(complaint);
  expect(terminal.documents).toEqual([]);
});

it.each([
  ['speed', { visitors: '3', seed: '2' }, 'speed --visitors 3 --seed 2'],
  ['speed', {}, 'speed --visitors 120 --seed 1'],
  ['statistics', { repetitions: '50', data: '/' }, 'statistics --repetitions 50'],
  ['crowd', {}, 'crowd'],
  ['soak', { minutes: '100' }, 'soak --long-run 20000 --minutes 100 --seed 1'],
  ['torture', {}, 'torture --kills 200 --seed 1'],
  ['lazy', {}, 'lazy --seed 1'],
  ['pooled', { sets: 'beauty, toys', people: '9' }, 'pooled --sets beauty,toys --people 9 --seed 1'],
])('a section of %s names what it was given: %j', (name, typed, command) => {
  const { takes } = contests.find((contest) => contest.name === name)!;
  const given = contestInput(verbInput(benchVerb, [name], new Map(Object.entries(typed))));
  expect(contestCommand(name, takes, given)).toBe(`npm run bench -- ${command}`);
});
