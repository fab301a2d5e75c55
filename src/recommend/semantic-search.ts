// Search over semantic IDs with a trained model: histories are read once, then the trie is walked level by level, a
// few requests side by side in one shape. Only what leads to an item that may be listed is followed, so that known items
// take no place of the beam; all that is left is scored where all of it is asked for. The items are always the model's own.

import { deviceBatch } from './kit/fit.ts';
import { multipleOfFour } from './kit/parameters.ts';
import { piecesOf, writeRows } from './kit/packing.ts';
import { compiled, download, logSoftmax, release, type Tensor, type Tensors } from './kit/tensor.ts';
import { readArrays, writtenArrays } from './semantic-batches.ts';
import { masked, type DecoderPlan } from './semantic-decoder.ts';
import type { Tokens } from './tokenise.ts';
import {
  buildTrie,
  everywhere,
  keepBest,
  leadingOutside,
  searchTrie,
  type Candidate,
  type NextCodes,
  type Prune,
  type TrieNode,
} from './trie.ts';

/** What a search asks of a model; both functions are compiled once. */
export interface CodeModel {
  /** A batch of `readArrays` → whatever the model keeps of the histories, by name. */
  read(parameters: Tensors, batch: Tensors): Tensors;
  /** Logits [rows, sequences × levels, codes] of a batch of `writtenArrays` and its segments. */
  write(parameters: Tensors, read: Tensors, batch: Tensors): Tensor;
}

export interface Asked {
  /** At most length − 1 steps. */
  readonly history: Int32Array;
  readonly k: number;
  readonly excluded: ReadonlySet<number>;
}

/** Where a search stands: its row in the shape, and the place of the history that it follows. */
export interface Searched {
  readonly row: number;
  readonly at: number;
}

export interface FoundItem {
  readonly item: number;
  readonly score: number;
}

/** How prefixes are kept: a plain beam, or by the judgement of something else. */
export interface Keeping {
  /** For searches whose histories were `read` (with `segments`), at this width; `Infinity` keeps everything. */
  prune(width: number, read: Tensors, searched: readonly Searched[]): Prune;
  /** What a whole sequence that was kept is ranked by. */
  score(search: number, candidate: Candidate): number;
}

/** Kept and ranked by log probability. */
export const byProbability: Keeping = {
  prune: (width) => keepBest(width),
  score: (_, candidate) => candidate.score,
};

export interface SearchParts {
  /** Device tensors that stay the caller's. */
  readonly parameters: Tensors;
  readonly model: CodeModel;
  readonly plan: DecoderPlan;
  readonly tokens: Tokens;
  readonly beam: number;
  /** Requests searched at once, always in this shape, so that company changes no answer. */
  readonly rows: number;
  readonly keeping: Keeping;
  /** What is walked in the place of the trie of valid codes, whole, as by a model that generates freely: for measurement. */
  readonly tree?: TrieNode;
  /** Whole lists as long as the beam, whatever k says: for measurement. */
  readonly wholeLists?: boolean;
}

/** Searches for at most `rows` requests. */
export type SemanticSearch = (asked: readonly Asked[], width?: number) => FoundItem[][];

/** Whether the beam was enough, or had to be as wide as the list, or everything that is left was scored. */
export type Reach = 'beam' | 'wider' | 'everything';

/**
 * The k best items outside `excluded` for each request, fewer only where fewer are left. A width of Infinity is
 * exact; the default is the beam.
 */
export function semanticSearch(parts: SearchParts): SemanticSearch {
  const search = reachingSearch(parts);
  return (asked, width) => search(asked, width).map(({ found }) => found);
}

