// Does simulated data help a click model? Labelled rows as tables of click prediction have them: a real row is a click
// where it is a like (four stars and more), and a choice of a visitor is two rows, one clicked and one not. Added are as
// many rows of every kind, person by person; asked is which of the items a person really met later it liked. Pure.

import { randomFrom } from '../base/random.ts';
import type { Interaction } from '../catalogue/item.ts';
import type { HistorySplit } from '../catalogue/split.ts';
import { halvesOf, isLiked, mixed, type Condition } from './augmentation.ts';
import type { Choice, Choices } from './choices.ts';

export interface LabelledRow {
  readonly visitor: string;
  readonly item: string;
  readonly time: number;
  readonly clicked: boolean;
}

export interface ClickAugmentation {
  /** Visitors who add rows, with the later half of their held-out ones, of both labels; all later than any training. */
  readonly cases: readonly { readonly visitor: string; readonly test: readonly LabelledRow[] }[];
  /** Visitors who add rows, and how many rows they add together: two a choice. */
  readonly available: { readonly visitors: number; readonly added: number };
  /** The real rows, labelled, and a draw of the condition's rows; `choices` is one of those that were prepared for. */
  training(condition: Condition, choices: Choices, seed: number): LabelledRow[];
}

const afterAll = Number.MAX_SAFE_INTEGER;

/**
 * Prepares the sets for several kinds of choices at once, so that all kinds add the same number: what a visitor has of the
 * rarest kind, and of real rows to hold back. Only choices between items new to the visitor count.
 */
export function clickAugmentation(
  split: HistorySplit,
  kinds: readonly Choices[],
  splitSeed: number,
): ClickAugmentation {
  const known = Map.groupBy(split.training, (row) => row.user);
  const held = Map.groupBy(split.heldOut, (row) => row.user);
  const visitors = split.visitors.filter((visitor) => known.has(visitor) && held.has(visitor)).sort();
  const halves = new Map(visitors.map((visitor) => [visitor, halvesOf(held.get(visitor)!, splitSeed)]));
  const histories = new Map(
    visitors.map((visitor) => [visitor, new Set(known.get(visitor)!.map(({ item }) => item))]),
  );
  const fresh = new Map(kinds.map((choices) => [choices, freshOf(choices, histories)]));
  const counts = new Map(
    visitors.map((visitor) => [
      visitor,
      Math.min(
        Math.floor(halves.get(visitor)!.earlier.length / 2),
        ...kinds.map((choices) => fresh.get(choices)!.get(visitor)?.length ?? 0),
      ),
    ]),
  );
  const real = split.armTraining.map(labelled);
  const last = real.reduce((latest, { time }) => Math.max(latest, time), 0);
  const adders = visitors.filter((visitor) => counts.get(visitor)! > 0);
  return {
    cases: adders.flatMap((visitor) => {
      const test = halves.get(visitor)!.later.map((row) => ({ ...labelled(row), time: afterAll }));
      const both = test.some(({ clicked }) => clicked) && test.some(({ clicked }) => !clicked);
      return both ? [{ visitor, test }] : [];
    }),
    available: {
      visitors: adders.length,
      added: 2 * adders.reduce((sum, visitor) => sum + counts.get(visitor)!, 0),
    },
    training: (condition, choices, seed) => {
      const rowsOf = rowsFor(condition, fresh.get(choices)!, seed);
      return [...real, ...adders.flatMap(rowsOf)];
    },
  };

  function rowsFor(
    condition: Condition,
    choices: Choices,
    seed: number,
  ): (visitor: string) => readonly LabelledRow[] {
    const own = (visitor: string): Choice[] => mixed(choices.get(visitor)!, seed, 'choices', visitor);
    const counted = (visitor: string, rows: Iterable<Choice>): Choice[] =>
      [...rows].slice(0, counts.get(visitor)!);
    switch (condition) {
      case 'real':
        return () => [];
      case 'synthetic':
        return (visitor) => counted(visitor, own(visitor)).flatMap((choice) => rowsOfChoice(visitor, choice));
      case 'held-back':
        return (visitor) =>
          mixed(halves.get(visitor)!.earlier, seed, 'held-back', visitor)
            .slice(0, 2 * counts.get(visitor)!)
            .map(labelled);
      case 'permuted': {
        const circle = randomFrom('augmentation-circle', seed).shuffle(adders);
        return (visitor) =>
          counted(visitor, borrowed(visitor, circle, own, histories.get(visitor)!)).flatMap((choice) =>
            rowsOfChoice(visitor, choice),
          );
      }
      case 'unchosen':
        return (visitor) => {
          const coin = randomFrom('augmentation-coin', seed, visitor);
          return counted(visitor, own(visitor)).flatMap((choice) =>
            rowsOfChoice(visitor, coin.uniform() < 0.5 ? choice : turned(choice)),
          );
        };
      default:
        return condition satisfies never;
    }
  }

  function rowsOfChoice(visitor: string, { chosen, left, time }: Choice): LabelledRow[] {
    const at = { visitor, time: last + 1 + time };
    return [
      { ...at, item: chosen, clicked: true },
      { ...at, item: left, clicked: false },
    ];
  }
}

function turned({ chosen, left, time }: Choice): Choice {
  return { chosen: left, left: chosen, time };
}

/** A real row with its label: a like is a click. */
function labelled({ user, item, time, value }: Interaction): LabelledRow {
  return { visitor: user, item, time, clicked: isLiked(value) };
}

/** The choices of these visitors between items that their real histories do not have. */
function freshOf(choices: Choices, histories: ReadonlyMap<string, ReadonlySet<string>>): Choices {
  return new Map(
    [...histories].map(([visitor, history]) => [
      visitor,
      (choices.get(visitor) ?? []).filter(({ chosen, left }) => !history.has(chosen) && !history.has(left)),
    ]),
  );
}

/** The choices of the next visitors on the circle, between items new to this one, each item once; never its own. */
function* borrowed(
  visitor: string,
  circle: readonly string[],
  choicesOf: (owner: string) => readonly Choice[],
  history: ReadonlySet<string>,
): Generator<Choice> {
  const taken = new Set(history);
  const place = circle.indexOf(visitor);
  for (let step = 1; step < circle.length; step++) {
    for (const choice of choicesOf(circle[(place + step) % circle.length]!)) {
      if (taken.has(choice.chosen) || taken.has(choice.left)) continue;
      taken.add(choice.chosen).add(choice.left);
      yield choice;
    }
  }
}
