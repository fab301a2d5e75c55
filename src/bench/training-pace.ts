// How fast a method trains: ten steps on the clock, compiling not counted; then the training is stopped.

import { wallMilliseconds } from '../base/clock.ts';
import { RehearsalError } from '../base/error.ts';
import { methodNamed } from '../recommend/methods.ts';
import type { TrainingProgress } from '../recommend/kit/fit.ts';
import type { TrainingSet } from '../recommend/recommender.ts';

export interface TrainingPace {
  readonly tokensPerSecond: number;
  readonly secondsPerStep: number;
}

const firstStep = 3;
const lastStep = 13;

export async function trainingPace(
  name: string,
  set: TrainingSet,
  settings: Readonly<Record<string, unknown>>,
  seed: number,
): Promise<TrainingPace> {
  const stop = new AbortController();
  let from: { readonly at: number; readonly tokens: number } | undefined;
  let pace: TrainingPace | undefined;
  const progress = (state: TrainingProgress): void => {
    const at = wallMilliseconds();
    // What is told is the mean since the start, and the time left at the mean pace.
    const seconds = (state.secondsLeft * state.step) / (state.steps - state.step);
    const tokens = state.tokensPerSecond * seconds;
    if (state.step === firstStep) from = { at, tokens };
    if (state.step === lastStep && from !== undefined) {
      const took = (at - from.at) / 1000;
      pace = {
        tokensPerSecond: (tokens - from.tokens) / took,
        secondsPerStep: took / (lastStep - firstStep),
      };
      stop.abort();
    }
  };
  const options = { progress, interrupted: stop.signal };
  try {
    await methodNamed(name).train(set, { ...settings, epochs: 100, validationPeople: 0 }, seed, options);
  } catch (error) {
    if (!(error instanceof RehearsalError) || !stop.signal.aborted) throw error;
  }
  if (pace === undefined) throw new Error(`the training of ${name} ended before step ${lastStep}`);
  return pace;
}
