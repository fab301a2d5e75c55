// The contract of a verb: what it takes, declared as data, and what it does. Help, docs/cli.md and the checks of
// numbers all come from the declaration, so a verb's own code starts with valid input. Parsing is in main.ts.

import { UsageError } from '../base/error.ts';

export interface VerbArgument {
  /** As it stands in help, upper-case: 'SCENARIO'. */
  readonly name: string;
  readonly summary: string;
  readonly optional?: boolean;
}

export interface VerbOption {
  /** Long name without dashes: 'visitors' for `--visitors N`. */
  readonly name: string;
  /** A flag takes no value; numbers are checked before the verb runs. */
  readonly kind: 'flag' | 'text' | 'integer' | 'number';
  /** Least and largest value of a number; any where not given. */
  readonly range?: readonly [least: number, most: number];
  /** Placeholder of the value in help, upper-case; flags have none. */
  readonly value?: string;
  readonly summary: string;
  readonly required?: boolean;
  /** A list, of which each time that it is typed adds to it; any other option is typed once. */
  readonly isList?: boolean;
  /** Value used when the option is not given, as it would be typed. */
  readonly default?: string;
}

/** The only way a verb touches the terminal: one answer on stdout, everything else on stderr. */
export interface Io {
  /** Whether `--json` was given. */
  readonly json: boolean;
  /** Whether stderr is a terminal, where a progress bar can redraw its line. */
  readonly terminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first Ctrl-C where the verb is `interruptible`. */
  readonly interrupted: AbortSignal;
  /** Aborted by the second: leave at once. The process ends a second later whatever the verb does. */
  readonly abandoned: AbortSignal;
  /** The verb's result, given exactly once: `document` is printed with --json, `lines` without. */
  answer(document: unknown, lines: readonly string[]): void;
  /** One line on stderr. */
  log(line: string): void;
  /** A person's answer to a question on stderr; null where nobody is there to ask. */
  ask(question: string): Promise<string | null>;
  /** Text on stderr without a line end, for redrawing. */
  draw(text: string): void;
}

/** Exit code of a verb that came to its end: 0 done, 1 failed, 3 finished but needs a human look. */
export type ExitOutcome = 0 | 1 | 3;

export interface Verb {
  readonly name: string;
  readonly summary: string;
  /** A paragraph or two for the verb's help, after the summary. */
  readonly details?: string;
  readonly examples: readonly string[];
  readonly arguments: readonly VerbArgument[];
  /** Without --json and --help, which every verb has. */
  readonly options: readonly VerbOption[];
  /** The first Ctrl-C aborts `io.interrupted` instead of ending the process; the second aborts `io.abandoned` and ends it. */
  readonly interruptible?: boolean;
  run(input: VerbInput, io: Io): Promise<ExitOutcome>;
}

/** What was typed, by declared name. Asking for an undeclared name is a defect and throws a plain Error. */
export interface VerbInput {
  /** An argument; UsageError when it is optional, absent and asked for here. */
  argument(name: string): string;
  optionalArgument(name: string): string | undefined;
  text(option: string): string | undefined;
  integer(option: string): number | undefined;
  number(option: string): number | undefined;
  flag(option: string): boolean;
}

/**
 * Input of a verb from raw values by name, as typed (flags: true). Numbers are checked here, all at once,
 * with a UsageError that names the option; defaults are filled in.
 */
export function verbInput(
  verb: Pick<Verb, 'name' | 'arguments' | 'options'>,
  typedArguments: readonly (string | undefined)[],
  typedOptions: ReadonlyMap<string, string | true>,
): VerbInput {
  const values = new Map<string, string | number | boolean | undefined>();
  for (const option of verb.options) {
    const typed = typedOptions.get(option.name) ?? option.default;
    values.set(option.name, valueOf(option, typed));
  }
  const option = (name: string): string | number | boolean | undefined => {
    if (!values.has(name)) throw new Error(`verb ${verb.name} asked for the undeclared option --${name}`);
    return values.get(name);
  };
  const optionalArgument = (name: string): string | undefined => {
    const place = verb.arguments.findIndex((argument) => argument.name === name);
    if (place < 0) throw new Error(`verb ${verb.name} asked for the undeclared argument ${name}`);
    return typedArguments[place];
  };
  const typed = <T>(name: string, check: (value: unknown) => value is T): T | undefined => {
    const value = option(name);
    if (value === undefined || check(value)) return value;
    throw new Error(`verb ${verb.name} asked for --${name} as another kind than it declared`);
  };
  return {
    optionalArgument,
    argument: (name) => {
      const value = optionalArgument(name);
      if (value !== undefined) return value;
      throw new UsageError(`${verb.name} needs ${name}`, `See: rehearsal ${verb.name} --help`);
    },
    text: (name) => typed(name, (value) => typeof value === 'string'),
    integer: (name) => typed(name, (value) => typeof value === 'number'),
    number: (name) => typed(name, (value) => typeof value === 'number'),
    flag: (name) => typed(name, (value) => typeof value === 'boolean') ?? false,
  };
}

function valueOf(
  option: VerbOption,
  typed: string | true | undefined,
): string | number | boolean | undefined {
  if (option.kind === 'flag') return typed !== undefined;
  if (typed === undefined || typed === true || option.kind === 'text')
    return typed === true ? undefined : typed;
  const number = typed.trim() === '' ? Number.NaN : Number(typed);
  const isOne = Number.isFinite(number) && (option.kind === 'number' || Number.isSafeInteger(number));
  const [least, most] = option.range ?? [-Infinity, Infinity];
  if (isOne && number >= least && number <= most) return number;
  const isTooLarge = option.kind === 'integer' && Number.isInteger(number) && !isOne;
  const limit = isTooLarge ? ` and none beyond ${Number.MAX_SAFE_INTEGER}` : '';
  throw new UsageError(
    `--${option.name} expects ${expected(option)}${limit}, got '${typed}'`,
    option.summary,
  );
}

/** 'a whole number', 'a whole number from 1', 'a number from 0 to 1' */
function expected({ kind, range: [least, most] = [-Infinity, Infinity] }: VerbOption): string {
  return [
    kind === 'integer' ? 'a whole number' : 'a number',
    Number.isFinite(least) ? ` from ${least}` : '',
    Number.isFinite(most) ? ` to ${most}` : '',
  ].join('');
}
