// The contract of a metric: what it adds up over a session, numerator and denominator, as SQL over one of the
// sources. A metric never sees a test; what a test sees is made from these totals and is per visitor by type.

import type { Aggregate } from '../stats/visitor-values.ts';
import type { Database } from '../store/database.ts';
import type { SourceName } from './sources.ts';

/** A total of one session: an aggregate expression over the columns of a source; absent rows count as 0. */
export interface Measure {
  readonly over: SourceName;
  readonly sql: string;
}

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
  readonly numerator: Measure;
  readonly denominator: Measure;
  /** Defines the SQL functions that the measures call. */
  readonly prepare?: (database: Database) => void;
}

/** The denominator of metrics per session. */
export const perSession: Measure = { over: 'sessions', sql: 'count(*)' };
