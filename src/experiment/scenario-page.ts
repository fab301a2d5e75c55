// docs/scenarios.md from the scenario schema: every field with its kind, bounds and default, and what it means. A
// field of the schema without a meaning here, or the other way round, is a defect that a test finds.

import { z } from 'zod';
import { scenarioSchema } from './scenario.ts';

/** What each field means, by its path; `arms` lists three kinds of arm. */
export const meanings: Readonly<Record<string, string>> = {
  name: 'Names the scenario and its runs.',
  question: 'The question in a sentence; it heads the report.',
  catalogue: 'An imported catalogue, or `built-in`.',
  quarantine:
    'Keep items whose title or description looks as if it spoke to its reader from every arm. Without it, an effect is also given as if nobody had seen them.',
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
  design:
    'Twins put every visitor into every arm; split puts each into one; interleaving shows everyone one list drafted from two arms.',
  population: 'Who visits.',
  'population.visitors': 'How many people become visitors.',
  'population.minimumHistory': 'Fewest ratings in the training part that a visitor needs.',
  'population.minimumLiked': 'Fewest held-out liked items that a visitor needs; probes show them.',
  'population.replicates': 'Visits of each visitor under each arm.',
  'population.burnIn':
    'Visits under the control before the arms. Memory of them goes into every arm, and what they measure makes estimates sharper.',
  mind: 'What decides: `choice`, `llm` (a vision model), or one of the scripted minds for audits.',
  minds:
    'Several minds in one run instead of one, such as `choice` and `llm`; the verdict is about the last.',
  allotment: 'Who visits with which of several minds.',
  'allotment.rule':
    '`doubled`: every person with each mind. `split`: every person with one of them. `few`: everybody with the first, a cheap one, and few people, drawn by chance, also with the second, a dear one; the first then sharpens the effect of the dear one.',
  'allotment.people': 'How many people visit with the dear mind, too.',
  llm: 'The model behind the llm mind; docs/endpoints.md has a configuration for each server. The key comes from OPENAI_API_KEY only.',
  'llm.baseUrl': 'Address of the interface, `/v1` included; else `--base-url`, else OPENAI_BASE_URL.',
  'llm.model': 'The model.',
  'llm.embeddingModel': 'Model of /v1/embeddings for memory; without it the embedded vectors are used.',
  'llm.timeoutMs': 'Milliseconds for one request, to the last byte.',
  'llm.omit': 'Sampling that the model does not take.',
  'llm.extra': "Further fields of the request's body, for a server that needs them.",
  'llm.price': 'Dollars for a million tokens; else the table in src/llm/prices.ts.',
  'llm.price.input': 'Of the question.',
  'llm.price.cached': 'Of what the server had computed before.',
  'llm.price.output': 'Of the answer.',
  'llm.capabilities': 'What the endpoint can do; else it is probed once.',
  'llm.capabilities.vision': 'Reads pictures.',
  'llm.capabilities.schema': 'Keeps to a JSON schema.',
  'llm.capabilities.tools': 'Calls tools.',
  'llm.capabilities.json': 'Keeps to JSON mode.',
  'llm.capabilities.seed': 'Takes a seed.',
  'llm.capabilities.embeddings': 'Length of its embeddings.',
  'llm.capabilities.context': 'Tokens of its context.',
  'llm.concurrency': 'Most requests under way at once.',
  'llm.requestsPerMinute': 'Most requests a minute.',
  'llm.attempts': 'Requests for one question at most, where what stops it passes.',
  'llm.cassette': "A file of answers; else the run's own `answers.jsonl`, so that resume pays nothing twice.",
  'llm.cassette.path': 'The file.',
  'llm.cassette.mode': 'Record it, replay it, or do whatever is possible.',
  'llm.traceContent': 'Write what was said into the trace, too.',
  'llm.profile':
    'Tastes `told` by rule, or also `induced` by the model from the training history and played where they prove consistent.',
  'llm.deciding': '`direct` is one call a step; `agent` may recall and look closer before it answers.',
  'llm.budget': 'The hard stop; what is under way ends, and nothing more is sent.',
  'llm.budget.usd': 'Dollars.',
  'llm.budget.tokens': 'Tokens, question and answer together.',
  'llm.budget.calls': 'Requests.',
  'llm.budget.minutes': "Minutes of the wall's clock.",
  metrics: 'How the answer is read.',
  'metrics.goal': 'The metric that the verdict is about.',
  'metrics.margin': 'Relative effects inside ± this margin count as no difference.',
  'metrics.alpha': 'One minus the level of the intervals.',
  'metrics.furtherGoals': 'Metrics that share α with the goal (Holm over all of them and all arms).',
  'metrics.guardrails': 'Metrics that may not suffer, whatever the goal does.',
  'metrics.guardrails.metric': 'The metric.',
  'metrics.guardrails.margin': 'It may be worse by this share of the control at most.',
  'metrics.adjust':
    'How the estimate that decides is made sharper: `cuped` by the burn-in visits, `post-stratification` by activity level. Both are shown either way.',
  'metrics.bayes':
    'If set, the verdict goes by a posterior of the relative effect on the goal; where there is none, as a control of 0 has no relative effect, it is "cannot tell".',
  'metrics.bayes.prior':
    'Normal prior of the relative effect; by default one fitted on the real tests of an online shop (ASOS).',
  'metrics.bayes.prior.mean': 'Its mean; an arm loses less than all.',
  'metrics.bayes.prior.sd': 'Its standard deviation.',
  'metrics.bayes.certainty': 'Posterior probability from which the verdict is not "cannot tell".',
  stopping: 'When the run ends. A rule is fixed before the run and stored with it.',
  'stopping.rule':
    '`fixed` looks once, at the end; `sequential` looks after every batch, with intervals that hold at all looks together, and ends early.',
  'stopping.batch': 'Visitors between two looks.',
  'stopping.minimumVisitors': 'No look before so many visitors.',
  'stopping.futility': 'Also stop when what is left could hardly find an effect as large as the margin.',
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
  readonly oneOf?: readonly Shape[];
  readonly const?: unknown;
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
    'wrong field is named in the error. `--catalogue`, `--seed`, `--visitors`, `--mind`, `--minds`, `--model`, `--max-usd`,',
    '`--max-tokens`, `--record` and `--replay` each override one field.',
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
  return Object.entries(shape.properties ?? {}).flatMap(([key, declared]) => {
    const field = withoutNull(declared);
    const path = `${prefix}${key}`;
    const own = {
      path,
      kind: kindOf(field),
      presence: presenceOf(field, shape.required?.includes(key) ?? false),
    };
    const kinds = partsOf(field).map((part) => fieldsOf(part, `${path}.`));
    const inner = kinds.flat();
    const isInEvery = (one: Field): boolean =>
      kinds.every((fields) => fields.some((other) => other.path === one.path));
    return [
      own,
      ...inner
        .filter((one, place) => inner.findIndex((other) => other.path === one.path) === place)
        .map((one) => ({ ...one, kind: kindsTogether(inner, one.path) }))
        .map((one) =>
          isInEvery(one) || one.presence !== 'required' ? one : { ...one, presence: 'makes the kind' },
        ),
    ];
  });
}

/** A field that may be null is told as what it is otherwise; its default says so. */
function withoutNull(field: Shape): Shape {
  const others = field.anyOf?.filter(({ type }) => type !== 'null');
  if (others?.length !== 1) return field;
  const { anyOf: _, ...about } = field;
  return { ...others[0], ...about };
}

/** The kinds that a field, or each element of a list, may be of. */
function partsOf(field: Shape): readonly Shape[] {
  if (field.items !== undefined) return field.items.anyOf ?? [field.items];
  return field.oneOf ?? [field];
}

/** What a field is in every kind that has it: the names of the kinds themselves are listed. */
function kindsTogether(fields: readonly Field[], path: string): string {
  return [...new Set(fields.filter((field) => field.path === path).map(({ kind }) => kind))].join(', ');
}

function presenceOf(field: Shape, required: boolean): string {
  if (field.default === null) return 'default none';
  if (field.default !== undefined && field.type !== 'object' && field.oneOf === undefined)
    return `default \`${JSON.stringify(field.default)}\``;
  return required ? 'required' : '';
}

function kindOf(field: Shape): string {
  if (field.const !== undefined) return `\`${String(field.const)}\``;
  if (field.oneOf !== undefined) return 'object';
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
