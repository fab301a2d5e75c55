import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askCases } from '../../src/recommend/ask-cases.ts';

describe('many cases', () => {
  it('are asked in their order, so many at once at most, and counted up to all of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), async (cases, together) => {
        let [open, most] = [0, 0];
        const counts: number[] = [];
        const ask = async (one: number): Promise<string> => {
          most = Math.max(most, ++open);
          await Promise.resolve();
          open--;
          return String(one);
        };
        const answers = await askCases(cases, together, ask, (done) => void counts.push(done));
        expect(answers).toEqual(cases.map(String));
        expect(most).toBe(Math.min(together, cases.length));
        expect(counts).toEqual(
          Array.from({ length: Math.ceil(cases.length / together) }, (_, at) =>
            Math.min((at + 1) * together, cases.length),
          ),
        );
      }),
    );
  });

  it('are asked no further once the one who watches throws', async () => {
    const asked: number[] = [];
    const stop = (done: number): void => {
      if (done === 4) throw new Error('enough');
    };
    const ask = async (one: number): Promise<void> => void asked.push(one);
    await expect(askCases([1, 2, 3, 4, 5, 6], 2, ask, stop)).rejects.toThrow('enough');
    expect(asked).toEqual([1, 2, 3, 4]);
  });
});
