import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/base/error.ts';
import { buildExperiment } from '../../src/experiment/build.ts';
import { loadScenario, withOverrides } from '../../src/experiment/load.ts';
import { defineScenario } from '../../src/experiment/scenario.ts';
import { catalogue, chanceArm, small, smallInput, temporaryFolder } from './small.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());
let files = 0;
const fileWith = (text: string): string => {
  const path = join(folder.path, `scenario-${files++}.mjs`);
  writeFileSync(path, text);
  return path;
};
const declared = (fields: object): string =>
  fileWith(`export default ${JSON.stringify({ ...smallInput, ...fields })};`);
const complaint = async (path: string): Promise<UsageError> => {
  const error: unknown = await loadScenario(path).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(UsageError);
  expect((error as UsageError).exitCode).toBe(2);
  expect((error as UsageError).hint).not.toBe('');
  return error as UsageError;
};

describe('loading a scenario', () => {
  it('fills in the defaults', async () => {
    const scenario = await loadScenario(declared({}));
    expect(scenario).toEqual(small());
    expect(scenario).toMatchObject({
      design: 'twins',
      mind: 'choice',
      catalogue: 'built-in',
      metrics: { goal: 'ctr' },
    });
  });

  it('lets each option override its one field', async () => {
    const path = declared({});
    const plain = await loadScenario(path);
    expect(await loadScenario(path, { seed: 9 })).toEqual({ ...plain, seed: 9 });
    expect(await loadScenario(path, { mind: 'oracle' })).toEqual({ ...plain, mind: 'oracle' });
    expect(await loadScenario(path, { catalogue: 'mine' })).toEqual({ ...plain, catalogue: 'mine' });
    expect(await loadScenario(path, { visitors: 12 })).toEqual({
      ...plain,
      population: { ...plain.population, visitors: 12 },
    });
    expect(() => withOverrides(plain, { mind: 'human' })).toThrow("there is no mind 'human'");
    expect(() => withOverrides(plain, { minds: 'random, chioce' })).toThrow(
      expect.objectContaining({ hint: 'Did you mean choice?' }),
    );
    expect(() => withOverrides(plain, { visitors: 1 })).toThrow(/visitors/);
    expect(() => withOverrides(plain, { maxUsd: 1 })).toThrow(
      '--max-usd is for a model, and the scenario names none',
    );
    expect(() => withOverrides(plain, { replay: 'x' })).toThrow('--replay is for a model');
  });

  it('says that there is no file', async () => {
    expect((await complaint('nowhere/at-all.ts')).message).toContain('nowhere/at-all.ts');
  });

  it('says that the file has no default export', async () => {
    const path = fileWith('export const scenario = 1;');
    expect((await complaint(path)).message).toBe(`${path} has no default export`);
  });

  it('says that the file is no program, or fails', async () => {
    for (const text of ['export default {', "throw new Error('on its own')"]) {
      const path = fileWith(text);
      expect((await complaint(path)).message).toContain(`${path} cannot be loaded`);
    }
  });

  it.each([
    ['a field that is misspelt', { populaton: 3 }, /"populaton".*did you mean population\?/],
    ['a field within a field', { population: { vistors: 3 } }, /did you mean visitors\?[^]*at population/],
    ['a field of a rule', { stopping: { rule: 'sequential', futilty: true } }, /did you mean futility\?/],
    ['a field of the model', { llm: { model: 'a', budgit: {} } }, /did you mean budget\?[^]*at llm/],
    ['a field like no other', { zzz: 1 }, /no field "zzz" here; there are name, question/],
    [
      'a field of a method',
      { arms: [{ name: 'a', method: 'random', setings: {} }, chanceArm] },
      /"setings" here; did you mean settings\?[^]*arms\[0\]$/m,
    ],
    [
      'a field of a url',
      { arms: [chanceArm, { name: 'a', url: 'http://x', timeout: 3 }] },
      /did you mean timeoutMs\?[^]*arms\[1\]$/m,
    ],
    [
      'a field of another kind',
      { arms: [chanceArm, { name: 'a', likedShare: 1, settings: {} }] },
      /"settings" here; there are name, presentation, likedShare$/m,
    ],
    [
      'a field of what a card shows',
      { arms: [{ ...chanceArm, presentation: { covr: false } }, chanceArm] },
      /did you mean cover\?[^]*arms\[0\]\.presentation/,
    ],
    [
      'a prior that loses more than all',
      { metrics: { bayes: { prior: { mean: -1 } } } },
      /expected number to be >-1[^]*at metrics\.bayes\.prior\.mean/,
    ],
    [
      'an arm of two kinds',
      { arms: [{ name: 'a', method: 'random', url: 'http://x' }, chanceArm] },
      /one kind, and this one has method and url/,
    ],
    ['an arm that is no object', { arms: ['random', chanceArm] }, /an arm is an object[^]*arms\[0\]/],
    ['an arm of no kind', { arms: [{ name: 'a' }, chanceArm] }, /has none of them[^]*arms\[0\]/],
    [
      'a kind that is misspelt',
      { arms: [{ name: 'a', methd: 'random' }, chanceArm] },
      /"methd" here; did you mean method\?/,
    ],
    ['one arm only', { arms: [chanceArm] }, /arms/],
    ['two arms of one name', { arms: [chanceArm, chanceArm] }, /arm names must differ/],
    ['a url that is none', { arms: [{ name: 'a', url: 'ftp://x' }, chanceArm] }, /arms\[0\]/],
    ['a share above one', { arms: [{ name: 'a', likedShare: 1.5 }, chanceArm] }, /arms\[0\]/],
    ['an unknown design', { design: 'triplets' }, /design/],
    ['too large a page', { site: { pageSize: 11 } }, /pageSize/],
    ['a seed that is no number', { seed: 'one' }, /seed/],
  ])('names %s', async (_what, fields, said) => {
    const path = declared(fields);
    const { message } = await complaint(path);
    expect(message).toContain(path);
    expect(message).toMatch(said);
  });

  it('names the file, too, where defineScenario finds what is wrong', async () => {
    const library = JSON.stringify(new URL('../../src/experiment/scenario.ts', import.meta.url).href);
    const path = join(folder.path, 'defined.mjs');
    writeFileSync(
      path,
      `import { defineScenario } from ${library}; export default defineScenario({ seed: -1 });`,
    );
    const { message } = await complaint(path);
    expect(message).toContain(path);
    expect(message).toMatch(/at seed/);
  });

  it('says that a file whose fields cannot even be read is no scenario', async () => {
    const path = fileWith("export default { get name() { throw new Error('on its own'); } };");
    expect((await complaint(path)).message).toBe(`${path} cannot be loaded: on its own`);
  });

  it('checks a scenario while it is written, too', () => {
    expect(defineScenario(smallInput)).toEqual(small());
    expect(() => defineScenario({ ...smallInput, seed: -1 })).toThrow(/seed/);
  });
});

