// `rehearsal augment RUN`: whether the rows of a run help recommenders and click models that are trained on them, beside
// its controls. The contests are in src/bench/augment.ts and click-contest.ts, the training sets in src/dataset.

import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { wallMilliseconds } from '../base/clock.ts';
import { UsageError } from '../base/error.ts';
import { listed } from '../base/listed.ts';
import { makeFolder, requireMakeable } from '../base/make-folder.ts';
import { augmentContest } from '../bench/augment.ts';
import { augmentLines, augmentPage } from '../bench/augment-page.ts';
import { runRows } from '../bench/augment-rows.ts';
import { clickContest } from '../bench/click-contest.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import { splitOfRun } from '../experiment/split-of-run.ts';
import { clickMethods } from '../recommend/click-methods.ts';
import { clickSettings, type ClickMethod } from '../recommend/clicks/define.ts';
import { parsedSettings } from '../recommend/define-method.ts';
import { methodNamed, methods } from '../recommend/methods.ts';
import type { TrainOptions } from '../recommend/recommender.ts';
import { modelOptions, settingsIn, trainOptions, typedSettings } from './model-options.ts';
import { pathOfRun } from './run-path.ts';
import type { Verb } from './verb.ts';

const fewestSeeds = 5;
const root = 'data/augment';
const none = 'none';

export const augmentVerb: Verb = {
  name: 'augment',
  summary: 'Ask whether the rows of a run help recommenders trained on them.',
  details:
    'Trains each method on the real rows; with simulated rows; with equally many real rows that the run has not seen; with the simulated rows of other visitors; and with rows that know what was shown and not what was chosen. Recommenders learn from ratings and are asked for what people really liked later (Recall and NDCG at 10). Click models learn from clicks and from page views, apart for pages with and without covers, and are asked which of the items people really met later they liked (AUC and logloss). All with 95 % intervals over people, paired, and whether the ratings agree with what the same people did later. Needs the catalogue the run drew from. --set goes to every method with weights.',
  examples: [
    'rehearsal augment runs/augment',
    'rehearsal augment augment --methods mf,sasrec --set epochs=20 --seeds 10 --clicks none --json',
    'rehearsal augment covers --methods none --clicks fm,deepfm',
  ],
  arguments: [{ name: 'RUN', summary: 'folder of a run, or its name under runs/' }],
  options: [
    {
      name: 'methods',
      kind: 'text',
      value: 'LIST',
      summary: `Methods, with commas, or ${none}: ${Object.keys(methods).join(', ')}.`,
      default: 'popularity,item-knn,mf',
    },
    {
      name: 'clicks',
      kind: 'text',
      value: 'LIST',
      summary: `Click models, with commas, or ${none}: ${clickMethods.map(({ name }) => name).join(', ')}.`,
      default: 'fm,deepfm',
    },
    {
      name: 'click-set',
      kind: 'text',
      value: 'KEY=VALUE,…',
      summary: 'Settings of the click models.',
      default: 'scale=xs,history=16,epochs=2',
    },
    {
      name: 'seeds',
      kind: 'integer',
      range: [fewestSeeds, Infinity],
      value: 'N',
      summary: `Seeds of training and of drawing rows, ${fewestSeeds} or more: fewer say nothing of chance.`,
      default: String(fewestSeeds),
    },
    { name: 'arm', kind: 'text', value: 'LIST', summary: 'Only the visits of these arms.' },
    ...modelOptions.filter(({ name }) => name === 'set' || name === 'scale'),
    {
      name: 'out',
      kind: 'text',
      value: 'DIR',
      summary: `Folder of tables and plots (default: ${root}/RUN).`,
    },
  ],
  interruptible: true,
  run: async (input, io) => {
    const folder = pathOfRun(input.argument('RUN'));
    const out = input.text('out') ?? join(root, basename(folder));
    requireMakeable(out);
    const asked = named(input.text('methods')!, '--methods', methodNamed);
    const models = named(input.text('clicks')!, '--clicks', clickMethodNamed);
    if (asked.length + models.length === 0)
      throw new UsageError('--methods and --clicks are both none, so there is nothing to train.');
    const contestants = asked.map((method) => {
      const settings = method.hasWeights ? typedSettings(input) : {};
      parsedSettings(method, settings);
      return { method, settings };
    });
    const ofClicks = settingsIn(input.text('click-set')!, '--click-set');
    parsedSettings({ name: 'click models', settings: clickSettings }, ofClicks);
    const seeds = input.integer('seeds')!;
    const arms = input.text('arm');
    const { scenario, sources, ...rows } = runRows(folder, arms === undefined ? null : listed(arms, '--arm'));
    const catalogue = readCatalogue(scenario.catalogue);
    const split = splitOfRun(scenario, catalogue);
    io.log(
      `${catalogue.name}: ${rows.ratings.length.toLocaleString('en-US')} simulated ratings of ${basename(folder)}`,
    );
    if (asked.length > 0 && rows.ratings.length === 0)
      throw new UsageError(
        'The visitors of the run rated nothing, so there are no rows to add.',
        'Click models need no ratings: --methods none.',
      );
    if (asked.length > 0 && rows.ratings.length < fewRatings)
      io.log(
        `so few ratings can hardly show a gain: of ${fewRatings.toLocaleString('en-US')} and more at least one method has shown one (docs/bench.md)`,
      );
    io.log(
      `${asked.length} methods and ${models.length} click models, each trained with ${seeds} seeds on every set of rows`,
    );
    const options = {
      seeds,
      splitSeed: scenario.seed,
      trainOptions: (label: string): TrainOptions =>
        trainOptions(io, catalogue.name, label, wallMilliseconds),
      log: (line: string): void => io.log(line),
    };
    const reports = {
      rankings:
        asked.length === 0 ? null : await augmentContest(catalogue, split, rows, { contestants, ...options }),
      clicks:
        models.length === 0
          ? null
          : await clickContest(catalogue, split, sources, {
              methods: models,
              settings: ofClicks,
              ...options,
            }),
    };
    const lines = augmentLines(reports);
    makeFolder(out);
    writeFileSync(join(out, 'augment.json'), `${JSON.stringify(reports, null, 2)}\n`);
    writeFileSync(join(out, 'augment.md'), `${lines.join('\n')}\n`);
    writeFileSync(join(out, 'augment.html'), augmentPage(reports, basename(folder)));
    io.answer({ run: basename(folder), path: out, catalogue: catalogue.name, ...reports }, [
      ...lines,
      '',
      `plots: ${join(out, 'augment.html')}`,
    ]);
    return 0;
  },
};

/** Ratings below which nothing is to be expected: a quarter of what made one of three methods better on ml-100k. */
const fewRatings = 1_000;

/** What a list names; none names nothing. */
function named<Named>(list: string, option: string, find: (name: string) => Named): Named[] {
  const found = list === none ? [] : listed(list, option).map(find);
  if (new Set(found).size < found.length) throw new UsageError(`${option} names a method twice`);
  return found;
}

function clickMethodNamed(name: string): ClickMethod {
  const found = clickMethods.find((method) => method.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `--clicks expects the name of a click model, got ${JSON.stringify(name)}.`,
    `Click models: ${clickMethods.map((method) => method.name).join(', ')}.`,
  );
}
