// The table of metrics. A new metric is a file beside this one and a line here.

import { UsageError } from '../base/error.ts';
import { clicks } from './clicks.ts';
import { conversion } from './conversion.ts';
import { ctr } from './ctr.ts';
import { depth } from './depth.ts';
import { listDiversity } from './list-diversity.ts';
import { meanRating } from './mean-rating.ts';
import type { Metric } from './metric.ts';
import { sessionLength } from './session-length.ts';
import { sessionMinutes } from './session-minutes.ts';
import { watches } from './watches.ts';

/** Every metric, in the order reports show them. */
export const metrics: readonly Metric[] = [
  ctr,
  clicks,
  conversion,
  watches,
  meanRating,
  sessionLength,
  sessionMinutes,
  depth,
  listDiversity,
];

/** The metric of this name. Throws a UsageError that lists the names. */
export function metricNamed(name: string): Metric {
  const metric = metrics.find((candidate) => candidate.name === name);
  if (metric !== undefined) return metric;
  throw new UsageError(
    `There is no metric "${name}".`,
    `Metrics: ${metrics.map((candidate) => candidate.name).join(', ')}.`,
  );
}
