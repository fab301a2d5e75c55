// The training loop: batches by step, one compiled update each, validation now and then, the best weights kept.
// Everything follows from seed and step, so a training that was stopped goes on to the same bytes. It knows no
// model, no files and no clock of its own beyond the progress line.

import { setImmediate } from 'node:timers/promises';
import { wallMilliseconds } from '../../base/clock.ts';
import { RehearsalError } from '../../base/error.ts';
import { seedFrom } from '../../base/random.ts';
import { trainingStep, type Loss, type OptimiserSettings, type TrainingState } from './optimiser.ts';
import { fromDevice, toDevice, zerosLike, type Parameters } from './parameters.ts';
import { download, release, upload, uploadIntegers, type Tensors } from './tensor.ts';

/** A batch on the host: arrays by name, all of the same shapes at every step, and how many tokens it trains on. */
export interface HostBatch {
  readonly arrays: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly values: Float32Array | Int32Array }>
  >;
  readonly tokens: number;
}

export interface FitPlan {
  readonly initial: Parameters;
  readonly loss: Loss;
  readonly optimiser: OptimiserSettings;
  /** The batch of a step (from 1): a pure function. */
  readonly batch: (step: number) => HostBatch;
  readonly seed: number;
  readonly validation?: {
    /** Steps between two looks; the last step is looked at too. */
    readonly every: number;
    /** Looks without a better score after which training ends. */
    readonly patience: number;
    /** Higher is better. The tensors stay the trainer's. */
    readonly score: (parameters: Tensors) => number;
  };
  readonly keeper?: SnapshotKeeper;
  /** Where the last good weights of a training that diverges are put; returns the place, for people. */
  readonly rescue?: (good: Fitted) => string;
  readonly progress?: (state: TrainingProgress) => void;
  readonly interrupted?: AbortSignal;
}

/** Where a training that is stopped leaves itself. Saved at each look of the validation, or every 200 steps. */
export interface SnapshotKeeper {
  load(): Snapshot | undefined;
  save(snapshot: Snapshot): void;
}

export interface Snapshot {
  readonly step: number;
  readonly parameters: Parameters;
  readonly first: Parameters;
  readonly second: Parameters;
  readonly best: Parameters;
  readonly looks: readonly Look[];
  /** Losses of the last tenth of the steps, oldest first; fewer where some are not known. */
  readonly losses: readonly number[];
}

export interface TrainingProgress {
  /** Steps that an earlier process took. */
  readonly from: number;
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly tokensPerSecond: number;
  readonly secondsLeft: number;
  /** The validation score so far, if one is taken; higher is better. */
  readonly score: number | null;
}

export interface Look {
  readonly step: number;
  readonly score: number;
}

export interface Fitted {
  /** Of the best look, or of the last step where nothing is validated. */
  readonly parameters: Parameters;
  readonly steps: number;
  readonly bestStep: number;
  readonly looks: readonly Look[];
  /** Mean loss over the last tenth of the steps; null where there is none, or where not all of them are known. */
  readonly loss: number | null;
}

const snapshotEvery = 200;
const noNumber = 'a weight is no number';

