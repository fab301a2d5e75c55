// The titled csv set of MiniOneRec: NAME.item.json (id → title, description, brand) and NAME_train/valid/test.csv,
// each row the last ten items of a person and the next one. The rows of a person, in file order, slide by one,
// so the sequence comes back from them. Cells hold Python lists. Which of the three files are there does not matter.

import { RehearsalError } from '../../base/error.ts';
import { csvRows, namedRows } from './csv.ts';
import { interactionProblem, type Gathering } from './gather.ts';
import { jsonEntries } from './json-entries.ts';
import { readPythonLiteral } from './python-literal.ts';
import { findFile, lines } from './source.ts';
import type { SourceFile } from './source.ts';
import { plainText } from './title.ts';

/** The published windows have ten items; so long a one is another kind of file. */
const longestWindow = 1000;

interface Step {
  readonly item: string;
  readonly file: string;
  readonly line: number;
}

/** Reads the set into the gathering; times are places in the sequence from 0. */
export function titledSet(path: string, files: readonly SourceFile[], gathering: Gathering): void {
  const catalogues = files.filter((file) => file.name.endsWith('.item.json'));
  const [catalogue] = catalogues;
  const base = catalogue?.name.slice(0, -'.item.json'.length) ?? '';
  const parts = ['train', 'valid', 'test']
    .map((part) => findFile(files, `${base}_${part}.csv`))
    .filter((file) => file !== undefined);
  if (catalogue === undefined || catalogues.length > 1 || parts.length === 0) {
    throw new RehearsalError(
      `${path} holds ${catalogues.length} files NAME.item.json and ${parts.length} of NAME_train.csv, NAME_valid.csv, NAME_test.csv: expected one and at least one.`,
      {
        hint: 'Give the folder of one data set; each file may end in .gz.',
      },
    );
  }
  readItems(catalogue, gathering);
  const sequences = new Map<string, Step[]>();
  for (const part of parts) {
    gathering.rows(
      part.label,
      namedRows(csvRows(lines(part))),
      'columns user_id, history_item_id (a list), item_id',
      (row) => {
        if (row.problem !== undefined) return row.problem;
        const user = row.cell('user_id');
        const history = readPythonLiteral(row.cell('history_item_id') ?? '');
        const item = row.cell('item_id');
        if (user === undefined || user === '' || item === undefined || item === '')
          return 'no user_id or item_id';
        if (!Array.isArray(history)) return 'history_item_id is not a list';
        if (history.length > longestWindow)
          return `history_item_id has ${history.length} entries, more than ${longestWindow}`;
        if (!history.every((id) => typeof id === 'string' || typeof id === 'number'))
          return 'history_item_id holds something that is not an id';
        const window = [...history.map(String), item];
        const problem = window
          .map((id) => interactionProblem({ user, item: id, time: 0, value: 5 }))
          .find((found) => found !== undefined);
        if (problem !== undefined) return problem;
        const sequence = sequences.get(user) ?? [];
        sequences.set(user, sequence);
        continueWith(sequence, window, part.label, row.line);
        return undefined;
      },
    );
  }
  for (const [user, sequence] of sequences) {
    for (const [time, { item, file, line }] of sequence.entries()) {
      const problem = gathering.interaction({ user, item, time, value: 5 }, file, line);
      if (problem !== undefined) throw new Error(`${file}:${line} was found sound and is not: ${problem}`);
    }
  }
}

/** Appends what the window adds to the sequence: everything after their longest overlap. */
function continueWith(sequence: Step[], window: readonly string[], file: string, line: number): void {
  let overlap = Math.min(sequence.length, window.length);
  const fits = (length: number): boolean =>
    sequence.slice(sequence.length - length).every((step, index) => step.item === window[index]);
  while (!fits(overlap)) overlap--;
  for (const item of window.slice(overlap)) sequence.push({ item, file, line });
}

function readItems(file: SourceFile, gathering: Gathering): void {
  const expected = 'id → {title, description, brand}';
  gathering.rows(file.label, jsonEntries(file, expected), expected, ({ line, id, value }) => {
    if (value === null || typeof value !== 'object') return `${id} is not an object`;
    const fields = new Map<string, unknown>(Object.entries(value));
    const text = (name: string): string => {
      const found = fields.get(name);
      const list = typeof found === 'string' && found.startsWith('[') ? readPythonLiteral(found) : found;
      return plainText(
        Array.isArray(list)
          ? list.filter((part) => typeof part === 'string').join(' ')
          : typeof found === 'string'
            ? found
            : '',
      );
    };
    const brand = text('brand');
    const genres = text('categories')
      .split(/[|,]/)
      .map((genre) => genre.trim())
      .filter((genre) => genre !== ''); // empty in the published sets
    return gathering.item(
      {
        id,
        title: text('title'),
        text: text('description'),
        genres,
        attributes: brand === '' ? {} : { brand },
      },
      file.label,
      line,
    );
  });
}