/** The same search, which also says how far it had to go for each request. */
export function reachingSearch(
  parts: SearchParts,
): (asked: readonly Asked[], width?: number) => { readonly found: FoundItem[]; readonly reach: Reach }[] {
  const { parameters, model, plan, tokens, beam, rows, keeping, tree } = parts;
  const { levels } = plan;
  const items = tokens.full.length / levels;
  const trie = buildTrie(tokens.full, levels);
  const reader = compiled((weights, batch) => model.read(weights!, batch!));
  const writer = codeWriter(parts, multipleOfFour(Math.min(beam, items)));

  return (asked, width = beam) => {
    if (asked.length > rows) throw new Error(`${asked.length} requests in a search of ${rows}`);
    const wishes = asked.map(({ k, excluded }) => {
      const left = items - countIn(excluded, items);
      const wanted = Math.min(k, left);
      // Each prefix that is kept leads to an item that may be listed, so a beam as wide as the list fills it.
      return { wanted, width: wanted === left ? Infinity : Math.max(width, wanted) };
    });
    const answers = asked.map((): { found: FoundItem[]; reach: Reach } => ({
      found: [],
      reach: 'everything',
    }));
    const sought = [...asked.keys()].filter((row) => wishes[row]!.wanted > 0);
    if (sought.length === 0) return answers;
    // The target of a piece is never used: what is asked is what comes after the history.
    const pieces = asked.map(({ history }) => piecesOf(Int32Array.from([...history, 0]), plan.length, items));
    const packed = writeRows(pieces, rows, plan.length, items);
    const batch = deviceBatch({ arrays: readArrays(packed, tokens, plan), tokens: 0 });
    const read = reader(parameters, batch);
    const known = { ...read, segments: batch['segments']! };
    try {
      // Side by side only what is of one width: company changes no answer.
      for (const [wide, places] of Map.groupBy(sought, (row) => wishes[row]!.width)) {
        const searched = places.map((row) => ({ row, at: asked[row]!.history.length }));
        const next: NextCodes = (searches) => writer(known, searched, searches);
        const follows = places.map((row) =>
          tree === undefined ? leadingOutside(trie, tokens.full, levels, asked[row]!.excluded) : everywhere,
        );
        const prune = keeping.prune(wide, known, searched);
        const found = searchTrie(tree ?? trie, levels, follows, prune, next);
        for (const [search, row] of places.entries()) {
          const { excluded } = asked[row]!;
          answers[row] = {
            found: found[search]!.filter(({ node }) => !excluded.has(node.item))
              .slice(0, parts.wholeLists === true ? undefined : wishes[row]!.wanted)
              .map((one) => ({ item: one.node.item, score: keeping.score(search, one) })),
            reach: wide === width ? 'beam' : wide < items ? 'wider' : 'everything',
          };
        }
      }
      return answers;
    } finally {
      release(read, batch);
    }
  };
}

/**
 * Log probabilities of the next codes of all prefixes, some of each search at a time. Each level is compiled for
 * itself, because a short prefix needs fewer tokens than a long one.
 */
function codeWriter({ parameters, model, plan, tokens, rows }: SearchParts, beam: number) {
  const { codes } = plan;
  const program = compiled((weights, read, batch) => ({
    logProbabilities: logSoftmax(masked(model.write(weights!, read!, batch!), batch!)),
  }));
  return (
    read: Tensors,
    searched: readonly Searched[],
    searches: readonly (readonly Candidate[])[],
  ): Float32Array[][] => {
    const found: Float32Array[][] = searches.map(() => []);
    const depth = 1 + searches[0]![0]!.codes.length;
    // Before the first code there is one prefix.
    const together = depth === 1 ? 1 : beam;
    const most = searches.reduce((longest, prefixes) => Math.max(longest, prefixes.length), 0);
    for (let from = 0; from < most; from += together) {
      const parts = searches.map((prefixes) => prefixes.slice(from, from + together));
      const written = Array.from({ length: rows }, (_, row) => {
        const search = searched.findIndex((one) => one.row === row);
        return (parts[search] ?? []).map(({ codes: known }) => ({
          at: searched[search]!.at,
          segment: 0,
          codes: known,
        }));
      });
      const arrays = writtenArrays(written, together, tokens, plan, depth);
      const batch = deviceBatch({ arrays, tokens: 0 });
      const outputs = program(parameters, read, { ...batch, segments: read['segments']! });
      const all = download(outputs.logProbabilities);
      release(outputs, batch);
      parts.forEach((part, search) => {
        part.forEach((_, place) => {
          const token = (searched[search]!.row * together + place + 1) * depth - 1;
          found[search]!.push(all.slice(token * codes, (token + 1) * codes));
        });
      });
    }
    return found;
  };
}

function countIn(excluded: ReadonlySet<number>, items: number): number {
  let count = 0;
  for (const item of excluded) if (item >= 0 && item < items) count++;
  return count;
}
