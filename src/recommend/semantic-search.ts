// Search over semantic IDs with a trained decoder: the history is encoded once, then the trie is walked level by
// level. Where exclusions leave too few items the beam widens, up to the whole catalogue, which is exact scoring;
// the items are always the model's own.

import { deviceBatch } from './kit/fit.ts';
import { noNoise } from './kit/layers.ts';
import { piecesOf, writeRows } from './kit/packing.ts';
import { compiled, download, logSoftmax, release, type Tensors } from './kit/tensor.ts';
import { readArrays, writtenArrays } from './semantic-batches.ts';
import { decode, encode, masked, type DecoderPlan } from './semantic-decoder.ts';
import type { Tokens } from './tokenise.ts';
import { buildTrie, searchTrie, type Candidate, type NextCodes } from './trie.ts';

export interface FoundItem {
  readonly item: number;
  /** Log probability of the item's codes. */
  readonly score: number;
}

/**
 * A search with fixed weights (device tensors that stay the caller's). It returns the k best items outside
 * `excluded` after a history of at most length − 1 steps, fewer only where fewer are left. `width` Infinity is exact.
 */
export function semanticSearch(parameters: Tensors, plan: DecoderPlan, tokens: Tokens, beam: number) {
  const { levels, codes } = plan;
  const items = tokens.full.length / levels;
  const trie = buildTrie(tokens.full, levels);
  // As many sequences at once as the beam has, in one shape; wider beams come in several parts.
  const together = Math.ceil(Math.min(beam, items) / 4) * 4;
  const encoder = compiled((weights, batch) => {
    const encoding = encode(weights!, plan, batch!, noNoise);
    return Object.fromEntries(
      encoding.flatMap(({ keys, values }, layer) => [
        [`keys ${layer}`, keys],
        [`values ${layer}`, values],
      ]),
    );
  });
  const decoder = compiled((weights, encoded, batch) => {
    const encoding = Array.from({ length: plan.shape.layers }, (_, layer) => ({
      keys: encoded![`keys ${layer}`]!,
      values: encoded![`values ${layer}`]!,
    }));
    const logits = decode(weights!, plan, batch!, encoding, noNoise);
    return { logProbabilities: logSoftmax(masked(logits, batch!)) };
  });

  return (
    history: Int32Array,
    k: number,
    excluded: ReadonlySet<number>,
    width: number = beam,
  ): FoundItem[] => {
    // The last of the targets is never used: what is asked is what comes after the history.
    const [piece] = piecesOf(Int32Array.from([...history, 0]), plan.length, items);
    const packed = writeRows([[piece!]], 1, plan.length, items);
    const { segments, ...read } = deviceBatch({ arrays: readArrays(packed, tokens, plan), tokens: 0 });
    const encoded = encoder(parameters, { ...read, segments: segments! });
    const next: NextCodes = (prefixes) => {
      const level = prefixes[0]!.codes.length;
      const found: Float32Array[] = [];
      for (let from = 0; from < prefixes.length; from += together) {
        const part = prefixes.slice(from, from + together);
        const rows = [part.map((prefix) => ({ at: history.length, segment: 0, codes: prefix.codes }))];
        const batch = deviceBatch({ arrays: writtenArrays(rows, together, tokens, plan), tokens: 0 });
        const outputs = decoder(parameters, encoded, { ...batch, segments: segments! });
        const all = download(outputs.logProbabilities);
        release(outputs, batch);
        part.forEach((_, place) => {
          const at = (place * levels + level) * codes;
          found.push(all.slice(at, at + codes));
        });
      }
      return found;
    };
    try {
      const left = items - countIn(excluded, items);
      const wanted = Math.min(k, left);
      let candidates: readonly Candidate[] = [];
      for (let kept = width; ; kept *= 2) {
        const whole = kept >= items;
        candidates = searchTrie(trie, levels, whole ? Infinity : kept, next).filter(
          ({ node }) => !excluded.has(node.item),
        );
        if (candidates.length >= wanted || whole) break;
      }
      return candidates.slice(0, wanted).map(({ node, score }) => ({ item: node.item, score }));
    } finally {
      release(encoded, read, { segments: segments! });
    }
  };
}

function countIn(excluded: ReadonlySet<number>, items: number): number {
  let count = 0;
  for (const item of excluded) if (item < items) count++;
  return count;
}
