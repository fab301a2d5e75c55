// The part of a scenario that says what decides: one mind for everybody, or several minds in one run and who has which.
// The last of several is the one that the verdict is about; the others say how much hangs on it, or stand in for it.

import { z } from 'zod';

export const mindNames = ['choice', 'llm', 'random', 'top-slot', 'oracle'] as const;
export type MindName = (typeof mindNames)[number];

export const allotmentSchema = z.discriminatedUnion('rule', [
  /** Every person visits with each mind. */
  z.object({ rule: z.literal('doubled') }).strict(),
  /** Every person visits with one of the minds, in equal parts. */
  z.object({ rule: z.literal('split') }).strict(),
  /** Every person visits with the first mind, and so many of them, drawn by chance, also with the second. */
  z.object({ rule: z.literal('few'), people: z.int().min(2) }).strict(),
]);
export type Allotment = z.infer<typeof allotmentSchema>;

/** Fields of a scenario. */
export const mindFields = {
  mind: z.enum(mindNames).default('choice'),
  minds: z.array(z.enum(mindNames)).min(2).max(mindNames.length).optional(),
  allotment: allotmentSchema.prefault({ rule: 'doubled' }),
};

interface Minded {
  readonly mind: MindName;
  readonly minds?: readonly MindName[] | undefined;
}

/** What decides in a scenario, in its order: several minds, or one. */
export function mindsOf({ mind, minds }: Minded): readonly MindName[] {
  return minds ?? [mind];
}

/** The mind that the verdict is about. */
export function leadMind(scenario: Minded): MindName {
  return mindsOf(scenario).at(-1)!;
}

interface Declared extends Minded {
  readonly llm: unknown;
  readonly allotment: Allotment;
  readonly design: string;
  readonly population: { readonly visitors: number };
  readonly metrics: { readonly adjust: string; readonly bayes?: unknown };
  readonly stopping: { readonly rule: string };
}

/** Fields about minds that are each right and together are not. */
export function mindContradictions(scenario: Declared): { path: string[]; message: string }[] {
  const { minds, allotment, design, population, metrics, stopping } = scenario;
  const found: { path: string[]; message: string }[] = [];
  const add = (path: string[], message: string): void => void found.push({ path, message });
  if (mindsOf(scenario).includes('llm') && scenario.llm === null)
    add(['llm'], 'the llm mind needs a model: state llm.model, or give --model');
  if (minds === undefined) {
    if (allotment.rule !== 'doubled') add(['allotment'], 'only several minds are allotted: state minds');
    return found;
  }
  if (new Set(minds).size < minds.length) add(['minds'], 'a mind is listed twice');
  if (allotment.rule === 'few') {
    if (minds.length !== 2)
      add(['minds'], 'a dear mind for few beside a cheap one for many: list these two, the cheap one first');
    if (allotment.people > population.visitors)
      add(['allotment', 'people'], `the scenario has ${population.visitors} people in all`);
  }
  if (design !== 'twins') add(['design'], 'several minds are compared on twins: set design to twins');
  if (metrics.adjust !== 'none' || metrics.bayes !== undefined)
    add(['metrics'], 'several minds are read without adjustment and prior: leave adjust and bayes out');
  if (stopping.rule !== 'fixed')
    add(['stopping', 'rule'], 'a run of several minds looks once, at its end: use the rule fixed');
  return found;
}
