// Matrix factorisation for implicit feedback by alternating least squares: what a person did is known with more
// confidence than what they did not do. People are not kept: a visitor's factors are solved from the history of
// each request, so a new visitor and the last click count at once.
// Hu, Koren and Volinsky 2008, Collaborative filtering for implicit feedback datasets, equations 2-5.

import { z } from 'zod';
import { randomFrom } from '../../base/random.ts';
import { solveInPlace } from '../cholesky.ts';
import { defineMethod } from '../define-method.ts';
import {
  countLikes,
  historyPreferences,
  logPopularity,
  preference,
  preferenceSettings,
} from '../preference.ts';
import { rankedItems } from '../ranking.ts';
import type { SparseRows, TrainingTable } from '../training-table.ts';

const settings = z
  .object({
    /** Length of each factor vector. */
    factors: z.int().min(1).max(256).default(32),
    iterations: z.int().min(1).max(100).default(10),
    /** α: an observed entry counts with confidence 1 + α, any other with 1. */
    confidence: z.number().gt(0).max(1000).default(2),
    /** λ: the ridge on every factor vector. */
    regularisation: z.number().gt(0).max(10_000).default(30),
    lukewarm: preferenceSettings.lukewarm.default(0.3),
    disliked: preferenceSettings.disliked.default(-0.5),
    /** Weight of log popularity: small, it only orders items about which the history says nothing. */
    popularityWeight: z.number().min(0).max(100).default(1e-6),
  })
  .strict();
type Settings = z.infer<typeof settings>;

/** Score: the visitor's factors · the item's factors, + popularityWeight × log popularity. */
export const matrixFactorisation = defineMethod({
  name: 'mf',
  summary: 'matrix factorisation for implicit feedback, the visitor folded in from the history',
  settings,
  learn: (table, chosen, seed) => {
    const itemFactors = learnItemFactors(table, chosen, seed);
    const solve = ridgeSolver(itemFactors, chosen);
    const prior = logPopularity(countLikes(table)).map((share) => share * chosen.popularityWeight);
    const { factors } = chosen;
    return (request) => {
      const history = historyPreferences(table, request.history, chosen);
      const visitor = new Float64Array(factors);
      solve(
        history.map((known) => known.item),
        history.map((known) => known.preference),
        visitor,
      );
      const scores = prior.slice();
      for (let item = 0; item < scores.length; item++) {
        let product = 0;
        for (let f = 0; f < factors; f++) product += visitor[f]! * itemFactors[item * factors + f]!;
        scores[item]! += product;
      }
      return rankedItems(table, scores, request);
    };
  },
});

/** [items × factors] */
function learnItemFactors(table: TrainingTable, chosen: Settings, seed: number): Float64Array {
  const { factors } = chosen;
  const items = table.itemIds.length;
  const random = randomFrom('recommend-mf', seed);
  const scale = 1 / Math.sqrt(factors);
  const itemFactors = Float64Array.from({ length: items * factors }, () => (random.uniform() - 0.5) * scale);
  const personFactors = new Float64Array(table.people * factors);
  const people = withPreferences(table.byPerson, chosen);
  const byItem = withPreferences(table.byItem, chosen);
  for (let iteration = 0; iteration < chosen.iterations; iteration++) {
    solveRows(people, itemFactors, personFactors, chosen);
    solveRows(byItem, personFactors, itemFactors, chosen);
  }
  return itemFactors;
}

function withPreferences(rows: SparseRows, chosen: Settings): SparseRows {
  return { ...rows, value: rows.value.map((value) => preference(value, chosen)) };
}

/** One half-step: every row's factors (`own`) given the other side's (`other`). */
function solveRows(rows: SparseRows, other: Float64Array, own: Float64Array, chosen: Settings): void {
  const solve = ridgeSolver(other, chosen);
  const { factors } = chosen;
  for (let row = 0; row + 1 < rows.start.length; row++) {
    const from = rows.start[row]!;
    const to = rows.start[row + 1]!;
    const target = own.subarray(row * factors, (row + 1) * factors);
    solve(rows.index.subarray(from, to), rows.value.subarray(from, to), target);
  }
}

type Solver = (observed: ArrayLike<number>, preferences: ArrayLike<number>, target: Float64Array) => void;

/**
 * Prepares YᵀY + λI of the other side's factors Y once; the solver then writes x = (YᵀCY + λI)⁻¹ YᵀCp for one row
 * into `target`, where C is 1 + α on the observed entries and 1 elsewhere, and p their preference, elsewhere 0.
 * A row without observations gets zeros.
 */
function ridgeSolver(other: Float64Array, chosen: Settings): Solver {
  const { factors, confidence, regularisation } = chosen;
  const gram = new Float64Array(factors * factors);
  addOuterProducts(gram, other, 1, factors);
  for (let f = 0; f < factors; f++) gram[f * factors + f]! += regularisation;
  const system = new Float64Array(factors * factors);

  return (observed, preferences, target) => {
    target.fill(0);
    if (observed.length === 0) return;
    system.set(gram);
    for (let entry = 0; entry < observed.length; entry++) {
      const vector = other.subarray(observed[entry]! * factors, (observed[entry]! + 1) * factors);
      addOuterProducts(system, vector, confidence, factors);
      const weight = (1 + confidence) * preferences[entry]!;
      for (let f = 0; f < factors; f++) target[f]! += weight * vector[f]!;
    }
    solveInPlace(system, target, factors);
  };
}

/** Adds weight × Σ v vᵀ over the rows v of `vectors` to the lower triangle of `matrix`. */
function addOuterProducts(
  matrix: Float64Array,
  vectors: Float64Array,
  weight: number,
  factors: number,
): void {
  for (let start = 0; start < vectors.length; start += factors) {
    for (let row = 0; row < factors; row++) {
      const scaled = weight * vectors[start + row]!;
      if (scaled === 0) continue;
      for (let column = 0; column <= row; column++) {
        matrix[row * factors + column]! += scaled * vectors[start + column]!;
      }
    }
  }
}
