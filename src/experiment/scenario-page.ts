// docs/scenarios.md from the scenario schema: every field with its kind, bounds and default, and what it means. A
// field of the schema without a meaning here, or the other way round, is a defect that a test finds.

import { z } from 'zod';
import { scenarioSchema } from './scenario.ts';

/** What each field means, by its path; `arms` lists three kinds of arm. */
export const meanings: Readonly<Record<string, string>> = {
  name: 'Names the scenario and its runs.',
  question: 'The question in a sentence; it heads the report.',
  catalogue: 'An imported catalogue, or `built-in`.',
  arms: 'The variants under test, the control first. An arm is a method, a url or a probe.',
  'arms.name': 'Names the arm in every table and event.',
  'arms.presentation': 'What a card shows. A hidden field is absent from the page.',
  'arms.presentation.cover': 'The picture.',
  'arms.presentation.rating': 'The mean rating and how many people gave one.',
  'arms.presentation.year': 'The year.',
  'arms.presentation.genres': 'The genres.',
  'arms.method':
    'A method of src/recommend/methods, trained on the training histories of visitors and of other people.',
  'arms.settings': "The method's settings; each method checks its own.",
  'arms.training': 'What the method learns from.',
  'arms.training.share': 'Share of the training histories it sees, by person.',
  'arms.url': 'A recommender over HTTP that speaks `POST /recommend`, for example `rehearsal serve`.',
  'arms.timeoutMs': 'Milliseconds after which the recommender has failed.',
  'arms.likedShare': 'A probe of the visitors: lists in which this share of items is held-out and liked.',
  design: 'Twins put every visitor into every arm; split puts each into one.',
  population: 'Who visits.',
  'population.visitors': 'How many people become visitors.',
  'population.minimumHistory': 'Fewest ratings in the training part that a visitor needs.',
  'population.minimumLiked': 'Fewest held-out liked items that a visitor needs; probes show them.',
  'population.replicates': 'Visits of each visitor under each arm.',
  mind: 'What decides: `choice`, or one of the scripted minds for audits.',
  metrics: 'How the answer is read.',
  'metrics.goal': 'The metric that the verdict is about.',
  'metrics.margin': 'Relative effects inside ± this margin count as no difference.',
  'metrics.alpha': 'One minus the level of the intervals.',
  site: 'The site that visitors meet.',
  'site.storefront': 'The kind of site.',
  'site.pageSize': 'Cards on a page.',
  'site.pages': 'Pages that the home list goes on for.',
  stepLimit: 'Steps after which a visit is cut and marked as such.',
  keepScreens: 'Screenshots of the first so many visitors are kept in the run folder; hashes always are.',
  seed: 'Seed of all chance.',
};

interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface Field {
  readonly path: string;
  readonly kind: string;
  readonly presence: string;
}

/** Every field of the scenario schema in its order; arms of all kinds together. */
export function scenarioFields(): Field[] {
  return fieldsOf(z.toJSONSchema(scenarioSchema, { io: 'input' }) as Shape, '');
}

/** The page as Markdown. */
export function scenarioPage(): string {
  return [
    '# Scenarios',
    '',
    '<!-- Written by src/experiment/scenario-page.ts from the schema; a test holds the two equal. -->',
    '',
    'A scenario is a file with `export default defineScenario({…})`. It is checked when it is loaded, and an unknown or',
    'wrong field is named in the error. `--catalogue`, `--seed`, `--visitors` and `--mind` each override one field.',
    'An arm is one of three kinds: with `method` it is trained here, with `url` it is asked over HTTP, and with',
    '`likedShare` it is a probe of the visitors.',
    '',
    ...scenarioFields().map(({ path, kind, presence }) => {
      const facts = [kind, presence].filter(Boolean).join('; ');
      return `- \`${path}\` (${facts}): ${meanings[path] ?? ''}`;
    }),
    '',
  ].join('\n');
}

function fieldsOf(shape: Shape, prefix: string): Field[] {
  return Object.entries(shape.properties ?? {}).flatMap(([key, field]) => {
    const path = `${prefix}${key}`;
    const own = {
      path,
      kind: kindOf(field),
      presence: presenceOf(field, shape.required?.includes(key) ?? false),
    };
    const kinds = (field.items?.anyOf ?? [field]).map((part) => fieldsOf(part, `${path}.`));
    const inner = kinds.flat();
    const isInEvery = (one: Field): boolean =>
      kinds.every((fields) => fields.some((other) => other.path === one.path));
    return [
      own,
      ...inner
        .filter((one, place) => inner.findIndex((other) => other.path === one.path) === place)
        .map((one) =>
          isInEvery(one) || one.presence !== 'required' ? one : { ...one, presence: 'makes the kind' },
        ),
    ];
  });
}

function presenceOf(field: Shape, required: boolean): string {
  if (field.default !== undefined && field.type !== 'object')
    return `default \`${JSON.stringify(field.default)}\``;
  return required ? 'required' : '';
}

function kindOf(field: Shape): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${String(value)}\``).join(', ');
  switch (field.type) {
    case 'integer':
      return `whole number${boundsOf(field)}`;
    case 'number':
      return `number${boundsOf(field)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `list of ${field.minItems ?? 0} to ${field.maxItems ?? 'any number'}`;
    case 'object':
      return 'object';
    case 'string':
      return field.format === 'uri'
        ? 'address'
        : field.pattern
          ? 'lower-case letters, digits and hyphens'
          : 'text';
    default:
      throw new Error(`docs/scenarios.md has no words for a field of type ${String(field.type)}`);
  }
}

function boundsOf({ minimum, maximum, exclusiveMinimum }: Shape): string {
  const low =
    exclusiveMinimum !== undefined
      ? `above ${exclusiveMinimum}`
      : minimum !== undefined
        ? `from ${minimum}`
        : '';
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? `to ${maximum}` : '';
  const words = [low, high].filter(Boolean).join(' ');
  return words ? `, ${words}` : '';
}
