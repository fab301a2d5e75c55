import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import { builtIn } from '../../src/catalogue/builtin.ts';
import { catalogueDigest } from '../../src/catalogue/digest.ts';
import { givenVersions, requireSameVersions } from '../../src/experiment/versions.ts';
import { methodNamed } from '../../src/recommend/methods.ts';
import { remoteRecommender } from '../../src/recommend/remote.ts';
import { serve } from '../../src/recommend/serve.ts';
import { openDatabase } from '../../src/store/database.ts';
import { eventsDigest, runValue } from '../../src/store/read.ts';
import { catalogue, folderFor, popularityArm, runIn, small, temporaryFolder } from './small.ts';

const root = temporaryFolder();
let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
});
afterAll(async () => {
  await studio.close();
  root.remove();
});

describe('what a run is made of', () => {
  it('is noted, and one row of another catalogue stops the run from being gone on with, by name', async () => {
    const scenario = small({ site: { pages: 1 } });
    const folder = folderFor(root.path, 'changed', scenario);
    await runIn(folder, scenario, studio, 1);
    const before = openDatabase(folder.record, { readonly: true });
    const digest = eventsDigest(before);
    const noted = runValue(before, 'versions');
    before.close();
    expect(noted).toMatchObject({
      ...givenVersions(catalogue, studio.browser.version),
      mind: expect.stringMatching(/^choice /),
      'arm chance': expect.stringMatching(/^random [0-9a-f]+/),
    });

    const [first, ...others] = catalogue.interactions;
    const changed = { ...catalogue, interactions: [{ ...first!, value: first!.value - 0.5 }, ...others] };
    await expect(runIn(folder, scenario, studio, Infinity, changed)).rejects.toThrow(
      /has changed since it began:\n {2}catalogue histories: was [0-9a-f]{16}, is [0-9a-f]{16}$/,
    );
    const after = openDatabase(folder.record, { readonly: true });
    expect(eventsDigest(after)).toBe(digest);
    expect(runValue(after, 'versions')).toEqual(noted);
    after.close();
  });

  it('includes what a server says that it serves: another model behind the same address is another run', async () => {
    const behind = await methodNamed('popularity').train(catalogue, {}, 1);
    const server = await serve(behind, { port: 0 });
    const scenario = small({ arms: [popularityArm, { name: 'mine', url: server.url }], site: { pages: 1 } });
    const folder = folderFor(root.path, 'served', scenario);
    await runIn(folder, scenario, studio, 1);
    await server.close();
    const port = Number(new URL(server.url).port);
    const other = await serve(await methodNamed('item-knn').train(catalogue, {}, 1), { port });
    await expect(runIn(folder, scenario, studio)).rejects.toThrow(
      /has changed since it began:\n {2}arm mine: was remote .*, is remote/,
    );
    await other.close();
    const again = await serve(behind, { port });
    expect((await runIn(folder, scenario, studio)).status).toBe('complete');
    await again.close();
  });

  it('is the version of the recommender that an address names, whatever else that server serves', () => {
    const version = (url: string, other: string): string =>
      remoteRecommender({
        url,
        timeoutMs: 1000,
        served: [
          { name: 'a', method: 'popularity', version: '1' },
          { name: 'b', method: 'mf', version: other },
        ],
      }).version;
    expect(version('http://127.0.0.1:8080/a', '1')).toBe(version('http://127.0.0.1:8080/a', '2'));
    expect(version('http://127.0.0.1:8080/b/', '1')).not.toBe(version('http://127.0.0.1:8080/b/', '2'));
    expect(version('http://127.0.0.1:8080', '1')).not.toBe(version('http://127.0.0.1:8080', '2'));
  });

  it('tells every part that changed and how to mend it, and passes over what was not noted', () => {
    const noted = { mind: 'llm 1', 'prompt act': 'a', 'weights of arm model': 'b' };
    expect(() => requireSameVersions(noted, { ...noted, 'catalogue items': 'c' })).not.toThrow();
    expect(() =>
      requireSameVersions(noted, { mind: 'llm 2', 'prompt act': 'x', 'weights of arm model': 'b' }),
    ).toThrow(/\n {2}mind: was llm 1, is llm 2\n {2}prompt act: was a, is x$/);
    expect(() => requireSameVersions(noted, { ...noted, 'weights of arm model': 'y' })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('data/checkpoints') }),
    );
  });

  it('names the same catalogue alike wherever its images lie, and another population otherwise', () => {
    const pictured = (folder: string) => ({
      ...catalogue,
      items: catalogue.items.map((item) => ({ ...item, image: `${folder}/${item.id}.jpg` })),
    });
    expect(catalogueDigest(pictured('/a'))).toEqual(catalogueDigest(pictured('/b')));
    const other = catalogueDigest(builtIn({ people: 61 }).catalogue);
    expect(other.items).toBe(catalogueDigest(catalogue).items);
    expect(other.interactions).not.toBe(catalogueDigest(catalogue).interactions);
  });
});
