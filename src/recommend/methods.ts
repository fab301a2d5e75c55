// The table of methods: the names a scenario's arm or the command line may use. A new method is one file in
// methods/ and one line here.

import { UsageError } from '../base/error.ts';
import { nearestName } from '../base/spelling.ts';
import { clickMethods } from './click-methods.ts';
import { grlm } from './methods/grlm.ts';
import { itemKnn } from './methods/item-knn.ts';
import { matrixFactorisation } from './methods/matrix-factorisation.ts';
import { oneRecV2 } from './methods/onerec-v2.ts';
import { popularity } from './methods/popularity.ts';
import { promise } from './methods/promise.ts';
import { random } from './methods/random.ts';
import { sasrec } from './methods/sasrec.ts';
import { tiger } from './methods/tiger.ts';
import { vectorKnn } from './methods/vector-knn.ts';
import type { Method } from './recommender.ts';

/** Every method by its name. */
export const methods: Readonly<Record<string, Method>> = Object.fromEntries(
  [
    ...[random, popularity, itemKnn, vectorKnn, matrixFactorisation],
    ...clickMethods,
    ...[sasrec, tiger, promise, oneRecV2, grlm],
  ].map((method) => [method.name, method]),
);

/** The method of this name. Throws a UsageError with the known names and the nearest one. */
export function methodNamed(name: string): Method {
  return methodFitting(name, Object.keys(methods));
}

/** The same where only some methods will do: the error names these. */
export function methodFitting(name: string, fitting: readonly string[]): Method {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method !== undefined) return method;
  const meant = nearestName(name, fitting);
  throw new UsageError(
    `Expected the name of a method (${fitting.join(', ')}), but got ${JSON.stringify(name)}.`,
    meant === undefined ? 'Use one of these names.' : `Did you mean '${meant}'?`,
  );
}
