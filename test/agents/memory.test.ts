import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consolidate,
  emptyMemory,
  memoryParameters,
  recall,
  remember,
  type Memory,
  type MemoryParameters,
  type MemoryRecord,
} from '../../agents/memory.ts';
import { textVector } from '../../agents/text.ts';

const record = (text: string, fields: Partial<MemoryRecord> = {}): MemoryRecord => ({
  time: 0,
  page: 'item',
  text,
  vector: textVector(text),
  interest: 3,
  action: 'open',
  importance: 0.5,
  ...fields,
});
const texts = (records: readonly MemoryRecord[]): string => records.map(({ text }) => text).join(' ');
const plain: MemoryParameters = {
  ...memoryParameters,
  recencySeconds: 100,
  recalled: 3,
  halfLifeSeconds: 100,
};

describe('recall', () => {
  // For the cue (1, 0) at time 200, normalised over the three:
  //   relevance  A 1, B 0.6, C 0;   recency (e^−2, e^−1, 1)  A 0, B 0.2689, C 1;   importance  A 0, B 0.25, C 1.
  const three: Memory = {
    longTerm: [record('A', { vector: Float64Array.of(1, 0), time: 0, importance: 0.2 })],
    shortTerm: [
      record('B', { vector: Float64Array.of(0.6, 0.8), time: 100, importance: 0.4 }),
      record('C', { vector: Float64Array.of(0, 1), time: 200, importance: 1 }),
    ],
  };
  const order = (weights: Partial<MemoryParameters>): string =>
    texts(recall(three, { vector: Float64Array.of(1, 0) }, 200, { ...plain, ...weights }).records);

  it('ranks by the weighted sum of relevance, recency and importance, each normalised', () => {
    expect(order({})).toBe('C B A'); // 2, 1.119, 1
    const { scores } = recall(three, { vector: Float64Array.of(1, 0) }, 200, plain);
    expect(scores.map((score) => score.toFixed(3))).toEqual(['2.000', '1.119', '1.000']);
    expect(order({ relevance: 1.29 })).toBe('C B A'); // A overtakes B at 0.5189/0.4 = 1.297
    expect(order({ relevance: 1.3 })).toBe('C A B');
    expect(order({ relevance: 1.99 })).toBe('C A B'); // and C at 2
    expect(order({ relevance: 2.01 })).toBe('A C B');
    expect(order({ relevance: 2.46 })).toBe('A C B'); // B overtakes C at 1.4811/0.6 = 2.468
    expect(order({ relevance: 2.48 })).toBe('A B C');
  });

  it('goes by one part alone when the others weigh nothing', () => {
    expect(order({ relevance: 1, recency: 0, importance: 0 })).toBe('A B C');
    expect(order({ relevance: 0, recency: 1, importance: 0 })).toBe('C B A');
    expect(order({ relevance: 0, recency: 0, importance: 1 })).toBe('C B A');
    expect(order({ relevance: 0, recency: 0, importance: 0 })).toBe('C B A'); // equal: the later record first
  });

  it('measures recency on simulated time: long after, relevance and importance decide', () => {
    const near = record('near', { time: 990, importance: 0.5 });
    const far = record('far', { time: 0, importance: 0.5001 });
    const memory = { shortTerm: [far, near], longTerm: [] };
    const weights = { ...plain, relevance: 0, recency: 1, importance: 0 };
    expect(texts(recall(memory, { vector: textVector('x') }, 1000, weights).records)).toBe('near far');
    const equal = { shortTerm: [{ ...near, time: 0 }, far], longTerm: [] };
    expect(
      texts(recall(equal, { vector: textVector('x') }, 1000, { ...weights, importance: 1 }).records),
    ).toBe('far near');
  });

  it('makes recalled long-term records stronger, at most to 1, and leaves the others and its input alone', () => {
    const before = structuredClone(three);
    const { memory } = recall(three, { vector: Float64Array.of(1, 0) }, 200, {
      ...plain,
      relevance: 3,
      recalled: 1,
    });
    expect(memory.longTerm[0]!.importance).toBeCloseTo(0.2 + plain.strengthen, 12);
    expect(memory.shortTerm).toEqual(three.shortTerm);
    expect(three).toEqual(before);
    const strong = { longTerm: [record('A', { importance: 0.97 })], shortTerm: [] };
    expect(recall(strong, { vector: textVector('A') }, 1, plain).memory.longTerm[0]!.importance).toBe(1);
    const passed = recall(three, { vector: Float64Array.of(0, 1) }, 200, { ...plain, recalled: 1 });
    expect(passed.memory.longTerm[0]!.importance).toBe(0.2);
  });

  it('of nothing is nothing', () => {
    expect(recall(emptyMemory, { vector: textVector('x') }, 0, plain)).toEqual({
      memory: emptyMemory,
      records: [],
      scores: [],
    });
  });
});

