// What a catalogue's semantic IDs are worth before any model is trained on them: use of the codes, what the vectors lose
// at each level, collisions, and whether items of one prefix are of one kind. Kept with the checkpoint.

import type { Random } from '../base/random.ts';
import type { Item } from '../catalogue/item.ts';
import type { Account } from './define-model.ts';
import type { Tokens } from './tokenise.ts';
import type { TrainingTable } from './training-table.ts';

/** Beyond this share of collisions, codes are too few for a catalogue. */
const mostCollisions = 0.05;

export interface Purity {
  /** Share of the labelled items that carry the commonest label of their prefix; null where nothing is labelled. */
  readonly purity: number | null;
  /** The same with the labels shuffled: what groups of these sizes reach by chance. */
  readonly chance: number | null;
}

/** For each depth of `semantic` [items × levels], with a label or none for each item. */
export function prefixPurity(
  semantic: Int32Array,
  levels: number,
  labels: readonly (string | undefined)[],
  random: Random,
): Purity[] {
  const labelled = [...labels.keys()].filter((item) => labels[item] !== undefined);
  const own = labelled.map((item) => labels[item]!);
  const shuffled = random.shuffle(own);
  return Array.from({ length: levels }, (_, level) => {
    const prefixes = labelled.map((item) =>
      semantic.subarray(item * levels, item * levels + level + 1).join(' '),
    );
    return { purity: majorityShare(prefixes, own), chance: majorityShare(prefixes, shuffled) };
  });
}

function majorityShare(groups: readonly string[], labels: readonly string[]): number | null {
  if (groups.length === 0) return null;
  const counts = new Map<string, Map<string, number>>();
  groups.forEach((group, place) => {
    const own = counts.get(group) ?? new Map<string, number>();
    counts.set(group, own.set(labels[place]!, (own.get(labels[place]!) ?? 0) + 1));
  });
  const majorities = [...counts.values()].map((own) => Math.max(...own.values()));
  return majorities.reduce((sum, one) => sum + one, 0) / groups.length;
}

/** The account of semantic IDs; an item's label is its first genre. */
export function tokenAccount(
  tokens: Tokens,
  items: readonly Item[],
  table: TrainingTable,
  random: Random,
): Account {
  const genres = new Map(items.map((item) => [item.id, item.genres[0]]));
  const labels = table.itemIds.map((id) => genres.get(id));
  const purity = prefixPurity(tokens.semantic, tokens.levels, labels, random);
  const levels = tokens.report.levels.map((level, at) => ({ ...level, ...purity[at]! }));
  const { collisionRate, shareInCollision, largestBucket } = tokens.report;
  const share = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);
  const told = ({ entropy, unexplained, purity: own, chance }: (typeof levels)[number]): string =>
    [
      `entropy ${entropy.toFixed(2)} nats`,
      ...(unexplained === null ? [] : [`${share(unexplained)} of the vectors unexplained`]),
      ...(own === null
        ? []
        : [`first genre alike in ${share(own)} of a prefix (by chance ${share(chance)})`]),
    ].join(', ');
  return {
    figures: { tokens: { ...tokens.report, levels } },
    lines: [
      ...levels.map(
        (level, at) =>
          `semantic IDs, level ${at + 1}: ${share(level.utilisation)} of ${tokens.codes} codes used, ${told(level)}`,
      ),
      `semantic IDs: collisions ${share(collisionRate)}, items that share their codes ${share(shareInCollision)}, largest bucket ${largestBucket}`,
      ...(collisionRate !== null && collisionRate > mostCollisions
        ? [
            `semantic IDs: more than ${share(mostCollisions)} collide, and only a last code without a meaning tells those items apart; more codes (now ${tokens.codes} a level), more levels, balanced=true or vectors=both give fewer`,
          ]
        : []),
    ],
  };
}
