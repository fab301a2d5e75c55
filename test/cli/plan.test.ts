// `rehearsal plan` from a finished pilot: a record made by hand in a run folder, no browser.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { analyse } from '../../src/experiment/analyse.ts';
import { createRunFolder, writeResult } from '../../src/experiment/folder.ts';
import { parseScenario } from '../../src/experiment/scenario.ts';
import { openDatabase } from '../../src/store/database.ts';
import { writer } from '../../src/store/write.ts';
import { sampleEvents, sampleSession, saveVisitors } from '../store/sample.ts';
import { rememberingTerminal } from './terminal.ts';

const root = mkdtempSync(join(tmpdir(), 'rehearsal-plan-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const asked = {
  name: 'hand',
  question: 'Which is better?',
  arms: [
    { name: 'old', method: 'random' },
    { name: 'new', method: 'popularity' },
  ],
  metrics: { goal: 'clicks' },
};
const items = Array.from({ length: 10 }, (_unused, index) => `i${index}`);
const file = join(root, 'hand.mjs');
const users = join(root, 'users.csv');

beforeAll(() => {
  writeFileSync(file, `export default ${JSON.stringify(asked)};`);
  writeFileSync(
    users,
    [
      'real,simulated',
      ...Array.from({ length: 20 }, (_, i) => `${(i * 7) % 5},${((i * 7) % 5) + (i % 2)}`),
    ].join('\n'),
  );
  const scenario = parseScenario({ ...asked, population: { visitors: 12 } }, 'the pilot');
  const folder = createRunFolder(join(root, 'pilot'), scenario, { program: '0', started: '', force: false });
  const database = openDatabase(folder.record);
  const visitors = Array.from({ length: 12 }, (_, index) => `v${index}`);
  saveVisitors(database, visitors);
  const record = writer(database);
  record.setRun('scenario', scenario);
  visitors.forEach((visitor, index) => {
    for (const [arm, count] of [
      ['old', 2 + (index % 4)],
      ['new', 3 + ((index + 1) % 4)],
    ] as const)
      record.saveSession(
        sampleSession({ arm, visitor }),
        sampleEvents({ slates: [items], opened: items.slice(0, count) }),
      );
  });
  writeResult(
    folder,
    analyse(database, {
      scenario,
      run: 'pilot',
      path: folder.path,
      seconds: 24,
      heldOutNdcg: {},
      status: 'complete',
      planned: 24,
    }),
  );
  database.close();
});

const plan = async (...words: string[]) => {
  const terminal = rememberingTerminal({ json: words.includes('--json') });
  const code = await main(['plan', file, '--pilot', join(root, 'pilot'), ...words], verbs, '0', terminal);
  return { code, ...terminal };
};

it('says what effects take, in visitors, sessions and minutes at the pilot’s own pace', async () => {
  const { code, documents, out } = await plan();
  expect(code).toBe(0);
  const document = documents[0] as {
    arms: { needs: { effect: number; twins: { visitors: number; sessions: number; minutes: number } }[] }[];
  };
  const { needs } = document.arms[0]!;
  expect(needs.map(({ effect }) => effect)).toEqual([0.02, 0.05, 0.1, 0.2]);
  for (const { twins } of needs) {
    expect(twins.sessions).toBe(2 * twins.visitors);
    expect(twins.minutes).toBeCloseTo(twins.sessions / 60, 9);
  }
  expect(needs[0]!.twins.visitors).toBeGreaterThan(needs[3]!.twins.visitors);
  expect(out.join('\n')).toMatch(/smallest effect to find is .* as twins and .* as a split test/);
});

it('with --real says how many real users still have to be bought', async () => {
  const { code, out, documents } = await plan('--real', users, '--effect', '0.05');
  expect(code).toBe(0);
  expect(documents[0]).toMatchObject({ real: { known: 20, effect: 0.05 } });
  expect(out.join('\n')).toMatch(/still have to be bought/);
});

it('makes no pilot with the llm mind, or of fewer than it can learn from, and says so before anything is made', async () => {
  const refused = async (...words: string[]): Promise<string> => {
    const terminal = rememberingTerminal();
    expect(await main(['plan', ...words], verbs, '0', terminal)).toBe(2);
    return terminal.logged.join('\n');
  };
  const asksModel = join(root, 'asks-model.mjs');
  writeFileSync(
    asksModel,
    `export default ${JSON.stringify({ ...asked, mind: 'llm', llm: { model: 'some' } })};`,
  );
  expect(await refused(asksModel)).toContain('no pilot is made with the llm mind');
  expect(await refused(file, '--pilot-visitors', '-5')).toContain('expects a whole number from 5');
  expect(await refused(file, '--pilot', 'nowhere')).toContain('there is no run at nowhere');
});

it('refuses a pilot of another goal, an impossible power, and a table that is not there', async () => {
  expect((await plan('--power', '2')).code).toBe(2);
  expect((await plan('--real', join(root, 'nowhere.csv'))).code).toBe(2);
  const other = join(root, 'other.mjs');
  writeFileSync(other, `export default ${JSON.stringify({ ...asked, metrics: { goal: 'ctr' } })};`);
  const terminal = rememberingTerminal();
  expect(await main(['plan', other, '--pilot', join(root, 'pilot')], verbs, '0', terminal)).toBe(2);
  expect([...terminal.out, ...terminal.logged].join('\n')).toContain('another goal');
});
