// What every test in this folder takes: one row per visitor. The brand can only be had from `visitorValues`,
// which refuses a visitor who comes twice, so impressions or sessions cannot be tested as if independent.

import { RehearsalError } from '../base/error.ts';

declare const perVisitor: unique symbol;
declare const samePlaces: unique symbol;

/** One visitor's totals: of a mean metric numerator / denominator is its value, of a ratio metric both enter apart. */
export interface VisitorValue {
  readonly visitor: string;
  readonly numerator: number;
  readonly denominator: number;
}

/** Rows of one arm, one per visitor, in order of visitor. */
export type VisitorValues = readonly VisitorValue[] & { readonly [perVisitor]: true };

/** How an arm's value comes from its visitors: the mean of their own values, or Σ numerators / Σ denominators. */
export type Aggregate = 'mean' | 'ratio';

/** The same visitors in two arms: row i of both is the same visitor. Made by `pairsOf` only. */
export interface VisitorPairs {
  readonly [samePlaces]: true;
  readonly control: VisitorValues;
  readonly treatment: VisitorValues;
}

/** Checks and sorts rows. Throws on a visitor who comes twice, a number that is not finite, a negative denominator. */
export function visitorValues(rows: readonly VisitorValue[]): VisitorValues {
  const sorted = rows
    .map(({ visitor, numerator, denominator }) => ({ visitor, numerator, denominator }))
    .sort((a, b) => (a.visitor < b.visitor ? -1 : a.visitor > b.visitor ? 1 : 0));
  for (const [index, row] of sorted.entries()) {
    if (row.visitor === sorted[index - 1]?.visitor) {
      throw new RehearsalError(`Visitor ${row.visitor} has two rows; a test takes one row per visitor.`, {
        hint: 'Add up the numerators and denominators of each visitor first: impressions and sessions are not independent.',
      });
    }
    if (!Number.isFinite(row.numerator) || !Number.isFinite(row.denominator) || row.denominator < 0) {
      throw new RehearsalError(
        `Visitor ${row.visitor} has the values ${row.numerator} / ${row.denominator}; finite numbers were expected.`,
        {
          hint: 'Check the SQL of the metric.',
        },
      );
    }
  }
  return branded(sorted);
}

/** The visitors that are in both arms, and how many are in only one. */
export function pairsOf(
  control: VisitorValues,
  treatment: VisitorValues,
): { pairs: VisitorPairs; unpaired: number } {
  const inControl = new Set(control.map((row) => row.visitor));
  const inTreatment = new Set(treatment.map((row) => row.visitor));
  const pairs = paired(
    control.filter((row) => inTreatment.has(row.visitor)),
    treatment.filter((row) => inControl.has(row.visitor)),
  );
  return { pairs, unpaired: control.length + treatment.length - 2 * pairs.control.length };
}

/** The pairs with the two arms exchanged for the visitors where `flipped` says so. */
export function flippedPairs(pairs: VisitorPairs, flipped: (index: number) => boolean): VisitorPairs {
  const exchange = pairs.control.map((_row, index) => flipped(index));
  return paired(
    pairs.control.map((row, index) => (exchange[index] ? pairs.treatment[index]! : row)),
    pairs.treatment.map((row, index) => (exchange[index] ? pairs.control[index]! : row)),
  );
}

function paired(control: readonly VisitorValue[], treatment: readonly VisitorValue[]): VisitorPairs {
  return { control: branded(control), treatment: branded(treatment) } as VisitorPairs;
}

function branded(rows: readonly VisitorValue[]): VisitorValues {
  return rows as VisitorValues;
}
