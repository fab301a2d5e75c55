// The card of an export: what the rows are, who made them, what they must not be taken for. card.json is for programs
// (its schema stands beside it), README.md for people; both are made from the same card.

import { z } from 'zod';
import { checkSchema, type RunFacts } from './facts.ts';
import { fidelitySchema, type Fidelity } from './fidelity.ts';
import type { Place } from './place.ts';
import type { Dataset } from './select.ts';
import { tableNamed, tableNames } from './tables.ts';

export const cardSchema = z.object({
  card: z.literal(1),
  name: z.string(),
  format: z.string(),
  synthetic: z.literal(true),
  run: z.object({
    name: z.string(),
    scenario: z.string(),
    question: z.string(),
    scenarioHash: z.string(),
    /** SHA-256 over all events of the run; null where it was not over. */
    digest: z.string().nullable(),
    design: z.enum(['twins', 'split', 'interleaving']),
    seed: z.int(),
    arms: z.array(z.object({ name: z.string(), method: z.string().nullable() })),
    /** `cut`: by the budget of model calls; not in cards of before. */
    sessions: z.object({
      complete: z.int(),
      truncated: z.int(),
      failed: z.int(),
      cut: z.int().default(0),
    }),
  }),
  mind: z.object({
    name: z.string(),
    /** Versions of mind, browser and arms as the record has them. */
    versions: z.record(z.string(), z.string()),
    model: z.string().nullable(),
    /** SHA-256 of each prompt by name; null for minds without prompts. */
    prompts: z.record(z.string(), z.string()).nullable(),
  }),
  selection: z.object({
    arms: z.array(z.string()).nullable(),
    split: z.object({
      kind: z.enum(['none', 'time', 'user', 'leave-one-out']),
      seed: z.int(),
      validationFrom: z.number().nullable(),
      testFrom: z.number().nullable(),
    }),
    /** First second of the simulated calendar, unix time. */
    since: z.number(),
  }),
  source: z.object({
    catalogue: z.string(),
    importer: z.string().nullable(),
    /** Licence of the source, which the data inherit; null where nobody stated it. */
    licence: z.string().nullable(),
    note: z.string(),
  }),
  tables: z.array(
    z.object({
      name: z.enum(tableNames),
      meaning: z.string(),
      columns: z.array(
        z.object({ name: z.string(), kind: z.string(), nullable: z.boolean(), meaning: z.string() }),
      ),
    }),
  ),
  files: z.array(
    z.object({
      path: z.string(),
      rows: z.int(),
      bytes: z.int(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  /** What was written otherwise than it was, or left out. */
  changed: z.array(z.object({ reason: z.string(), count: z.int() })),
  /** Null where the run has not been analysed. */
  checks: z.array(checkSchema).nullable(),
  fidelity: fidelitySchema,
  limits: z.array(z.string()),
});
export type Card = z.infer<typeof cardSchema>;

/** The JSON Schema of card.json (draft 2020-12). */
export function cardJsonSchema(): unknown {
  return z.toJSONSchema(cardSchema);
}

export interface SourceFacts {
  readonly importer: string | null;
  readonly licence: string | null;
  readonly note: string;
}

/** The card of what was written to `place`. */
export function cardOf(
  format: string,
  dataset: Dataset,
  place: Place,
  source: SourceFacts,
  fidelity: Fidelity,
): Card {
  const { facts, selection, split } = dataset;
  const { scenario } = facts;
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return cardSchema.parse({
    card: 1,
    name: place.name,
    format,
    synthetic: true,
    run: {
      name: facts.run,
      scenario: scenario.name,
      question: scenario.question,
      scenarioHash: facts.scenarioHash,
      digest: facts.digest,
      design: scenario.design,
      seed: scenario.seed,
      arms: scenario.arms.map((arm) => ({ name: arm.name, method: arm.method ?? null })),
      sessions: facts.sessions,
    },
    mind: { name: scenario.mind, versions: facts.versions, model: facts.model, prompts: facts.prompts },
    selection: {
      arms: selection.arms === null ? null : [...selection.arms],
      split: {
        kind: split.kind,
        seed: split.seed,
        validationFrom: finite(split.from.validation),
        testFrom: finite(split.from.test),
      },
      since: selection.since,
    },
    source: { catalogue: scenario.catalogue, ...source },
    tables: selection.tables.map(tableNamed).map(({ name, meaning, columns }) => ({
      name,
      meaning,
      columns: columns.map((column) => ({ ...column })),
    })),
    files: [...place.written()],
    changed: [...place.changes()],
    checks: facts.checks === null ? null : [...facts.checks],
    fidelity,
    limits: limitsOf(facts, dataset),
  });
}

/** What the data must not be taken for. */
function limitsOf(facts: RunFacts, { split, selection }: Dataset): string[] {
  const { scenario, sessions } = facts;
  return [
    'Nobody did this. The rows say what simulated visitors did; effects in them are effects on simulated visitors.',
    `The visitors were induced from histories in the catalogue ${scenario.catalogue}: a visitor's id is that person's id there.`,
    'Times are simulated: a visit begins at the start of a day of a made-up calendar, and replicates are a day apart.',
    'A propensity is the chance that the policy put the item into the slate, not at that place; a fixed ranking has 1 everywhere and supports no off-policy estimate.',
    ...(scenario.design === 'twins'
      ? ['Twins: one visitor is a user under each arm. For a sequence of one life take one arm (--arm).']
      : ['The design has no twins, so the table pairs is empty.']),
    ...(split.kind === 'time'
      ? [
          'The split by time runs over the simulated calendar: in a run of one visit each it parts early from late in a visit.',
        ]
      : []),
    ...(split.kind === 'leave-one-out' && scenario.design === 'twins' && selection.arms === null
      ? ['Left-out items of one twin may stand in the training part of the other.']
      : []),
    ...(sessions.failed > 0
      ? [`${sessions.failed} failed sessions are left out; they are not visitors who left.`]
      : []),
    ...(sessions.cut > 0
      ? [
          `${sessions.cut} sessions that the budget of model calls cut are left out; resume plays them from their start.`,
        ]
      : []),
    ...(facts.checks === null
      ? ['The run was not over or not analysed when it was exported: there are no checks.']
      : []),
    ...(facts.model !== null && facts.prompts === null
      ? ['The record does not say which prompts the model was given.']
      : []),
  ];
}
