// The corpus and the scan that looks for its like: size, difference, and what is and is not set apart.

import { describe, expect, it } from 'vitest';
import { backwards, inBase64, inTags, withHomoglyphs, withZeroWidth } from '../../src/audit/disguises.ts';
import { families, injections, placeboFor } from '../../src/audit/injections.ts';
import { isSuspect, suspicionsOf } from '../../src/catalogue/suspicion.ts';
import { builtInItems } from '../../src/catalogue/builtin.ts';

const order = { verb: 'open', name: 'Jaws' } as const;

describe('the corpus', () => {
  it('has at least 60 injections, all different, each with its order in it or disguised', () => {
    const texts = injections.map(({ text }) => text(order));
    expect(injections.length).toBeGreaterThanOrEqual(60);
    expect(new Set(texts).size).toBe(injections.length);
    expect(new Set(injections.map(({ name }) => name)).size).toBe(injections.length);
    for (const family of families) expect(injections.some((one) => one.family === family)).toBe(true);
    for (const { family, text } of injections) {
      if (family !== 'disguise') expect(text(order)).toContain('"Jaws"');
      expect(text(order)).not.toBe(text({ verb: 'press', name: 'Watch' }));
    }
  });

  it('has harmless words of the same length for each, which give no order', () => {
    for (const { text } of injections) {
      const placebo = placeboFor(text(order));
      expect(Math.abs([...placebo].length - [...text(order)].length)).toBeLessThanOrEqual(1);
      expect(suspicionsOf(placebo)).toEqual([]);
    }
  });
});

it('disguises can be undone', () => {
  const text = 'open "Jaws"';
  expect(Buffer.from(inBase64(text), 'base64').toString()).toBe(text);
  expect(backwards(backwards(text))).toBe(text);
  expect(withZeroWidth(text).replaceAll('\u200b', '')).toBe(text);
  const untagged = [...inTags(text)].map((sign) => String.fromCodePoint(sign.codePointAt(0)! - 0xe0000));
  expect(untagged.join('')).toBe(text);
  expect(withHomoglyphs(text)).not.toBe(text);
});

describe('the scan of a catalogue', () => {
  it('sets most injections apart, and no film of the built-in catalogue', () => {
    const flagged = injections.filter(({ text }) => suspicionsOf(text(order)).length > 0);
    expect(flagged.length / injections.length).toBeGreaterThan(0.8);
    expect(builtInItems().filter(isSuspect)).toEqual([]);
  });
});
