// Scenario files that are broken or hostile, given to `run`: one clear message each that names the file, and no folder.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { randomFrom } from '../../src/base/random.ts';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { rememberingTerminal } from '../cli/terminal.ts';
import { smallInput } from '../experiment/small.ts';
import { onlyClearly } from './clearly.ts';

const root = mkdtempSync(join(tmpdir(), 'rehearsal-scenarios-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const [sound, other] = smallInput.arms;
const exporting = (value: string): string => `export default ${value};`;
const changed = (changes: object): string => exporting(JSON.stringify({ ...smallInput, ...changes }));
const arms = (...given: readonly unknown[]): string => changed({ arms: given });
const noise = (seed: number): Buffer => {
  const random = randomFrom('hostile scenario', seed);
  return Buffer.from(Array.from({ length: 500 }, () => 128 + random.integer(128)));
};
const library = JSON.stringify(new URL('../../src/experiment/scenario.ts', import.meta.url).href);

const spoilt: Readonly<Record<string, string | Uint8Array>> = {
  'an empty file': '',
  'a comment': '// nothing',
  'another export': 'export const scenario = 1;',
  ...Object.fromEntries([1, 2, 3].map((seed) => [`noise ${seed}`, noise(seed)])),
  'NULs': Buffer.alloc(100),
  'JSON': JSON.stringify(smallInput),
  'YAML': 'name: small\narms:\n  - random\n',
  'half a file': 'export default {',
  'an unclosed text': "export default { name: 'small };",
  'an import of nothing': "import x from './nowhere.ts'; export default x;",
  'an import of a package that is not there': "import x from 'no-such-package-at-all'; export default x;",
  'an error of its own': "throw new Error('on its own');",
  'a thrown text': "throw 'on its own';",
  'a thrown nothing': 'throw undefined;',
  'an error that cannot be read': 'throw { get message() { throw 1; } };',
  'a rejection': "await Promise.reject(new Error('on its own'));",
  'a field that throws': "export default { get name() { throw new Error('on its own'); } };",
  'what defineScenario refuses': `import { defineScenario } from ${library}; export default defineScenario({});`,
  'null': exporting('null'),
  'undefined': exporting('undefined'),
  'a number': exporting('7'),
  'a text': exporting("'small'"),
  'a list': exporting('[]'),
  'a function': exporting('() => ({})'),
  'a promise': exporting('Promise.resolve({})'),
  'a map': exporting('new Map()'),
  'an object that holds itself': 'const own = {}; own.own = own; export default own;',
  'an empty object': exporting('{}'),
  'a name with a path': changed({ name: '../../up' }),
  'a name with a space': changed({ name: 'two words' }),
  'a name without end': changed({ name: 'A'.repeat(100_000) }),
  'no question': changed({ question: '' }),
  'a question without end': changed({ question: 'why '.repeat(10_000) }),
  'a catalogue with a path': changed({ catalogue: '../../etc/passwd' }),
  'a catalogue that is not there': changed({ catalogue: 'nowhere' }),
  'no arms': arms(),
  'one arm': arms(sound),
  'too many arms': arms(...Array.from({ length: 13 }, (_, place) => ({ ...sound, name: `a${place}` }))),
  'arms of one name': arms(sound, sound),
  'an arm that is a text': arms(sound, 'random'),
  'an arm that is null': arms(sound, null),
  'an arm that is a list': arms(sound, [other]),
  'an arm of no kind': arms(sound, { name: 'x' }),
  'an arm of all kinds': arms(sound, { name: 'x', method: 'random', url: 'http://x', likedShare: 0.5 }),
  'a misspelt kind': arms(sound, { name: 'x', metod: 'random' }),
  'a misspelt field of an arm': arms(sound, { ...other, setings: {} }),
  'a method that is not there': arms(sound, { name: 'x', method: '__proto__' }),
  'a file for a url': arms(sound, { name: 'x', url: 'file:///etc/passwd' }),
  'a program for a url': arms(sound, { name: 'x', url: 'javascript:alert(1)' }),
  'a url with a password': arms(sound, { name: 'x', url: 'http://me:secret@127.0.0.1:9' }),
  'a url of nobody': arms(sound, { name: 'x', url: 'http://127.0.0.1:9' }),
  'a share that is too large': arms(sound, { ...other, training: { share: 2 } }),
  'a share of nothing': arms(sound, { ...other, training: { share: 0 } }),
  'visitors without end': exporting(`{ ...${JSON.stringify(smallInput)}, population: { visitors: Infinity } }`),
  'visitors that are no number': exporting(`{ ...${JSON.stringify(smallInput)}, population: { visitors: NaN } }`),
  'visitors as text': changed({ population: { visitors: '3' } }),
  'fewer visitors than none': changed({ population: { visitors: -3 } }),
  'a seed that is a large number': exporting(`{ ...${JSON.stringify(smallInput)}, seed: 10n }`),
  'a seed with a point': changed({ seed: 0.5 }),
  'a mind that is none': changed({ mind: 'god' }),
  'a mind without its model': changed({ mind: 'llm' }),
  'a design that is none': changed({ design: 'triplets' }),
  'a metric that is none': changed({ metrics: { goal: 'constructor' } }),
  'an alpha beyond a half': changed({ metrics: { alpha: 0.9 } }),
  'a rule that is none': changed({ stopping: { rule: 'never' } }),
  'a field that is unknown': changed({ onStart: 'rm -rf' }),
}; // prettier-ignore

it(`refuses all of ${Object.keys(spoilt).length + 2} files, each clearly and without a folder`, async () => {
  const told: string[] = [];
  const out = join(root, 'runs', 'out');
  const tried = async (name: string, path: string): Promise<void> => {
    const terminal = rememberingTerminal({ environment: { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' } });
    const code = await main(['run', path, '--out', out], verbs, '0', terminal);
    told.push(...onlyClearly(name, code, terminal));
    if (existsSync(join(root, 'runs'))) told.push(`${name}: a folder was left`);
  };
  let files = 0;
  for (const [name, text] of Object.entries(spoilt)) {
    const path = join(root, `scenario-${files++}.mjs`);
    writeFileSync(path, text);
    await tried(name, path);
  }
  await tried('nothing', join(root, 'nowhere.ts'));
  mkdirSync(join(root, 'folder.ts'));
  await tried('a folder', join(root, 'folder.ts'));
  expect(told).toEqual([]);
  expect(Object.keys(spoilt).length).toBeGreaterThanOrEqual(50);
});
