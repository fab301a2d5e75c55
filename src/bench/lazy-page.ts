// The contest of the lazy decoder as it is printed: what a step costs as histories grow, and what is learned from equally many.

import type { LazyReport } from './lazy.ts';
import { sectionName, table, type Section } from './page.ts';

/** Sections of docs/bench.md, one for each data set and first seed. */
export function lazySections(reports: readonly LazyReport[], command: string, seed: number): Section[] {
  return reports.map((report) => ({
    name: sectionName('lazy', report.set, seed),
    command,
    lines: [
      `onerec-v2 as a lazy decoder and as an encoder and decoder with equally many weights in their blocks, one target for each context. M: millions of multiply-accumulates of one target's forward pass. Seconds: a training step, wall time on one thread, with whatever else ran.`,
      '',
      ...table(
        [
          'history',
          'targets of a step',
          'M, lazy',
          'M, encoder and decoder',
          'saved',
          's, lazy',
          's, encoder and decoder',
          'saved',
        ],
        report.costs.map(({ history, rows, multiplications, secondsPerStep }) => [
          String(history),
          String(rows),
          ...pair(multiplications, (value) => (value / 1e6).toFixed(2)),
          ...pair(secondsPerStep, (value) => value.toFixed(3)),
        ]),
      ),
      '',
      `Losses: −log p a code of held-out steps, history ${report.history}, ${report.epochs} ${report.epochs === 1 ? 'epoch' : 'epochs'}, at the best look. Codes that are all as likely: ${report.uniform.toFixed(3)}; items as likely as they are popular: ${report.popularity.toFixed(3)}.`,
      '',
      ...table(
        [
          'seed',
          ...report.contestants,
          ...report.contestants.slice(1).map((name) => `${report.contestants[0]!} over ${name}`),
        ],
        report.seeds.map(({ seed: drawn, losses }) => [
          String(drawn),
          ...report.contestants.map((name) => losses[name]!.toFixed(4)),
          ...report.contestants
            .slice(1)
            .map((name) => percent(losses[report.contestants[0]!]! / losses[name]! - 1)),
        ]),
      ),
    ],
  }));
}

function pair(
  of: Readonly<Record<'lazy' | 'encoder-decoder', number>>,
  text: (value: number) => string,
): string[] {
  return [text(of.lazy), text(of['encoder-decoder']), percent(of.lazy / of['encoder-decoder'] - 1)];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
