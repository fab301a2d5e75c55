// GRLM: items are named by five plain words, and a small language model over those words writes the name of the next
// one freely; grounding turns what it wrote into items (arXiv 2601.06798). The paper's model has billions of weights
// and knows the world; this one shows the mechanism. docs/methods.md says what is smaller.

import { z } from 'zod';
import { digest } from '../../base/hash.ts';
import { randomFrom } from '../../base/random.ts';
import type { Item } from '../../catalogue/item.ts';
import { defineModel } from '../define-model.ts';
import { pieceEpochs } from '../epochs.ts';
import { extractTerms } from '../extract-terms.ts';
import { groundedList, groundingIn, type Ground } from '../grounding.ts';
import { wordsOf } from '../item-words.ts';
import { textNeighbours } from '../item-neighbours.ts';
import { heldOutLoss } from '../held-out.ts';
import type { HostBatch } from '../kit/fit.ts';
import { dropout, noNoise } from '../kit/layers.ts';
import { courseOf } from '../kit/optimiser.ts';
import { packedArrays, writeRows, type PackedRows, type Piece } from '../kit/packing.ts';
import { initialise, multipleOfFour, toDevice } from '../kit/parameters.ts';
import { countLikes } from '../preference.ts';
import { excludedItems } from '../ranking.ts';
import { historySteps, holdOutLast, type HeldOutStep } from '../sequences.ts';
import { scaleSchema, sizesOf, trainingSettings } from '../sizes.ts';
import {
  historyPieces,
  namingPiece,
  special,
  tokensPerItem,
  vocabularyOf,
  type Vocabulary,
} from '../term-documents.ts';
import { termLoss, termPlans, type TermPlan } from '../term-decoder.ts';
import { termGenerator } from '../term-generation.ts';
import { givenTerms, termAccount, type TermIds } from '../term-ids.ts';
import { inOrder, type TrainingTable } from '../training-table.ts';
import { withoutWriter, writtenAccount, writtenTerms, type WrittenTerms } from '../written-terms.ts';

/** Exported for contests, which take it apart. */
export const grlmSettings = z
  .object({
    scale: scaleSchema,
    /** Extracted with neighbours in view, by plain TF-IDF, as items bring them in their attribute `terms`, or by a model. */
    terms: z.enum(['extracted', 'plain', 'given', 'written']).default('extracted'),
    /** Histories and naming items from their metadata, or histories only. */
    tasks: z.enum(['both', 'histories']).default('both'),
    /** Continuations that are generated. */
    beam: z.int().min(1).max(200).default(20),
    /** Items of a history that the model sees. */
    history: z.int().min(2).max(80).default(20),
    epochs: trainingSettings.epochs.default(12),
    rate: trainingSettings.rate.default(0.002),
    dropout: trainingSettings.dropout.default(0.1),
    patience: trainingSettings.patience.default(4),
    validationPeople: trainingSettings.validationPeople.default(500),
  })
  .strict();

const rowsPerBatch = 16;

