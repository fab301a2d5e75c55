// Multiply-accumulates of one search, counted in its matrix products: the horizontal axis of recall against compute.
// Places of a batch that hold no prefix are not counted; every level has as many codes to choose from as the largest.

import { deviceBatch } from './kit/fit.ts';
import { noNoise } from './kit/layers.ts';
import { writeRows } from './kit/packing.ts';
import { countMultiplications, release, type Tensors } from './kit/tensor.ts';
import { judgeEncoding, rewards, type JudgePlan } from './process-reward.ts';
import { readArrays, writtenArrays } from './semantic-batches.ts';
import { encode, knownPlaces } from './semantic-decoder.ts';
import type { SearchParts } from './semantic-search.ts';
import { buildTrie, everywhere, keepBest, searchTrie } from './trie.ts';

type CostParts = Pick<SearchParts, 'parameters' | 'model' | 'plan' | 'tokens'>;

/** Reading one full history, and writing the codes that a beam of this width asks for. */
export function searchMultiplications(parts: CostParts, beam: number): number {
  const { parameters, model, plan, tokens } = parts;
  const history = fullHistory(parts);
  const batches = prefixesGrown(parts, beam).map((sequences, level) =>
    deviceBatch({
      tokens: 0,
      arrays: writtenArrays([[]], sequences, tokens, plan, level + 1),
    }),
  );
  const count = countMultiplications(() => {
    const read = model.read(parameters, history);
    for (const batch of batches) model.write(parameters, read, { ...batch, segments: history['segments']! });
  });
  release(history, ...batches);
  return count;
}

/** Encoding one full history: all that a judge needs before its own part. */
export function encodingMultiplications(parts: CostParts): number {
  const { parameters, plan } = parts;
  const history = fullHistory(parts);
  const count = countMultiplications(() => void encode(parameters, plan, history, noNoise));
  release(history);
  return count;
}

/** The batch of one full history. */
function fullHistory({ plan, tokens }: CostParts): Tensors {
  const items = tokens.full.length / plan.levels;
  return deviceBatch({
    tokens: 0,
    arrays: readArrays(writeRows([], 1, plan.length, items), tokens, plan),
  });
}

/** What a judge adds: its reading of the encoding once, and as many candidates as it `judged` at each of its levels. */
export function judgeMultiplications(
  parts: CostParts,
  judgePlan: JudgePlan,
  judged: readonly number[],
): number {
  const { parameters, plan } = parts;
  const history = fullHistory(parts);
  const batches = judged.map((candidates) => candidatesBatch(candidates));
  const count = countMultiplications(() => {
    const encoding = judgeEncoding(parameters, judgePlan, encode(parameters, plan, history, noNoise));
    for (const batch of batches) {
      const mask = knownPlaces({ ...batch, segments: history['segments']! }, batch['each']!);
      rewards(parameters, judgePlan, batch['candidates']!, mask, encoding, noNoise);
    }
  });
  release(history, ...batches);
  return count - encodingMultiplications(parts);
}

function candidatesBatch(candidates: number): Tensors {
  return deviceBatch({
    tokens: 0,
    arrays: {
      candidates: { shape: [1, candidates], values: new Int32Array(candidates) },
      at: { shape: [1, 1], values: new Int32Array(1) },
      segmentAt: { shape: [1, 1], values: new Int32Array(1) },
      each: { shape: [1, 1, candidates], values: new Int32Array(candidates).fill(1) },
    },
  });
}

/** How many prefixes a beam grows at each level: one at first, then as many as it keeps and the catalogue has. */
function prefixesGrown({ plan, tokens }: CostParts, beam: number): number[] {
  const grown: number[] = [];
  searchTrie(buildTrie(tokens.full, plan.levels), plan.levels, [everywhere], keepBest(beam), (searches) => {
    grown.push(searches[0]!.length);
    return searches.map((prefixes) => prefixes.map(() => new Float32Array(plan.codes)));
  });
  return grown;
}
