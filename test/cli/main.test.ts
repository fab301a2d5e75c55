// From typed words to exit codes: usage errors, help, errors of both kinds, with and without --json.

import { describe, expect, it } from 'vitest';
import { RehearsalError } from '../../src/base/error.ts';
import { main } from '../../src/cli/main.ts';
import type { ExitOutcome, Io, Verb, VerbInput } from '../../src/cli/verb.ts';
import { rememberingTerminal } from './terminal.ts';

function verbThat(run: (input: VerbInput, io: Io) => Promise<ExitOutcome>): Verb {
  return {
    name: 'bake',
    summary: 'Bake a thing.',
    details: `Kinds:\n  rye: ${'dark and slow '.repeat(8).trim()}\n  white: quick`,
    examples: ['rehearsal bake bread'],
    arguments: [{ name: 'THING', summary: 'what to bake' }],
    options: [
      {
        name: 'oven-heat',
        kind: 'integer',
        range: [0, 300],
        value: 'N',
        summary: 'Degrees.',
        default: '200',
      },
      { name: 'share', kind: 'number', value: 'X', summary: 'Share.' },
      { name: 'dough', kind: 'text', value: 'NAME', summary: 'Kind of dough.' },
      { name: 'quick', kind: 'flag', summary: 'Hurry.' },
    ],
    run,
  };
}

async function typed(
  words: readonly string[],
  run: (input: VerbInput, io: Io) => Promise<ExitOutcome> = async () => 0,
  environment: Record<string, string> = {},
): Promise<{ code: number; terminal: ReturnType<typeof rememberingTerminal> }> {
  const terminal = rememberingTerminal({ json: words.includes('--json'), environment });
  const verb = verbThat(run);
  const table = [{ name: verb.name, summary: verb.summary, load: async () => verb }];
  return { code: await main(words, table, '1.2.3', terminal), terminal };
}

