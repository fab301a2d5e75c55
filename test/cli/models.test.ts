// train, evaluate and recommend as they are typed, in a folder of their own, on a toy catalogue.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = join(import.meta.dirname, '../../src/cli.ts');
const folder = mkdtempSync(join(tmpdir(), 'rehearsal-models-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function rehearsal(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words, '--json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const document = JSON.parse(stdout) as Record<string, never>;
  return { code: status, document, log: stderr };
}

const toys = ['--catalogue', 'toys'];
const columns = ['--columns', 'user=user,item=item,value=value,time=time'];
const quick = [...toys, '--set', 'epochs=1,history=8,validationPeople=8'];

beforeAll(() => {
  const rows = Array.from(
    { length: 300 },
    (_, row) => `p${row % 30},i${(row * 7) % 23},${3 + (row % 3)},${row}`,
  );
  writeFileSync(join(folder, 'toys.csv'), ['user,item,value,time', ...rows].join('\n'));
  expect(rehearsal('import', 'table', 'toys.csv', '--as', 'toys', ...columns)).toMatchObject({ code: 0 });
});

describe('the verbs of models', () => {
  it('train keeps a checkpoint that the same command finds again', () => {
    const first = rehearsal('train', 'sasrec', ...quick);
    expect(first).toMatchObject({ code: 0, document: { method: 'sasrec', seed: 1, data: 'toys' } });
    expect(first.log).toContain('step');
    expect(first.document['weights']).toMatch(/^[0-9a-f]{64}$/);
    const again = rehearsal('train', 'sasrec', ...quick);
    expect(again.document).toEqual(first.document);
    expect(again.log).not.toContain('step');
    const slate = rehearsal('recommend', 'sasrec', ...quick, '--visitor', 'p1', '--k', '3');
    expect(slate.document['items']).toHaveLength(3);
    expect(slate.document['version']).toBe(first.document['version']);
  });

  it('recommend and evaluate take lists with blanks after the commas', () => {
    const asked = (list: string) => rehearsal('recommend', 'mf', ...toys, '--history', list).document;
    expect(asked(' i1, i2')).toEqual(asked('i1,i2'));
    expect(rehearsal('evaluate', 'popularity, mf', ...toys)).toMatchObject({ code: 0 });
  });

  it('train says of no epochs that nothing is learnt', () => {
    const { code, log } = rehearsal('train', 'sasrec', ...toys, '--set', 'epochs=0');
    expect(code).toBe(0);
    expect(log).toContain('epochs=0 trains nothing: the checkpoint holds the first, random weights');
  });

  it('train says of a catalogue that nobody liked anything of that nothing is learnt', () => {
    const rows = Array.from({ length: 60 }, (_, row) => `p${row % 6},i${(row * 7) % 23},1,${row}`);
    writeFileSync(join(folder, 'lows.csv'), ['user,item,value,time', ...rows].join('\n'));
    expect(rehearsal('import', 'table', 'lows.csv', '--as', 'lows', ...columns)).toMatchObject({ code: 0 });
    const { code, log, document } = rehearsal('train', 'sasrec', '--catalogue', 'lows', '--scale', 'xs');
    expect(code).toBe(0);
    expect(log).toContain('nothing to learn from: no interaction has a value of 3 or more');
    expect(document['figures']).toMatchObject({ steps: 0 });
  });

  it('serve says whose weights a checkpoint has before anything else', () => {
    const { path } = rehearsal('train', 'sasrec', ...quick).document;
    const { code, document } = rehearsal('serve', '--method', 'tiger', ...toys, '--checkpoint', path!);
    expect(code).toBe(2);
    expect(document['error']).toMatchObject({
      message: `--checkpoint ${path} has weights of sasrec, but --method is tiger`,
      hint: 'Serve it with --method sasrec.',
    });
    const twice = ['serve', '--method', 'sasrec', ...toys, '--checkpoint', path!, '--seed', '1'];
    expect(rehearsal(...twice)).toMatchObject({
      code: 2,
      document: { error: { message: '--checkpoint brings its own settings and seed' } },
    });
  });

  it('published codes are imported with a catalogue and learned as given; those of other items are refused', () => {
    const codes = (count: number): string =>
      JSON.stringify(
        Object.fromEntries(
          Array.from({ length: count }, (_, at) => [`i${at}`, [`<a_${at % 4}>`, `<b_${at % 5}>`]]),
        ),
      );
    writeFileSync(join(folder, 'codes.json'), codes(23));
    writeFileSync(join(folder, 'few.json'), codes(20));
    const table = ['import', 'table', 'toys.csv', '--as', 'coded', ...columns];
    const imported = rehearsal(...table, '--ids', 'codes.json');
    const named = { attribute: 'codes', items: 23 };
    expect(imported.document['ids']).toEqual({ file: 'codes.json', ...named, strangers: 0 });
    writeFileSync(join(folder, 'more.json'), codes(30));
    const more = rehearsal(...table, '--ids', 'more.json');
    expect(more.document['ids']).toEqual({ file: 'more.json', ...named, strangers: 7 });
    const settings = 'vectors=given,epochs=1,history=8,validationPeople=8,scale=xs';
    const { code, document } = rehearsal('train', 'tiger', '--catalogue', 'coded', '--set', settings);
    expect(code).toBe(0);
    expect(document['figures']).toMatchObject({ tokens: { collisionRate: 3 / 23 } });
    for (const [file, message] of [
      ['few.json', /each of the 23 items.*names 20 of them/],
      ['none.json', /none.json cannot be read/],
      ['toys.csv', /toys.csv cannot be read as JSON/],
    ] as const) {
      const refused = rehearsal(...table, '--ids', file);
      expect(refused.code).not.toBe(0);
      expect(JSON.stringify(refused.document['error'])).toMatch(message);
    }
  });

  it('evaluate compares with the first method, with intervals', () => {
    const { code, document } = rehearsal('evaluate', 'random,popularity,mf', ...toys, '--people', '20');
    expect(code).toBe(0);
    expect(document).toMatchObject({
      catalogue: 'toys',
      methods: [{ method: 'random', people: 20 }, { method: 'popularity' }, { method: 'mf' }],
      comparisons: expect.arrayContaining([
        expect.objectContaining({ method: 'mf', against: 'random', metric: 'recall@10', n: 20 }),
      ]),
    });
  });

  it.each([
    [['train', 'popularity'], /no weights to keep/],
    [['train', 'nosuch'], /\(fm, wide-deep, deepfm, dcn, afn, sasrec, tiger, promise, onerec-v2, grlm\)/],
    [['evaluate', 'mf,popularity,mf', ...toys], /METHODS names mf twice/],
    [['evaluate', 'sasrec,tiger', ...toys, '--set', 'beam=5'], /'sasrec' are not[^]*beam/],
    [['recommend', 'mf', ...toys, '--history', ''], /empty place[^]*--history i0,i7; leave it out/],
    [['train', 'sasrec', ...toys, '--set', 'epoch=3'], /epoch/],
    [['train', 'sasrec', '--set', 'epochs'], /KEY=VALUE/],
    [['train', 'sasrec', ...toys, '--set', 'epoch=3', '--set', 'epochs=1'], /epoch/],
    [['train', 'sasrec', ...toys, '--set', 'epochs=3', '--set', 'epochs=1'], /--set has epochs twice/],
    [['train', 'sasrec', ...toys, '--scale', 's', '--set', 'scale=l'], /contradict each other/],
    [['train', 'sasrec', ...toys, '--seed', '1', '--seed', '2'], /--seed is there twice, as '1' and as '2'/],
    [['train', 'sasrec', ...toys, '--scale', 'xxl'], /scale/],
    [
      ['train', 'sasrec', ...toys, '--set', 'epoch=3'],
      /no setting is called \\"epoch\\"; did you mean epochs\?/,
    ],
    [['train', 'sasrec', ...toys, '--set', 'epochs=-1'], /epochs: .*>=0, got -1/],
    [['train', 'sasrec', ...toys, '--set', 'epochs=ten'], /epochs: .*expected number.*, got \\"ten\\"/],
    [['evaluate', 'mf,mff'], /mff/],
    [['evaluate', 'mf', ...toys, '--people', '-3'], /--people expects a whole number from 1, got '-3'/],
    [['evaluate', 'mf', ...toys, '--people', '0'], /--people expects a whole number from 1, got '0'/],
    [['evaluate', 'mf,popularity', ...toys, '--set', 'nosuch=1'], /none of METHODS has any/],
    [['recommend', 'mf', ...toys, '--k', '0'], /--k expects a whole number from 1 to 1000, got '0'/],
    [['recommend', 'mf', ...toys, '--k', '1000000000'], /from 1 to 1000, got '1000000000'/],
    [['recommend', 'mf', ...toys, '--visitor', 'p1', '--history', 'i1'], /exclude each other/],
    [['train', 'sasrec', ...toys, '--seed', '99999999999999999999'], /none beyond 9007199254740991/],
    [['recommend', 'mf', ...toys, '--history', 'nothing'], /nothing/],
    [['serve', '--method', 'mf', '--checkpoint', 'x'], /no weights/],
  ])('%j is wrong usage and says why', (words, message) => {
    const { code, document } = rehearsal(...words);
    expect(code).toBe(2);
    expect(JSON.stringify(document['error'])).toMatch(message);
  });
});
