import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { table, withSection, writeSection, type Section } from '../../src/bench/page.ts';

const section = (name: string, ...lines: string[]): Section => ({
  name,
  command: `npm run bench -- ${name}`,
  lines,
});
const write = (page: string, one: Section): string =>
  withSection(page, one, '2 × processor', '2026-01-02T03:04:05.000Z');

describe('the bench page', () => {
  const two = write(write('', section('speed', 'ms 3')), section('likeness', '| a |', '', '### Sub', 'text'));

  it('says of each section when, where and by which command, in order of name', () => {
    expect(two.startsWith('# Bench\n')).toBe(true);
    expect(two.indexOf('## likeness')).toBeLessThan(two.indexOf('## speed'));
    expect(two).toContain('2026-01-02, 2 × processor, `npm run bench -- speed`');
    expect(two).toContain('ms 3');
  });

  it('replaces one section and keeps every other to the letter', () => {
    const changed = write(two, section('speed', 'ms 4'));
    expect(changed).toBe(two.replace('ms 3', 'ms 4'));
    const more = write(changed, section('audit', 'new'));
    expect(more).toContain('### Sub\ntext');
    expect(
      more
        .split(/^## /m)
        .slice(1)
        .map((part) => part.split('\n')[0]),
    ).toEqual(['audit', 'likeness', 'speed']);
  });

  it('is a fixed point: writing what is there changes nothing', () => {
    expect(write(two, section('speed', 'ms 3'))).toBe(two);
    expect(two.match(/^# Bench$/gm)).toHaveLength(1);
    expect(two.endsWith('\n')).toBe(true);
    expect(two.endsWith('\n\n')).toBe(false);
  });

  it('is made where there is none, and rewritten where there is', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rehearsal-bench-'));
    try {
      const path = join(folder, 'bench.md');
      writeSection(path, section('speed', 'first'));
      writeSection(path, section('likeness', 'second'));
      writeSection(path, section('speed', 'third'));
      const page = readFileSync(path, 'utf8');
      expect(page).not.toContain('first');
      expect(page).toContain('second');
      expect(page).toContain('third');
      expect(page).toMatch(/^\d{4}-\d\d-\d\d, \d+ × .*, Node v\d+/m);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has tables of markdown', () => {
    expect(table(['a', 'b'], [['1', '2']])).toEqual(['| a | b |', '| --- | --- |', '| 1 | 2 |']);
  });
});
