// The house as it stands obeys its rules, and the rules catch who breaks them. Read house-rules.ts as the plan of
// the house; CONTRIBUTING.md points to its table of rooms.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { brokenRules, importsOf } from './house-rules.ts';

const root = join(import.meta.dirname, '..');

function sourcesBelow(folder: string): [string, string][] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => [relative(root, file).split(sep).join('/'), readFileSync(file, 'utf8')]);
}

const house = new Map(['src', 'sandbox', 'agents', 'scenarios'].flatMap(sourcesBelow));

test('every file of the house obeys its rules', () => {
  expect(brokenRules(house)).toEqual([]);
});

describe('the rules catch', () => {
  const rulesBrokenBy = (files: Readonly<Record<string, string>>): string[] =>
    brokenRules(new Map(Object.entries(files).map(([path, text]) => [path, `// What it is.\n${text}`])));

  it.each([
    [
      'an import the table does not allow',
      { 'src/base/a.ts': "import { b } from '../stats/b.ts';", 'src/stats/b.ts': '' },
      /src\/base\/a\.ts: imports src\/stats\/b\.ts/,
    ],
    [
      'a value where only types may be imported',
      { 'sandbox/a.ts': "import { b } from '../src/catalogue/b.ts';", 'src/catalogue/b.ts': '' },
      /types only/,
    ],
    [
      'a mind that looks at the site behind the screen',
      { 'agents/minds/a.ts': "import type { V } from '../../sandbox/visit.ts';", 'sandbox/visit.ts': '' },
      /agents\/ may import/,
    ],
    [
      'a mind that reads the catalogue',
      { 'agents/a.ts': "import type { Item } from '../src/catalogue/item.ts';", 'src/catalogue/item.ts': '' },
      /agents\/ may import/,
    ],
    [
      'somebody who imports the command line',
      { 'src/bench/a.ts': "import { b } from '../cli/b.ts';", 'src/cli/b.ts': '' },
      /src\/bench\/ may import/,
    ],
    [
      'a scenario that reaches past defineScenario',
      { 'scenarios/a.ts': "import { run } from '../src/experiment/run.ts';", 'src/experiment/run.ts': '' },
      /scenarios\/ may import/,
    ],
    [
      'a report that reads more of the experiment than its result',
      { 'src/report/a.ts': "import { b } from '../experiment/build.ts';", 'src/experiment/build.ts': '' },
      /src\/report\/ may import/,
    ],
    [
      'a heavy package outside its file',
      { 'src/experiment/a.ts': "import { chromium } from 'playwright';" },
      /belongs to/,
    ],
    [
      'a path below a heavy package',
      { 'src/experiment/a.ts': "import x from 'xstate/graph';" },
      /belongs to/,
    ],
    ['global chance', { 'src/stats/a.ts': 'const x = Math.random();' }, /Math\.random/],
    [
      'the wall clock',
      { 'src/stats/a.ts': 'const x = Date.now() + new Date().getTime();' },
      /only src\/base\/clock\.ts/,
    ],
    ['a network call', { 'src/metrics/a.ts': "await fetch('http://x');" }, /only src\/recommend\/remote\.ts/],
    [
      'an import inside a function',
      { 'src/stats/a.ts': "async function f() { await import('node:fs'); }" },
      /inside a function/,
    ],
    [
      'a computed import',
      { 'src/stats/a.ts': 'async function f(x: string) { await import(x); }' },
      /inside a function/,
    ],
    ['a barrel', { 'src/stats/a.ts': "export * from './b.ts';", 'src/stats/b.ts': '' }, /another file owns/],
    [
      'a re-export by name',
      { 'src/stats/a.ts': "export {\n  b,\n} from './b.ts';", 'src/stats/b.ts': '' },
      /another file owns/,
    ],
    ['a name that says nothing', { 'src/stats/utils.ts': '' }, /names nothing/],
    ['a folder that says nothing', { 'src/helpers/a.ts': '' }, /names nothing/],
    ['a file outside every room', { 'src/extra/a.ts': '' }, /no room/],
    ['a file of two ideas', { 'src/stats/a.ts': '\n'.repeat(401) }, /longer than 400/],
    [
      'an import of a file that is not there',
      { 'src/stats/a.ts': "import { b } from './b.ts';" },
      /is not there/,
    ],
    [
      'a circle',
      { 'src/stats/a.ts': "import { b } from './b.ts';", 'src/stats/b.ts': "import { a } from './a.ts';" },
      /circle: src\/stats\/a\.ts → src\/stats\/b\.ts → src\/stats\/a\.ts/,
    ],
  ] as const)('%s', (_what, files, rule) => {
    expect(rulesBrokenBy(files).join('\n')).toMatch(rule);
  });

  it('a missing opening comment', () => {
    expect(brokenRules(new Map([['src/stats/a.ts', 'export const a = 1;']]))).toEqual([
      'src/stats/a.ts: does not open with a comment that says what it is',
    ]);
  });

  it('nothing in files that keep the rules', () => {
    expect(
      rulesBrokenBy({
        'src/catalogue/item.ts': "import { z } from 'zod';\nexport type Item = 1;",
        'sandbox/a.ts':
          "import type { Item } from '../src/catalogue/item.ts';\nimport { type Item as Card } from '../src/catalogue/item.ts';",
        'src/stats/a.ts':
          "// Math.random is not used here.\nexport const note = 'prefetch(x)';\nimport type { B } from './b.ts';",
        'src/stats/b.ts': "import type { A } from './a.ts';",
      }),
    ).toEqual([]);
  });

  it('imports however they are laid out', () => {
    const text =
      "import a, { type B } from 'a';\nimport {\n  type C,\n  type D,\n} from 'b';\nimport 'c';\nimport type * as E from 'd';\n// import 'e';";
    expect(importsOf(text)).toEqual([
      { from: 'a', typesOnly: false, dynamic: false },
      { from: 'b', typesOnly: true, dynamic: false },
      { from: 'c', typesOnly: false, dynamic: false },
      { from: 'd', typesOnly: true, dynamic: false },
    ]);
  });
});
