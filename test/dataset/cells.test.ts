import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { csvRow, joinedTexts, partedTexts, plainTextOf, spreadsheetText } from '../../src/dataset/cells.ts';

const nasty = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc
    .tuple(
      fc.constantFrom(
        '=',
        '+',
        '-',
        '@',
        '\t',
        '\r',
        '\n',
        "'",
        "''=",
        '"',
        ',',
        ';',
        ';=',
        ';"=',
        "x;'-",
        'x\n=',
        'x\r\n-',
        '[',
        '|',
      ),
      fc.string(),
    )
    .map(([a, b]) => a + b),
);

describe('cells of a spreadsheet', () => {
  it('never begin like a formula', () => {
    fc.assert(fc.property(nasty, (text) => !/^[=+\-@\t\r\n]/.test(spreadsheetText(text))));
  });
  it('never begin like a formula where the semicolon or a new line parts cells, either', () => {
    expect(csvRow(['Heat;=HYPERLINK(A1)'], true)).toBe(`"Heat;'=HYPERLINK(A1)"`);
    expect(spreadsheetText('one\n\ntwo\r\n=3')).toBe("one\n\ntwo\r\n'=3");
    fc.assert(
      fc.property(nasty, nasty, (one, other) => {
        const parts = csvRow([1, `${one};${other}`], true).split(/[;\r\n]/);
        expect(parts.slice(1).filter((part) => /^"*[=+\-@\t]/.test(part))).toEqual([]);
      }),
    );
  });
  it('are quoted, whatever they hold', () => {
    expect(csvRow(['Heat', 'a "b"'], true)).toBe(`"Heat","a ""b"""`);
  });
  it('come back as they were', () => {
    fc.assert(fc.property(nasty, (text) => plainTextOf(spreadsheetText(text)) === text));
  });
  it('are left alone where they are harmless, and numbers are numbers', () => {
    expect(spreadsheetText('Heat')).toBe('Heat');
    expect(csvRow([-1.5, '-1.5', null, '', true], true)).toBe(`-1.5,"'-1.5",,"",true`);
    expect(csvRow([-1.5, '=1', null], false)).toBe('-1.5,=1,');
  });
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")'])(
    'hold the list of OWASP harmless: %j',
    (text) => {
      const [[cell]] = parse(`${csvRow([text], true)}\n`) as [[string]];
      expect(cell).toBe(text.startsWith('\r') ? "'\r'=1" : `'${text}`);
    },
  );
});

describe('texts in one cell', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.array(nasty), (texts) => {
        expect(partedTexts(joinedTexts(texts))).toEqual(texts);
      }),
    );
  });
  it('are readable where they can be', () => {
    expect(joinedTexts(['Drama', 'Sci-Fi'])).toBe('Drama|Sci-Fi');
  });
});

describe('a row of CSV', () => {
  it('is read by others as it was', () => {
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 2, maxLength: 5 }), (texts) => {
        expect(parse(`${csvRow(texts, false)}\n`, { relax_column_count: false })).toEqual([texts]);
      }),
    );
  });
});
