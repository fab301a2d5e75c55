// docs/cli.md from the table of verbs, so that the page cannot say anything else than the program does.

import type { Verb, VerbOption } from './verb.ts';

/** The page as Markdown, one part per verb in the table's order. */
export function cliPage(verbs: readonly Verb[]): string {
  return [
    '# The command line',
    '',
    '<!-- Written by src/cli/cli-page.ts from the table of verbs; a test holds the two equal. -->',
    '',
    'Every verb has `--help`, and `--json`, which prints one JSON document on stdout while logs stay on stderr.',
    'Exit codes: 0 done, 1 failed, 2 wrong usage, 3 finished but something needs a human look (a failed check, an',
    'interrupted run). With `--json` an error is `{"error": {"message", "hint"}}` on stdout. `REHEARSAL_DEBUG=1`',
    'adds the stack to every error.',
    '',
    ...verbs.flatMap(verbPart),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function verbPart(verb: Verb): string[] {
  const words = verb.arguments.map((argument) => (argument.optional ? `[${argument.name}]` : argument.name));
  return [
    `## ${verb.name}`,
    '',
    `\`rehearsal ${[verb.name, ...words].join(' ')} [options]\``,
    '',
    verb.summary,
    '',
    ...(verb.details ?? '')
      .split('\n\n')
      .filter(Boolean)
      .flatMap((part) => [paragraph(part), '']),
    ...list(
      'Arguments:',
      verb.arguments.map((argument) => `\`${argument.name}\`: ${argument.summary}`),
    ),
    ...list('Options:', verb.options.map(optionLine)),
    '```',
    ...verb.examples,
    '```',
    '',
  ];
}

/** Indented lines of a terminal's list become a Markdown list. */
function paragraph(text: string): string {
  const [first = '', ...lines] = text.split('\n');
  if (!lines.every((line) => line.startsWith('  '))) return text;
  return [first, ...(lines.length > 0 ? [''] : []), ...lines.map((line) => `- ${line.trim()}`)].join('\n');
}

function optionLine(option: VerbOption): string {
  const words = option.kind === 'flag' ? option.name : `${option.name} ${option.value ?? 'VALUE'}`;
  const presence = option.required
    ? ' (required)'
    : option.default === undefined
      ? ''
      : ` (default \`${option.default}\`)`;
  return `\`--${words}\`: ${option.summary}${presence}`;
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, '', ...lines.map((line) => `- ${line}`), ''];
}
