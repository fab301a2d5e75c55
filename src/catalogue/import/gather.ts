// Gathers what an importer reads: counts rows, drops, changes, and builds the catalogue from what is left.
// The rules all sources share live here: malformed below 1 % of a file is listed, at 1 % it is fatal; a person
// rates an item once, the last time counts; an interaction needs its item. Knows no file format.

import { z } from 'zod';
import { RehearsalError } from '../../base/error.ts';
import { itemSchema } from '../item.ts';
import type { Catalogue, Interaction, Item, Person } from '../item.ts';
import { byText, byTime } from '../order.ts';
import type { RowBytes } from './csv.ts';
import type { Imported, ImportReport } from './importer.ts';

export type DropReason =
  | 'malformed'
  | 'item read twice, the first kept'
  | 'person read twice, the first kept'
  | 'rating repeated by the same person, the last kept'
  | 'item not in the item file'
  | 'person without interactions'
  | 'item without interactions'
  | 'row without a value';

export type ItemDraft = z.input<typeof itemSchema>;

export interface Gathering {
  /**
   * Takes every row of a file; `take` returns what is wrong with a row, or nothing. Throws at 1 % malformed, and on an
   * empty file. Of a kept row it is noted where it was not UTF-8, and where the file ends in it without a line end.
   */
  rows<Row extends { readonly line: number } & RowBytes>(
    file: string,
    rows: Iterable<Row>,
    expected: string,
    take: (row: Row) => string | undefined,
  ): void;
  /** Keeps an item; returns what is wrong with it, or nothing. */
  item(draft: ItemDraft, file: string, line: number): string | undefined;
  person(person: Person, file: string, line: number): string | undefined;
  /** Keeps an interaction; returns what is wrong with it, or nothing. */
  interaction(interaction: Interaction, file: string, line: number): string | undefined;
  /** Leaves out a row that names no value: nobody rated. */
  unrated(file: string, line: number): void;
  changed(reason: string, file: string, line: number): void;
  finish(settings: { name: string; implicit: boolean; keepItems: 'all' | 'with interactions' }): Imported;
}

interface Tally {
  count: number;
  examples: string[];
}

const mostExamples = 20;
const fatalShare = 0.01;
const longestText = 10_000;
/** Seconds before and after 1970 that a date can be, as in JavaScript: a quarter of a million years. */
const furthestTime = 8.64e12;

/** A gathering for one import. Items must be given before the interactions on them. */
export function gather(importer: string, source: string): Gathering {
  const files: { name: string; rows: number }[] = [];
  const dropped = new Map<string, Tally>();
  const changes = new Map<string, Tally>();
  const items = new Map<string, { item: Item; file: string; line: number }>();
  const people = new Map<string, { person: Person; file: string; line: number }>();
  const histories = new Map<string, Map<string, { interaction: Interaction; line: number }>>();

  /** The row under way, where it is the last and has no line end, and the time of the row before it. */
  let unended = false;
  let timeBefore = 0;

  const drop = (reason: DropReason, file: string, line: number): void => note(dropped, reason, file, line);

  return {
    rows: (file, rows, expected, take) => {
      let read = 0;
      const problems: string[] = [];
      let malformed = 0;
      timeBefore = 0;
      for (const row of rows) {
        read++;
        unended = row.unended === true;
        const problem = take(row);
        unended = false;
        if (problem === undefined) {
          if (row.latin1 === true) note(changes, 'a line that is not UTF-8, read as Latin-1', file, row.line);
          if (row.unended === true)
            note(changes, 'the last line has no line end, taken as whole', file, row.line);
          continue;
        }
        malformed++;
        drop('malformed', file, row.line);
        if (problems.length < 5) problems.push(`${file}:${row.line}: ${shortened(problem, 300)}`);
      }
      files.push({ name: file, rows: read });
      if (read === 0) {
        throw new RehearsalError(`${file} holds no rows; expected ${expected}.`, {
          hint: 'Give the whole file of the data set.',
        });
      }
      if (malformed / read >= fatalShare) {
        throw new RehearsalError(
          `${malformed} of ${read} rows of ${file} are malformed (1 % or more is too many):\n  ${problems.join('\n  ')}\nExpected ${expected}.`,
          { hint: 'Mend the file, or pick the importer that fits its layout.' },
        );
      }
    },

    item: (draft, file, line) => {
      const problem = itemProblem(draft);
      if (problem !== undefined) return problem;
      const parsed = itemSchema.safeParse(fitted(draft, (reason) => note(changes, reason, file, line)));
      if (!parsed.success) return z.prettifyError(parsed.error).replace(/\s*\n\s*/g, ' ');
      if (items.has(parsed.data.id)) drop('item read twice, the first kept', file, line);
      else items.set(parsed.data.id, { item: parsed.data, file, line });
      return undefined;
    },

    person: (person, file, line) => {
      const texts = Object.entries(person).map(([field, text]) =>
        nulProblem(`person's ${field}`, text ?? ''),
      );
      const problem = idProblem('person', person.id) ?? texts.find((found) => found !== undefined);
      if (problem !== undefined) return problem;
      if (people.has(person.id)) drop('person read twice, the first kept', file, line);
      else people.set(person.id, { person, file, line });
      return undefined;
    },

    interaction: (interaction, file, line) => {
      const problem = interactionProblem(interaction);
      if (problem !== undefined) return problem;
      const { user, item, time } = interaction;
      if (unended && isCutTime(time, timeBefore))
        return `the file ends here without a line end, and the time ${time} is shorter than the ${timeBefore} before: it is cut`;
      timeBefore = time;
      if (!items.has(item)) {
        drop('item not in the item file', file, line);
        return undefined;
      }
      const history = histories.get(user) ?? new Map<string, { interaction: Interaction; line: number }>();
      if (history.size === 0) histories.set(user, history);
      const earlier = history.get(item);
      if (earlier === undefined) history.set(item, { interaction, line });
      else if (time >= earlier.interaction.time) {
        drop('rating repeated by the same person, the last kept', file, earlier.line);
        history.set(item, { interaction, line });
      } else drop('rating repeated by the same person, the last kept', file, line);
      return undefined;
    },

    unrated: (file, line) => drop('row without a value', file, line),

    changed: (reason, file, line) => note(changes, reason, file, line),

    finish: ({ name, implicit, keepItems }) => {
      const interactions = [...histories.values()].flatMap((history) =>
        [...history.values()].map((kept) => kept.interaction),
      );
      const touched = new Set(interactions.map((interaction) => interaction.item));
      const kept: Item[] = [];
      for (const { item, file, line } of items.values()) {
        if (keepItems === 'all' || touched.has(item.id)) kept.push(item);
        else drop('item without interactions', file, line);
      }
      for (const [id, { file, line }] of people) {
        if (!histories.has(id)) drop('person without interactions', file, line);
      }
      if (interactions.length === 0) {
        throw new RehearsalError(
          `${source} gave no interactions: every row was dropped.\n${tallies(dropped)
            .map((row) => `  ${row.count}: ${row.reason}`)
            .join('\n')}`,
          {
            hint: 'Check that the ids of the interactions and of the items are the same ids.',
          },
        );
      }
      const catalogue: Catalogue = {
        name,
        implicit,
        items: kept,
        people: [...histories.keys()].sort(byText).map((id) => people.get(id)?.person ?? { id }),
        interactions: interactions.sort(byTime),
      };
      return {
        catalogue,
        report: reportOf(importer, source, files, catalogue, tallies(dropped), tallies(changes)),
      };
    },
  };
}

