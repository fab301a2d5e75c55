// The rules of the house as functions of source texts: who may import whom, one importer for each heavy package,
// chance, time and network in one place each, names, sizes, no cycles. The tables are the documentation; the
// reading of sources is by regular expression, which is enough for the imports and calls we write.

export type Sources = ReadonlyMap<string, string>;

export interface Import {
  /** As written: './box.ts' or 'zod'. */
  readonly from: string;
  readonly typesOnly: boolean;
  /** An import() expression, inside a function or not. */
  readonly dynamic: boolean;
}

interface Room {
  /** Path prefix of the room; the longest that fits decides. */
  readonly at: string;
  /** Prefixes whose values and types it may import, besides its own. */
  readonly values: readonly string[];
  /** Prefixes of which it may import types only. */
  readonly types?: readonly string[];
}

const base = 'src/base/';
const world = [
  'src/base/',
  'src/catalogue/',
  'src/recommend/',
  'src/metrics/',
  'src/stats/',
  'src/store/',
  'src/llm/',
];

/** Who may import whom. A file that is in no room breaks a rule, too. */
export const rooms: readonly Room[] = [
  { at: 'src/base/', values: [] },
  { at: 'src/catalogue/', values: [base] },
  { at: 'src/stats/', values: [base] },
  { at: 'src/store/', values: [base] },
  { at: 'src/llm/', values: [base, 'src/store/'] },
  { at: 'src/recommend/', values: [base, 'src/catalogue/'] },
  { at: 'src/metrics/', values: [base, 'src/store/', 'src/stats/'] },
  {
    at: 'sandbox/',
    values: [base, 'src/catalogue/described.ts'],
    types: ['src/catalogue/', 'src/recommend/'],
  },
  {
    at: 'agents/',
    values: [
      base,
      'sandbox/screen.ts',
      'sandbox/actions.ts',
      'src/llm/client.ts',
      'src/llm/message.ts',
      'src/llm/failure.ts',
    ],
  },
  { at: 'src/experiment/', values: [...world, 'sandbox/', 'agents/'] },
  { at: 'scenarios/', values: ['src/experiment/scenario.ts'] },
  { at: 'src/likeness/', values: [base, 'src/catalogue/', 'src/store/', 'src/metrics/', 'src/stats/'] },
  { at: 'src/dataset/', values: [base, 'src/catalogue/', 'src/store/'] },
  {
    at: 'src/report/',
    values: [
      base,
      'src/store/',
      'src/metrics/',
      'src/stats/',
      'src/experiment/result.ts',
      'src/experiment/analyse.ts',
      'src/experiment/scenario.ts',
    ],
  },
  { at: 'src/workers/', values: [...world, 'sandbox/', 'src/experiment/'] },
  { at: 'src/audit/', values: [...world, 'sandbox/', 'agents/', 'src/experiment/'] },
  {
    at: 'src/dashboard/',
    values: [
      base,
      'src/report/',
      'src/store/',
      'src/metrics/',
      'src/stats/',
      'src/experiment/result.ts',
      'src/experiment/analyse.ts',
      'src/experiment/scenario.ts',
    ],
  },
  {
    at: 'src/bench/',
    values: [
      ...world,
      'sandbox/',
      'agents/',
      'src/audit/',
      'src/workers/',
      'src/experiment/',
      'scenarios/',
      'src/likeness/',
      'src/dataset/',
      'src/report/',
      'src/dashboard/',
    ],
  },
  {
    at: 'src/cli/',
    values: [
      ...world,
      'sandbox/',
      'agents/',
      'src/audit/',
      'src/workers/',
      'src/experiment/',
      'scenarios/',
      'src/likeness/',
      'src/dataset/',
      'src/report/',
      'src/dashboard/',
      'src/bench/',
    ],
  },
  { at: 'src/cli.ts', values: ['src/cli/'] },
];

