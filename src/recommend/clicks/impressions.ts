// Click models on impressions, as the tables of click prediction have them: what was shown to whom, and whether it was
// clicked. Trains on some, tells the others. What a real log is worth with simulated rows added to it is the
// difference between two calls. It draws no negatives: what was shown and not clicked says it.

import { randomFrom } from '../../base/random.ts';
import { RehearsalError } from '../../base/error.ts';
import type { Item, Person } from '../../catalogue/item.ts';
import { fit } from '../kit/fit.ts';
import { initialise, toDevice } from '../kit/parameters.ts';
import { openTensors, release } from '../kit/tensor.ts';
import type { TrainOptions } from '../recommender.ts';
import { clickEpochs, type Moment } from './batches.ts';
import { clickCourse, clickSettings, clickShape, type ClickMethod } from './define.ts';
import { featuresOf } from './features.ts';
import { clickLoss, clickPlans, momentScorer } from './scoring.ts';

export interface Impression {
  readonly visitor: string;
  readonly item: string;
  /** Unix seconds. */
  readonly time: number;
  readonly clicked: boolean;
}

export interface ImpressionData {
  readonly items: readonly Item[];
  readonly people?: readonly Person[];
  readonly train: readonly Impression[];
  readonly test: readonly Impression[];
}

const told = 256;

/**
 * Log-odds of a click for each impression of `test`, by a click model trained on `train`. The past of an impression is
 * what its visitor clicked before it in the training impressions; clicks of the test are known to nobody. `settings` are
 * those of the method (`validationPeople` and `patience` say nothing here: it trains to the end). Throws where there is
 * nothing to train on, or where an impression names an item that is not among the items.
 */
export async function impressionLogOdds(
  { network }: ClickMethod,
  data: ImpressionData,
  settings: unknown,
  seed: number,
  options: Pick<TrainOptions, 'progress' | 'interrupted'> = {},
): Promise<number[]> {
  const chosen = clickSettings.parse(settings ?? {});
  if (data.train.length === 0) throw new RehearsalError('There are no impressions to train on.');
  await openTensors();
  const visitors = [...new Set(data.train.map(({ visitor }) => visitor))].sort();
  const features = featuresOf(data.items, visitors, data.people ?? []);
  const plan = { features, history: chosen.history, seed };
  const shape = clickShape(features, chosen.features, chosen.scale);
  const momentOf = momentsIn(data, features.visitors);
  const training = data.train.map(momentOf);
  const epochs = clickEpochs(training.length, (number) => training[number]!, plan);
  const random = randomFrom('impressions', network.name, seed);
  const { parameters } = await fit({
    initial: initialise(clickPlans(network, features, shape), random),
    loss: clickLoss(network, shape, chosen.dropout),
    optimiser: clickCourse(chosen, epochs.stepsPerEpoch),
    batch: epochs.batch,
    seed,
    progress: options.progress,
    interrupted: options.interrupted,
  });
  const weights = toDevice(parameters);
  const score = momentScorer(network, shape, plan);
  const logOdds: number[] = [];
  for (let from = 0; from < data.test.length; from += told)
    logOdds.push(...score(weights, data.test.slice(from, from + told).map(momentOf), told));
  release(weights);
  return logOdds;
}

/** How an impression becomes a moment: one candidate, and the visitor's training clicks before it. */
function momentsIn(
  { items, train }: ImpressionData,
  visitors: ReadonlyMap<string, number>,
): (impression: Impression) => Moment {
  const index = new Map(items.map((item, at) => [item.id, at]));
  const indexOf = (id: string): number => {
    const found = index.get(id);
    if (found !== undefined) return found;
    throw new RehearsalError(
      `An impression names the item ${JSON.stringify(id)}, which the items do not have.`,
      {
        hint: 'Give the catalogue that the impressions were shown from.',
      },
    );
  };
  const clicks = Map.groupBy(
    train.filter(({ clicked }) => clicked),
    ({ visitor }) => visitor,
  );
  const pasts = new Map(
    [...clicks].map(([visitor, rows]) => {
      const sorted = rows.toSorted((a, b) => a.time - b.time || (a.item < b.item ? -1 : 1));
      return [
        visitor,
        { times: sorted.map(({ time }) => time), items: Int32Array.from(sorted, (row) => indexOf(row.item)) },
      ];
    }),
  );
  return ({ visitor, item, time, clicked }) => {
    const past = pasts.get(visitor);
    const known = past === undefined ? 0 : past.times.findIndex((before) => before >= time);
    return {
      visitor: visitors.get(visitor) ?? 0,
      past: past?.items.subarray(0, known < 0 ? past.items.length : known) ?? new Int32Array(0),
      candidates: [indexOf(item)],
      clicked: [clicked],
    };
  };
}
