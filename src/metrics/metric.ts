// The contract of a metric: SQL over complete sessions and their events that gives one row per arm and visitor.
// What a test sees is made here and is per visitor by type; a metric never sees a test.

import { z } from 'zod';
import { RehearsalError } from '../base/error.ts';
import type { Aggregate, VisitorValues } from '../stats/visitor-values.ts';
import { visitorValues } from '../stats/visitor-values.ts';
import type { Database } from '../store/database.ts';

export interface Metric {
  /** Lower-case, hyphens: how scenarios and results call it. */
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** What is counted over what, exactly. */
  readonly description: string;
  /**
   * mean: a visitor's value is numerator / denominator (the denominator counts its sessions) and the arm's value is
   * their mean. ratio: the arm's value is Σ numerators / Σ denominators.
   */
  readonly kind: Aggregate;
  readonly higherIsBetter: boolean;
  /** Gives columns arm, visitor, numerator, denominator; a row for every visitor with a complete session. */
  readonly sql: string;
}

const rowSchema = z.object({
  arm: z.string(),
  visitor: z.string(),
  numerator: z.number(),
  denominator: z.number(),
});

/** The metric's values by arm. Throws, naming the metric, when its SQL does not keep the contract. */
export function metricValues(database: Database, metric: Metric): ReadonlyMap<string, VisitorValues> {
  const rows = z.array(rowSchema).safeParse(database.prepare(metric.sql).all());
  if (!rows.success) {
    throw new RehearsalError(
      `The SQL of the metric ${metric.name} gave rows that are not values:\n${z.prettifyError(rows.error)}`,
      {
        hint: 'It must return arm, visitor, numerator and denominator, none of them null.',
      },
    );
  }
  const byArm = Map.groupBy(rows.data, (row) => row.arm);
  return new Map([...byArm].map(([arm, own]) => [arm, visitorValues(own)]));
}
