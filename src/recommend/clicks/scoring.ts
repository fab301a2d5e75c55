// A network on the device: its weights, its loss, and its log-odds for the whole catalogue at once or for moments.

import { deviceBatch } from '../kit/fit.ts';
import { dropout, noNoise } from '../kit/layers.ts';
import { binaryCrossEntropy, weightedMean } from '../kit/losses.ts';
import type { Loss } from '../kit/optimiser.ts';
import type { WeightPlans } from '../kit/parameters.ts';
import { compiled, download, release, reshape, type Tensors } from '../kit/tensor.ts';
import {
  askerArrays,
  candidateArrays,
  momentBatch,
  type Asker,
  type ClickPlan,
  type Moment,
} from './batches.ts';
import type { Features } from './features.ts';
import { clickInputs, fieldPlans, type ClickShape } from './fields.ts';
import type { ClickNetwork } from './network.ts';

/** All weights of a click model. */
export function clickPlans(network: ClickNetwork, features: Features, shape: ClickShape): WeightPlans {
  return { ...fieldPlans(features, shape, network.deviation), ...network.plans(shape) };
}

/** Mean binary cross-entropy over the candidates of a batch. */
export function clickLoss(network: ClickNetwork, shape: ClickShape, rate: number): Loss {
  return (parameters, batch, seed) => {
    const { labels, weights } = batch as Record<'labels' | 'weights', Tensors[string]>;
    const inputs = clickInputs(parameters, batch, shape);
    const logOdds = network.logOdds(parameters, inputs, shape, dropout(rate, seed));
    return weightedMean(binaryCrossEntropy(reshape(logOdds, labels.shape), labels), weights);
  };
}

/** Log-odds of all items for each asker, of whom there are at most `count`: one array an asker. */
export function catalogueScorer(
  network: ClickNetwork,
  shape: ClickShape,
  plan: ClickPlan,
  items: number,
): (parameters: Tensors, askers: readonly Asker[], count: number) => Float32Array[] {
  const program = scorer(network, shape);
  const { rows } = plan.features.tags;
  const all = candidateArrays(
    Int32Array.from({ length: rows }, (_, item) => item),
    [1, rows],
    plan,
  );
  return (parameters, askers, count) => {
    const arrays = { ...askerArrays(askers, count, plan), ...all };
    const found = program(parameters, arrays);
    return askers.map((_, row) => found.slice(row * rows, row * rows + items));
  };
}

/** Log-odds of the candidates of each moment, side by side; `size` moments are computed at once. */
export function momentScorer(
  network: ClickNetwork,
  shape: ClickShape,
  plan: ClickPlan,
): (parameters: Tensors, moments: readonly Moment[], size: number) => Float32Array {
  const program = scorer(network, shape);
  return (parameters, moments, size) => {
    const width = moments[0]?.candidates.length ?? 0;
    return program(parameters, momentBatch(moments, size, plan).arrays).slice(0, moments.length * width);
  };
}

function scorer(
  network: ClickNetwork,
  shape: ClickShape,
): (parameters: Tensors, arrays: Parameters<typeof deviceBatch>[0]['arrays']) => Float32Array {
  const program = compiled((parameters, batch) => {
    const inputs = clickInputs(parameters!, batch!, shape);
    return { logOdds: network.logOdds(parameters!, inputs, shape, noNoise) };
  });
  return (parameters, arrays) => {
    const batch = deviceBatch({ tokens: 0, arrays });
    const outputs = program(parameters, batch);
    const logOdds = download(outputs.logOdds);
    release(outputs, batch);
    return logOdds;
  };
}
