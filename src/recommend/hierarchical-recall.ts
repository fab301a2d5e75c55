// HRecall@b@K (PROMISE, section 4): is the true prefix of depth b among the K a search keeps? It tells at which level
// a search loses the item. Case by case, so that two searches can be compared on the same people. As when it serves, a
// search follows only what leads to items outside the history, so that its K places are for what may be listed.

import { semanticSearch, type SearchParts } from './semantic-search.ts';
import type { HeldOutStep } from './sequences.ts';

export interface SearchedCase {
  /** For each level, whether the true prefix was kept. */
  readonly kept: readonly boolean[];
  /** Where the next item stands among the first `k` outside the history (from 0; null: not there). */
  readonly rank: number | null;
  /** The first `k` items outside the history. */
  readonly listed: readonly number[];
}

/** A step to be found after a history, and items that may not be listed besides those of `past`. */
export interface AskedStep extends HeldOutStep {
  readonly known?: ReadonlySet<number>;
}

/** Searches for every case at the parts' beam, `parts.rows` cases at a time. */
export function searchCases(parts: SearchParts, cases: readonly AskedStep[], k: number): SearchedCase[] {
  const { plan, tokens, keeping } = parts;
  const { levels } = plan;
  const codesOf = (item: number): number[] => [...tokens.full.subarray(item * levels, (item + 1) * levels)];
  let part: readonly AskedStep[] = [];
  let kept: boolean[][] = [];
  const watched: SearchParts['keeping'] = {
    prune(width, read, searched) {
      const inner = keeping.prune(width, read, searched);
      return (searches, level) => {
        const left = inner(searches, level);
        left.forEach((prefixes, search) => {
          const { row } = searched[search]!;
          const wanted = codesOf(part[row]!.next).slice(0, level).join();
          kept[row]![level - 1] = prefixes.some(({ codes }) => codes.join() === wanted);
        });
        return left;
      };
    },
    score: (search, candidate) => keeping.score(search, candidate),
  };
  const search = semanticSearch({ ...parts, keeping: watched, wholeLists: true });
  const found: SearchedCase[] = [];
  for (let from = 0; from < cases.length; from += parts.rows) {
    part = cases.slice(from, from + parts.rows);
    kept = part.map(() => Array.from({ length: levels }, () => false));
    // One item is asked for, so that no list is longer than the beam is wide.
    const asked = part.map(({ past, next, known = new Set() }) => {
      const excluded = new Set([...past, ...known]);
      excluded.delete(next);
      return { history: past.slice(-(plan.length - 1)), k: 1, excluded };
    });
    const lists = search(asked);
    part.forEach(({ next }, row) => {
      const listed = lists[row]!.slice(0, k).map(({ item }) => item);
      const rank = listed.indexOf(next);
      found.push({ kept: kept[row]!, rank: rank < 0 ? null : rank, listed });
    });
  }
  return found;
}

/** Share of the cases whose true prefix was kept, for each level; null over no cases. */
export function hierarchicalRecall(cases: readonly SearchedCase[]): readonly number[] | null {
  const [first] = cases;
  if (first === undefined) return null;
  return first.kept.map((_, level) => cases.filter(({ kept }) => kept[level]).length / cases.length);
}
