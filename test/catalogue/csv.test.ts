// Laws of the small readers: what is written comes back, and what is broken is said to be broken.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, csvRows } from '../../src/catalogue/import/csv.ts';
import { readPythonLiteral } from '../../src/catalogue/import/python-literal.ts';
import { linesOf } from '../../src/catalogue/import/lines.ts';
import { articleFirst, plainText, readTitle } from '../../src/catalogue/import/title.ts';

const rowsOf = (text: string, separator?: string) => [...csvRows(linesOf(Buffer.from(text)), separator)];
const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\t', '\n', '\r', ' ', 'é', '🎬', ';', "'") });
const tableOf = fc.array(fc.array(field, { minLength: 1, maxLength: 5 }), { maxLength: 8 });

describe('csv', () => {
  it.each([',', '\t', ';'])('comes back as it was written, separated by %j', (separator) => {
    fc.assert(
      fc.property(tableOf, fc.constantFrom('\n', '\r\n'), (rows, ending) => {
        const text = rows.map((row) => csvLine(row, separator) + ending).join('');
        expect(rowsOf(text, separator).map((row) => row.fields)).toEqual(rows);
      }),
    );
  });
  it('never loses or invents a line, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n'), maxLength: 60 }), (text) => {
        const rows = rowsOf(text);
        const numbers = rows.map((row) => row.line);
        expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(numbers);
        expect(numbers.every((number) => number >= 1 && number <= text.split('\n').length)).toBe(true);
      }),
    );
  });
  it('loses only the line of an unclosed quote', () => {
    const rows = rowsOf('a,b\n"c,d\ne,f\n');
    expect(rows.map((row) => row.problem ?? row.fields)).toEqual([['a', 'b'], 'unclosed quote', ['e', 'f']]);
    expect(rowsOf('"a"b,c\n')[0]?.problem).toBe('text after a closing quote');
  });
  it('skips a byte order mark and reads Latin-1 where it is not UTF-8', () => {
    expect(rowsOf('\ufeffa,b\n')[0]?.fields).toEqual(['a', 'b']);
    expect([...linesOf(Buffer.from('L\xe9on\n', 'latin1'))][0]?.text).toBe('Léon');
  });
});

describe('python literals', () => {
  it('agree with JSON where both can say a thing', () => {
    const number = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    );
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        number,
        fc.string({ unit: fc.constantFrom('a', "'", '"', '\\', '\n', 'é') }),
        fc.array(tie('value'), { maxLength: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(value, (written) => {
        expect(readPythonLiteral(JSON.stringify(written))).toEqual(written);
      }),
    );
  });
  it('read both kinds of quotes, escapes, words and dicts', () => {
    expect(readPythonLiteral(`['a"b', "it's", 'x\\'y\\n', True, None, (1, 2.5), {'k': [-3]}]`)).toEqual([
      'a"b',
      "it's",
      "x'y\n",
      true,
      null,
      [1, 2.5],
      { k: [-3] },
    ]);
    expect(readPythonLiteral(`'\\xe9\\u00e9'`)).toBe('éé');
  });
  it.each(['[1', '[1 2]', "'a", 'print(1)', '{1: }', '', '[1] x', '__import__("os")'])(
    'refuse %j',
    (text) => {
      expect(readPythonLiteral(text)).toBeUndefined();
    },
  );
});

describe('titles', () => {
  it.each([
    ['Toy Story (1995)', { title: 'Toy Story', year: 1995 }],
    ['Matrix, The (1999)', { title: 'The Matrix', year: 1999 }],
    [
      'City of Lost Children, The (Cité des enfants perdus, La) (1995)',
      { title: 'The City of Lost Children (La Cité des enfants perdus)', year: 1995 },
    ],
    ["Emmerdeur, L' (1973)", { title: "L'Emmerdeur", year: 1973 }],
    ['Big Bang Theory, The (2007-)', { title: 'The Big Bang Theory', year: 2007 }],
    ['Fawlty Towers (1975-1979)', { title: 'Fawlty Towers', year: 1975 }],
    ['2001: A Space Odyssey', { title: '2001: A Space Odyssey' }],
    ['Monsters, Inc. (2001)', { title: 'Monsters, Inc.', year: 2001 }],
  ])('%s', (raw, expected) => expect(readTitle(raw)).toEqual(expected));
  it('are left alone when they are right already', () => {
    fc.assert(
      fc.property(
        fc.string().map((text) => articleFirst(text).replaceAll(',', '')),
        (text) => {
          expect(articleFirst(text)).toBe(text);
        },
      ),
    );
  });
  it('lose markup and entities', () => {
    expect(plainText('8.5&rdquo; <b>x</b> 11&#34;<!-- a --><style>p{}</style>  &amp; more &unknown;')).toBe(
      '8.5” x 11" & more &unknown;',
    );
    expect(plainText('3 < 5 and 6 > 2')).toBe('3 < 5 and 6 > 2');
  });
});

describe('lines', () => {
  const linesIn = (...parts: readonly (string | Buffer)[]) => [
    ...linesOf(Buffer.concat(parts.map((part) => Buffer.from(part)))),
  ];
  const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

  it('that are UTF-8 stay UTF-8 beside one that is Latin-1, which says so', () => {
    expect(linesIn('Amélie\n', latin1('L\xe9on\r\n'), 'Škoda')).toEqual([
      { number: 1, text: 'Amélie', ending: '\n', latin1: false },
      { number: 2, text: 'Léon', ending: '\r\n', latin1: true },
      { number: 3, text: 'Škoda', ending: '', latin1: false },
    ]);
  });
  it('are numbered and ended alike, whether or not another line is Latin-1', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '🎬', '\n', '\r', ','), maxLength: 40 });
    fc.assert(
      fc.property(text, (written) => {
        const whole = linesIn(`first\n${written}`);
        const [first, ...rest] = linesIn(latin1('L\xe9on\n'), written);
        expect(first?.latin1).toBe(true);
        expect(rest).toEqual(whole.slice(1));
      }),
    );
  });
  it('of UTF-16 are refused by name', () => {
    for (const mark of ['fffe', 'feff'])
      expect(() => [...linesOf(Buffer.from(`${mark}61006200`, 'hex'), 'log.csv')]).toThrow(
        /log\.csv.*UTF-16/,
      );
  });
  it('may be long, and not endless', () => {
    const long = 'x'.repeat(1 << 24);
    expect(linesIn(`${long}\n`, 'b\n').map((line) => line.text.length)).toEqual([1 << 24, 1]);
    expect(() => linesIn(`${long}xx\nb\n`)).toThrow(/line 1 is longer/);
  });
});
