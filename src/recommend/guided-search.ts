// Which prefixes a guided search keeps (PROMISE, section 3.3): the decoder proposes the K+ likeliest, a judge keeps
// the K′ best of them, and only these are grown further. The decoder's work stays that of a beam of K′.

import type { Random } from '../base/random.ts';
import { deviceBatch } from './kit/fit.ts';
import { noNoise } from './kit/layers.ts';
import { compiled, download, release, type Tensors } from './kit/tensor.ts';
import { encodingNamed } from './kit/transformer.ts';
import { prefixCounts, type Prefixes } from './prefixes.ts';
import { rewards, type JudgePlan } from './process-reward.ts';
import { knownPlaces } from './semantic-decoder.ts';
import type { Keeping, Searched } from './semantic-search.ts';
import { best, type Candidate } from './trie.ts';

/** Rewards of the candidates of each search; higher is better. */
export type Judge = (
  read: Tensors,
  searched: readonly Searched[],
  searches: readonly (readonly Candidate[])[],
) => readonly (readonly number[])[];

export interface GuidePlan {
  readonly judge: Judge;
  /** K′: the search's own beam. */
  readonly beam: number;
  /** K+ ≥ K′. */
  readonly proposals: number;
  /** Levels (from 1) at which the judge decides; at the others the likeliest K′ are kept. */
  readonly guided: ReadonlySet<number>;
  readonly levels: number;
  /** The last order: by reward, or by the sum of reward and log probability, each normalised over what was kept. */
  readonly order: 'reward' | 'sum';
}

/** Proposals grow with the beam where a slate needs more items. */
export function guidedKeeping({ judge, beam, proposals, guided, levels, order }: GuidePlan): Keeping {
  let scores: readonly ReadonlyMap<Candidate, number>[] = [];
  return {
    prune: (width, read, searched) => (searches, level) => {
      const likeliest = searches.map((grown) => best(grown, Math.ceil((width * proposals) / beam)));
      const isLast = level === levels;
      if (!guided.has(level)) {
        const kept = likeliest.map((all) => all.slice(0, Number.isFinite(width) ? width : undefined));
        if (isLast) scores = kept.map((all) => new Map(all.map((one) => [one, one.score])));
        return kept;
      }
      const found = judge(read, searched, likeliest);
      const kept = likeliest.map((all, search) => highest(all, found[search]!, width));
      if (!isLast) return kept.map((all) => all.map(({ candidate }) => candidate));
      scores = kept.map((all) => finalScores(all, order));
      return scores.map((ranked) => [...ranked.keys()].sort((a, b) => ranked.get(b)! - ranked.get(a)!));
    },
    score: (search, candidate) => scores[search]!.get(candidate)!,
  };
}

interface Judged {
  readonly candidate: Candidate;
  readonly reward: number;
}

/** The `width` candidates of highest reward; equal rewards leave the likelier first. */
function highest(candidates: readonly Candidate[], found: readonly number[], width: number): Judged[] {
  return candidates
    .map((candidate, place) => ({ candidate, reward: found[place]! }))
    .sort((a, b) => b.reward - a.reward)
    .slice(0, Number.isFinite(width) ? width : undefined);
}

function finalScores(kept: readonly Judged[], order: GuidePlan['order']): Map<Candidate, number> {
  if (order === 'reward') return new Map(kept.map(({ candidate, reward }) => [candidate, reward]));
  const reward = normalised(kept.map((one) => one.reward));
  const likelihood = normalised(kept.map((one) => one.candidate.score));
  return new Map(kept.map(({ candidate }, place) => [candidate, reward[place]! + likelihood[place]!]));
}

function normalised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  return values.map((value) => (value - mean) / (Math.sqrt(variance) || 1));
}

/** Whose keys and values those are that the judge reads of a history, among what is read of it. */
export const ofJudge = 'judge ';

/** The trained judge, `together` candidates of each search at a time, in a shape of `rows` searches. */
export function processJudge(
  parameters: Tensors,
  plan: JudgePlan,
  prefixes: Prefixes,
  rows: number,
  together: number,
): Judge {
  const program = compiled((weights, read, batch) => {
    const encoding = encodingNamed(read!, plan.blocks, ofJudge);
    const mask = knownPlaces({ ...batch!, segments: read!['segments']! }, batch!['each']!);
    return { rewards: rewards(weights!, plan, batch!['candidates']!, mask, encoding, noNoise) };
  });
  return (read, searched, searches) => {
    const found: number[][] = searches.map(() => []);
    const most = searches.reduce((longest, all) => Math.max(longest, all.length), 0);
    const at = new Int32Array(rows);
    for (const one of searched) at[one.row] = one.at;
    for (let from = 0; from < most; from += together) {
      const candidates = new Int32Array(rows * together);
      const parts = searches.map((all) => all.slice(from, from + together));
      parts.forEach((part, search) => {
        part.forEach(({ codes }, place) => {
          candidates[searched[search]!.row * together + place] = prefixes.rowOf(codes);
        });
      });
      const batch = deviceBatch({
        tokens: 0,
        arrays: {
          candidates: { shape: [rows, together], values: candidates },
          at: { shape: [rows, 1], values: at },
          segmentAt: { shape: [rows, 1], values: new Int32Array(rows) },
          each: { shape: [1, 1, together], values: new Int32Array(together).fill(1) },
        },
      });
      const outputs = program(parameters, read, batch);
      const all = download(outputs.rewards);
      release(outputs, batch);
      parts.forEach((part, search) => {
        const start = searched[search]!.row * together;
        found[search]!.push(...all.subarray(start, start + part.length));
      });
    }
    return found;
  };
}

/** A judge that keeps count of what it is shown: the mean number of candidates of a search at each level, from the first it sees. */
export function countedJudge(judge: Judge): { readonly judge: Judge; readonly shown: () => number[] } {
  const seen = new Map<number, { searches: number; candidates: number }>();
  return {
    judge: (read, searched, searches) => {
      for (const all of searches) {
        const level = all[0]!.codes.length;
        const { searches: before, candidates } = seen.get(level) ?? { searches: 0, candidates: 0 };
        seen.set(level, { searches: before + 1, candidates: candidates + all.length });
      }
      return judge(read, searched, searches);
    },
    shown: () =>
      [...seen]
        .sort(([a], [b]) => a - b)
        .map(([, { searches, candidates }]) => Math.round(candidates / searches)),
  };
}

/** A control: rewards by chance, one for each prefix. */
export function randomJudge(prefixes: Prefixes, random: Random): Judge {
  const drawn = prefixes.codes.map(() => random.uniform());
  return (_read, _searched, searches) =>
    searches.map((all) => all.map(({ codes }) => drawn[prefixes.rowOf(codes)]!));
}

/** A control: rewards by how many training steps went through a prefix, whoever asks. */
export function popularityJudge(prefixes: Prefixes, sequences: readonly Int32Array[]): Judge {
  const counts = prefixCounts(prefixes, sequences);
  return (_read, _searched, searches) =>
    searches.map((all) => all.map(({ codes }) => Math.log1p(counts[prefixes.rowOf(codes)]!)));
}
