// Looking while a test runs: how often do naive looks and a confidence sequence cry wolf, how early does the sequence
// stop where there is an effect; and how much more sensitive interleaving is than an A/B test of the same rankers.

import { randomFrom } from '../base/random.ts';
import { bettingInterval } from '../stats/betting.ts';
import { anytimeEstimate } from '../stats/confidence-sequence.ts';
import { estimateFromT } from '../stats/estimate.ts';
import { bestRho } from '../stats/mixtures.ts';
import { table } from './page.ts';
import { shareText } from './statistics-worlds.ts';

const alpha = 0.05;
const most = 1000;
const every = 20;

/** Runs twins' differences with a look after every 20 visitors, up to 1,000. */
export function looksTable(repetitions: number): string[] {
  const rows = [0, 0.1, 0.2, 0.3].map((effect) => {
    let [naive, sequence, mixture, end, size] = [0, 0, 0, 0, 0];
    for (let run = 0; run < repetitions; run++) {
      const random = randomFrom('statistics-looks', effect, run);
      let [sum, squares] = [0, 0];
      const stopped = { naive: 0, sequence: 0, mixture: 0 };
      for (let n = 1; n <= most; n++) {
        const difference = effect + random.normal();
        sum += difference;
        squares += difference ** 2;
        if (n % every !== 0 || n < 40) continue;
        const mean = sum / n;
        const se = Math.sqrt((squares - sum * mean) / (n - 1) / n);
        const estimate = estimateFromT({ effect: mean, se, df: n - 1, alpha, method: '' });
        if (estimate.p < alpha) {
          stopped.naive ||= n;
          if (n === most) end += 1;
        }
        if (anytimeEstimate(estimate, n, { alpha, tunedFor: 500 }).p < alpha) stopped.sequence ||= n;
        // mSPRT on the sum in units of its estimated deviation, tuned for 500 visitors.
        const [v, r, s] = [n, bestRho(500, alpha), (n * mean) / (se * Math.sqrt(n))];
        if (Math.log(r / (r + v)) / 2 + s ** 2 / (2 * (r + v)) >= Math.log(1 / alpha)) stopped.mixture ||= n;
      }
      if (stopped.naive > 0) naive += 1;
      if (stopped.sequence > 0) sequence += 1;
      if (stopped.mixture > 0) mixture += 1;
      size += (stopped.sequence || most) / repetitions;
    }
    return [
      String(effect),
      shareText(end, repetitions),
      shareText(naive, repetitions),
      shareText(sequence, repetitions),
      shareText(mixture, repetitions),
      size.toFixed(0),
      `${(100 * (1 - size / most)).toFixed(0)} %`,
    ];
  });
  return [
    `Rejections with a look after every ${every} of ${most.toLocaleString('en-US')} twins (${repetitions.toLocaleString('en-US')} experiments a row):`,
    '',
    ...table(
      [
        'effect, sd',
        'one look at the end',
        'naive looks',
        'confidence sequence',
        'mSPRT',
        'mean sample of the sequence',
        'saved',
      ],
      rows,
    ),
    '',
    ...bettingLines(Math.min(repetitions, 300)),
  ];
}

function bettingLines(repetitions: number): string[] {
  let missed = 0;
  for (let run = 0; run < repetitions; run++) {
    const random = randomFrom('statistics-betting', run);
    const outcomes: number[] = [];
    let out = false;
    for (let n = 1; n <= 200; n++) {
      outcomes.push(random.uniform() < 0.2 ? 1 : 0);
      if (n % 40 !== 0) continue;
      const [low, high] = bettingInterval(outcomes, { low: 0, high: 1 }, alpha);
      out ||= low > 0.2 || high < 0.2;
    }
    if (out) missed += 1;
  }
  return [
    `Betting sequence, a share of 0.2, five looks within 200 visitors: ${shareText(missed, repetitions)} ever miss it (${repetitions} runs).`,
    '',
  ];
}

/**
 * Two rankers whose lists hold relevant items with chances 0.30 and 0.36; visitors differ in how readily they click. A/B:
 * each visitor sees one ranker. Interleaving: one slate drafted by both. Ratio of visitors needed = (z ratio)².
 */
export function interleavingTable(repetitions: number): string[] {
  const [slots, visitors] = [10, 200];
  let [abSum, drafted] = [0, 0];
  for (let run = 0; run < repetitions; run++) {
    const random = randomFrom('statistics-interleaving', run);
    const clicks = (count: number, relevant: number, ready: number): number => {
      let sum = 0;
      for (let slot = 0; slot < count; slot++)
        if (random.uniform() < relevant && random.uniform() < ready) sum += 1;
      return sum;
    };
    const readiness = (): number => 1 / (1 + Math.exp(1 - 1.5 * random.normal()));
    const [a, b, preferences] = [[], [], []] as [number[], number[], number[]];
    for (let visitor = 0; visitor < visitors; visitor++) {
      a.push(clicks(slots, 0.3, readiness()));
      b.push(clicks(slots, 0.36, readiness()));
      const ready = readiness();
      preferences.push(Math.sign(clicks(slots / 2, 0.36, ready) - clicks(slots / 2, 0.3, ready)));
    }
    // The A/B test has as many visitors in all as the interleaved one.
    abSum += standardised(b.slice(0, visitors / 2), a.slice(0, visitors / 2)) / repetitions;
    drafted += standardised(preferences) / repetitions;
  }
  return [
    'Team-draft interleaving against an A/B test of the same two rankers, equally many visitors:',
    '',
    ...table(
      ['design', 'mean z', 'visitors needed, relative'],
      [
        ['A/B', abSum.toFixed(2), ((drafted / abSum) ** 2).toFixed(1)],
        ['interleaving', drafted.toFixed(2), '1.0'],
      ],
    ),
    '',
  ];
}

/** Mean (or difference of means) over its standard error. */
function standardised(values: readonly number[], control?: readonly number[]): number {
  const of = (own: readonly number[]): { mean: number; error: number } => {
    const mean = own.reduce((sum, each) => sum + each, 0) / own.length;
    const variance = own.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (own.length - 1);
    return { mean, error: variance / own.length };
  };
  const treated = of(values);
  const base = control === undefined ? { mean: 0, error: 0 } : of(control);
  return (treated.mean - base.mean) / Math.sqrt(treated.error + base.error);
}
