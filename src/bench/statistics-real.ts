// The statistics on real tests: a peeked-at shop (ASOS), a randomised fashion log (Open Bandit), a game (Cookie Cats) and
// headlines (Upworthy). Data are read in place; nothing of them is kept.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { randomFrom } from '../base/random.ts';
import { fittedPrior, posteriorOf } from '../stats/bayes.ts';
import { anytimeEstimate } from '../stats/confidence-sequence.ts';
import { normalQuantile } from '../stats/distributions.ts';
import type { Estimated } from '../stats/estimate.ts';
import { visitorMoments } from '../stats/moments.ts';
import { estimatePolicy, type Round } from '../stats/off-policy.ts';
import { holm } from '../stats/multiplicity.ts';
import { newcombe, proportionTest } from '../stats/proportions.ts';
import { sampleRatio } from '../stats/srm.ts';
import { differenceOfMeans, relativeDifference } from '../stats/two-sample.ts';
import { table } from './page.ts';

const alpha = 0.05;

/** Rows of a gzipped csv without quoted line breaks in the columns that are read. */
function rowsOf(path: string): Record<string, string>[] {
  const [head, ...lines] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split(/\r?\n/u);
  const names = fieldsOf(head!);
  return lines.map((line) => {
    const fields = fieldsOf(line);
    return Object.fromEntries(names.map((name, index) => [name, fields[index] ?? '']));
  });
}

function fieldsOf(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/gu)].map(([, field]) => field!);
}

/** Daily looks at 396 series: what is called significant at any look, and how often that is wrong where nothing is. */
export function asosLines(data: string): string[] {
  const series = Map.groupBy(
    rowsOf(join(data, 'asos-experiments', 'asos_digital_experiments_dataset.csv.gz')),
    (row) => `${row['experiment_id']} ${row['variant_id']} ${row['metric_id']}`,
  );
  const counted = { series: 0, end: 0, naive: 0, sequence: 0, nullEnd: 0, nullNaive: 0, nullSequence: 0 };
  const z = normalQuantile(1 - alpha / 2);
  const ends: { effect: number; se: number }[] = [];
  for (const [name, rows] of series) {
    const looks = rows
      .map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Number(value)])))
      .sort((a, b) => a['time_since_start']! - b['time_since_start']!)
      .flatMap((row) => {
        const arm = (side: 'c' | 't') =>
          visitorMoments({
            n: row[`count_${side}`]!,
            mean: row[`mean_${side}`]!,
            variance: row[`variance_${side}`]!,
          });
        const estimate = differenceOfMeans(arm('c'), arm('t'), { alpha });
        const relative = relativeDifference(arm('c'), arm('t'), { alpha });
        return estimate.kind === 'estimated' && relative.kind === 'estimated'
          ? [{ estimate, relative, n: row['count_c']! + row['count_t']! }]
          : [];
      });
    const last = looks.at(-1);
    if (last === undefined) continue;
    counted.series += 1;
    ends.push({ effect: last.relative.effect, se: last.relative.se });
    const tunedFor = last.n / 2;
    const isOut = (effect: number, se: number, n: number): boolean =>
      anytimeEstimate({ effect, se } as Estimated, n, { alpha, tunedFor }).p < alpha;
    if (last.estimate.p < alpha) counted.end += 1;
    if (looks.some(({ estimate }) => estimate.p < alpha)) counted.naive += 1;
    if (looks.some(({ estimate, n }) => isOut(estimate.effect, estimate.se, n))) counted.sequence += 1;
    // The same schedule without an effect: a random walk with the visitors that each look added.
    const random = randomFrom('asos', name);
    let [sum, seen] = [0, 0];
    let [naive, sequence, now] = [false, false, 0];
    for (const { n } of looks) {
      sum += Math.sqrt(Math.max(0, n - seen)) * random.normal();
      seen = Math.max(seen, n);
      now = sum / Math.sqrt(seen);
      naive ||= Math.abs(now) > z;
      sequence ||= isOut(now, 1, seen);
    }
    if (Math.abs(now) > z) counted.nullEnd += 1;
    if (naive) counted.nullNaive += 1;
    if (sequence) counted.nullSequence += 1;
  }
  const percent = (count: number): string => `${((100 * count) / counted.series).toFixed(1)} %`;
  const prior = fittedPrior(ends);
  const shrunk = prior.kind === 'estimated' ? posteriorOf(0.01, 0.006, alpha, prior) : prior;
  return [
    `ASOS, ${counted.series} series with daily or half-daily looks:`,
    '',
    ...table(
      ['called significant', 'at the end', 'at any look, naively', 'at any look, confidence sequence'],
      [
        ['real series', percent(counted.end), percent(counted.naive), percent(counted.sequence)],
        [
          'same looks, no effect',
          percent(counted.nullEnd),
          percent(counted.nullNaive),
          percent(counted.nullSequence),
        ],
      ],
    ),
    '',
    prior.kind === 'estimated'
      ? `Prior of relative effects fitted on them: mean ${prior.mean.toFixed(4)}, standard deviation ${Math.sqrt(prior.variance).toFixed(4)}. An estimate of +1.0 % ± 0.6 % becomes ${shrunk.kind === 'estimated' ? `+${(100 * shrunk.mean).toFixed(2)} % ± ${(100 * shrunk.sd).toFixed(2)} %` : shrunk.reason}.`
      : `No prior could be fitted: ${prior.reason}.`,
    '',
  ];
}

