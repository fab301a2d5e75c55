// A list as it is typed: words with commas between.

import { UsageError } from './error.ts';

/** The words of a list without the blanks around them. Throws a UsageError with the option's name where there is none. */
export function listed(text: string, option: string): string[] {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length > 0) return words;
  throw new UsageError(`${option} expects a list with commas between, got ${JSON.stringify(text)}`);
}
