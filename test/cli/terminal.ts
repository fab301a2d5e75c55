// A terminal that remembers what was printed, for tests of the command line.

import type { Terminal } from '../../src/cli/main.ts';

export interface Remembered extends Terminal {
  readonly out: string[];
  readonly logged: string[];
  readonly documents: unknown[];
  readonly interruption: AbortController;
}

/** A terminal for one command. */
export function rememberingTerminal(
  settings: {
    json?: boolean;
    environment?: Record<string, string>;
    /** What a person there would answer; nobody is there without it. */
    answer?: string;
  } = {},
): Remembered {
  const out: string[] = [];
  const logged: string[] = [];
  const documents: unknown[] = [];
  const interruption = new AbortController();
  return {
    out,
    logged,
    documents,
    interruption,
    json: settings.json ?? false,
    terminal: false,
    environment: settings.environment ?? {},
    interrupted: interruption.signal,
    abandoned: new AbortController().signal,
    get answered() {
      return documents.length > 0;
    },
    answer(document, lines) {
      documents.push(document);
      out.push(...lines);
    },
    log: (line) => void logged.push(line),
    ask: async (question) => {
      if (settings.answer === undefined) return null;
      logged.push(question);
      return settings.answer;
    },
    draw: (text) => void logged.push(text),
    print: (text) => void out.push(text),
    catchInterrupt: () => {},
  };
}
