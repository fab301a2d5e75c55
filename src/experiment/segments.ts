// Clicks by the visitors' activity level, over all arms: does a visitor who was busy in life click more here, as
// people do and as A/B Agent reports (3.2, 4.0, 5.8)? Descriptive; the unit is the visitor.

import { clicks } from '../metrics/clicks.ts';
import { intervalFromT } from '../stats/estimate.ts';
import { meanOf, varianceOf } from '../stats/ratio.ts';
import type { VisitorRecord } from '../store/session.ts';
import type { Measured } from './measured.ts';
import type { Result } from './result.ts';

/** Mean clicks per session with a 1 − α interval, by activity level in the order low, medium, high; empty levels left out. */
export function activitySegments(
  found: Measured,
  visitors: readonly VisitorRecord[],
  alpha: number,
): Result['segments'] {
  const totals = new Map<string, { clicks: number; sessions: number }>();
  for (const rows of found.values(clicks).values()) {
    for (const { visitor, numerator, denominator } of rows) {
      const total = totals.get(visitor) ?? { clicks: 0, sessions: 0 };
      totals.set(visitor, { clicks: total.clicks + numerator, sessions: total.sessions + denominator });
    }
  }
  return (['low', 'medium', 'high'] as const).flatMap((level) => {
    const values = visitors.flatMap((visitor) => {
      const total = visitor.activity === level ? totals.get(visitor.id) : undefined;
      return total === undefined ? [] : [total.clicks / total.sessions];
    });
    if (values.length === 0) return [];
    const mean = meanOf(values);
    const ci =
      values.length < 2
        ? null
        : intervalFromT(mean, Math.sqrt(varianceOf(values) / values.length), values.length - 1, alpha);
    return [
      {
        trait: 'activity' as const,
        level,
        visitors: values.length,
        clicks: { mean, ci: ci === null ? null : ([...ci] as [number, number]) },
      },
    ];
  });
}
