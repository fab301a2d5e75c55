// docs/bench.md: one section a contest, each rewritten by its own run with machine, date and command, so that a
// figure in the page is always one that was printed.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { wallDate } from '../base/clock.ts';
import { makeFolder } from '../base/make-folder.ts';

export interface Section {
  readonly name: string;
  readonly command: string;
  /** Markdown lines. */
  readonly lines: readonly string[];
  /** Written into pictures/ beside the page. */
  readonly pictures?: readonly Picture[];
}

export interface Picture {
  readonly name: string;
  /** SVG. */
  readonly text: string;
}

/** What a section of one data set and seed is called, so that days of training stand side by side. */
export const sectionName = (contest: string, set: string, seed: number): string =>
  `${contest} ${set}, seed ${seed}`;

const heading =
  '# Bench\n\nWritten by `npm run bench`; every section says where and when. Compare ratios, not single times.';

/** The page with this section new and the others as they were. Sections stand in order of name. */
export function withSection(page: string, section: Section, machine: string, date: string): string {
  const sections = new Map<string, string>();
  for (const part of page.split(/^(?=## )/mu).slice(1))
    sections.set(part.slice(3, part.indexOf('\n')), part.trimEnd());
  sections.set(
    section.name,
    [
      `## ${section.name}`,
      '',
      `${date.slice(0, 10)}, ${machine}, \`${section.command}\``,
      '',
      ...section.lines,
    ].join('\n'),
  );
  const ordered = [...sections].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  return `${[heading, ...ordered].join('\n\n')}\n`;
}

/** Rewrites one section of the file, which is made with its folder where it is missing. */
export function writeSection(path: string, section: Section): void {
  makeFolder(dirname(path));
  const page = existsSync(path) ? readFileSync(path, 'utf8') : '';
  writeFileSync(path, withSection(page, section, machineName(), wallDate()));
  const folder = join(dirname(path), 'pictures');
  if ((section.pictures ?? []).length > 0) makeFolder(folder);
  for (const { name, text } of section.pictures ?? []) writeFileSync(join(folder, name), text);
}

function machineName(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
}

/** A markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
