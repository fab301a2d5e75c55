// Writes docs/events.md out of the event schema and the list of tables, so that the page cannot lie. Run as a
// program it prints the page; test/docs-events.test.ts holds the file and this text equal.

import { z } from 'zod';
import { eventSchema } from './events.ts';
import type { EventType } from './events.ts';

/** What each event says happened. */
const meanings: Readonly<Record<EventType, string>> = {
  'visit-started': 'A visitor entered the site, with this budget of energy.',
  'slate-shown':
    "An arm (list `home`) or the site's own search (list `results`) filled a page. `slate` numbers the slates of a visit from 1; `propensity` is the chance the policy gave the item; `inView` says whether the screenshot showed it; `drafter`, under interleaving, is the arm that put it there.",
  'step-taken':
    "One look and decision: the screen by the hash of its picture, what was noticed with the interest it woke, the visitor's fatigue, what it did and why. `mark` is the number it acted on, null when leaving.",
  'item-opened': 'A card was clicked; `slate` and `slot` say where it stood.',
  'item-watched': 'The item was watched: the terminal action of the movies storefront.',
  'item-rated': 'The item was given stars.',
  'item-listed': "The item was put on the visitor's list.",
  'page-turned': 'The visitor went to this page of a list.',
  'item-closed': 'The visitor went back from the page of an item.',
  'search-made': 'The visitor searched for this text.',
  'visit-ended': 'The visitor left, and why; `step-limit` means that the visit was cut.',
};

/** What stands in the database of a run, tables first. */
export const recordContents: Readonly<Record<string, string>> = {
  run: 'facts about the run as a whole: key and JSON value',
  items: 'id, title and genres of the catalogue, for metrics and for reading',
  visitors:
    'id, the segments activity, diversity and conformity (low, medium, high), and the profile as JSON',
  sessions:
    'one row per visit: visitor, arm, replicate, mind and its version, seed, status (complete, failed, truncated), exit reason or failure, how often it was begun (tries), steps, simulated seconds, wall-clock milliseconds, the slates it asked of arms as JSON (arm, wall-clock milliseconds, the fault it was refused for, how it was generated), the token of the lease it was recorded under, and synthetic = 1. A session is written together with its events or not at all',
  events:
    'every event: session, seq, the JSON `data`, and columns that the database reads out of it (time, type, item, slate, slot, value, page, screen)',
  calls:
    'every exchange with a model: purpose, model, request hash, raw answer, tokens, dollars, repair, HTTP requests, failure; rows outlive a session that is tried again',
  plan: 'one row per planned session in the order of the plan: hash of the scenario, visitor, arm, replicate, and its lease (token, holder, last sign of life)',
  migrations: 'the steps that made these tables',
  impressions:
    'view: one row per session, slate, slot and item, with score, propensity, in_view, and whether it was opened, watched, listed, and its stars',
  clicks: 'view: one row per opened item with its title',
  steps: 'view: one row per look and decision with action, interest, fatigue and reason',
};

/** The whole page in Markdown. */
export function eventsPage(): string {
  const events = eventSchema.options.map((option) => {
    const type = option.shape.type.value;
    const fields = Object.entries(option.shape)
      .filter(([name]) => name !== 'type' && name !== 'time')
      .map(([name, schema]) => `- \`${name}\`: ${typeText(shapeSchema.parse(z.toJSONSchema(schema)))}\n`);
    return `### ${type}\n\n${meanings[type]}\n${fields.length === 0 ? '' : `\n${fields.join('')}`}`;
  });
  const contents = Object.entries(recordContents).map(([name, text]) => `- \`${name}\`: ${text}.\n`);
  return `# Events

This page is generated from \`src/store/events.ts\` by \`npx node src/store/events-page.ts\`; do not edit it.

Every event has its \`type\` and \`time\`, the simulated seconds since the visit began. The events of a session are numbered
from 0 in the order they happened (\`seq\`). No event holds a wall-clock time, so equal seeds give equal events.

## What can happen

${events.join('\n')}
## Where it stands

The record of a run is one SQLite database, \`events.sqlite\` in its folder.

${contents.join('')}`;
}

/** The part of JSON Schema that the events use. */
interface Shape {
  readonly type?: string | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly items?: Shape | undefined;
  readonly properties?: Readonly<Record<string, Shape>> | undefined;
  readonly anyOf?: readonly Shape[] | undefined;
}

const shapeSchema: z.ZodType<Shape> = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  items: z.lazy(() => shapeSchema).optional(),
  properties: z.lazy(() => z.record(z.string(), shapeSchema)).optional(),
  anyOf: z.lazy(() => z.array(shapeSchema)).optional(),
});

function typeText(shape: Shape): string {
  if (shape.anyOf !== undefined) return shape.anyOf.map(typeText).join(' or ');
  if (shape.enum !== undefined) return `one of ${shape.enum.map((value) => `\`${value}\``).join(', ')}`;
  switch (shape.type) {
    case 'array':
      return `list of ${shape.items === undefined ? 'anything' : typeText(shape.items)}`;
    case 'object': {
      const fields = Object.entries(shape.properties ?? {});
      return `{ ${fields.map(([name, inner]) => `${name}: ${typeText(inner)}`).join('; ')} }`;
    }
    case 'integer':
      return `whole number${rangeText(shape)}`;
    case 'number':
      return `number${rangeText(shape)}`;
    case 'string':
      return 'text';
    case 'boolean':
      return 'yes or no';
    case 'null':
      return 'null';
    default:
      throw new RangeError(`The page of events cannot name the type ${shape.type}.`);
  }
}

/** JSON Schema bounds whole numbers by the largest safe ones; those are not worth saying. */
function rangeText({ minimum, maximum }: Shape): string {
  const low = minimum !== undefined && Math.abs(minimum) < Number.MAX_SAFE_INTEGER ? minimum : undefined;
  const high = maximum !== undefined && Math.abs(maximum) < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`;
  if (low !== undefined) return ` from ${low}`;
  return high !== undefined ? ` up to ${high}` : '';
}

if (import.meta.main) process.stdout.write(eventsPage());
