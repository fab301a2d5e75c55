// How a method is made: its schema checks the settings at the door, the histories are tabulated once, the
// version is the digest of method, settings, seed and data; what remains to the method is to learn and to answer.

import { z } from 'zod';
import { digest } from '../base/hash.ts';
import { UsageError } from '../base/error.ts';
import { nearestName } from '../base/spelling.ts';
import type { Method, RecommendRequest, Slate } from './recommender.ts';
import { tabulate, type TrainingTable } from './training-table.ts';

/** Answers a request with the items of a slate, best first. */
export type Answer = (request: RecommendRequest) => Slate['items'] | Promise<Slate['items']>;

/**
 * Builds a Method. `learn` is a pure function of table, settings and seed. `train` rejects with a UsageError
 * naming the field where settings do not fit the schema.
 */
export function defineMethod<Schema extends z.ZodType>(parts: {
  readonly name: string;
  readonly summary: string;
  readonly settings: Schema;
  readonly learn: (table: TrainingTable, settings: z.infer<Schema>, seed: number) => Answer;
}): Method {
  const { name, summary, settings: schema, learn } = parts;
  return {
    name,
    summary,
    settings: schema,
    hasWeights: false,
    async train(set, given, seed) {
      const settings = parsedSettings({ name, settings: schema }, given);
      const table = tabulate(set);
      const version = digest({ method: name, settings, seed, data: table.digest });
      const answer = learn(table, settings, seed);
      return {
        method: name,
        version,
        recommend: async (request) => ({ items: await answer(request), method: name, version }),
      };
    },
  };
}

/** The given settings of a method with their defaults. Throws a UsageError naming the field that does not fit. */
export function parsedSettings<Schema extends z.ZodType>(
  { name, settings: schema }: { readonly name: string; readonly settings: Schema },
  given: unknown,
): z.infer<Schema> {
  const parsed = schema.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  throw new UsageError(
    `The settings of the method '${name}' are not what it expects:\n${faults(parsed.error, given, known).join('\n')}`,
    settingsHint(name, known),
  );
}

/** One line a fault: the setting, what is wrong with it and what came; of an unknown one the name that was meant. */
function faults({ issues }: z.ZodError, given: unknown, known: readonly string[]): string[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => {
        const meant = nearestName(key, known);
        return `  no setting is called ${shown(key)}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
      });
    const came = issue.path.reduce<unknown>((at, key) => Object(at)[key], given);
    const where = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    return [`  ${where}${issue.message}, got ${shown(came)}`];
  });
}

const shown = (value: unknown): string => String(JSON.stringify(value)).slice(0, 80);

function settingsHint(name: string, known: readonly string[]): string {
  return known.length === 0
    ? `'${name}' has no settings.`
    : `'${name}' knows the settings ${known.join(', ')}; leave one out for its default.`;
}
