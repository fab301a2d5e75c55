import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dot, normaliseTitle, textVector, textVectorSize, unit } from '../../agents/text.ts';

describe('a title as remembered', () => {
  it('has no case, accents, punctuation or leading article', () => {
    expect(normaliseTitle('Amélie')).toBe('amelie');
    expect(normaliseTitle('  The Third Man! ')).toBe('third man');
    expect(normaliseTitle('THIRD MAN')).toBe('third man');
    expect(normaliseTitle('Dr. Strangelove: Or, How I…')).toBe('dr strangelove or how i');
    expect(normaliseTitle('An American in Paris')).toBe('american in paris');
    expect(normaliseTitle('東京物語')).toBe('東京物語');
  });

  it('keeps an article that is the whole title or a part of a word', () => {
    expect(['A', 'The', 'Them!', 'Anna'].map(normaliseTitle)).toEqual(['a', 'the', 'them', 'anna']);
  });

  it('is letters and digits between single spaces, and does not change by case or punctuation', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (title) => {
        expect(normaliseTitle(title)).toMatch(/^([\p{L}\p{N}]+( [\p{L}\p{N}]+)*)?$/u);
        expect(normaliseTitle(` ${title}! `)).toBe(normaliseTitle(title));
      }),
      { seed: 1 },
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{0,40}$/), (title) => {
        expect(normaliseTitle(title.toUpperCase())).toBe(normaliseTitle(title.toLowerCase()));
      }),
      { seed: 2 },
    );
  });
});

describe('the vector of a text', () => {
  it('has length 1, or 0 without words, and does not know the order of the words', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('river', 'harbour', 'winter', 'of', 'dust'), { maxLength: 6 }),
        (words) => {
          const vector = textVector(words.join(' '));
          expect(vector).toHaveLength(textVectorSize);
          const length = Math.sqrt(dot(vector, vector));
          expect(Math.min(Math.abs(length), Math.abs(length - 1))).toBeLessThan(1e-9);
          expect(textVector(words.toReversed().join(' '))).toEqual(vector);
        },
      ),
      { seed: 3 },
    );
    expect(textVector('').every((value) => value === 0)).toBe(true);
  });

  it('is nearer for texts that share words', () => {
    const film = textVector('The Third Man');
    expect(dot(film, textVector('third man'))).toBeCloseTo(1, 12);
    expect(dot(film, textVector('the third door'))).toBeGreaterThan(dot(film, textVector('winter garden')));
  });

  it('is made a unit without touching its input', () => {
    const vector = Float64Array.of(3, 4);
    expect([...unit(vector)]).toEqual([0.6, 0.8]);
    expect([...vector]).toEqual([3, 4]);
  });
});
