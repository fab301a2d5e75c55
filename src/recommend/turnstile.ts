// A fair door to work that holds up the event loop: callers pass in their order, a few in each turn of the loop, so that
// between turns the world is heard: short questions, and those who hung up.

import { RehearsalError } from '../base/error.ts';

/** More callers wait than the door takes. */
export class Crowded extends RehearsalError {}

/** A door that lets `perTurn` callers through in each turn and lets `most` wait; who comes after them is refused with `Crowded`. */
export function turnstile(perTurn: number, most: number): () => Promise<void> {
  const waiting: (() => void)[] = [];
  const turn = (): void => {
    for (const pass of waiting.splice(0, perTurn)) pass();
    if (waiting.length > 0) setImmediate(turn);
  };
  return () =>
    new Promise((resolve, reject) => {
      if (waiting.length >= most) reject(new Crowded(`${most} callers are waiting already.`));
      else if (waiting.push(resolve) === 1) setImmediate(turn);
    });
}
