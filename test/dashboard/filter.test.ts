// Typed filters: what they find is what a plain reading of the terms finds, and what they do not know they name.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, parseFilter } from '../../src/dashboard/browser/filter.js';
import type { Fields, Row } from '../../src/dashboard/browser/filter.js';

const fields = { arm: 'text', exit: 'text', steps: 'number', ctr: 'number' } as const satisfies Fields;
const row: Row = { arm: 'popularity', exit: 'time-over', steps: 12, ctr: null };

function finds(typed: string, own: Row = row): boolean {
  const filter = parseFilter(typed, fields);
  if ('problem' in filter) throw new Error(filter.problem);
  return matches(filter.terms, own);
}

describe('a filter', () => {
  it.each([
    ['', true],
    ['arm:popularity', true],
    ['arm=popularity steps>=12', true],
    ['arm:POPULARITY', true],
    ['arm!=popularity', false],
    ['arm~pop steps<13 steps>11', true],
    ['steps<12', false],
    ['steps<=12', true],
    ['exit:"time-over"', true],
    ['over', true],
    ['"no such"', false],
    ['ctr>0', false],
    ['ctr:0', false],
    ['ctr!=1', true],
  ])('%s', (typed, expected) => {
    expect(finds(typed)).toBe(expected);
  });

  it.each([
    ['colour:red', /no field 'colour'.*arm, exit, steps, ctr/],
    ['steps:many', /'many' is not/],
    ['steps~1', /is a number/],
    ['arm>3', /is a text/],
    ['constructor:1', /no field 'constructor'/],
    ['__proto__:1', /__proto__/],
  ])('says what is wrong with %s', (typed, message) => {
    const filter = parseFilter(typed, fields);
    if ('problem' in filter) expect(filter.problem).toMatch(message);
    else expect(matches(filter.terms, row)).toBe(false);
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        const filter = parseFilter(typed, fields);
        if ('terms' in filter) matches(filter.terms, row);
      }),
    );
  });

  it('compares numbers as numbers do', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (own, asked) => {
        const has = (sign: string): boolean => finds(`steps${sign}${asked}`, { ...row, steps: own });
        expect([has('<'), has('<='), has(':'), has('!='), has('>='), has('>')]).toEqual([
          own < asked,
          own <= asked,
          own === asked,
          own !== asked,
          own >= asked,
          own > asked,
        ]);
      }),
    );
  });

  it('with two terms finds what both find', () => {
    const term = fc.constantFrom('arm~a', 'steps>5', 'exit!=bored', 'over', 'steps<=12');
    fc.assert(
      fc.property(term, term, fc.integer({ min: 0, max: 20 }), (one, two, steps) => {
        const own = { ...row, steps };
        expect(finds(`${one} ${two}`, own)).toBe(finds(one, own) && finds(two, own));
      }),
    );
  });
});
