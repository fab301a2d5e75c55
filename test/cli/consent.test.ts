// Consent to a quote: under the limit nobody is asked, above it a person is, and a pipe needs it beforehand.

import { describe, expect, it } from 'vitest';
import { consented, consentedToItems, quoteLine } from '../../src/cli/consent.ts';
import type { ItemQuote } from '../../src/experiment/item-quote.ts';
import type { RunQuote } from '../../src/experiment/quote.ts';
import type { Scenario } from '../../src/experiment/scenario.ts';
import { small } from '../experiment/small.ts';
import { rememberingTerminal } from './terminal.ts';

const about = (expected: number) => ({ expected, low: expected / 2, high: expected * 1.5 });
const quote = (changes: Partial<RunQuote> = {}): RunQuote => ({
  sessions: 24,
  calls: about(300),
  tokens: about(610_400),
  usd: about(4),
  minutes: about(12.5),
  played: 3,
  recorded: false,
  ...changes,
});
const scenario = (budget: object = {}): Scenario =>
  small({ mind: 'llm', llm: { model: 'm', budget: { ...budget } } });

async function asked(
  of: RunQuote,
  { answer, budget, beforehand = false }: { answer?: string; budget?: object; beforehand?: boolean } = {},
): Promise<{ agreed: boolean; logged: readonly string[] }> {
  const terminal = rememberingTerminal(answer === undefined ? {} : { answer });
  const agreed = await consented(of, { scenario: scenario(budget), beforehand, path: 'runs/x' }, terminal);
  return { agreed, logged: terminal.logged };
}

describe('a quote', () => {
  const priced = small({ mind: 'llm', llm: { model: 'm', price: { input: 1, cached: 1, output: 2 } } });

  it('is one line with its intervals and what it rests on', () => {
    expect(quoteLine(quote(), priced)).toBe(
      'quote: 300 calls (150 to 450), 610,000 tokens (305,000 to 916,000), $4.00 ($2.00 to $6.00), 12 min 30 s (6 min 15 s to 18 min 45 s), from 3 of 24 sessions',
    );
  });

  it('says how old the prices are, where they are of the table', () => {
    expect(quoteLine(quote(), scenario())).toContain(
      '$4.00 ($2.00 to $6.00) at list prices of 2025-08, 12 min',
    );
  });

  it('says what it does not know', () => {
    expect(quoteLine(quote({ usd: null, tokens: null, minutes: null, recorded: true }), scenario())).toBe(
      'quote: 300 calls (150 to 450), tokens unknown, price unknown, time unknown, from 3 of 24 sessions, whose answers were recorded before; what else is recorded costs nothing',
    );
  });
});

describe('consent', () => {
  it.each([
    ['dollars', quote({ usd: about(0.99) }), true],
    ['dollars', quote({ usd: about(1.01) }), false],
    ['tokens without a price', quote({ usd: null }), true],
    ['tokens without a price', quote({ usd: null, tokens: about(1_000_001) }), false],
    ['calls without a count of tokens', quote({ usd: null, tokens: null }), true],
    ['calls without a count of tokens', quote({ usd: null, tokens: null, calls: about(1001) }), false],
  ])('by %s: case %#', async (_what, of, free) => {
    if (free) expect((await asked(of)).agreed).toBe(true);
    else
      await expect(asked(of)).rejects.toMatchObject({ exitCode: 2, hint: expect.stringContaining('--yes') });
  });

  it.each([
    ['y', true],
    ['Yes', true],
    ['', false],
    ['no', false],
  ])('of a person who answers %j is %j', async (answer, agreed) => {
    expect((await asked(quote(), { answer })).agreed).toBe(agreed);
  });

  it('is given by what was typed, and not by a cap of the file unless that keeps the run under the limit', async () => {
    expect((await asked(quote(), { beforehand: true })).agreed).toBe(true);
    await expect(asked(quote(), { budget: { usd: 2 } })).rejects.toThrow(/about \$2\.00, above \$1/);
    const bounded = await asked(quote(), { budget: { calls: 60 } });
    expect(bounded.agreed).toBe(true);
    expect(bounded.logged.at(-1)).toBe(
      'That is more than the cap of 60 calls: the run will be truncated there.',
    );
  });
});

describe('consent to questions about items', () => {
  const names: ItemQuote = {
    ...{ sessions: 1200, calls: about(1200), tokens: about(500_000), usd: about(4), minutes: about(2) },
    ...{ what: 'names', played: 3 },
  };
  const allowed = { scenario: scenario(), beforehand: false, again: 'rehearsal resume runs/x' };

  it('follows the same rule and says what is asked for', async () => {
    const terminal = rememberingTerminal({ answer: 'y' });
    expect(await consentedToItems(names, allowed, terminal)).toBe(true);
    expect(terminal.logged).toEqual([
      expect.stringMatching(/^quote: 1,200 calls .* from 3 of 1200 questions for names of items$/),
      'Asking for the names of items will take about $4.00, above $1. Go on? [y/N] ',
    ]);
    expect(await consentedToItems({ ...names, usd: about(0.9) }, allowed, rememberingTerminal())).toBe(true);
    expect(await consentedToItems(names, { ...allowed, beforehand: true }, rememberingTerminal())).toBe(true);
    await expect(consentedToItems(names, allowed, rememberingTerminal())).rejects.toMatchObject({
      exitCode: 2,
      hint: expect.stringContaining('Go on with rehearsal resume runs/x and --yes'),
    });
  });

  it('says where a cap of the file will end the asking', async () => {
    const terminal = rememberingTerminal();
    await consentedToItems(names, { ...allowed, scenario: scenario({ calls: 60 }) }, terminal);
    expect(terminal.logged.at(-1)).toBe(
      'That is more than the cap of 60 calls: the asking will end there, before any session.',
    );
  });
});
