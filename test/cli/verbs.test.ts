// The table of verbs against the verbs themselves and against docs/cli.md, which is written from them:
// `npx vitest run test/cli/verbs.test.ts -u` writes the page anew.

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cliPage } from '../../src/cli/cli-page.ts';
import { verbs } from '../../src/cli/verbs.ts';

const loaded = await Promise.all(verbs.map((entry) => entry.load()));

it('the table says of each verb what the verb says of itself', () => {
  expect(verbs.map(({ name, summary }) => ({ name, summary }))).toEqual(
    loaded.map(({ name, summary }) => ({ name, summary })),
  );
});

it('names differ, and every verb has an example of itself', () => {
  expect(new Set(verbs.map((entry) => entry.name)).size).toBe(verbs.length);
  for (const verb of loaded) {
    expect(verb.examples.length).toBeGreaterThan(0);
    expect(
      verb.examples.every(
        (example) => example.includes(`rehearsal ${verb.name}`) || example.includes(`npm run ${verb.name}`),
      ),
    ).toBe(true);
  }
});

it('options are lower-case words, declared once, and do not take the place of --json or --help', () => {
  for (const verb of loaded) {
    const names = verb.options.map((option) => option.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^(?!json$|help$)[a-z]+(-[a-z]+)*$/);
  }
});

it('docs/cli.md is what the table makes of it', async () => {
  await expect(cliPage(loaded)).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/cli.md'));
});
