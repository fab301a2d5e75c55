// Leave-one-out: each person's last step is asked for, everything before it is known, all items compete. The
// protocol of the next-item papers, for any recommender, in process or remote. It judges lists by what people went
// on to choose; what visitors would do on a page is for an experiment.

import type { Interaction } from '../catalogue/item.ts';
import { byText } from '../catalogue/order.ts';
import { seedFrom } from '../base/random.ts';
import { askCases, type AskingWatch } from './ask-cases.ts';
import { DISLIKED_BELOW } from './preference.ts';
import type { Recommender, RecommendRequest, TrainingSet } from './recommender.ts';

export interface NextItemCase {
  readonly visitor: string;
  /** Oldest first, without the target. */
  readonly history: RecommendRequest['history'];
  readonly target: string;
}

export interface LeaveOneOut {
  readonly training: readonly Interaction[];
  readonly cases: readonly NextItemCase[];
}

/**
 * The last step of everyone with at least `least` of them; a step is a row that is no dislike (value 3 or more).
 * Rows of equal time are ordered by a seeded hash, since the order of a file often betrays ids. Of more than
 * `people` eligible people a seeded sample is asked, in order of id; what is trained on does not depend on it.
 */
export function leaveOneOut(
  set: TrainingSet,
  { seed, people = Infinity, least = 3 }: { seed: number; people?: number; least?: number },
): LeaveOneOut {
  const histories = Map.groupBy(set.interactions, (row) => row.user);
  const eligible = [...histories.keys()]
    .filter((user) => histories.get(user)!.filter(isStep).length >= least)
    .sort(byText);
  const unknown = new Set<Interaction>();
  const cases = eligible.map((user): NextItemCase => {
    const rows = histories
      .get(user)!
      .map((row) => ({ row, tie: seedFrom(seed, 'evaluation-tie', user, row.item) }))
      .sort((a, b) => a.row.time - b.row.time || a.tie - b.tie)
      .map(({ row }) => row);
    const last = rows.findLastIndex(isStep);
    // What came after the target (dislikes) is known to nobody either.
    for (const row of rows.slice(last)) unknown.add(row);
    return {
      visitor: user,
      target: rows[last]!.item,
      history: rows.slice(0, last).map(({ item, time, value }) => ({ item, time, value })),
    };
  });
  return {
    training: set.interactions.filter((row) => !unknown.has(row)),
    cases: cases.length > people ? sampledCases(cases, people, seed) : cases,
  };
}

function isStep(row: Interaction): boolean {
  return row.value >= DISLIKED_BELOW;
}

/** The first twenty items for each case, and where the target stands among them (from 0; null: not there). */
export interface AnsweredCase {
  readonly slate: readonly string[];
  readonly rank: number | null;
}

const asked = 20;
const together = 32;

/** Asks for every case, the history excluded. A recommender that fails fails the evaluation. */
export function answerCases(
  recommender: Recommender,
  cases: readonly NextItemCase[],
  watch?: AskingWatch,
): Promise<AnsweredCase[]> {
  const answer = async ({ visitor, history, target }: NextItemCase): Promise<AnsweredCase> => {
    const exclude = [...new Set(history.map((entry) => entry.item))].filter((item) => item !== target);
    const request = { visitor, history, context: {}, k: asked, exclude, seed: 0 };
    const slate = (await recommender.recommend(request)).items.map((item) => item.id);
    const rank = slate.indexOf(target);
    return { slate, rank: rank < 0 ? null : rank };
  };
  return askCases(cases, together, answer, watch);
}

/** A seeded sample of `people` cases, in their order. */
function sampledCases(cases: readonly NextItemCase[], people: number, seed: number): NextItemCase[] {
  const drawn = cases
    .map((one) => ({ one, hash: seedFrom(seed, 'asked', one.visitor) }))
    .sort((a, b) => a.hash - b.hash || byText(a.one.visitor, b.one.visitor))
    .slice(0, people);
  const kept = new Set(drawn.map(({ one }) => one));
  return cases.filter((one) => kept.has(one));
}

/** Recall@k of one case: whether the target is among the first k. */
export function recallAt(k: number, { rank }: AnsweredCase): number {
  return rank !== null && rank < k ? 1 : 0;
}

/** NDCG@k of one case with a single target: 1 / log2(rank + 2), rank from 0. */
export function ndcgAt(k: number, { rank }: AnsweredCase): number {
  return rank !== null && rank < k ? 1 / Math.log2(rank + 2) : 0;
}

export interface NextItemGrades {
  readonly people: number;
  readonly recall: Readonly<Record<5 | 10 | 20, number | null>>;
  readonly ndcg: Readonly<Record<5 | 10 | 20, number | null>>;
  /** Share of the catalogue that stands in anybody's first ten. */
  readonly coverage10: number | null;
  /** Share of the first ten places that go to items outside the most popular, which hold four fifths of all rows. */
  readonly longTail10: number | null;
  /** Cases whose target nobody met in training, and how many of them were found in twenty. */
  readonly cold: { readonly cases: number; readonly found20: number };
}

/** Means over all cases; null over none. */
export function gradesOf(
  answers: readonly AnsweredCase[],
  { training, cases }: LeaveOneOut,
  items: readonly { readonly id: string }[],
): NextItemGrades {
  const mean = (value: (answer: AnsweredCase) => number): number | null =>
    answers.length === 0 ? null : answers.reduce((sum, answer) => sum + value(answer), 0) / answers.length;
  const head = popularHead(training);
  const met = new Set(training.map((row) => row.item));
  const places = answers.flatMap((answer) => answer.slate.slice(0, 10));
  const cold = answers.filter((_, at) => !met.has(cases[at]!.target));
  return {
    people: answers.length,
    recall: {
      5: mean((one) => recallAt(5, one)),
      10: mean((one) => recallAt(10, one)),
      20: mean((one) => recallAt(20, one)),
    },
    ndcg: {
      5: mean((one) => ndcgAt(5, one)),
      10: mean((one) => ndcgAt(10, one)),
      20: mean((one) => ndcgAt(20, one)),
    },
    coverage10: places.length === 0 ? null : new Set(places).size / items.length,
    longTail10: places.length === 0 ? null : places.filter((id) => !head.has(id)).length / places.length,
    cold: { cases: cold.length, found20: cold.filter((answer) => answer.rank !== null).length },
  };
}

/** The fewest items that together have four fifths of the rows. */
function popularHead(training: readonly Interaction[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { item } of training) counts.set(item, (counts.get(item) ?? 0) + 1);
  const sorted = [...counts].sort(([a, many], [b, most]) => most - many || (a < b ? -1 : 1));
  const head = new Set<string>();
  let rows = 0;
  for (const [item, count] of sorted) {
    if (rows >= 0.8 * training.length) break;
    head.add(item);
    rows += count;
  }
  return head;
}
