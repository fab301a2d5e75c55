// How often do tests reject where nothing is, how often do intervals hold the truth, and how often is an effect found?
// Counted over many made-up experiments, each row with the Monte Carlo error of its own count.

import { randomFrom } from '../base/random.ts';
import { cuped } from '../stats/adjusted.ts';
import { bootstrapped } from '../stats/bootstrap.ts';
import { clusteredLeastSquares } from '../stats/least-squares.ts';
import { pairedT, signFlip } from '../stats/paired.ts';
import { newcombe, proportionTest } from '../stats/proportions.ts';
import { quantileDifference } from '../stats/quantile-effect.ts';
import { mcNemar, wilcoxonSignedRank } from '../stats/rank-tests.ts';
import { relativePaired, relativeWelch } from '../stats/relative.ts';
import { pairsOf, visitorValues } from '../stats/visitor-values.ts';
import type { VisitorValues } from '../stats/visitor-values.ts';
import { welch } from '../stats/welch.ts';
import { table } from './page.ts';
import { aggregateOf, outcomeOf, shapes, shareText, traitsOf, type Shape } from './statistics-worlds.ts';

const visitors = 100;
const correlation = 0.5;
const alpha = 0.05;

interface Count {
  rejected: number;
  covered: number;
  tested: number;
  intervals: number;
}

/** What a test says of one made-up experiment whose truth is 0; null where it has no p or no interval. */
interface Said {
  readonly p: number | null;
  readonly covers: boolean | null;
}

/** One table: tests × outcomes, rejections of a true null and coverage of the interval at the null. */
export function errorTable(repetitions: number, log: (line: string) => void): string[] {
  const counts = new Map<string, Count>();
  for (const shape of shapes) {
    log(`false positives and coverage: ${shape}`);
    for (let run = 0; run < repetitions; run++)
      for (const [test, said] of Object.entries(testsOf(shape, run))) {
        const key = `${test}|${shape}`;
        const count = counts.get(key) ?? { rejected: 0, covered: 0, tested: 0, intervals: 0 };
        counts.set(key, count);
        if (said.p !== null) {
          count.tested += 1;
          if (said.p < alpha) count.rejected += 1;
        }
        if (said.covers !== null) {
          count.intervals += 1;
          if (said.covers) count.covered += 1;
        }
      }
  }
  const tests = [...new Set([...counts.keys()].map((key) => key.split('|')[0]!))];
  const testsWith = (has: (count: Count) => boolean): string[] =>
    tests.filter((test) =>
      shapes.some((shape) => {
        const count = counts.get(`${test}|${shape}`);
        return count !== undefined && has(count);
      }),
    );
  const cell = (test: string, shape: Shape, of: (count: Count) => string): string => {
    const count = counts.get(`${test}|${shape}`);
    return count === undefined ? '–' : of(count);
  };
  return [
    `False positives at 5 % (${repetitions.toLocaleString('en-US')} experiments a cell, ${visitors} visitors an arm, twins' correlation ${correlation}):`,
    '',
    ...table(
      ['test', ...shapes],
      testsWith(({ tested }) => tested > 0).map((test) => [
        test,
        ...shapes.map((shape) =>
          cell(test, shape, ({ rejected, tested }) => (tested === 0 ? '–' : shareText(rejected, tested))),
        ),
      ]),
    ),
    '',
    'Coverage of the 95 % interval:',
    '',
    ...table(
      ['interval', ...shapes],
      testsWith(({ intervals }) => intervals > 0).map((test) => [
        test,
        ...shapes.map((shape) =>
          cell(test, shape, ({ covered, intervals }) =>
            intervals === 0 ? '–' : shareText(covered, intervals),
          ),
        ),
      ]),
    ),
    '',
  ];
}

