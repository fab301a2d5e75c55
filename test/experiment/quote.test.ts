// The quote before a run with a model, held against what the run then took, by the count of the server.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunFolder } from '../../src/experiment/folder.ts';
import type { Result } from '../../src/experiment/result.ts';
import { runScenario } from '../../src/experiment/run.ts';
import type { RunQuote } from '../../src/experiment/quote.ts';
import type { Scenario } from '../../src/experiment/scenario.ts';
import { nothingSpent, type Spent } from '../../src/llm/budget.ts';
import { always, noFaults } from '../llm/stand-in/faults.ts';
import { lovingRule, portraitRule } from '../llm/stand-in/portrait.ts';
import { patientRule, visitorRule } from '../llm/stand-in/visitor.ts';
import { modelPlace, modelScenario, runWithModel } from './model-run.ts';
import { catalogue, folderFor } from './small.ts';

const place = modelPlace();

interface Quoted {
  readonly result: Result;
  readonly quotes: readonly RunQuote[];
}

async function quotedRun(
  folder: RunFolder,
  asked: Scenario,
  agrees = true,
  spentOnItems: Spent = nothingSpent,
): Promise<Quoted> {
  const quotes: RunQuote[] = [];
  const result = await runScenario({
    scenario: asked,
    catalogue,
    folder,
    spentOnItems,
    studio: place.studio,
    access: { baseUrl: place.server.baseUrl, key: null },
    interrupted: new AbortController().signal,
    agree: async (quote) => {
      quotes.push(quote);
      return agrees;
    },
    log: () => undefined,
    progress: () => undefined,
  });
  return { result, quotes };
}

const price = { input: 2, cached: 1, output: 8 };
const people = { visitors: 4, minimumHistory: 10 };

