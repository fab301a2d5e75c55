import fc from 'fast-check';
import { expect, it } from 'vitest';
import { oneLine, printable } from '../../src/cli/printable.ts';

it('what could act on a terminal is written out, and nothing else is touched', () => {
  expect(printable('a\u001b[2Jb\u0007\r\u009b31m\u202Egpj.exe')).toBe(
    'a\\u001b[2Jb\\u0007\\u000d\\u009b31m\\u202egpj.exe',
  );
  expect(printable('Amélie\t🎬\nzwei: ✓ →')).toBe('Amélie\t🎬\nzwei: ✓ →');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }),
  );
});

it('a JSON document says the same afterwards', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), (document) => {
      const text = JSON.stringify(document, null, 2);
      expect(JSON.parse(printable(text))).toEqual(JSON.parse(text));
    }),
  );
});

it('a title in a list stays on its line', () => {
  expect(oneLine('line\n\tbreak 🎬')).toBe('line break 🎬');
});
