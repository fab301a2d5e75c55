// What it is worth not to encode the history (OneRec-V2, section 2): the lazy decoder beside an encoder and decoder with
// equally many weights in their blocks, on the same targets, one for each context. Multiplications and time of a
// training step as histories grow, and the loss on held-out steps after equal trainings of several seeds.

import { z } from 'zod';
import { randomFrom } from '../base/random.ts';
import { forwardMultiplications } from '../recommend/code-body.ts';
import { checkpointPath } from '../recommend/define-model.ts';
import { readCheckpoint } from '../recommend/kit/checkpoint.ts';
import { bodyOf, oneRecV2Settings } from '../recommend/methods/onerec-v2.ts';
import type { TrainingSet } from '../recommend/recommender.ts';
import { decoderPlanOf, tokensOf } from '../recommend/semantic-settings.ts';
import { nextItemBatch } from '../recommend/semantic-validation.ts';
import { sequencesOf, type Sequences } from '../recommend/sequences.ts';
import { tabulate } from '../recommend/training-table.ts';
import { chosenSets } from './recommender-recipes.ts';
import { readSet, trained, type ContestSettings } from './recommenders.ts';
import { trainingPace } from './training-pace.ts';

type Architecture = z.infer<typeof oneRecV2Settings>['architecture'];

export interface LazyCost {
  readonly history: number;
  /** Targets of the step that is timed. */
  readonly rows: number;
  /** Multiply-accumulates of one target's forward pass. */
  readonly multiplications: Readonly<Record<Architecture, number>>;
  /** A training step, on the wall. */
  readonly secondsPerStep: Readonly<Record<Architecture, number>>;
}

export interface LazyLosses {
  readonly seed: number;
  /** −log p a code of the held-out steps, at the best look, by contestant. */
  readonly losses: Readonly<Record<string, number>>;
}

export interface LazyReport {
  readonly set: string;
  readonly history: number;
  readonly epochs: number;
  readonly costs: readonly LazyCost[];
  readonly contestants: readonly string[];
  readonly seeds: readonly LazyLosses[];
  /** −log p a code where every code is as likely, and where items are as likely as they are popular. */
  readonly uniform: number;
  readonly popularity: number;
}

/** What is tried. */
export interface LazyTrials {
  readonly steps: readonly { readonly history: number; readonly rows: number }[];
  readonly seeds: number;
  /** Of every training. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** By name of the contestant: what is special about it. The first is held against the second, and the others against the first. */
  readonly contestants: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const trials: LazyTrials = {
  // An encoder's attention over 512 steps does not go into four gibibytes for 64 targets at once.
  steps: [
    { history: 52, rows: 64 },
    { history: 152, rows: 64 },
    { history: 512, rows: 8 },
  ],
  seeds: 3,
  settings: { codes: 64, epochs: 1, history: 48 },
  contestants: {
    'lazy decoder': {},
    'encoder and decoder': { architecture: 'encoder-decoder' },
    'lazy decoder, as many keys as heads': { groups: 2 },
  },
};

/** The contest on each data set that is asked for, ml-100k where none is. */
export async function lazyContest(settings: ContestSettings): Promise<LazyReport[]> {
  const reports: LazyReport[] = [];
  for (const set of chosenSets(settings.sets ?? ['ml-100k'])) {
    const { training } = await readSet(set, settings);
    reports.push(await lazyReport(set.name, training, settings));
  }
  return reports;
}

/** Costs and losses on one training set. */
export async function lazyReport(
  data: string,
  training: TrainingSet,
  settings: ContestSettings,
  { steps, seeds, settings: common, contestants }: LazyTrials = trials,
): Promise<LazyReport> {
  const { seed, checkpoints, log } = settings;
  const table = tabulate(training);
  const sequences = sequencesOf(training, table, seed);
  const tokens = tokensOf({ set: training, table, sequences }, oneRecV2Settings.parse(common), seed);
  const costs: LazyCost[] = [];
  for (const { history, rows } of steps) {
    const ofOne = async (architecture: Architecture) => {
      const chosen = oneRecV2Settings.parse({ ...common, history, architecture });
      const plan = decoderPlanOf(tokens, chosen);
      const batch = nextItemBatch([{ past: Int32Array.of(0), next: 1 }], 1, tokens, plan);
      return {
        multiplications: forwardMultiplications(bodyOf(plan, chosen), batch, randomFrom('lazy', seed)),
        ...(await trainingPace('onerec-v2', training, { ...common, history, rows, architecture }, seed)),
      };
    };
    const [lazy, full] = [await ofOne('lazy'), await ofOne('encoder-decoder')];
    log(
      `${data}: history ${history}, ${lazy.secondsPerStep.toFixed(2)} s a step, ${full.secondsPerStep.toFixed(2)} s with an encoder`,
    );
    costs.push({
      history,
      rows,
      multiplications: { lazy: lazy.multiplications, 'encoder-decoder': full.multiplications },
      secondsPerStep: { lazy: lazy.secondsPerStep, 'encoder-decoder': full.secondsPerStep },
    });
  }
  const losses: LazyLosses[] = [];
  for (let drawn = seed; drawn < seed + seeds; drawn++) {
    const reached: Record<string, number> = {};
    for (const [name, special] of Object.entries(contestants)) {
      const entrant = { name, method: 'onerec-v2', settings: { ...common, ...special } };
      const { recommender } = await trained(entrant, training, data, { ...settings, seed: drawn });
      const path = checkpointPath(checkpoints, 'onerec-v2', recommender.version);
      reached[name] = heldOutLoss(readCheckpoint(path).header.figures);
    }
    losses.push({ seed: drawn, losses: reached });
  }
  const { history, epochs } = oneRecV2Settings.parse(common);
  return {
    set: data,
    history,
    epochs,
    costs,
    contestants: Object.keys(contestants),
    seeds: losses,
    uniform: (tokens.levels * Math.log(tokens.codes) + Math.log(tokens.lastCodes)) / (tokens.levels + 1),
    popularity: popularityLoss(sequences, tokens.levels + 1),
  };
}

const figuresSchema = z.object({ looks: z.array(z.object({ score: z.number() })).min(1) });

/** The loss at the best look of a training, which is the one whose weights are kept. */
function heldOutLoss(figures: unknown): number {
  return -Math.max(...figuresSchema.parse(figures).looks.map(({ score }) => score));
}

/** −log p a code of everybody's last step, where p is the share of the other steps that go to its item, one added to each. */
export function popularityLoss({ all }: Pick<Sequences, 'all'>, codesAnItem: number): number {
  const steps = all.flatMap((sequence) => [...sequence]);
  const counts = new Map<number, number>();
  for (const item of steps) counts.set(item, (counts.get(item) ?? 0) + 1);
  const total = steps.length - 1 + counts.size;
  const losses = all.map((sequence) => -Math.log(counts.get(sequence.at(-1)!)! / total) / codesAnItem);
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}
