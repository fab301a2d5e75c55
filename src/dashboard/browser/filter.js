// @ts-check
// Filters as they are typed: `arm:popularity steps>10 "long walk"`. Text to terms, terms to yes or no for a row. The
// server filters with it, and so does a page that was opened from disk, where this file is part of its one script.

/**
 * What a row may be asked for, by name.
 * @typedef {Readonly<Record<string, 'number' | 'text'>>} Fields
 * @typedef {Readonly<Record<string, string | number | null>>} Row
 * @typedef {':' | '!=' | '<=' | '>=' | '<' | '>' | '~'} Operator
 * @typedef {{ readonly field: string | null, readonly operator: Operator, readonly value: string }} Term
 * @typedef {{ readonly terms: readonly Term[] } | { readonly problem: string }} Filter
 */

/**
 * The terms of a typed filter, all of which a row must fulfil, or what is wrong with it. `:` and `=` ask for equality,
 * `~` for a part of the text; a word without an operator is looked for in all texts; quotes hold words together.
 * @param {string} typed
 * @param {Fields} fields
 * @returns {Filter}
 */
export function parseFilter(typed, fields) {
  /** @type {Term[]} */
  const terms = [];
  for (const [, field, sign, quoted, bare] of typed.matchAll(
    /(?:([A-Za-z]+)(!=|<=|>=|[:=<>~]))?(?:"([^"]*)"|([^\s"]+))/gu,
  )) {
    const value = quoted ?? bare ?? '';
    if (field === undefined || sign === undefined) {
      terms.push({ field: null, operator: '~', value });
      continue;
    }
    const kind = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (kind === undefined)
      return { problem: `There is no field '${field}'. Fields: ${Object.keys(fields).join(', ')}.` };
    const operator = /** @type {Operator} */ (sign === '=' ? ':' : sign);
    if (kind === 'number' && operator === '~')
      return { problem: `'${field}' is a number: ask with : != < <= > or >=.` };
    if (kind === 'text' && /[<>]/u.test(operator))
      return { problem: `'${field}' is a text: ask with : != or ~.` };
    if (kind === 'number' && !Number.isFinite(Number(value)))
      return { problem: `'${field}' is a number, and '${value}' is not.` };
    terms.push({ field, operator, value });
  }
  return { terms };
}

/**
 * Whether the row fulfils every term. What is not known (null) fulfils none but !=.
 * @param {readonly Term[]} terms
 * @param {Row} row
 * @returns {boolean}
 */
export function matches(terms, row) {
  return terms.every(({ field, operator, value }) =>
    field === null
      ? Object.values(row).some((own) => typeof own === 'string' && holds(own, '~', value))
      : holds(row[field] ?? null, operator, value),
  );
}

/**
 * @param {string | number | null} own
 * @param {Operator} operator
 * @param {string} value
 * @returns {boolean}
 */
function holds(own, operator, value) {
  if (own === null) return operator === '!=';
  const text = String(own).toLowerCase();
  const equal = typeof own === 'number' ? own === Number(value) : text === value.toLowerCase();
  switch (operator) {
    case ':':
      return equal;
    case '!=':
      return !equal;
    case '~':
      return text.includes(value.toLowerCase());
    case '<':
      return Number(own) < Number(value);
    case '<=':
      return Number(own) <= Number(value);
    case '>':
      return Number(own) > Number(value);
    case '>=':
      return Number(own) >= Number(value);
  }
}