/** Trains to the end, to patience's end or to an interruption, which throws after saving a snapshot. */
export async function fit(plan: FitPlan): Promise<Fitted> {
  const { optimiser, validation, keeper } = plan;
  const from = keeper?.load();
  const start = from ?? beginning(plan.initial);
  const step = trainingStep(plan.loss, optimiser);
  let state: TrainingState = {
    parameters: toDevice(start.parameters),
    first: toDevice(start.first),
    second: toDevice(start.second),
  };
  let { best } = start;
  const looks = [...start.looks];
  const losses = [...start.losses];
  const began = wallMilliseconds();
  let tokens = 0;
  let done = start.step;
  const snapshot = (): Snapshot => ({
    step: done,
    parameters: fromDevice(state.parameters),
    first: fromDevice(state.first),
    second: fromDevice(state.second),
    best,
    looks,
    losses: losses.slice(-tenthOf(done)),
  });
  const areNumbers = (): boolean => Object.values(state).every((tensors) => allFinite(fromDevice(tensors)));
  /** What to throw where something is no number; what was last sound is kept. */
  const diverged = (step: number, what: string, isSound = areNumbers()): RehearsalError => {
    if (isSound) keeper?.save(snapshot());
    const sound = isSound ? snapshot() : keeper?.load();
    const good = sound === undefined || sound.step === 0 ? undefined : fittedOf(sound);
    const place = good && plan.rescue?.(good);
    return divergence(step, what, {
      from: keeper && sound?.step,
      good: good && place !== undefined ? { step: good.bestStep, place } : undefined,
    });
  };
  try {
    while (done < optimiser.steps && !isPatienceOver(looks, validation?.patience)) {
      if (plan.interrupted?.aborted) {
        if (!areNumbers()) throw diverged(done, noNumber, false);
        keeper?.save(snapshot());
        throw interruption(done, optimiser.steps, keeper !== undefined);
      }
      const host = plan.batch(done + 1);
      const batch = deviceBatch(host);
      const outcome = step(state, batch, done + 1, seedFrom(plan.seed, 'dropout', done + 1) >>> 1);
      const [loss, norm] = [download(outcome.loss)[0]!, download(outcome.norm)[0]!];
      release(batch, { a: outcome.loss, b: outcome.norm });
      if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
        release(outcome.state.parameters, outcome.state.first, outcome.state.second);
        const isLoss = !Number.isFinite(loss);
        throw diverged(done + 1, isLoss ? `the loss is ${loss}` : `the norm of the gradient is ${norm}`);
      }
      release(state.parameters, state.first, state.second);
      state = outcome.state;
      done++;
      losses.push(loss);
      tokens += host.tokens;
      const isLast = done === optimiser.steps;
      const isLook = validation !== undefined && (done % validation.every === 0 || isLast);
      const isKept = isLook || (validation === undefined && done % snapshotEvery === 0);
      if ((isKept || isLast) && !areNumbers()) throw diverged(done, noNumber, false);
      if (isLook) {
        const score = validation.score(state.parameters);
        if (!Number.isFinite(score)) throw diverged(done, `the validation score is ${score}`, false);
        if (looks.every((look) => score > look.score)) best = fromDevice(state.parameters);
        looks.push({ step: done, score });
      }
      if (isKept) keeper?.save(snapshot());
      const seconds = (wallMilliseconds() - began) / 1000;
      plan.progress?.({
        from: start.step,
        step: done,
        steps: optimiser.steps,
        loss,
        tokensPerSecond: tokens / seconds,
        secondsLeft: (seconds / (done - start.step)) * (optimiser.steps - done),
        score: looks.at(-1)?.score ?? null,
      });
      await setImmediate();
    }
    return fittedOf(snapshot());
  } finally {
    release(state.parameters, state.first, state.second);
  }
}

function fittedOf({ step, parameters, best, looks, losses }: Snapshot): Fitted {
  return {
    parameters: looks.length > 0 ? best : parameters,
    steps: step,
    bestStep: bestOf(looks)?.step ?? step,
    looks,
    loss:
      losses.length < tenthOf(step) ? null : losses.reduce((total, loss) => total + loss, 0) / losses.length,
  };
}

/** How many steps are the last tenth of so many: one at least. */
function tenthOf(steps: number): number {
  return Math.max(1, Math.ceil(steps / 10));
}

/** The arrays of a batch on the device; they belong to the caller. */
export function deviceBatch({ arrays }: HostBatch): Tensors {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, values }]) => [
      name,
      values instanceof Float32Array ? upload(values, shape) : uploadIntegers(values, shape),
    ]),
  );
}

function beginning(initial: Parameters): Snapshot {
  return {
    step: 0,
    parameters: initial,
    first: zerosLike(initial),
    second: zerosLike(initial),
    best: initial,
    looks: [],
    losses: [],
  };
}

function bestOf(looks: readonly Look[]): Look | undefined {
  return looks.reduce<Look | undefined>(
    (best, look) => (best === undefined || look.score > best.score ? look : best),
    undefined,
  );
}

function isPatienceOver(looks: readonly Look[], patience: number | undefined): boolean {
  const best = bestOf(looks);
  if (patience === undefined || best === undefined) return false;
  return looks.length - 1 - looks.indexOf(best) >= patience;
}

/** `from` is the step from which the same command would go on, `good` where the last good weights are, if any. */
function divergence(
  step: number,
  what: string,
  kept: { readonly from?: number; readonly good?: { readonly step: number; readonly place: string } },
): RehearsalError {
  const { from, good } = kept;
  const again =
    from === undefined ? '' : ` The same command goes on from step ${from} and stops there again.`;
  const last =
    good === undefined
      ? ''
      : ` The weights of step ${good.step}, the last good ones, are in ${good.place}: serve --checkpoint takes them, with the same data.`;
  return new RehearsalError(`The training diverged: at step ${step} ${what}.`, {
    hint: `Lower the learning rate, which begins a training of its own.${again}${last}`,
  });
}

function allFinite(parameters: Parameters): boolean {
  return Object.values(parameters).every(({ values }) => values.every(Number.isFinite));
}

function interruption(step: number, steps: number, kept: boolean): RehearsalError {
  return new RehearsalError(`The training was interrupted at step ${step} of ${steps}.`, {
    hint: kept ? 'The same command goes on from there.' : 'Nothing was kept; start it again.',
    exitCode: 3,
  });
}
