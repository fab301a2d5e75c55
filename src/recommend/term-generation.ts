// Free generation of term IDs: a beam over all words of the vocabulary, five steps, with nothing that keeps it to
// items that exist. What comes of it is for grounding.ts to judge.

import { deviceBatch } from './kit/fit.ts';
import { noNoise } from './kit/layers.ts';
import { multipleOfFour } from './kit/parameters.ts';
import { compiled, download, logSoftmax, release, type Tensors } from './kit/tensor.ts';
import { encodingByName, encodingNamed } from './kit/transformer.ts';
import type { Generated } from './grounding.ts';
import { itemTokens, special, tokensPerItem, type Vocabulary } from './term-documents.ts';
import { readTerms, writeTerms, type TermPlan } from './term-decoder.ts';
import { termsPerItem } from './term-ids.ts';

interface Continuation {
  readonly tokens: readonly number[];
  readonly score: number;
}

/**
 * The `beam` likeliest continuations of a history of item indices, best first: five tokens, or fewer where a token that
 * is no word ended it. `parameters` stay the caller's.
 */
export function termGenerator(parameters: Tensors, plan: TermPlan, vocabulary: Vocabulary, beam: number) {
  const sequences = multipleOfFour(beam);
  const items = Math.floor((plan.length - termsPerItem - 1) / tokensPerItem);
  const reader = compiled((weights, batch) => encodingByName(readTerms(weights!, plan, batch!, noNoise)));
  const writer = compiled((weights, read, batch) => {
    const encoding = encodingNamed(read!, plan.shape.layers);
    return { logProbabilities: logSoftmax(writeTerms(weights!, plan, batch!, encoding, noNoise)) };
  });

  return (history: Int32Array): Generated[] => {
    const told = [
      special.history,
      ...[...history.slice(-items)].flatMap((item) => itemTokens(vocabulary, item)),
    ];
    const known = told.length - 1;
    const inputs = new Int32Array(plan.length).fill(special.separator);
    inputs.set(told.slice(0, known));
    const prompt = deviceBatch({
      tokens: 0,
      arrays: {
        inputs: { shape: [1, plan.length], values: inputs },
        positions: { shape: [1, plan.length], values: Int32Array.from(inputs, (_, place) => place) },
      },
    });
    const read = reader(parameters, prompt);
    let open: Continuation[] = [{ tokens: [], score: 0 }];
    const ended: Continuation[] = [];
    try {
      for (let depth = 1; depth <= termsPerItem && open.length > 0; depth++) {
        const room = depth === 1 ? 1 : sequences;
        const batch = deviceBatch({ tokens: 0, arrays: arraysOf(open, room, depth, told[known]!, known) });
        const outputs = writer(parameters, read, batch);
        const all = download(outputs.logProbabilities);
        release(outputs, batch);
        const grown = open.flatMap(({ tokens, score }, place) => {
          const from = ((place + 1) * depth - 1) * plan.rows;
          const next = all.subarray(from, from + plan.used);
          return largest(next, beam).map((token) => ({
            tokens: [...tokens, token],
            score: score + next[token]!,
          }));
        });
        const kept = [...ended, ...grown].sort((a, b) => b.score - a.score).slice(0, beam);
        ended.splice(0, Infinity, ...kept.filter(({ tokens }) => isEnded(tokens, vocabulary)));
        open = kept.filter(({ tokens }) => !isEnded(tokens, vocabulary));
      }
      return [...open, ...ended]
        .sort((a, b) => b.score - a.score)
        .map(({ tokens, score }) => ({
          score,
          words: tokens.map((token) => vocabulary.wordOf(token)).filter((word) => word !== null),
        }));
    } finally {
      release(read, prompt);
    }
  };
}

function isEnded(tokens: readonly number[], { wordOf }: Vocabulary): boolean {
  return wordOf(tokens.at(-1)!) === null;
}

function arraysOf(open: readonly Continuation[], room: number, depth: number, last: number, known: number) {
  const written = new Int32Array(room * depth).fill(special.separator);
  open.forEach(({ tokens }, place) => written.set([last, ...tokens], place * depth));
  const perToken = (value: (token: number) => number) => ({
    shape: [1, room * depth],
    values: Int32Array.from(written, (_, token) => value(token)),
  });
  return {
    written: { shape: [1, room * depth], values: written },
    writtenPositions: perToken((token) => known + (token % depth)),
    group: perToken((token) => Math.floor(token / depth)),
    known: { shape: [], values: Int32Array.of(known) },
  };
}

/** Places of the `count` largest values, largest first, ties to the smaller place. */
function largest(values: Float32Array, count: number): number[] {
  const found: number[] = [];
  values.forEach((value, place) => {
    if (found.length === count && value <= values[found[count - 1]!]!) return;
    if (found.length === count) found.pop();
    let at = found.length;
    while (at > 0 && values[found[at - 1]!]! < value) at--;
    found.splice(at, 0, place);
  });
  return found;
}