function testsOf(shape: Shape, run: number): Record<string, Said> {
  const random = randomFrom('statistics', shape, run);
  const world = { shape, correlation };
  const aggregate = aggregateOf(shape);
  const arm = (first: number, traits: readonly number[]): VisitorValues =>
    visitorValues(traits.map((trait, index) => outcomeOf(world, `v${first + index}`, trait, 0, random)));
  const traits = traitsOf(visitors, random);
  const [control, treatment] = [arm(0, traits), arm(0, traits)];
  const { pairs } = pairsOf(control, treatment);
  const otherTraits = traitsOf(visitors, random);
  const other = arm(1000, otherTraits);
  const said = (estimate: { kind: string; p?: number; ci?: readonly [number, number] }, truth = 0): Said =>
    estimate.kind === 'not-estimable'
      ? { p: null, covers: null }
      : {
          p: estimate.p ?? null,
          covers: estimate.ci === undefined ? null : estimate.ci[0] <= truth && truth <= estimate.ci[1],
        };
  const differences = pairs.treatment.map(
    (row, index) =>
      row.numerator / row.denominator - pairs.control[index]!.numerator / pairs.control[index]!.denominator,
  );
  const covariate = new Map([
    ...traits.map((trait, index) => [`v${index}`, trait + random.normal()] as const),
    ...otherTraits.map((trait, index) => [`v${1000 + index}`, trait + random.normal()] as const),
  ]);
  const split = cuped({ control, treatment: other, paired: false }, covariate, aggregate, alpha);
  const twin = cuped({ ...pairs, paired: true }, covariate, aggregate, alpha);
  const always: Record<string, Said> = {
    'twins: paired t': said(pairedT(pairs, aggregate, alpha)),
    'twins: sign flips': said(signFlip(pairs, aggregate, ['bench', run])),
    'twins: Wilcoxon': said(wilcoxonSignedRank(differences)),
    'twins: log ratio': said(relativePaired(pairs, aggregate, alpha)),
    'twins: CUPED': said(twin.kind === 'adjusted' ? twin.estimate : twin),
    'split: Welch': said(welch(control, other, aggregate, alpha)),
    'split: log ratio': said(relativeWelch(control, other, aggregate, alpha)),
    'split: CUPED': said(split.kind === 'adjusted' ? split.estimate : split),
  };
  if (shape === 'binary') {
    const count = (values: VisitorValues) => ({
      successes: values.filter(({ numerator }) => numerator === 1).length,
      n: values.length,
    });
    const [a, b] = [count(control), count(other)];
    const only = (arm: VisitorValues, against: VisitorValues): number =>
      arm.filter((row, index) => row.numerator === 1 && against[index]!.numerator === 0).length;
    const discordant = mcNemar(only(pairs.control, pairs.treatment), only(pairs.treatment, pairs.control));
    always['twins: McNemar, mid-p'] =
      discordant.kind === 'tested' ? { p: discordant.midP, covers: null } : { p: null, covers: null };
    always['split: z, pooled'] = said(proportionTest(a, b, { alpha }));
    always['split: Newcombe'] = said({ kind: 'estimated', ci: newcombe(a, b, alpha) });
  }
  if (shape === 'normal') {
    // Three sessions a visitor, clustered: least squares with CR1, and the median with clusters.
    const sessions = (values: VisitorValues) =>
      values.map(({ numerator }) => Array.from({ length: 3 }, () => numerator + random.normal()));
    const [a, b] = [sessions(control), sessions(other)];
    const rows = [a, b].flatMap((own, index) =>
      own.flatMap((values, visitor) =>
        values.map((outcome) => ({ visitor: `${index} ${visitor}`, outcome, regressors: [index] })),
      ),
    );
    always['split: CR1 over sessions'] = said(clusteredLeastSquares(rows, alpha));
    always['split: median, clustered'] = said(quantileDifference(a, b, 0.5, alpha));
    if (run < 500) {
      const mean = (units: readonly number[]): number =>
        units.reduce((sum, each) => sum + each, 0) / units.length;
      const interval = bootstrapped(differences, mean, { alpha, resamples: 400, seed: ['bench', run] });
      always['twins: bootstrap percentile, 500 runs'] = said(
        interval.kind === 'estimated' ? { kind: 'estimated', ci: interval.percentile } : interval,
      );
    }
  }
  return always;
}

/** Twins against split: share of experiments that find an effect of 0.3 standard deviations. */
export function powerTable(repetitions: number): string[] {
  const [n, effect] = [30, 0.3];
  const rows = [0.2, 0.5, 0.8].map((own) => {
    let [twins, split] = [0, 0];
    for (let run = 0; run < repetitions; run++) {
      const random = randomFrom('statistics-power', own, run);
      const world = { shape: 'normal', correlation: own } as const;
      const traits = traitsOf(n, random);
      const arm = (first: number, people: readonly number[], shift: number): VisitorValues =>
        visitorValues(
          people.map((trait, index) => outcomeOf(world, `v${first + index}`, trait, shift, random)),
        );
      const control = arm(0, traits, 0);
      const paired = pairedT(pairsOf(control, arm(0, traits, effect)).pairs, 'mean', alpha);
      const apart = welch(control, arm(1000, traitsOf(n, random), effect), 'mean', alpha);
      if (paired.kind === 'estimated' && paired.p < alpha) twins += 1;
      if (apart.kind === 'estimated' && apart.p < alpha) split += 1;
    }
    return [String(own), shareText(twins, repetitions), shareText(split, repetitions)];
  });
  return [
    `Power at an effect of ${effect} standard deviations, ${n} visitors an arm:`,
    '',
    ...table(['correlation of twins', 'twins', 'split'], rows),
    '',
  ];
}

/** What CUPED leaves of the variance, against 1 − ρ². */
export function cupedTable(repetitions: number): string[] {
  const rows = [0.3, 0.6, 0.9].map((rho) => {
    let ratio = 0;
    for (let run = 0; run < repetitions; run++) {
      const random = randomFrom('statistics-cuped', rho, run);
      const before = new Map<string, number>();
      const arm = (first: number): VisitorValues =>
        visitorValues(
          Array.from({ length: visitors }, (_, index) => {
            const [visitor, x] = [`v${first + index}`, random.normal()];
            before.set(visitor, x);
            const numerator = rho * x + Math.sqrt(1 - rho ** 2) * random.normal();
            return { visitor, numerator, denominator: 1 };
          }),
        );
      const [control, treatment] = [arm(0), arm(1000)];
      const adjusted = cuped({ control, treatment, paired: false }, before, 'mean', alpha);
      if (adjusted.kind === 'adjusted') ratio += adjusted.varianceRatio / repetitions;
    }
    return [String(rho), ratio.toFixed(3), (1 - rho ** 2).toFixed(3)];
  });
  return ['What CUPED leaves of the variance:', '', ...table(['ρ', 'measured', '1 − ρ²'], rows), ''];
}
