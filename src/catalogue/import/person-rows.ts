// Histories as publications of sequences have them: a person and then items in order of time, all of them numbers. Every row
// is a like of 5, and its place is its time.

import { plainRows } from './csv.ts';
import type { Gathering } from './gather.ts';
import { lines, type SourceFile } from './source.ts';

/** Lines of a person and then items, ids between spaces. */
export function readPersonLines(file: SourceFile, gathering: Gathering): void {
  const expected = 'a person and then items, ids between spaces';
  gathering.rows(file.label, plainRows(lines(file), ' '), expected, ({ line, fields }) =>
    takePerson(
      gathering,
      file,
      line,
      fields.filter((field) => field !== ''),
    ),
  );
}

/** The rows of one person; returns what is wrong, or nothing. */
export function takePerson(
  gathering: Gathering,
  file: SourceFile,
  line: number,
  [user, ...items]: readonly string[],
): string | undefined {
  const wrong = [user, ...items].find((id) => id === undefined || !/^\d{1,200}$/.test(id));
  if (user === undefined || wrong !== undefined) return `${JSON.stringify(wrong)} is not an id`;
  return items
    .map((item, time) => gathering.interaction({ user, item, time, value: 5 }, file.label, line))
    .find((problem) => problem !== undefined);
}
