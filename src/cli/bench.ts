// `rehearsal bench`: slow contests whose figures are ratios measured side by side in one run. Prints them and writes
// them to docs/bench.md with machine, date and command. Never part of the tests: a timing is not an assertion.

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '../base/error.ts';
import { requireMakeable } from '../base/make-folder.ts';
import { writeSection } from '../bench/page.ts';
import { checkpointRoot } from '../recommend/define-model.ts';
import { contests } from './contests.ts';
import type { Verb } from './verb.ts';

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
  options: [
    {
      name: 'data',
      kind: 'text',
      value: 'DIR',
      summary: 'folder of the real data sets',
      default: '../shared/data',
    },
    {
      name: 'visitors',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary: 'visitors in the loop',
      default: '120',
    },
    {
      name: 'seeds',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary: 'runs of the A/A contest',
      default: '20',
    },
    {
      name: 'repetitions',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary: 'made-up experiments a cell of the contest of statistics',
      default: '2000',
    },
    { name: 'seed', kind: 'integer', value: 'N', summary: 'seed of all chance', default: '1' },
    {
      name: 'sets',
      kind: 'text',
      value: 'NAMES',
      summary:
        'data sets of beams, guided, lazy, names, pooled and recommenders, with commas; all where not given (lazy: ml-100k)',
    },
    {
      name: 'methods',
      kind: 'text',
      value: 'NAMES',
      summary: 'methods of pooled and recommenders, with commas; popularity is always there',
    },
    {
      name: 'people',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary: 'largest number of people asked for by beams, guided, names, pooled and recommenders',
    },
    {
      name: 'checkpoints',
      kind: 'text',
      value: 'DIR',
      summary: 'folder of the weights of the six contests that train',
      default: checkpointRoot,
    },
    {
      name: 'sessions',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary: 'sessions of the contest of the dashboard, at least 1,000',
      default: '5000',
    },
    {
      name: 'long-run',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary: 'sessions of the long run of the contest of soak',
      default: '20000',
    },
    {
      name: 'kills',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary: 'kills of the contest of torture; a tenth as many processes are stopped',
      default: '200',
    },
    {
      name: 'minutes',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary:
        'wall time after which the contests of torture and soak tell what they have reached (soak: 120)',
    },
    {
      name: 'events',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary: 'events of the scale contest',
      default: '10000000',
    },
    {
      name: 'impressions',
      kind: 'integer',
      range: [1, Infinity],
      value: 'N',
      summary: 'impressions of the export contest',
      default: '1000000',
    },
  ],
  run: async (input, io) => {
    const asked = input.optionalArgument('CONTEST');
    if (asked !== undefined && !names.includes(asked))
      throw new UsageError(`there is no contest '${asked}'`, `Contests: ${names.join(', ')}.`);
    const wanted = contests.filter(({ name, onlyByName }) =>
      asked === undefined ? onlyByName !== true : name === asked,
    );
    const data = input.text('data')!;
    if (wanted.some(({ needsData }) => needsData) && !existsSync(data)) {
      throw new UsageError(
        `the real data are expected in ${data}, which does not exist`,
        'Name their folder with --data.',
      );
    }
    requireMakeable(dirname(page));
    const documents: Record<string, unknown> = {};
    const lines: string[] = [];
    for (const contest of wanted) {
      const { section, document } = await contest.run(input, (line) => io.log(line));
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