/** BTS from the log of Random and the other way round; the target's propensities are its own item shares by position. */
export function banditLines(data: string): string[] {
  const logs = {
    random: rowsOf(join(data, 'obd-men', 'random_men.csv.gz')),
    bts: rowsOf(join(data, 'obd-men', 'bts_men.csv.gz')),
  };
  const key = (row: Record<string, string>): string => `${row['position']} ${row['item_id']}`;
  const policyOf = (rows: readonly Record<string, string>[]) => {
    const places = Map.groupBy(rows, (row) => row['position']!);
    const cells = Map.groupBy(rows, key);
    return (row: Record<string, string>): number =>
      (cells.get(key(row))?.length ?? 0) / places.get(row['position']!)!.length;
  };
  const clicksOf = (rows: readonly Record<string, string>[]): number =>
    rows.reduce((sum, row) => sum + Number(row['click']), 0) / rows.length;
  const rows = (
    [
      ['random', 'bts'],
      ['bts', 'random'],
    ] as const
  ).flatMap(([from, to]) => {
    const target = policyOf(logs[to]);
    const rounds = logs[from].map((row): Round => ({
      visitor: [0, 1, 2, 3].map((index) => row[`user_feature_${index}`]).join(' '),
      reward: Number(row['click']),
      logged: Number(row['propensity_score']),
      evaluated: target(row),
      predicted: 0,
      expected: 0,
    }));
    return (['ips', 'snips'] as const).map((name) => {
      const estimate = estimatePolicy(rounds, { name }, { alpha, resamples: 500, seed: ['obd', from, name] });
      const truth = clicksOf(logs[to]);
      if (estimate.kind === 'not-estimable') return [`${to} from ${from}`, name, estimate.reason, '', '', ''];
      const { value, ci, effective, underPowered } = estimate;
      const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
      return [
        `${to} from ${from}`,
        name,
        `${percent(value)} [${percent(ci[0])}, ${percent(ci[1])}]`,
        percent(truth),
        `${effective.toFixed(0)} of ${rounds.length}`,
        underPowered
          ? 'under-powered'
          : ci[0] <= truth && truth <= ci[1]
            ? 'holds the truth'
            : 'misses the truth',
      ];
    });
  });
  return [
    'Open Bandit, men, 10,000 rounds a policy; intervals over groups of equal user features:',
    '',
    ...table(['estimate', 'method', 'value', 'really', 'effective rounds', 'verdict'], rows),
    '',
  ];
}

/** Cookie Cats: retention after one and seven days, gate at 40 against 30. */
export function cookieLines(data: string): string[] {
  const rows = rowsOf(join(data, 'cookie-cats', 'cookie_cats.csv.gz'));
  const tests = ['retention_1', 'retention_7'].map((metric) => {
    const count = (version: string) => {
      const own = rows.filter((row) => row['version'] === version);
      return {
        n: own.length,
        successes: own.filter((row) => /^true/iu.test(row[metric]!.trim())).length,
      };
    };
    const [control, treatment] = [count('gate_30'), count('gate_40')];
    return { metric, control, treatment, test: proportionTest(control, treatment, { alpha }) };
  });
  const adjusted = holm(tests.map(({ test }) => (test.kind === 'estimated' ? test.p : null)));
  const ratio = sampleRatio([tests[0]!.control.n, tests[0]!.treatment.n], [1, 1]);
  return [
    `Cookie Cats, ${rows.length.toLocaleString('en-US')} players, gate 40 against gate 30 (sample ratio p = ${ratio.kind === 'tested' ? ratio.p.toFixed(3) : 'none'}):`,
    '',
    ...table(
      ['metric', 'effect', 'Newcombe 95 %', 'p after Holm', 'call'],
      tests.map(({ metric, control, treatment, test }, index) => {
        const [low, high] = newcombe(control, treatment, alpha);
        const p = adjusted[index] ?? null;
        return [
          metric,
          test.kind === 'estimated' ? test.effect.toFixed(4) : test.reason,
          `${low.toFixed(4)} to ${high.toFixed(4)}`,
          p === null ? 'not estimable' : p.toFixed(4),
          p !== null && p < alpha ? (high < 0 ? 'worse' : 'better') : 'cannot tell',
        ];
      }),
    ),
    '',
  ];
}

/** Upworthy: share of tests that fail the sample-ratio test, inside and outside the window its authors withdrew. */
export function upworthyLines(data: string): string[] {
  const tests = Map.groupBy(
    rowsOf(join(data, 'upworthy-dev', 'arms.csv.gz')).filter((row) => Number(row['impressions']) > 0),
    (row) => row['clickability_test_id']!,
  );
  const counted = { kept: { failed: 0, of: 0 }, withdrawn: { failed: 0, of: 0 } };
  for (const arms of tests.values()) {
    const ratio = sampleRatio(
      arms.map((row) => Number(row['impressions'])),
      arms.map(() => 1),
    );
    if (ratio.kind !== 'tested') continue;
    const side = arms[0]!['randomisation_ok']!.trim() === '1' ? counted.kept : counted.withdrawn;
    side.of += 1;
    if (ratio.p < 0.001) side.failed += 1;
  }
  const line = ({ failed, of }: { failed: number; of: number }): string =>
    `${failed} of ${of} (${((100 * failed) / of).toFixed(1)} %)`;
  return [
    `Upworthy, tests with a sample-ratio p below 0.001: inside the withdrawn window ${line(counted.withdrawn)}, outside ${line(counted.kept)}.`,
    '',
  ];
}
