// docs/scenarios.md against the schema it is written from: `npx vitest run test/experiment/scenario-page.test.ts -u`
// writes the page anew.

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { meanings, scenarioFields, scenarioPage } from '../../src/experiment/scenario-page.ts';

it('every field of the schema has a meaning, and every meaning a field', () => {
  expect(
    scenarioFields()
      .map((field) => field.path)
      .sort(),
  ).toEqual(Object.keys(meanings).sort());
});

it('docs/scenarios.md is what the schema makes of it', async () => {
  await expect(scenarioPage()).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/scenarios.md'));
});