describe('building what a scenario names', () => {
  const build = (changes: Parameters<typeof small>[0]): Promise<unknown> =>
    buildExperiment(small(changes), catalogue, () => undefined);

  it('names an arm method that does not exist', async () => {
    await expect(build({ arms: [{ name: 'a', method: 'magic' }, chanceArm] })).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('magic'),
    });
  });

  it('names a metric that does not exist before a session is run, wherever it is named', async () => {
    for (const metrics of [
      { goal: 'applause' },
      { furtherGoals: ['applause'] },
      { guardrails: [{ metric: 'applause', margin: 0.1 }] },
    ])
      await expect(build({ metrics }), JSON.stringify(metrics)).rejects.toMatchObject({
        name: 'UsageError',
        message: expect.stringContaining('applause'),
      });
  });

  it('refuses more visitors than there are people, and says how many there are', async () => {
    await expect(build({ population: { visitors: 500, minimumHistory: 10 } })).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(/wants 500 visitors.* has \d+ people/),
      hint: expect.stringMatching(/--visitors \d+/),
    });
  });

  it('refuses settings that the method does not know', async () => {
    await expect(
      build({ arms: [{ name: 'a', method: 'popularity', settings: { lenght: 3 } }, chanceArm] }),
    ).rejects.toMatchObject({
      name: 'UsageError',
    });
  });

  it('makes the same visitors for the same seed, of titles and training histories alone', async () => {
    const [one, two] = [
      await buildExperiment(small(), catalogue, () => undefined),
      await buildExperiment(small(), catalogue, () => undefined),
    ];
    expect(two.visitors).toEqual(one.visitors);
    expect(two.mind.version).toBe(one.mind.version);
    expect(one.visitors).toHaveLength(3);
    const other = await buildExperiment(small({ seed: 2 }), catalogue, () => undefined);
    expect(other.visitors).not.toEqual(one.visitors);
    for (const { profile, history } of one.visitors) {
      expect(profile.seen).toHaveLength(history.length);
      expect(JSON.stringify(profile)).not.toMatch(/film-\d/);
    }
    expect(one.heldOutNdcg20['popularity']).toBeGreaterThan(0);
  });
});
