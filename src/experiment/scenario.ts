// A scenario is a question as data: arms, population, design, metrics, seed. This schema is its only
// definition; `defineScenario` checks a file while it is written, `parseScenario` checks what was loaded.

import { z } from 'zod';
import { UsageError } from '../base/error.ts';
import { llmSchema } from '../llm/open.ts';
import { complaint } from './scenario-complaint.ts';
import { analysisFields, contradictions, stoppingSchema } from './scenario-analysis.ts';
import { mindContradictions, mindFields } from './scenario-minds.ts';

const name = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens');

/** What a card shows. Hidden fields are absent from the page, so a visitor cannot read them. */
export const presentationSchema = z
  .object({
    cover: z.boolean().default(true),
    rating: z.boolean().default(true),
    year: z.boolean().default(true),
    genres: z.boolean().default(true),
  })
  .strict();
export type Presentation = z.infer<typeof presentationSchema>;

const armBase = {
  name,
  presentation: presentationSchema.prefault({}),
};

const methodArm = z
  .object({
    ...armBase,
    method: z.string().min(1),
    settings: z.record(z.string(), z.unknown()).default({}),
    /** Share of the training histories the method sees, by person: (0, 1]. */
    training: z
      .object({ share: z.number().gt(0).max(1).default(1) })
      .strict()
      .prefault({}),
  })
  .strict();

const urlArm = z
  .object({
    ...armBase,
    url: z.url({ protocol: /^https?$/ }),
    timeoutMs: z.int().min(1).max(600_000).default(10_000),
  })
  .strict();

/** Not a recommender but a probe of the visitors: lists with a known share of held-out liked items. */
const probeArm = z.object({ ...armBase, likedShare: z.number().min(0).max(1) }).strict();

/** In the order of `armKinds`, which tells an arm the faults of its own kind. */
export const armSchema = z.union([methodArm, urlArm, probeArm]);
export type Arm = z.infer<typeof armSchema>;

export const scenarioSchema = z
  .object({
    name,
    question: z.string().min(1).max(500),
    /** Name of an imported catalogue, or 'built-in'. */
    catalogue: z.string().min(1).default('built-in'),
    /** Keep items that look as if they spoke to their readers from every arm. */
    quarantine: z.boolean().default(false),
    /** The first arm is the control. */
    arms: z.array(armSchema).min(2).max(12),
    design: z.enum(['twins', 'split', 'interleaving']).default('twins'),
    population: z
      .object({
        visitors: z.int().min(2).max(100_000).default(100),
        /** Fewest ratings a person needs in the training part to become a visitor. */
        minimumHistory: z.int().min(1).default(20),
        /** Fewest held-out liked items a person needs to become a visitor; probes need some. */
        minimumLiked: z.int().min(0).default(0),
        replicates: z.int().min(1).max(100).default(1),
        /** Visits under the control before the arms, by every visitor; what they measure can only be chance and habit. */
        burnIn: z.int().min(0).max(10).default(0),
      })
      .strict()
      .prefault({}),
    ...mindFields,
    /** The model behind the llm mind, and what it may cost. */
    llm: llmSchema
      .extend({
        deciding: z.enum(['direct', 'agent']).default('direct'),
        /** Tastes told by rule, or also as the model induces them from the history, where that proves consistent. */
        profile: z.enum(['told', 'induced']).default('told'),
        budget: z
          .object({
            usd: z.number().gt(0).nullable().default(null),
            tokens: z.int().min(1).nullable().default(null),
            calls: z.int().min(1).nullable().default(null),
            minutes: z.number().gt(0).nullable().default(null),
          })
          .strict()
          .prefault({}),
      })
      .strict()
      .nullable()
      .default(null),
    metrics: z
      .object({
        goal: z.string().default('ctr'),
        /** Relative effects inside ± this margin count as no difference. */
        margin: z.number().gt(0).max(1).default(0.02),
        alpha: z.number().gt(0).max(0.5).default(0.05),
        ...analysisFields,
      })
      .strict()
      .prefault({}),
    stopping: stoppingSchema.prefault({ rule: 'fixed' }),
    site: z
      .object({
        storefront: z.enum(['movies']).default('movies'),
        pageSize: z.int().min(2).max(10).default(10),
        pages: z.int().min(1).max(50).default(10),
      })
      .strict()
      .prefault({}),
    /** Steps after which a visit is cut and marked as such. */
    stepLimit: z.int().min(2).max(1000).default(120),
    /** Keep the screenshots of the first so many visitors in the run folder; hashes are always logged. */
    keepScreens: z.int().min(0).default(1000),
    seed: z.int().min(0).default(1),
  })
  .strict()
  .refine((scenario) => new Set(scenario.arms.map((arm) => arm.name)).size === scenario.arms.length, {
    message: 'arm names must differ',
    path: ['arms'],
  })
  .superRefine((scenario, context) => {
    for (const { path, message } of [...contradictions(scenario), ...mindContradictions(scenario)])
      context.addIssue({ code: 'custom', path, message });
  });
export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioInput = z.input<typeof scenarioSchema>;

/**
 * Declares a scenario: `export default defineScenario({...})`. Throws a UsageError naming the field that is wrong; the
 * file is named by whoever loads it.
 */
export function defineScenario(scenario: ScenarioInput): Scenario {
  return parseScenario(scenario, 'what defineScenario was given');
}

/** Checks a loaded value; `source` names the file in the error. */
export function parseScenario(value: unknown, source: string): Scenario {
  const parsed = scenarioSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `${source} is not a scenario:\n${complaint(parsed.error, scenarioSchema, value)}`,
    'Compare with scenarios/hello.ts; docs/scenarios.md lists every field.',
  );
}
