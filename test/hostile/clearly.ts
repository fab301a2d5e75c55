// What a clear refusal is: exit code 1 or 2, one error with what to do next, no stack, no wall of foreign text.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/base/hash.ts';
import type { Remembered } from '../cli/terminal.ts';

/** What is wrong with the way in which a command refused, in words that begin with `name`; nothing if it was clear. */
export function onlyClearly(name: string, code: number, { logged, documents }: Remembered): string[] {
  const text = logged.join('\n');
  const wrong = [
    code === 1 || code === 2 ? null : `ended with ${code}`,
    logged.filter((line) => line.startsWith('error: ')).length === 1 ? null : 'did not give one error',
    /defect|\n {4}at /.test(text) ? `gave a stack: ${text.slice(0, 400)}` : null,
    logged.at(-1)?.startsWith('error: ') ? 'said nothing to do next' : null,
    text.length > 3000 ? `wrote ${text.length} characters` : null,
    documents.length > 0 ? 'gave an answer' : null,
  ];
  return wrong.filter((one) => one !== null).map((one) => `${name}: ${one}`);
}

/** A hash over every file below a folder, with its path; '' where there is none. */
export function stateOf(folder: string): string {
  if (!existsSync(folder)) return '';
  const paths = (readdirSync(folder, { recursive: true }) as string[]).sort();
  return sha256(
    paths
      .map((path) => {
        const whole = join(folder, path);
        return statSync(whole).isFile() ? `${path} ${sha256(readFileSync(whole))}` : path;
      })
      .join('\n'),
  );
}
