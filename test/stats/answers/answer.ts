// How a reference case is answered: by its method's wording and its input, never by its id. What a method's wording
// holds (a threshold, a level) is read from it, so that other inputs of the same methods are answered as well.

/** The numbers that a case asks for, by the names of its `expected`. */
export type Answer = Readonly<Record<string, unknown>>;

export interface Question {
  readonly method: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Which figures are wanted; a table may read a setting from such a name, but never a value. */
  readonly wanted: readonly string[];
}

/** A kind of question and who answers it; the first entry whose pattern fits the method does. */
export type AnswerTable = readonly (readonly [method: RegExp, answer: (question: Question) => Answer])[];

/** The result, where there must be one. */
export function solid<T extends { readonly kind: string }>(result: T): Exclude<T, { kind: 'not-estimable' }> {
  if (result.kind === 'not-estimable') throw new Error(`not estimable: ${JSON.stringify(result)}`);
  return result as Exclude<T, { kind: 'not-estimable' }>;
}

/** The number after a word in a text, such as 0.67 in "power .67". */
export function numberAfter(text: string, word: string): number | undefined {
  const found = new RegExp(`${word}\\s*=?\\s*([0-9.]+(?:e[0-9]+)?)`, 'iu').exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
