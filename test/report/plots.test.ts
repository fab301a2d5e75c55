// Plots, numbers and escaping: the small parts of a report and their laws.

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { escapeHtml, html, trusted } from '../../src/report/html.ts';
import {
  formatClock,
  formatNumber,
  formatProbability,
  formatRelative,
  formatShare,
  formatTick,
  nameInWords,
  niceTicks,
} from '../../src/report/numbers.ts';
import { pictureSize } from '../../src/report/picture.ts';
import { barPlot, intervalPlot, stackedBars } from '../../src/report/plots.ts';
import { firstAndLast } from '../../src/report/examples.ts';
import { agreement } from '../../src/report/offline-section.ts';
import { tinyPicture } from './example-run.ts';

describe('html', () => {
  test('escapes every value, in content and in attributes, unless it is html already', () => {
    const piece = html`<b title="${`"'`}">${'<&>'}${html`<i>${1}</i>`}${[null, undefined, 'x']}</b>`;
    expect(piece.html).toBe('<b title="&quot;&#39;">&lt;&amp;&gt;<i>1</i>x</b>');
    expect(html`${trusted('<hr>')}`.html).toBe('<hr>');
  });

  test('no text makes an element or ends an attribute', () => {
    fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(escapeHtml(text))));
  });
});

describe('numbers', () => {
  test.each([
    [0, '0'],
    [0.0812, '0.081'],
    [0.00312, '0.0031'],
    [0.004, '0.0040'],
    [1.244, '1.24'],
    [18.26, '18.3'],
    [-131.4, '−131'],
    [1204.4, '1,204'],
  ])('%d reads %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  test('relative effects, shares, probabilities and times', () => {
    expect([0.634, -0.021, 1.11, 0].map(formatRelative)).toEqual(['+63.4 %', '−2.1 %', '+111 %', '0.0 %']);
    expect([0.95, 0.025, 0.02].map(formatShare)).toEqual(['95 %', '2.5 %', '2 %']);
    expect([0.0001, 0.034, 0.5, 0.9999].map(formatProbability)).toEqual([
      '< 0.001',
      '0.034',
      '0.50',
      '> 0.999',
    ]);
    expect([0, 65.9, 3600].map(formatClock)).toEqual(['0:00', '1:05', '60:00']);
  });

  test('names in words', () => {
    expect(['ctr', 'meanRating', 'list-diversity', 'time-over'].map(nameInWords)).toEqual([
      'CTR',
      'Mean rating',
      'List diversity',
      'Time over',
    ]);
  });

  test('ticks are inside, ascending, evenly apart and not many', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const span = fc.double({ min: 1e-4, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(value, span, (low, width) => {
        const ticks = niceTicks(low, low + width, 4);
        const slack = width * 1e-6 + Math.abs(low) * 1e-9;
        expect(ticks.length).toBeGreaterThan(0);
        expect(ticks.length).toBeLessThanOrEqual(6);
        for (const [place, tick] of ticks.entries()) {
          expect(tick).toBeGreaterThanOrEqual(low - slack);
          expect(tick).toBeLessThanOrEqual(low + width + slack);
          if (place > 0) expect(tick).toBeGreaterThan(ticks[place - 1]!);
        }
      }),
    );
    expect(formatTick(0.1, [0, 0.05, 0.1])).toBe('0.10');
  });
});

describe('plots', () => {
  const row = { colour: '#000', text: '', note: '' };

  test('an interval plot keeps points and zero in their order from left to right', () => {
    const plot = intervalPlot(
      [
        { ...row, label: 'a', estimate: -1, interval: [-2, -0.5] },
        { ...row, label: 'b', estimate: 3, interval: [2, 4] },
      ],
      { zero: true, title: 'effects' },
    ).html;
    const [a, b] = [...plot.matchAll(/cx="([\d.]+)"/g)].map((match) => Number(match[1]));
    const zero = Number(/class="zero"\s+x1="([\d.]+)"/.exec(plot)?.[1]);
    expect(a).toBeLessThan(zero);
    expect(zero).toBeLessThan(b!);
  });

  test('what cannot be estimated has words and no point', () => {
    const plot = intervalPlot([{ ...row, label: 'a', estimate: null, interval: null, note: 'no clicks' }], {
      zero: true,
      title: 'effects',
    }).html;
    expect(plot).toContain('no clicks');
    expect(plot).not.toContain('<circle');
    expect(plot).not.toContain('NaN');
  });

  test('a lone point and equal points have an axis', () => {
    for (const estimate of [0, 5]) {
      const rows = [{ ...row, label: 'a', estimate, interval: null }];
      expect(intervalPlot(rows, { zero: false, title: 't' }).html).not.toMatch(/NaN|Infinity/);
    }
  });

  test('bars grow with their values, and nothing but zeros is no division by zero', () => {
    const bars = (values: readonly (number | null)[]): string =>
      barPlot(
        values.map((value) => ({ label: 'a', colour: '#000', value, text: '' })),
        't',
      ).html;
    const [small, large] = [...bars([1, 2]).matchAll(/<rect[^>]*width="([\d.]+)"/g)].map((match) =>
      Number(match[1]),
    );
    expect(large).toBeCloseTo(small! * 2, 0);
    expect(bars([0, null])).not.toMatch(/NaN|Infinity/);
  });

  test('parts of a stacked bar fill it, and an empty one says so', () => {
    const part = (name: string, count: number) => ({ name, colour: '#000', count });
    const plot = stackedBars(
      [
        { label: 'a', parts: [part('x', 1), part('y', 3), part('z', 0)] },
        { label: 'b', parts: [part('x', 0)] },
      ],
      't',
      500,
      100,
    ).html;
    const widths = [...plot.matchAll(/<rect[^>]*width="([\d.]+)"/g)].map((match) => Number(match[1]));
    expect(widths).toEqual([98, 298]);
    expect(plot).toContain('no session ended');
  });
});

describe('small parts', () => {
  it('a long list is shown by its beginning and its end', () => {
    expect(firstAndLast([1, 2, 3], 6)).toEqual([1, 2, 3]);
    expect(firstAndLast([1, 2, 3, 4, 5], 3)).toEqual([1, 2, 5]);
  });

  it('agreement counts pairs in the same order', () => {
    expect(
      agreement([
        [1, 1],
        [2, 3],
        [3, 2],
      ]),
    ).toEqual({ agreeing: 2, pairs: 3 });
  });

  it('the size of a JPEG is read from its frame; other bytes are no JPEG', () => {
    expect(pictureSize(tinyPicture(7))).toEqual({ width: 64, height: 40 });
    expect(() => pictureSize(new Uint8Array([1, 2, 3]))).toThrow('not a whole JPEG');
    expect(() => pictureSize(tinyPicture(7).slice(0, 12))).toThrow('not a whole JPEG');
  });
});
