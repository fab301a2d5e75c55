// Semantic IDs that items bring along, such as those published with MiniOneRec and LETTER: the attribute `codes`, a code
// for each level with commas between, '<a_60>,<b_159>,<c_7>'. They are taken as they are; tokenise.ts makes one's own.

import { UsageError } from '../base/error.ts';
import type { Item } from '../catalogue/item.ts';

export interface GivenCodes {
  /** [items × levels], in the order of the items. */
  readonly semantic: Int32Array;
  readonly levels: number;
  /** One more than the largest code of any level. */
  readonly codes: number;
}

const mostLevels = 6;
const mostCodes = 1024;
const letters = 'abcdef';

/**
 * The codes of the items. Throws a UsageError that names an item without codes, with codes of another form or depth than
 * the first, or with one that is too large.
 */
export function givenCodes(items: readonly Item[]): GivenCodes {
  const depth = items[0]?.attributes['codes']?.split(',').length ?? 0;
  const all = items.map(({ id, attributes }) => {
    const told = attributes['codes'];
    const codes = told === undefined ? null : codesIn(told);
    if (codes !== null && codes.length === depth) return codes;
    const expected = depth === 0 ? `1 to ${mostLevels} codes` : `${depth} codes, as the first item has,`;
    throw new UsageError(
      `Expected every item to bring ${expected} below ${mostCodes} in its attribute 'codes', but ${JSON.stringify(id)} has ${JSON.stringify(told ?? null)}.`,
      "Codes look like '<a_60>,<b_159>,<c_7>', at most six levels of them: import them with --ids, or take vectors: 'text'.",
    );
  });
  const semantic = Int32Array.from(all.flat());
  return {
    semantic,
    levels: Math.max(1, depth),
    codes: semantic.reduce((most, code) => Math.max(most, code), 0) + 1,
  };
}

/** '<a_60>,<b_159>' → [60, 159]; null where the text is no list of codes, one for each level. */
function codesIn(text: string): readonly number[] | null {
  const codes = text.split(',').map((word, level) => {
    const [, letter, code] = /^\s*<([a-z])_(\d{1,9})>\s*$/.exec(word) ?? [];
    return letter !== undefined && letter === letters[level] ? Number(code) : -1;
  });
  return codes.every((code) => code >= 0 && code < mostCodes) ? codes : null;
}