describe('the quote', () => {
  it.each([
    ['twins', modelScenario({ price }, { population: people, stepLimit: 60 })],
    [
      'a split test',
      modelScenario({ price }, { design: 'split', population: { ...people, visitors: 7 }, stepLimit: 60 }),
    ],
    [
      'two minds, profiles by the model',
      modelScenario(
        { price, profile: 'induced' },
        {
          minds: ['choice', 'llm'],
          allotment: { rule: 'few', people: 4 },
          population: { ...people, visitors: 6 },
          stepLimit: 60,
        },
      ),
    ],
  ])(
    'is within a fifth of what the run takes: %s',
    async (name, asked) => {
      place.server.rules = { act: patientRule, profile: portraitRule, consistency: lovingRule };
      const before = place.server.counts();
      const { result, quotes } = await quotedRun(folderFor(place.root, name, asked), asked);
      const after = place.server.counts();
      expect(after.requests - before.requests).toBe(result.cost.calls);
      const [quote] = quotes;
      for (const [quoted, taken] of [
        [quote!.calls, result.cost.calls],
        [quote!.tokens, result.cost.tokensIn + result.cost.tokensOut],
        [quote!.usd, result.cost.usd!],
      ] as const) {
        expect(quoted!.expected / taken).toBeGreaterThan(0.8);
        expect(quoted!.expected / taken).toBeLessThan(1.2);
      }
    },
    180_000,
  );

  it('is made of three sessions that are part of the run: who declines has paid for no more, who goes on pays nothing twice', async () => {
    place.server.rules = { act: visitorRule() };
    const asked = modelScenario({}, { population: { visitors: 4, minimumHistory: 10 }, site: { pages: 1 } });
    const folder = folderFor(place.root, 'declined', asked);
    const before = place.server.counts().requests;
    const declined = await quotedRun(folder, asked, false);
    expect(declined.result.status).toBe('interrupted');
    expect(declined.result.stopping.done.sessions).toBe(3);
    expect(declined.quotes[0]).toMatchObject({ sessions: 8, played: 3, recorded: false });
    expect(declined.result.quote).toEqual(declined.quotes[0]);
    const accepted = await quotedRun(folder, asked);
    // The recorded sessions say it again; nothing more is played for it.
    expect(accepted.quotes[0]).toEqual(declined.quotes[0]);
    expect(accepted.result.status).toBe('complete');
    expect(accepted.result.cost.calls).toBe(place.server.counts().requests - before);
    const plain = await runWithModel(
      folderFor(place.root, 'plain', asked),
      asked,
      place.studio,
      place.server.baseUrl,
    );
    expect(plain.quote).toBeNull();
    expect(accepted.result.digest).toBe(plain.digest);
    expect(accepted.result.cost.calls).toBe(plain.cost.calls);
    // Played again with a finished record: nothing is asked, and nobody.
    expect((await quotedRun(folder, asked)).quotes).toEqual([]);
  });

  it('has in it what was asked about items before, which is charged once, and which no session is said to save', async () => {
    place.server.rules = { act: visitorRule() };
    const asked = modelScenario(
      { price },
      { population: { visitors: 4, minimumHistory: 10 }, site: { pages: 1 } },
    );
    const onItems = { ...nothingSpent, calls: 500, tokensIn: 9_000, tokensOut: 1_000, usd: 7 };
    const folder = folderFor(place.root, 'with-items', asked);
    const before = place.server.counts().requests;
    const { quotes, result } = await quotedRun(folder, asked, false, onItems);
    expect(result.cost.calls).toBe(500 + place.server.counts().requests - before);
    expect(result.cost.usd).toBeGreaterThan(7);
    const plain = await quotedRun(folderFor(place.root, 'without-items', asked), asked, false);
    const [quote, bare] = [quotes[0]!, plain.quotes[0]!];
    expect(quote.calls!.low - bare.calls!.low).toBeCloseTo(500, 6);
    expect(quote.tokens!.expected - bare.tokens!.expected).toBeCloseTo(10_000, 6);
    expect(quote.usd!.high - bare.usd!.high).toBeCloseTo(7, 6);
    // Gone on with, it is in the record, and not charged again.
    const after = await quotedRun(folder, asked, false);
    expect(after.quotes[0]).toEqual(quote);
    expect(after.result.cost.calls).toBe(result.cost.calls);
  });

  it(
    'counts a session that failed among the first as failed, once, and goes on',
    { timeout: 60_000 },
    async () => {
      place.server.rules = { act: visitorRule() };
      const changes = { population: { visitors: 4, minimumHistory: 10 }, site: { pages: 1 } };
      const asked = modelScenario({ concurrency: 1 }, changes);
      const folder = folderFor(place.root, 'one-failed', asked);
      let requests = 0;
      place.server.plan = () => ((requests += 1) === 1 ? 'refusal' : null);
      const { result, quotes } = await quotedRun(folder, asked);
      place.server.plan = noFaults;
      expect(quotes).toHaveLength(1);
      expect(result.status).toBe('complete');
      expect(result.arms.reduce((sum, arm) => sum + arm.failed, 0)).toBe(1);
      expect(result.arms.reduce((sum, arm) => sum + arm.sessions, 0)).toBe(8);
    },
  );

  it(
    'is not even made where all of the first have failed: the run stops and says why',
    { timeout: 60_000 },
    async () => {
      const changes = { population: { visitors: 4, minimumHistory: 10 }, site: { pages: 1 } };
      const asked = modelScenario({}, changes);
      const folder = folderFor(place.root, 'all-failed', asked);
      const before = place.server.counts().requests;
      place.server.plan = always('refusal');
      const { result, quotes } = await quotedRun(folder, asked);
      place.server.plan = noFaults;
      expect(quotes).toEqual([]);
      expect(result).toMatchObject({ status: 'stopped', stopping: { done: { sessions: 3 } } });
      expect(result.reason).toMatch(/^all 3 sessions that were played first failed, the first by refused: /);
      expect(place.server.counts().requests - before).toBeLessThan(10);
    },
  );

  it('is free where the answers are recorded, and then says nothing of time', async () => {
    place.server.rules = { act: visitorRule() };
    const path = join(place.root, 'tape.jsonl');
    const changes = { population: { visitors: 3, minimumHistory: 10 }, site: { pages: 1 } };
    const recording = modelScenario({ cassette: { path, mode: 'record' } }, changes);
    const recorded = await quotedRun(folderFor(place.root, 'recording', recording), recording);
    const again = modelScenario({ cassette: { path, mode: 'auto' } }, changes);
    const before = place.server.counts().requests;
    const second = await quotedRun(folderFor(place.root, 'again', again), again);
    expect(second.quotes[0]).toMatchObject({
      recorded: true,
      minutes: null,
      calls: recorded.quotes[0]!.calls,
    });
    expect(second.quotes[0]!.tokens).toEqual(recorded.quotes[0]!.tokens);
    expect(place.server.counts().requests).toBe(before);
    const replay = modelScenario({ cassette: { path, mode: 'replay' } }, changes);
    const third = await quotedRun(folderFor(place.root, 'replay', replay), replay);
    expect(third.quotes).toEqual([]);
    expect([third.result.digest, third.result.cost.calls]).toEqual([recorded.result.digest, 0]);
  });
});
