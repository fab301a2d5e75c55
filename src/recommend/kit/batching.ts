// Requests that arrive together are computed together, always in the same shape: a compiled function never meets
// another size, and an answer does not depend on who else asked at that moment.

import { setImmediate } from 'node:timers/promises';

interface Waiting<Input, Output> {
  readonly input: Input;
  readonly resolve: (output: Output) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Collects calls until the event loop turns, then runs them in batches of at most `size`. `run` gets 1 to `size`
 * inputs and returns an output for each; what it throws rejects every call of its batch.
 */
export function inBatches<Input, Output>(
  size: number,
  run: (inputs: readonly Input[]) => readonly Output[],
): (input: Input) => Promise<Output> {
  let waiting: Waiting<Input, Output>[] = [];
  const flush = async (): Promise<void> => {
    await setImmediate();
    const taken = waiting;
    waiting = [];
    for (let from = 0; from < taken.length; from += size) {
      const batch = taken.slice(from, from + size);
      try {
        const outputs = run(batch.map((one) => one.input));
        batch.forEach((one, place) => one.resolve(outputs[place]!));
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
  };
  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject });
      if (waiting.length === 1) void flush();
    });
}
