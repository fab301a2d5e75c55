// `rehearsal augment RUN`: whether the rows of a run help recommenders that are trained on them, beside three controls.
// The contest is in src/bench/augment.ts, the training sets in src/dataset/augmentation.ts.

import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { wallMilliseconds } from '../base/clock.ts';
import { UsageError } from '../base/error.ts';
import { makeFolder } from '../base/make-folder.ts';
import { augmentContest } from '../bench/augment.ts';
import { augmentLines, augmentPage } from '../bench/augment-page.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import type { Interaction } from '../catalogue/item.ts';
import { selectDataset, standardSince } from '../dataset/select.ts';
import { parseScenario, type Scenario } from '../experiment/scenario.ts';
import { splitOfRun } from '../experiment/split-of-run.ts';
import { parsedSettings } from '../recommend/define-method.ts';
import { methodNamed, methods } from '../recommend/methods.ts';
import { openDatabase, type Database } from '../store/database.ts';
import { runValue } from '../store/read.ts';
import { modelOptions, trainOptions, typedSettings } from './model-options.ts';
import { runFolder } from './report.ts';
import type { Verb } from './verb.ts';

const fewestSeeds = 5;
const root = 'data/augment';

export const augmentVerb: Verb = {
  name: 'augment',
  summary: 'Ask whether the rows of a run help recommenders trained on them.',
  details:
    'Trains each method on the real rows; with simulated ratings; with equally many real rows that the run has not seen; and with the simulated ratings of other visitors. All are asked for what people really liked later. Recall and NDCG at 10 with 95 % intervals over people, paired, and whether the ratings agree with what the same people did later. Needs the catalogue the run drew from. --set goes to every method with weights.',
  examples: [
    'rehearsal augment runs/augment',
    'rehearsal augment augment --methods mf,sasrec --set epochs=20 --seeds 10 --json',
  ],
  arguments: [{ name: 'RUN', summary: 'folder of a run, or its name under runs/' }],
  options: [
    {
      name: 'methods',
      kind: 'text',
      value: 'LIST',
      summary: `Methods, with commas: ${Object.keys(methods).join(', ')}.`,
      default: 'popularity,item-knn,mf',
    },
    {
      name: 'seeds',
      kind: 'integer',
      value: 'N',
      summary: `Seeds of training and of drawing rows, ${fewestSeeds} or more.`,
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
    const folder = runFolder(input.argument('RUN'));
    const asked = input.text('methods')!.split(',').map(methodNamed);
    if (new Set(asked).size < asked.length) throw new UsageError('--methods names a method twice');
    const seeds = input.integer('seeds')!;
    if (seeds < fewestSeeds)
      throw new UsageError(`--seeds is ${seeds}; fewer than ${fewestSeeds} say nothing of chance.`);
    const { scenario, synthetic } = fromRecord(folder, input.text('arm')?.split(',') ?? null);
    const catalogue = readCatalogue(scenario.catalogue);
    io.log(
      `${catalogue.name}: ${synthetic.length.toLocaleString('en-US')} simulated ratings of ${basename(folder)}`,
    );
    const report = await augmentContest(catalogue, splitOfRun(scenario, catalogue), synthetic, {
      contestants: asked.map((method) => {
        const settings = method.hasWeights ? typedSettings(input) : {};
        parsedSettings(method.name, method.settings, settings);
        return { method, settings };
      }),
      seeds,
      splitSeed: scenario.seed,
      trainOptions: (label) => trainOptions(io, catalogue.name, label, wallMilliseconds),
      log: (line) => io.log(line),
    });
    const out = input.text('out') ?? join(root, basename(folder));
    const lines = augmentLines(report);
    makeFolder(out);
    writeFileSync(join(out, 'augment.json'), `${JSON.stringify(report, null, 2)}\n`);
    writeFileSync(join(out, 'augment.md'), `${lines.join('\n')}\n`);
    writeFileSync(join(out, 'augment.html'), augmentPage(report, basename(folder)));
    io.answer({ run: basename(folder), path: out, ...report }, [
      ...lines,
      '',
      `plots: ${join(out, 'augment.html')}`,
    ]);
    return 0;
  },
};

/** The scenario, and every rating with the visitor as its user. */
function fromRecord(
  folder: string,
  arms: readonly string[] | null,
): { scenario: Scenario; synthetic: Interaction[] } {
  const database: Database = openDatabase(join(folder, 'events.sqlite'), { readonly: true });
  try {
    const scenario = parseScenario(runValue(database, 'scenario'), 'the recorded scenario');
    const dataset = selectDataset(database, folder, {
      tables: ['interactions'],
      split: 'none',
      seed: 1,
      arms,
      since: standardSince,
    });
    const synthetic = [...dataset.rows('interactions')].flatMap((row) =>
      row['rating'] === null
        ? []
        : [
            {
              user: String(row['visitor']),
              item: String(row['item_id']),
              time: Number(row['timestamp']),
              value: Number(row['rating']),
            },
          ],
    );
    if (synthetic.length === 0)
      throw new UsageError('The visitors of the run rated nothing, so there are no rows to add.');
    return { scenario, synthetic };
  } finally {
    database.close();
  }
}
