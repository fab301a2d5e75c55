import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtInName } from '../../src/catalogue/builtin.ts';
import { loadScenario } from '../../src/experiment/load.ts';
import { scenarioHash } from '../../src/experiment/folder.ts';
import { metricNamed } from '../../src/metrics/metrics.ts';
import { methodNamed } from '../../src/recommend/methods.ts';

const folder = new URL('../../scenarios/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));

describe.each(files)('scenarios/%s', (file) => {
  const path = new URL(file, folder);

  it('is a scenario named like its file, whose methods and goal exist', async () => {
    const scenario = await loadScenario(path.pathname);
    expect(scenario.name).toBe(file.replace(/\.ts$/, ''));
    for (const arm of scenario.arms) {
      if ('method' in arm)
        expect(methodNamed(arm.method).settings.safeParse(arm.settings).success).toBe(true);
    }
    expect(metricNamed(scenario.metrics.goal).name).toBe(scenario.metrics.goal);
    const again = await loadScenario(path.pathname);
    expect(scenarioHash(again)).toBe(scenarioHash(scenario));
  });

  it('is short, opens with what it asks and what would surprise, and imports the package alone', () => {
    const text = readFileSync(path, 'utf8');
    expect(text.startsWith('// ')).toBe(true);
    expect(text.split('\n').length).toBeLessThan(30);
    expect([...text.matchAll(/from '([^']+)'/g)].map(([, from]) => from)).toEqual(['rehearsal']);
  });
});

describe('the scenarios', () => {
  it('are those of the first rehearsal, and hello needs no import', async () => {
    expect(files).toEqual(
      expect.arrayContaining(['aa.ts', 'data.ts', 'hello.ts', 'model.ts', 'presentation.ts', 'taste.ts']),
    );
    expect((await loadScenario(new URL('hello.ts', folder).pathname)).catalogue).toBe(builtInName);
  });
});
