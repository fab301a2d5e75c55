import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/base/error.ts';
import { besideOf } from '../../src/base/whole-file.ts';
import {
  clearLeftovers,
  createRunFolder,
  readManifest,
  runFolder,
  scenarioHash,
  writeManifest,
} from '../../src/experiment/folder.ts';
import { lockFolder } from '../../src/store/lock.ts';
import { small, temporaryFolder } from './small.ts';

const root = temporaryFolder();
afterAll(() => root.remove());
const about = { program: '0.1.0', started: '2026-01-01T00:00:00.000Z', force: false };

describe('the folder of a run', () => {
  it('says what was asked, and reads back as it was written', () => {
    const path = join(root.path, 'deep/inside/one');
    const folder = createRunFolder(path, small(), about);
    expect(folder).toEqual(runFolder(path));
    expect(folder.run).toBe('one');
    const manifest = readManifest(folder);
    expect(manifest).toEqual({
      run: 'one',
      scenario: small(),
      scenarioHash: scenarioHash(small()),
      program: '0.1.0',
      browser: null,
      started: about.started,
    });
    writeManifest(folder, { ...manifest, browser: '153' });
    expect(readManifest(folder).browser).toBe('153');
    expect(existsSync(join(path, 'run.json.part'))).toBe(false);
  });

  it('is named by its question: other questions have other hashes', () => {
    expect(scenarioHash(small())).toBe(scenarioHash(small()));
    expect(scenarioHash(small({ seed: 2 }))).not.toBe(scenarioHash(small()));
  });

  it('is refused when its question was changed by hand after the run began', () => {
    const folder = createRunFolder(join(root.path, 'tampered'), small(), about);
    const path = join(folder.path, 'run.json');
    const stored = JSON.parse(readFileSync(path, 'utf8')) as { scenario: { metrics: { alpha: number } } };
    stored.scenario.metrics.alpha = 0.1;
    writeFileSync(path, JSON.stringify(stored));
    expect(() => readManifest(folder)).toThrow(/was changed after the run began/);
  });

  it('may be an empty folder that is there', () => {
    const path = join(root.path, 'empty');
    mkdirSync(path);
    expect(readManifest(createRunFolder(path, small(), about)).run).toBe('empty');
  });

  it('may hold what a writer killed in mid-write left, which whoever has the lock clears', () => {
    const path = join(root.path, 'left');
    const screens = join(path, 'screens', 'ab');
    mkdirSync(path);
    writeFileSync(besideOf(join(path, 'run.json')), '{');
    const folder = createRunFolder(path, small(), about);
    mkdirSync(screens, { recursive: true });
    for (const file of [join(path, 'report.html'), join(path, 'result.json')])
      writeFileSync(besideOf(file), 'half');
    const [old, young] = [besideOf(join(screens, 'old.jpg')), besideOf(join(screens, 'young.jpg'))];
    for (const file of [old, young, join(screens, 'whole.jpg')]) writeFileSync(file, 'half');
    utimesSync(old, 0, 0);
    clearLeftovers(folder);
    expect(readdirSync(path).sort()).toEqual(['run.json', 'screens']);
    // Workers may still be at the screens of a run that was killed a moment ago.
    expect(readdirSync(screens).sort()).toEqual([basename(young), 'whole.jpg'].sort());
  });

  it('may be a folder whose lock is held by whoever makes the run', () => {
    const path = join(root.path, 'held');
    const lock = lockFolder(path);
    createRunFolder(path, small(), about);
    createRunFolder(path, small({ seed: 5 }), { ...about, force: true });
    lock.release();
    expect(readManifest(runFolder(path)).scenario.seed).toBe(5);
  });

  it('is refused where a run is, which --force replaces whole', () => {
    const path = join(root.path, 'former');
    createRunFolder(path, small(), about);
    writeFileSync(join(path, 'events.sqlite'), 'old');
    expect(() => createRunFolder(path, small(), about)).toThrow(UsageError);
    expect(() => createRunFolder(path, small(), about)).toThrow('is not empty');
    expect(existsSync(join(path, 'events.sqlite'))).toBe(true);
    createRunFolder(path, small({ seed: 5 }), { ...about, force: true });
    expect(existsSync(join(path, 'events.sqlite'))).toBe(false);
    expect(readManifest(runFolder(path)).scenario.seed).toBe(5);
  });

  it('is never made of a folder that holds anything else, even by force', () => {
    const path = join(root.path, 'letters');
    mkdirSync(path);
    writeFileSync(join(path, 'dear.txt'), 'dear');
    for (const force of [false, true]) {
      expect(() => createRunFolder(path, small(), { ...about, force })).toThrow(UsageError);
    }
    expect(readFileSync(join(path, 'dear.txt'), 'utf8')).toBe('dear');
  });

  it('is no run without a manifest, and a damaged one says so', () => {
    expect(() => readManifest(runFolder(join(root.path, 'nothing')))).toThrow(/is not a run/);
    const folder = createRunFolder(join(root.path, 'damaged'), small(), about);
    const file = join(folder.path, 'run.json');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 100));
    expect(() => readManifest(folder)).toThrow(/is not JSON/);
    writeFileSync(file, '{"run": "damaged"}');
    expect(() => readManifest(folder)).toThrow(/is damaged/);
  });
});
