// Whether a model has learnt its codes level by level: what the codes of held-out next items cost under it, among those that
// go on to an item, beside what they cost by how often their prefixes were met, whoever asks. A level that is no
// cheaper was not learnt, however the lists look.

import type { Account } from './define-model.ts';
import type { CodeBody } from './code-body.ts';
import { deviceBatch } from './kit/fit.ts';
import { noNoise } from './kit/layers.ts';
import { toDevice, type Parameters } from './kit/parameters.ts';
import { compiled, download, logSoftmax, release } from './kit/tensor.ts';
import { prefixCounts, prefixesOf } from './prefixes.ts';
import { masked, type DecoderPlan } from './semantic-decoder.ts';
import { heldOutParts } from './semantic-validation.ts';
import type { HeldOutStep } from './sequences.ts';
import type { Tokens } from './tokenise.ts';
import { buildTrie } from './trie.ts';

/** −log p of a code given those before it, among the codes that go on to an item; mean over held-out next items, in nats. */
export interface LevelLoss {
  readonly model: number;
  /** By the counts of prefixes in training, one added to each. */
  readonly popularity: number;
  /** Share of the model's probability that goes to codes no item goes on with. */
  readonly astray: number;
}

/** The review of trained weights; undefined where nobody is held out. `rows` cases are computed at once. */
export function codeReview(
  body: Pick<CodeBody, 'logits'>,
  {
    training,
    validation,
  }: { readonly training: readonly Int32Array[]; readonly validation: readonly HeldOutStep[] },
  rows: number,
  tokens: Tokens,
  plan: DecoderPlan,
): ((parameters: Parameters) => Account) | undefined {
  if (validation.length === 0) return undefined;
  return (parameters) => {
    const program = compiled((weights, batch) => ({
      logProbabilities: logSoftmax(masked(body.logits(weights!, batch!, noNoise), batch!)),
    }));
    const weights = toDevice(parameters);
    const trie = buildTrie(tokens.full, plan.levels);
    const costs = new Float64Array(plan.levels);
    const astray = new Float64Array(plan.levels);
    for (const [part, { cases, host }] of heldOutParts(validation, rows, tokens, plan).entries()) {
      const batch = deviceBatch(host);
      const outputs = program(weights, batch);
      const all = download(outputs.logProbabilities);
      release(outputs, batch);
      for (let row = 0; row < cases; row++) {
        const { next } = validation[part * rows + row]!;
        let node = trie;
        for (let level = 0; level < plan.levels; level++) {
          const from = (row * plan.levels + level) * plan.codes;
          const valid = [...node.children.keys()].reduce((sum, code) => sum + Math.exp(all[from + code]!), 0);
          const code = tokens.full[next * plan.levels + level]!;
          costs[level]! += Math.log(valid) - all[from + code]!;
          astray[level]! += 1 - valid;
          node = node.children.get(code)!;
        }
      }
    }
    release(weights);
    const levels = popularityLosses(training, validation, tokens, plan.levels).map(
      (popularity, level): LevelLoss => ({
        model: costs[level]! / validation.length,
        popularity,
        astray: Math.max(0, astray[level]! / validation.length),
      }),
    );
    return { figures: { levels }, lines: reviewLines(levels) };
  };
}

/** One loss a level, the first first. */
export function popularityLosses(
  training: readonly Int32Array[],
  asked: readonly Pick<HeldOutStep, 'next'>[],
  { full }: Pick<Tokens, 'full'>,
  levels: number,
): number[] {
  const prefixes = prefixesOf(full, levels);
  const counts = prefixCounts(prefixes, training);
  const steps = training.reduce((sum, sequence) => sum + sequence.length, 0);
  const trie = buildTrie(full, levels);
  const sums = Array<number>(levels).fill(0);
  for (const { next } of asked) {
    let node = trie;
    let before = steps;
    for (let level = 0; level < levels; level++) {
      const count = counts[prefixes.ofItem[next * levels + level]!]!;
      sums[level]! -= Math.log((count + 1) / (before + node.children.size));
      before = count;
      node = node.children.get(full[next * levels + level]!)!;
    }
  }
  return sums.map((sum) => sum / Math.max(1, asked.length));
}

/** What is said of them: the losses beside popularity's, and which levels were not learnt. */
export function reviewLines(levels: readonly LevelLoss[]): string[] {
  const listed = (of: 'model' | 'popularity'): string =>
    levels.map((level) => level[of].toFixed(2)).join(' / ');
  const astray = levels.map((level) => (100 * level.astray).toFixed(0)).join(' / ');
  // A level on which every prefix goes on in one way alone has nothing to learn.
  const idle = [...levels.keys()].filter((level) => {
    const { model, popularity } = levels[level]!;
    return popularity > 0 && model >= popularity;
  });
  return [
    `codes of held-out steps: ${listed('model')} nats a level, by popularity alone ${listed('popularity')}; ${astray} % go to codes that no item has`,
    ...(idle.length === 0
      ? []
      : [
          `codes of held-out steps: ${idle.length === 1 ? 'level' : 'levels'} ${idle.map((level) => level + 1).join(', ')} no better than popularity, which more epochs may mend`,
        ]),
  ];
}
