// Other numbers for the marks of a page than those of reading order: for audits that ask whether a mind goes by the
// numbers. The site itself never states any.

/** The page with these numbers on its marks, in document order; there must be one for each mark. */
export function withNumbers(page: string, numbers: readonly number[]): string {
  return `${page}<div hidden data-numbers="${numbers.join(' ')}"></div>`;
}