/** Score: the log probability of the words that named the item; items that nothing named stand below, by agreement. */
export const grlm = defineModel({
  name: 'grlm',
  summary: 'items named by five words, written freely and grounded (GRLM)',
  settings: grlmSettings,
  // 2: a position is an item's and a word's.
  revision: 2,
  readsTexts: () => true,
  searchSettings: ['beam'],
  alsoReads: ({ items }, { terms }) => (terms === 'given' ? digestOfTerms(items) : null),
  material: async ({ set, table }, { terms }, { nameItems }) =>
    terms === 'written' ? writtenTerms(inOrder(set.items, table), table, nameItems) : null,
  build: ({ set, table, sequences }, chosen, seed, written) => {
    const random = randomFrom('grlm', seed);
    const { items, terms, vocabulary, plan } = namesOf(set.items, table, chosen, seed, written);
    const { length } = plan;
    const { training, validation } = holdOutLast(sequences.all, chosen.validationPeople, random.shuffle);
    const told = training.flatMap((sequence) => historyPieces(vocabulary, sequence, chosen.history));
    const described = [...items.keys()].filter((item) => vocabulary.metadata[item]!.length > 0);
    const naming = described.map((item) => namingPiece(vocabulary, item, length));
    const pieces = chosen.tasks === 'both' ? [...told, ...naming] : told;
    const packing = { length, rowsPerBatch, start: special.separator };
    const epochs = pieceEpochs(pieces, packing, seed);
    const held = validation.map(({ past, next }: HeldOutStep) => {
      const told = Int32Array.from([...past.slice(-(chosen.history - 1)), next]);
      const [piece] = historyPieces(vocabulary, told, chosen.history);
      return { ...piece!, prompt: (told.length - 1) * tokensPerItem };
    });
    const look = nextTermsScore(held, plan);
    return {
      account: written === null ? termAccount(terms) : writtenAccount(written),
      plan: {
        initial: initialise(termPlans(plan), random),
        loss: (parameters, batch, stepSeed) =>
          termLoss(parameters, plan, batch, dropout(chosen.dropout, stepSeed)),
        optimiser: courseOf(chosen.rate, epochs.stepsPerEpoch, chosen.epochs),
        batch: (step) => hostBatch(epochs.rows(step)),
        validation: look && { every: epochs.stepsPerEpoch, patience: chosen.patience, score: look },
      },
      serve(parameters) {
        const generate = termGenerator(toDevice(parameters), plan, vocabulary, chosen.beam);
        const popularity = countLikes(table);
        const grounding = groundingIn(terms, popularity);
        return (request) => {
          const generations = generate(historySteps(table, request.history, chosen.history - 1));
          const excluded = excludedItems(table, request.exclude);
          const listed = groundedList(grounding, generations, request.k, excluded, popularity);
          const count = (way: Ground): number => listed.filter(({ by }) => by === way).length;
          return {
            items: listed.map(({ item, score }) => ({ id: table.itemIds[item]!, score, propensity: 1 })),
            generated: {
              by: 'writing',
              written: generations.length,
              valid: generations.filter(({ words }) => grounding.isName(words)).length,
              named: count('direct'),
              nearest: count('structural'),
              further: count('further'),
            },
          };
        };
      },
    };
  },
});

function digestOfTerms(items: readonly Item[]): string {
  const named = items.map(({ id, attributes }) => ({ id, terms: attributes['terms'] ?? null }));
  return digest(named.sort((a, b) => (a.id < b.id ? -1 : 1)));
}

/** Items in the table's order, their names, the words of all, and the shape of the model that writes them. */
export function namesOf(
  known: readonly Item[],
  table: TrainingTable,
  chosen: Pick<z.output<typeof grlmSettings>, 'terms' | 'scale' | 'history'>,
  seed: number,
  written: WrittenTerms | null = null,
): { items: readonly Item[]; terms: TermIds; vocabulary: Vocabulary; plan: TermPlan } {
  const items = inOrder(known, table);
  const terms = termsOf(items, table, chosen.terms, seed, written);
  const vocabulary = vocabularyOf(terms, items.map(wordsOf));
  const { heads, ...sizes } = sizesOf(chosen.scale);
  const plan = {
    shape: { ...sizes, heads, groups: heads },
    rows: vocabulary.rows,
    used: vocabulary.used,
    length: multipleOfFour(chosen.history * tokensPerItem),
  };
  return { items, terms, vocabulary, plan };
}

/** The term IDs of items in the table's order; those that a model has to write come along. */
export function termsOf(
  items: readonly Item[],
  table: TrainingTable,
  from: z.output<typeof grlmSettings>['terms'],
  seed: number,
  written: WrittenTerms | null = null,
): TermIds {
  if (from === 'given') return givenTerms(items);
  if (from === 'written') {
    if (written === null) throw withoutWriter();
    return written.terms;
  }
  const near = textNeighbours(items, table, randomFrom('term-neighbours', seed));
  return extractTerms(items, near, { context: from === 'extracted' });
}

function hostBatch(packed: PackedRows): HostBatch {
  const tokens = packed.segments.reduce((count, segment) => count + (segment >= 0 ? 1 : 0), 0);
  return { arrays: packedArrays(packed), tokens };
}

/** −(mean loss of the words of held-out next items). */
function nextTermsScore(held: readonly Piece[], plan: TermPlan) {
  const parts = Array.from({ length: Math.ceil(held.length / rowsPerBatch) }, (_, part) => {
    const pieces = held.slice(part * rowsPerBatch, (part + 1) * rowsPerBatch);
    const rows = pieces.map((piece) => [piece]);
    return {
      cases: pieces.length,
      host: hostBatch(writeRows(rows, rowsPerBatch, plan.length, special.separator)),
    };
  });
  return heldOutLoss(parts, (parameters, batch) => termLoss(parameters, plan, batch, noNoise));
}