describe('a verb', () => {
  it('gets its arguments and options by declared name, checked and with defaults', async () => {
    const seen: unknown[] = [];
    const { code } = await typed(
      ['bake', 'bread', '--share', '0.5', '--dough', 'rye', '--quick'],
      async (input) => {
        seen.push(input.argument('THING'), input.integer('oven-heat'), input.number('share'));
        seen.push(input.text('dough'), input.flag('quick'));
        return 0;
      },
    );
    expect(code).toBe(0);
    expect(seen).toEqual(['bread', 200, 0.5, 'rye', true]);
  });

  it.each([0, 1, 3] as const)('gives its exit code: %i', async (outcome) => {
    expect((await typed(['bake', 'bread'], async () => outcome)).code).toBe(outcome);
  });

  it('has help with its arguments, options and examples', async () => {
    const { code, terminal } = await typed(['bake', '--help']);
    expect(code).toBe(0);
    expect(terminal.out.join('')).toMatch(
      /THING[\s\S]*--oven-heat <N>[\s\S]*--json[\s\S]*rehearsal bake bread/,
    );
  });

  it('what goes on from an entry of a list hangs below it', async () => {
    const { terminal } = await typed(['bake', '--help']);
    const lines = terminal.out.join('').split('\n');
    const from = lines.indexOf('Kinds:');
    expect(lines[from + 1]).toMatch(/^ {2}rye: dark/);
    expect(lines[from + 2]).toMatch(/^ {4}\S/);
    expect(lines).toContain('  white: quick');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('cannot read what it did not declare', async () => {
    const { code, terminal } = await typed(['bake', 'bread'], async (input) => (input.flag('slow') ? 1 : 0));
    expect(code).toBe(1);
    expect(terminal.logged[0]).toContain('undeclared option --slow');
  });
});

describe('wrong usage exits with 2 and one message', () => {
  it.each([
    [['bkae', 'bread'], "unknown verb 'bkae'", 'Did you mean bake?'],
    [['bkae', '--help'], "unknown verb 'bkae'", 'Did you mean bake?'],
    [
      ['bake', 'bread', '--oven-heat', '301'],
      "--oven-heat expects a whole number from 0 to 300, got '301'",
      '',
    ],
    [['bake', 'bread', '--oven-heet', '3'], "unknown option '--oven-heet'", 'Did you mean --oven-heat?'],
    [['bake'], "missing required argument 'THING'", 'rehearsal bake --help'],
    [['bake', 'bread', 'rolls'], 'too many arguments', 'rehearsal bake --help'],
    [
      ['bake', 'bread', '--oven-heat', '2.5'],
      "--oven-heat expects a whole number from 0 to 300, got '2.5'",
      'Degrees.',
    ],
    [['bake', 'bread', '--share', 'half'], "--share expects a number, got 'half'", 'Share.'],
    [['bake', 'bread', '--share', ' '], '--share expects a number', 'Share.'],
    [['bake', 'bread', '--dough'], "option '--dough <NAME>' argument missing", 'rehearsal bake --help'],
  ])('%j', async (words, message, hint) => {
    const { code, terminal } = await typed(words);
    expect(code).toBe(2);
    expect(terminal.logged[0]).toContain(message);
    expect(terminal.logged[1]).toContain(hint);
    expect(terminal.logged).toHaveLength(2);
    expect(terminal.out).toEqual([]);
  });

  it('no verb: the help goes to stderr', async () => {
    const { code, terminal } = await typed([]);
    expect(code).toBe(2);
    expect(terminal.logged.join('\n')).toContain('Bake a thing.');
    expect(terminal.out).toEqual([]);
  });
});

describe('an error', () => {
  const mistake = async (): Promise<never> => {
    throw new RehearsalError('the oven is cold', { hint: 'Heat it.' });
  };
  const defect = async (): Promise<never> => {
    throw new TypeError('x is undefined');
  };

  it('that a person can mend is its message and hint, without a stack', async () => {
    const { code, terminal } = await typed(['bake', 'bread'], mistake);
    expect(code).toBe(1);
    expect(terminal.logged).toEqual(['error: the oven is cold', 'Heat it.']);
  });

  it('has its stack with REHEARSAL_DEBUG=1', async () => {
    const { terminal } = await typed(['bake', 'bread'], mistake, { REHEARSAL_DEBUG: '1' });
    expect(terminal.logged.join('\n')).toContain('main.test.ts');
  });

  it('that only needs a look keeps its exit code and is not called an error', async () => {
    const look = async (): Promise<never> => {
      throw new RehearsalError('stopped at noon', { hint: 'Go on with it.', exitCode: 3 });
    };
    const { code, terminal } = await typed(['bake', 'bread'], look);
    expect(code).toBe(3);
    expect(terminal.logged).toEqual(['stopped at noon', 'Go on with it.']);
  });

  it('of ours says so and keeps its stack', async () => {
    const { code, terminal } = await typed(['bake', 'bread'], defect);
    expect(code).toBe(1);
    expect(terminal.logged.join('\n')).toMatch(/defect of Rehearsal[\s\S]*main\.test\.ts/);
  });

  it.each([
    ['bake', 'bread', '--json'],
    ['bkae', '--json'],
  ])('is one document on stdout with --json: %s %s', async (...words) => {
    const { terminal } = await typed(words, mistake);
    expect(terminal.documents).toHaveLength(1);
    expect(terminal.documents[0]).toMatchObject({
      error: { message: expect.any(String), hint: expect.any(String) },
    });
  });

  it('after the answer does not print a second document', async () => {
    const { code, terminal } = await typed(['bake', 'bread', '--json'], async (_input, io) => {
      io.answer({ done: true }, []);
      return await mistake();
    });
    expect(code).toBe(1);
    expect(terminal.documents).toEqual([{ done: true }]);
  });
});

it('--version prints the version', async () => {
  const { code, terminal } = await typed(['--version']);
  expect(code).toBe(0);
  expect(terminal.out).toEqual(['1.2.3\n']);
});
