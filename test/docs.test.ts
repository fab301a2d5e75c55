// The pages cannot lie: scenarios in README are checked by the schema, commands by the table of verbs, links by
// the files they name, and README's test command is the one that CI runs.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { verbs } from '../src/cli/verbs.ts';
import { methods } from '../src/recommend/methods.ts';
import { parseScenario } from '../src/experiment/scenario.ts';
import { statusAs, whileServing } from './cli/served.ts';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const text = (page: string): string => readFileSync(page, 'utf8');
const blocks = (page: string, language: string): string[] =>
  [...text(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gmu'))].map(
    (match) => match[1]!,
  );

test('every setting of a method stands in the table of the page', () => {
  const table = text('docs/methods.md').split('## Settings')[1]!.split('\n## ')[0]!;
  const told = new Set(
    [...table.matchAll(/^\| ([^|]*) \|/gmu)].flatMap(([, keys]) => keys!.match(/\w+/gu) ?? []),
  );
  const known = Object.values(methods).flatMap(({ settings }) => Object.keys(settings.parse({}) as object));
  expect([...new Set(known)].filter((key) => !told.has(key))).toEqual([]);
  expect([...told].filter((key) => !['setting', ...known].includes(key))).toEqual([]);
});

test('every scenario in README is a scenario', () => {
  const scenarios = blocks('README.md', 'ts');
  expect(scenarios.length).toBeGreaterThan(0);
  for (const block of scenarios) {
    const literal = /defineScenario\((\{[\s\S]*\})\)/u.exec(block)?.[1];
    const value: unknown = new Function(`return (${literal})`)();
    expect(parseScenario(value, 'README').arms.length).toBeGreaterThan(1);
  }
});

test("CI runs README's own test command", () => {
  const ci = text('.ci/run');
  expect(text('README.md')).toContain('npm ci && npm test');
  expect(ci).toContain('npm ci && npm test');
});

describe.each(pages)('%s', (page) => {
  it('names only verbs and options that exist', async () => {
    for (const [, verb, rest] of text(page).matchAll(/(?:npx )?\brehearsal ([a-z]+)((?: [^`\n]*)?)/gu)) {
      const entry = verbs.find((candidate) => candidate.name === verb);
      if (entry === undefined) continue;
      const declared = new Set(
        (await entry.load()).options.map((option) => `--${option.name}`).concat('--json', '--help'),
      );
      for (const [option] of rest!.matchAll(/--[a-z-]+/gu))
        expect(declared, `rehearsal ${verb}`).toContain(option);
    }
    for (const [, verb] of text(page).matchAll(/npx rehearsal ([a-z]+)/gu))
      expect(verbs.map(({ name }) => name)).toContain(verb);
  });

  it('links only to files that are there', () => {
    for (const [, target] of text(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/gu)) {
      expect(existsSync(join(dirname(page), target!)), `${page} → ${target}`).toBe(true);
    }
  });
});

describe('the containers', () => {
  const compose = text('docker-compose.yml');
  const services = [...compose.matchAll(/^ {2}([a-z]+):\n((?: {4}.*\n|\n| {2,}#.*\n)+)/gmu)].map(
    ([, name, body]) => ({ name: name!, body: body! }),
  );
  const ours = services.filter(({ body }) => body.includes('<<: *rehearsal'));

  it('are the services that the pages name', () => {
    expect(services.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['redis', 'worker', 'coordinator', 'recommender', 'dashboard', 'model']),
    );
    expect(ours.length).toBeGreaterThan(3);
  });

  const commandOf = (body: string): string[] | undefined => {
    const words = /^ {4}command:\s+\[([^\]]*)\]$/mu.exec(body)?.[1];
    return words === undefined ? undefined : (JSON.parse(`[${words.replaceAll("'", '"')}]`) as string[]);
  };

  it('start with commands that exist, closed as the pages say', async () => {
    for (const { name, body } of ours) {
      const [verb, ...options] = commandOf(body) ?? [];
      if (verb === undefined) continue;
      const entry = verbs.find((candidate) => candidate.name === verb);
      expect(entry, name).toBeDefined();
      const declared = (await entry!.load()).options.map((option) => `--${option.name}`);
      for (const option of options.filter((word) => word.startsWith('--')))
        expect(declared, name).toContain(option);
    }
    for (const closed of ['read_only: true', 'cap_drop: [ALL]', 'no-new-privileges:true'])
      expect(compose.split('\nservices:')[0]).toContain(closed);
  });

  it('reach nothing outside, and where a Redis elsewhere is offered the head says how it is reached', () => {
    const atQueue = services.filter(({ body }) => /REHEARSAL_QUEUE|environment: \*queue/u.test(body));
    expect(atQueue.map(({ name }) => name)).toEqual(['worker', 'coordinator']);
    const [head] = compose.split('x-rehearsal:');
    for (const { name, body } of atQueue) {
      expect(body, name).toContain('networks: [inside]');
      expect(head).toContain(`${name}: { networks: [outside] }`);
    }
    expect(compose).toMatch(/^ {2}inside:\n {4}internal: true\n {2}outside: \{\}$/mu);
  });

  it('that are asked over the network of the file answer there by their own names', async () => {
    const asked = ours.flatMap(({ name, body }) => {
      const [verb, ...options] = commandOf(body) ?? [];
      return verb === 'serve' && body.includes('networks: [inside]') ? [{ name, options }] : [];
    });
    expect(asked.map(({ name }) => name)).toEqual(['recommender']);
    for (const { name, options } of asked) {
      const port = options[options.indexOf('--port') + 1]!;
      const free = options.with(options.indexOf('--port') + 1, '0');
      const statuses = await whileServing(free, (at) =>
        Promise.all([`${name}:${port}`, 'rebound.example'].map((host) => statusAs(host, at))),
      );
      expect(statuses, name).toEqual([200, 403]);
    }
  });

  it('hold what the program needs, and run it as an ordinary user', () => {
    const image = text('Dockerfile');
    const copied = [...image.matchAll(/^COPY (?!--from)(.+) \S+$/gmu)].flatMap(([, paths]) =>
      paths!.split(' '),
    );
    for (const path of copied) expect(existsSync(path), path).toBe(true);
    for (const room of ['sandbox', 'agents', 'scenarios', 'src']) expect(copied).toContain(room);
    expect(image).toMatch(/^USER node$/mu);
  });
});
