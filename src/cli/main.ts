// From typed words to an exit code: finds the verb, parses its options with commander, runs it and turns errors
// into one clear message. Knows the contract of verbs, none of the verbs; only user of commander.

import { Command, CommanderError, Help, Option } from 'commander';
import { RehearsalError, UsageError } from '../base/error.ts';
import { verbInput } from './verb.ts';
import type { Io, Verb, VerbOption } from './verb.ts';
import type { VerbEntry } from './verbs.ts';

export interface Terminal extends Io {
  /** Text for stdout that is not an answer: help and version. */
  print(text: string): void;
  readonly answered: boolean;
  /** From now on the first Ctrl-C (or SIGTERM, SIGHUP) aborts `interrupted`, the second `abandoned`. */
  catchInterrupt(): void;
}

/** Runs one command line. Never throws; returns 0 done, 1 failed, 2 wrong usage, 3 needs a human look. */
export async function main(
  words: readonly string[],
  table: readonly VerbEntry[],
  version: string,
  terminal: Terminal,
): Promise<0 | 1 | 2 | 3> {
  try {
    return await dispatch(words, table, version, terminal);
  } catch (error) {
    return tell(error, terminal);
  }
}

async function dispatch(
  words: readonly string[],
  table: readonly VerbEntry[],
  version: string,
  terminal: Terminal,
): Promise<0 | 1 | 2 | 3> {
  const asked = words.find((word) => !word.startsWith('-'));
  let outcome: 0 | 1 | 2 | 3 = 0;
  const program = new Command('rehearsal')
    .description('Runs an A/B test of a recommender with simulated visitors before any real person sees it.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.print(text), writeErr: () => {} })
    .helpCommand(false)
    .usage('VERB [options]')
    .configureHelp({ styleTitle: (title) => title.replace('Commands:', 'Verbs:'), boxWrap: hungWrap })
    .addHelpText('after', '\nFirst steps: rehearsal doctor, then rehearsal run scenarios/hello.ts');
  for (const entry of table) {
    const command = program.command(entry.name).summary(entry.summary);
    if (entry.name !== asked) continue;
    const verb = await entry.load();
    declare(command, verb);
    command.action(async () => {
      if (verb.interruptible) terminal.catchInterrupt();
      outcome = await verb.run(verbInput(verb, command.args, typedOptions(command, verb)), terminal);
    });
  }
  if (words.length === 0) {
    terminal.log(program.helpInformation());
    throw new UsageError('a verb is missing', 'Try: rehearsal run scenarios/hello.ts');
  }
  try {
    // commander would answer the help of an unknown verb with that of the program.
    const isKnown = asked === undefined || table.some((entry) => entry.name === asked);
    const given = isKnown ? words : words.filter((word) => word !== '--help');
    await program.parseAsync(given, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usage(error, asked, table);
  }
  return outcome;
}

/** Wraps at `width`; what goes on from an indented line hangs below it, so that it does not look like a new entry. */
function hungWrap(text: string, width: number): string {
  const help = new Help();
  return text
    .split('\n')
    .flatMap((line) => {
      const [indent] = /^ */.exec(line)!;
      if (indent === '') return [help.boxWrap(line, width)];
      const [first, ...others] = help.boxWrap(line.trim(), width - indent.length - 2).split('\n');
      return [`${indent}${first}`, ...others.map((other) => `${indent}  ${other}`)];
    })
    .join('\n');
}

/** Tells commander what a verb takes. */
export function declare(command: Command, verb: Verb): Command {
  command.description([verb.summary, verb.details].filter(Boolean).join('\n\n'));
  for (const argument of verb.arguments) {
    command.argument(argument.optional ? `[${argument.name}]` : `<${argument.name}>`, argument.summary);
  }
  for (const option of verb.options) {
    const flags =
      option.kind === 'flag' ? `--${option.name}` : `--${option.name} <${option.value ?? 'VALUE'}>`;
    const more = [
      option.required ? 'required' : '',
      option.default === undefined ? '' : `default: ${option.default}`,
    ];
    const summary = [option.summary, ...more.filter(Boolean).map((what) => `(${what})`)].join(' ');
    const typed = new Option(flags, summary).makeOptionMandatory(option.required ?? false);
    if (option.kind !== 'flag') typed.argParser<string | undefined>(typedBefore(option));
    command.addOption(typed);
  }
  command.option('--json', 'print one JSON document on stdout; logs stay on stderr');
  command.helpOption('--help', 'show this help');
  command.addHelpText(
    'after',
    ['', 'Examples:', ...verb.examples.map((example) => `  ${example}`)].join('\n'),
  );
  return command;
}

/** What an option that is typed once more holds: a list grows, and nothing else may be there twice. */
function typedBefore({ name, isList = false }: VerbOption) {
  return (value: string, before: string | undefined): string => {
    if (before === undefined) return value;
    if (isList) return `${before},${value}`;
    throw new UsageError(`--${name} is there twice, as '${before}' and as '${value}'`, 'Type it once.');
  };
}

function typedOptions(command: Command, verb: Verb): Map<string, string | true> {
  const typed = new Map<string, string | true>();
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    const declared = verb.options.find((candidate) => `--${candidate.name}` === option.long);
    if (declared && (typeof value === 'string' || value === true)) typed.set(declared.name, value);
  }
  return typed;
}

function usage(error: CommanderError, asked: string | undefined, table: readonly VerbEntry[]): UsageError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = rest.join(' ').replace(/^\(|\)$/g, '');
  const known = table.some((entry) => entry.name === asked);
  const help = known ? `See: rehearsal ${asked} --help` : 'See: rehearsal --help';
  return new UsageError(
    first.replace('unknown command', 'unknown verb'),
    [suggestion, help].filter(Boolean).join(' '),
  );
}

/** Prints an error the way its kind asks for and returns its exit code. One that only needs a look is not called an error. */
function tell(error: unknown, terminal: Terminal): 1 | 2 | 3 {
  const known = error instanceof RehearsalError;
  const message = error instanceof Error ? error.message : String(error);
  const hint = known
    ? error.hint
    : 'This is a defect of Rehearsal. Please report it with the text on stderr.';
  if (terminal.json && !terminal.answered) terminal.answer({ error: { message, hint } }, []);
  const exitCode = known ? error.exitCode : 1;
  terminal.log(exitCode === 3 ? message : `error: ${message}`);
  if (hint) terminal.log(hint);
  if (error instanceof Error && (!known || terminal.environment['REHEARSAL_DEBUG'] === '1')) {
    terminal.log(error.stack ?? '');
    if (error.cause !== undefined)
      terminal.log(`caused by: ${String((error.cause as Error).stack ?? error.cause)}`);
  }
  return exitCode;
}