/** What is wrong with an interaction before its item is looked for, or nothing. */
export function interactionProblem({ user, item, time, value }: Interaction): string | undefined {
  if (!(Math.abs(time) <= furthestTime)) return 'the time is not the seconds of a date';
  if (!(value >= 0.5 && value <= 5)) return 'the value is not a rating from 0.5 to 5';
  return idProblem('person', user) ?? idProblem('item', item);
}

function idProblem(whose: 'person' | 'item', id: string): string | undefined {
  if (id === '' || id.length > 200) return `the ${whose} has no id of 1-200 characters`;
  if (!id.isWellFormed()) return `the ${whose}'s id holds half a character`;
  return nulProblem(`${whose}'s id`, id);
}

function itemProblem({ id, title, text = '', genres = [] }: ItemDraft): string | undefined {
  return (
    idProblem('item', id) ??
    nulProblem('title', title) ??
    nulProblem('text', text) ??
    nulProblem('genres', genres.join())
  );
}

/** No text holds one: the file is of another kind, or damaged. */
function nulProblem(what: string, text: string): string | undefined {
  return text.includes('\0') ? `the ${what} holds a NUL` : undefined;
}

/** Unix seconds have nine digits or more since 1973; a file cut inside them ends in fewer than the row before has. */
function isCutTime(time: number, before: number): boolean {
  const digits = (value: number): number => Math.trunc(Math.abs(value)).toString().length;
  return digits(before) >= 9 && digits(time) < digits(before);
}

/** Foreign text in a message: at most so many characters. */
export function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** A number written in decimal digits; undefined for anything else, empty text included. */
export function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(text)
    ? Number(text)
    : undefined;
}

function fitted(draft: ItemDraft, changed: (reason: string) => void): ItemDraft {
  const title = cut(draft.title, 500);
  const text = cut(draft.text ?? '', longestText);
  if (![draft.title, draft.text ?? ''].every((written) => written.isWellFormed()))
    changed('half a character read as �');
  const genres = [...new Set(draft.genres ?? [])]
    .filter((genre) => genre !== '')
    .map((genre) => cut(genre, 60))
    .slice(0, 20);
  if (draft.title.length > 500) changed('title cut to 500 characters');
  if ((draft.text ?? '').length > longestText) changed('text cut to 10,000 characters');
  if (genres.length !== new Set(draft.genres ?? []).size) changed('genres beyond 20, or empty, left out');
  if (genres.some((genre) => !(draft.genres ?? []).includes(genre))) changed('genre cut to 60 characters');
  return { ...draft, title, text, genres };
}

/** At most so many characters, none of them half. */
function cut(text: string, longest: number): string {
  const whole = text.toWellFormed();
  const short = whole.slice(0, longest);
  return short.isWellFormed() ? short : short.slice(0, -1);
}

function note(into: Map<string, Tally>, reason: string, file: string, line: number): void {
  const tally = into.get(reason) ?? { count: 0, examples: [] };
  if (tally.count++ === 0) into.set(reason, tally);
  if (tally.examples.length < mostExamples) tally.examples.push(`${file}:${line}`);
}

function tallies(from: ReadonlyMap<string, Tally>): ImportReport['dropped'] {
  return [...from]
    .map(([reason, tally]) => ({ reason, ...tally }))
    .sort((a, b) => b.count - a.count || byText(a.reason, b.reason));
}

function reportOf(
  importer: string,
  source: string,
  files: readonly { name: string; rows: number }[],
  catalogue: Catalogue,
  dropped: ImportReport['dropped'],
  changed: ImportReport['changed'],
): ImportReport {
  return {
    importer,
    source,
    files: [...files],
    rows: files.reduce((sum, file) => sum + file.rows, 0),
    items: catalogue.items.length,
    people: catalogue.people.length,
    interactions: catalogue.interactions.length,
    dropped,
    changed,
  };
}
