// `rehearsal bench`: slow contests whose figures are ratios measured side by side in one run. Prints them and writes
// them to docs/bench.md with machine, date and command. Never part of the tests: a timing is not an assertion.

import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../base/error.ts';
import { requireMakeable } from '../base/make-folder.ts';
import { writeSection } from '../bench/page.ts';
import { contestCommand, contestInput, contestOptions, typedOptions } from './contest-options.ts';
import { contests } from './contests.ts';
import type { Verb, VerbInput } from './verb.ts';

const page = 'docs/bench.md';
const names = contests.map(({ name }) => name);

export const benchVerb: Verb = {
  name: 'bench',
  summary: 'Run the contests whose figures stand in docs/bench.md.',
  details: `Contests: ${names.join(', ')}; without a name all of them but beams, crowd, faults, guided, lazy, names, pooled, recommenders, soak and torture, some minutes each. Beams, guided, lazy, names, pooled and recommenders train models on published data, which takes hours; kept weights are not trained again. Pooled is the contest of recommenders under three seeds, and what they say together. Crowd, faults, soak and torture show that nothing is lost, and take from minutes to hours. Results go to ${page}.`,
  examples: [
    'npm run bench -- likeness',
    'npm run bench -- statistics',
    'npm run bench -- recommenders --sets beauty --methods sasrec,tiger',
    'rehearsal bench likeness --visitors 150 --json',
  ],
  arguments: [{ name: 'CONTEST', summary: names.join(', '), optional: true }],
  options: contestOptions,
  run: async (input, io) => {
    const asked = input.optionalArgument('CONTEST');
    if (asked !== undefined && !names.includes(asked))
      throw new UsageError(`there is no contest '${asked}'`, `Contests: ${names.join(', ')}.`);
    requireTaken(asked, input);
    const wanted = contests.filter(({ name, onlyByName }) =>
      asked === undefined ? onlyByName !== true : name === asked,
    );
    const given = contestInput(input);
    if (wanted.some(({ needsData }) => needsData) && !existsSync(given.data)) {
      throw new UsageError(
        `the real data are expected in ${given.data}, which does not exist`,
        'Name their folder with --data.',
      );
    }
    requireMakeable(dirname(page));
    if (existsSync(page) && !statSync(page).isFile())
      throw new UsageError(`${page} is no file, and the results go there`, 'Move it away.');
    const documents: Record<string, unknown> = {};
    const lines: string[] = [];
    for (const contest of wanted) {
      const command = contestCommand(contest.name, contest.takes, given);
      const { section, document } = await contest.run(given, command, (line) => io.log(line));
      documents[contest.name] = document;
      for (const one of [section].flat()) {
        lines.push(`## ${one.name}`, '', ...one.lines, '');
        writeSection(page, one);
      }
    }
    io.answer(documents, [...lines, `Written to ${page}`]);
    return 0;
  },
};

/** Throws a UsageError where an option was typed that no contest takes which was asked for. */
function requireTaken(asked: string | undefined, input: VerbInput): void {
  for (const option of typedOptions(input)) {
    const takers = contests.filter(({ takes }) => takes.includes(option));
    if (asked === undefined) {
      if (takers.some(({ onlyByName }) => onlyByName !== true)) continue;
      throw new UsageError(
        `no contest that runs without its name takes --${option}`,
        `Name one that does: ${takers.map(({ name }) => name).join(', ')}.`,
      );
    }
    const contest = contests.find(({ name }) => name === asked);
    if (contest === undefined || takers.includes(contest)) continue;
    throw new UsageError(
      `the contest of ${asked} does not take --${option}`,
      contest.takes.length === 0
        ? 'It takes no options.'
        : `It takes ${contest.takes.map((taken) => `--${taken}`).join(', ')}.`,
    );
  }
}