/** Packages that are heavy or could spread, and the only files that may import them. */
export const packageOwners: Readonly<Record<string, RegExp>> = {
  playwright: /^sandbox\/camera[^/]*\.ts$/,
  sharp: /^sandbox\/camera[^/]*\.ts$/,
  '@sparticuz/chromium': /^sandbox\/camera[^/]*\.ts$/,
  'better-sqlite3': /^src\/store\/database\.ts$/,
  xstate: /^sandbox\/site\.ts$/,
  langchain: /^src\/llm\/langchain[^/]*\.ts$/,
  '@langchain': /^src\/llm\/langchain[^/]*\.ts$/,
  '@jax-js/jax': /^src\/recommend\/kit\/tensor\.ts$/,
  'hyparquet-writer': /^src\/dataset\/formats\/parquet\.ts$/,
  bullmq: /^src\/workers\/queue\.ts$/,
  ioredis: /^src\/workers\/queue\.ts$/,
  commander: /^src\/cli\/main\.ts$/,
};

/** Calls that make a run depend on more than its input, and the only files where each may stand. */
export const calls: readonly {
  readonly what: string;
  readonly found: RegExp;
  readonly at: readonly string[];
}[] = [
  { what: 'Math.random', found: /\bMath\s*\.\s*random\b/, at: [] },
  { what: 'Date.now', found: /\bDate\s*\.\s*now\b/, at: ['src/base/clock.ts', 'src/bench/jumping-clock.ts'] },
  { what: 'new Date() of now', found: /\bnew\s+Date\s*\(\s*\)/, at: ['src/base/clock.ts'] },
  { what: 'performance.now', found: /\bperformance\s*\.\s*now\b/, at: ['src/base/clock.ts'] },
  {
    what: 'a recursive mkdirSync',
    found: /\bmkdirSync\s*\([^)]*recursive/,
    at: ['sandbox/camera-browser.ts'],
  },
  {
    what: 'fetch',
    found: /(?<![.\w])fetch\s*\(|\bglobalThis\s*\.\s*fetch\b/,
    at: ['src/recommend/remote.ts', 'src/llm/wire.ts'],
  },
];

/** Files that may import inside a function, because what they load is heavy, broken or named by the person. */
export const dynamicImporters: readonly string[] = [
  'src/cli/verbs.ts',
  'src/cli/doctor.ts',
  'src/experiment/load.ts',
  'src/llm/ask.ts',
  'src/llm/open.ts',
  'sandbox/camera-browser.ts',
];

const emptyNames = /^(utils?|helpers?|common|types?|misc|shared|index)$/;
const mostLines = 400;

/** Every broken rule of the sources (path from the root → text) as 'file: rule', in order of path. */
export function brokenRules(sources: Sources): string[] {
  const paths = [...sources.keys()].sort();
  return [
    ...paths.flatMap((path) => rulesOfFile(path, sources.get(path) ?? '', sources)),
    ...cycles(sources),
  ];
}

function rulesOfFile(path: string, text: string, sources: Sources): string[] {
  const broken: string[] = [];
  const code = withoutComments(text);
  const room = roomOf(path);
  if (room === undefined) broken.push('lies in no room of the house (see rooms in test/house-rules.ts)');
  if (!/^(#![^\n]*\n)?\/\//.test(text)) broken.push('does not open with a comment that says what it is');
  if (text.split('\n').length > mostLines) broken.push(`is longer than ${mostLines} lines; it is two ideas`);
  const emptyName = path
    .replace(/\.ts$/, '')
    .split('/')
    .find((part) => emptyNames.test(part));
  if (emptyName !== undefined) broken.push(`'${emptyName}' names nothing; use a word of the glossary`);
  if (/^\s*export\s[^;'"=]*\sfrom\s*['"]/m.test(code))
    broken.push('exports what another file owns; import it from there');
  for (const { what, found, at } of calls) {
    if (found.test(code) && !at.includes(path))
      broken.push(`uses ${what}, which ${at.length === 0 ? 'nobody' : `only ${at.join(' and ')}`} may`);
  }
  for (const found of importsOf(text)) {
    if (found.dynamic && !dynamicImporters.includes(path)) {
      broken.push(`imports ${found.from} inside a function; import it at the top`);
    }
    broken.push(
      ...(found.from.startsWith('.')
        ? rulesOfImport(path, room, found, sources)
        : rulesOfPackage(path, found)),
    );
  }
  return broken.map((rule) => `${path}: ${rule}`);
}

function rulesOfImport(path: string, room: Room | undefined, found: Import, sources: Sources): string[] {
  const target = resolved(path, found.from);
  if (!sources.has(target)) return target.endsWith('.ts') ? [`imports ${target}, which is not there`] : [];
  if (room === undefined || target.startsWith(room.at)) return [];
  if (room.values.some((prefix) => target.startsWith(prefix))) return [];
  const asTypes = room.types?.some((prefix) => target.startsWith(prefix)) ?? false;
  if (asTypes)
    return found.typesOnly ? [] : [`imports values of ${target}; ${room.at} may import its types only`];
  return [
    `imports ${target}; ${room.at} may import ${[...room.values, ...(room.types ?? [])].join(', ') || 'nothing'}`,
  ];
}

function rulesOfPackage(path: string, found: Import): string[] {
  const owner = Object.entries(packageOwners).find(
    ([name]) => found.from === name || found.from.startsWith(`${name}/`),
  );
  if (owner === undefined || owner[1].test(path)) return [];
  return [`imports ${owner[0]}, which belongs to ${owner[1].source.replaceAll('\\', '')} alone`];
}

/** Circles of value imports, each told once, from its first path. Types alone make no circle at run time. */
function cycles(sources: Sources): string[] {
  const next = new Map(
    [...sources].map(([path, text]) => [
      path,
      importsOf(text)
        .filter((found) => found.from.startsWith('.') && !found.typesOnly && !found.dynamic)
        .map((found) => resolved(path, found.from)),
    ]),
  );
  const told = new Set<string>();
  const done = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const circle = trail.slice(start);
      const first = circle.indexOf([...circle].sort()[0] ?? path);
      const turned = [...circle.slice(first), ...circle.slice(0, first)];
      told.add(`${turned[0]}: imports itself in a circle: ${[...turned, turned[0]].join(' → ')}`);
      return;
    }
    if (done.has(path)) return;
    for (const target of next.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of [...sources.keys()].sort()) walk(path, []);
  return [...told].sort();
}

/** The imports of a source text, static and dynamic; imports of computed names have `from` 'a computed name'. */
export function importsOf(text: string): Import[] {
  const code = withoutComments(text);
  const fixed = code.matchAll(
    /^[ \t]*(?:import|export)\s+(?:(type)\s+)?(?:([^'";=]*?)\s*from\s*)?['"]([^'"]+)['"]/gm,
  );
  const found: Import[] = [...fixed].map(([, type, names = '', from = '']) => ({
    from,
    typesOnly: type !== undefined || onlyTypes(names),
    dynamic: false,
  }));
  for (const [, , from] of code.matchAll(/\bimport\(\s*(?:(['"])([^'"]+)\1)?/g)) {
    found.push({ from: from ?? 'a computed name', typesOnly: false, dynamic: true });
  }
  return found;
}

function onlyTypes(names: string): boolean {
  const listed = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1];
  if (listed === undefined) return false;
  const each = listed
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return each.length > 0 && each.every((name) => name.startsWith('type '));
}

/** The text with comments left out; strings stay as they are. */
export function withoutComments(text: string): string {
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(token, (found) => (found.startsWith('//') || found.startsWith('/*') ? '' : found));
}

function roomOf(path: string): Room | undefined {
  return rooms.filter((room) => path.startsWith(room.at)).sort((a, b) => b.at.length - a.at.length)[0];
}

function resolved(path: string, from: string): string {
  const parts = path.split('/').slice(0, -1);
  for (const part of from.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
