// The answer of an interleaved run. In each list the drafter with more opened items wins; a visitor's preference is
// (wins of the arm − wins of the control) / lists with a click, between −1 and 1 (Chapelle, Joachims, Radlinski and
// Yue 2012, taken by visitor). Twins' test serves it, since under the null every visitor's sign could be turned.

import { credits } from '../metrics/credits.ts';
import type { Credit } from '../metrics/credits.ts';
import { notEstimable } from '../stats/estimate.ts';
import { pairedT, signFlip } from '../stats/paired.ts';
import { pairsOf, visitorValues } from '../stats/visitor-values.ts';
import type { VisitorValues } from '../stats/visitor-values.ts';
import type { Database } from '../store/database.ts';
import type { Trial } from './compare.ts';
import type { Scenario } from './scenario.ts';

/** What the result calls it; not one of the metrics, which are about arms met apart. */
export const preference = {
  name: 'preference',
  title: 'preference',
  kind: 'mean',
  higherIsBetter: true,
} as const;

export interface Preferred {
  readonly trial: Trial;
  /** Credited clicks per visitor, by arm. */
  readonly credited: ReadonlyMap<string, VisitorValues>;
  /** Visitors who clicked in no list, and so prefer nothing. */
  readonly silent: number;
}

/** The preference of the treatment over the control, over these complete visitors. */
export function preferenceOf(
  database: Database,
  scenario: Scenario,
  complete: ReadonlySet<string>,
): Preferred {
  const [control, arm] = scenario.arms.map(({ name }) => name) as [string, string];
  const rows = credits(database).filter(({ visitor }) => complete.has(visitor));
  const byVisitor = Map.groupBy(rows, ({ visitor }) => visitor);
  const preferences = [...byVisitor].flatMap(([visitor, own]) => {
    const wins = winsOf(own, control, arm);
    return wins.lists === 0
      ? []
      : [{ visitor, numerator: (wins.arm - wins.control) / wins.lists, denominator: 1 }];
  });
  const zero = visitorValues(preferences.map((row) => ({ ...row, numerator: 0 })));
  const { pairs } = pairsOf(zero, visitorValues(preferences));
  const estimate = pairedT(pairs, 'mean', scenario.metrics.alpha);
  return {
    trial: {
      metric: preference,
      arm,
      control,
      values: { arm: pairs.treatment, control: pairs.control },
      n: preferences.length,
      estimate:
        estimate.kind === 'estimated'
          ? { ...estimate, method: 'team-draft preference, t over visitors' }
          : estimate,
      relative: notEstimable('a preference is a difference already'),
      permutation: signFlip(pairs, 'mean', [scenario.seed, preference.name, arm]),
      unpaired: 0,
      sequence: null,
    },
    credited: new Map(
      [control, arm].map((name) => [
        name,
        visitorValues(
          [...byVisitor].map(([visitor, own]) => ({
            visitor,
            numerator: sumOf(own.filter(({ drafter }) => drafter === name)),
            denominator: new Set(own.map(({ session }) => session)).size,
          })),
        ),
      ]),
    ),
    silent: complete.size - preferences.length,
  };
}

function winsOf(
  own: readonly Credit[],
  control: string,
  arm: string,
): { control: number; arm: number; lists: number } {
  const wins = { control: 0, arm: 0, lists: 0 };
  for (const list of Map.groupBy(own, ({ session, slate }) => `${session} ${slate}`).values()) {
    const opened = (name: string): number => sumOf(list.filter(({ drafter }) => drafter === name));
    const [forControl, forArm] = [opened(control), opened(arm)];
    if (forControl + forArm === 0) continue;
    wins.lists += 1;
    if (forArm > forControl) wins.arm += 1;
    if (forControl > forArm) wins.control += 1;
  }
  return wins;
}

function sumOf(rows: readonly Credit[]): number {
  return rows.reduce((sum, { opened }) => sum + opened, 0);
}