describe('consolidation', () => {
  it('keeps of a visit what is important enough', () => {
    const memory = [0.49, 0.5, 0.51].reduce<Memory>(
      (kept, importance) => remember(kept, record(`film ${importance}`, { importance })),
      emptyMemory,
    );
    const after = consolidate(memory, 0, 0, { ...plain, keepFrom: 0.5, mergeFrom: 2 });
    expect(after.shortTerm).toEqual([]);
    expect(new Set(after.longTerm.map(({ importance }) => importance))).toEqual(new Set([0.5, 0.51]));
  });

  it('halves old importance every half-life and forgets what falls below the threshold', () => {
    const memory = {
      shortTerm: [],
      longTerm: [record('strong', { importance: 0.8 }), record('weak', { importance: 0.3 })],
    };
    const after = consolidate(memory, 1000, 1200, { ...plain, halfLifeSeconds: 100, forgetBelow: 0.1 });
    expect(after.longTerm.map(({ text, importance }) => [text, importance])).toEqual([['strong', 0.2]]);
    expect(consolidate(memory, 1200, 1000, plain).longTerm.map(({ importance }) => importance)).toEqual([
      0.8, 0.3,
    ]);
  });

  it('merges near-duplicates of one page and action into one stronger record, the newer one', () => {
    const old = record('The Third Man', { importance: 0.6, time: 10 });
    const again = record('the third man', { importance: 0.7, time: 500 });
    const merge = (fields: Partial<MemoryRecord>): readonly MemoryRecord[] =>
      consolidate({ longTerm: [old], shortTerm: [{ ...again, ...fields }] }, 500, 500, plain).longTerm;
    expect(merge({})).toEqual([{ ...again, importance: 0.7 + plain.strengthen }]);
    expect(merge({ page: 'list' })).toHaveLength(2);
    expect(merge({ action: 'watch' })).toHaveLength(2);
    expect(merge({ vector: textVector('another film altogether') })).toHaveLength(2);
  });

  it('keeps the strongest when there are too many, in order of time', () => {
    const shortTerm = [0.9, 0.6, 0.8, 0.7].map((importance, index) =>
      record(`film ${index}`, { importance, time: index }),
    );
    const after = consolidate({ shortTerm, longTerm: [] }, 0, 4, { ...plain, capacity: 3, mergeFrom: 2 });
    expect(texts(after.longTerm)).toBe('film 0 film 2 film 3');
  });

  it('keeps what is recalled longer than what is not', () => {
    const parameters = { ...plain, halfLifeSeconds: 100, forgetBelow: 0.1, recalled: 1, mergeFrom: 2 };
    let memory: Memory = { shortTerm: [], longTerm: [record('loved'), record('passed over')] };
    for (let visit = 1; visit <= 3; visit++) {
      memory = recall(memory, { vector: textVector('loved') }, visit * 100, parameters).memory;
      memory = consolidate(memory, (visit - 1) * 100, visit * 100, parameters);
    }
    expect(texts(memory.longTerm)).toBe('loved');
  });
});

const anyRecord: fc.Arbitrary<MemoryRecord> = fc
  .record({
    text: fc.constantFrom('third man', 'third man again', 'a river', 'the river', 'piano', ''),
    time: fc.integer({ min: 0, max: 10_000 }),
    page: fc.constantFrom('list', 'item'),
    action: fc.constantFrom('open', 'watch'),
    importance: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ text, ...fields }) => record(text, fields));
const anyMemory: fc.Arbitrary<Memory> = fc.record({
  shortTerm: fc.array(anyRecord, { maxLength: 12 }),
  longTerm: fc.array(anyRecord, { maxLength: 12 }),
});

describe('memory, whatever is in it', () => {
  it('recalls distinct records of its own, at most as many as asked for, and loses none', () => {
    fc.assert(
      fc.property(anyMemory, fc.integer({ min: 0, max: 30 }), (memory, recalled) => {
        const result = recall(memory, { vector: textVector('the river') }, 20_000, { ...plain, recalled });
        const all = [...memory.longTerm, ...memory.shortTerm];
        expect(result.records).toHaveLength(Math.min(recalled, all.length));
        expect(new Set(result.records).size).toBe(result.records.length);
        for (const found of result.records) expect(all).toContain(found);
        expect(result.memory.longTerm).toHaveLength(memory.longTerm.length);
        result.memory.longTerm.forEach(({ importance }, index) => {
          expect(importance).toBeGreaterThanOrEqual(Math.min(1, memory.longTerm[index]!.importance));
          expect(importance).toBeLessThanOrEqual(1);
        });
      }),
      { seed: 1 },
    );
  });

  it('is within capacity, in order of time and with importance in 0-1 after consolidation', () => {
    fc.assert(
      fc.property(
        anyMemory,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 500 }),
        (memory, capacity, passed) => {
          const before = structuredClone(memory);
          const after = consolidate(memory, 0, passed, { ...plain, capacity });
          expect(memory).toEqual(before);
          expect(after.shortTerm).toEqual([]);
          expect(after.longTerm.length).toBeLessThanOrEqual(
            Math.min(capacity, memory.longTerm.length + memory.shortTerm.length),
          );
          const times = after.longTerm.map(({ time }) => time);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          for (const { importance } of after.longTerm) {
            expect(importance).toBeGreaterThanOrEqual(plain.forgetBelow);
            expect(importance).toBeLessThanOrEqual(1);
          }
        },
      ),
      { seed: 2 },
    );
  });

  it('keeps no more after a longer absence', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 12 }), fc.nat(500), fc.nat(500), (longTerm, one, more) => {
        const size = (passed: number): number =>
          consolidate({ longTerm, shortTerm: [] }, 0, passed, plain).longTerm.length;
        expect(size(one + more)).toBeLessThanOrEqual(size(one));
      }),
      { seed: 3 },
    );
  });
});
