// From a run's folder to report.html: what the page holds, that it is safe, small and the same twice.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportVerb } from '../../src/cli/report.ts';
import { verbInput } from '../../src/cli/verb.ts';
import { renderReport } from '../../src/report/report.ts';
import { writeReport } from '../../src/report/write.ts';
import { openDatabase } from '../../src/store/database.ts';
import { writer } from '../../src/store/write.ts';
import { rememberingTerminal } from '../cli/terminal.ts';
import { exampleResult, exampleScenario } from './example-result.ts';
import { exampleRun } from './example-run.ts';

let folder = '';
let page = '';

beforeAll(async () => {
  ({ folder } = await exampleRun());
  page = readFileSync(writeReport(folder), 'utf8');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the page', () => {
  it('says whom the effect is on, the decision, its sentence and its interval', () => {
    const result = exampleResult();
    expect(page).toContain('Effect on simulated visitors');
    expect(page).toContain(result.question);
    expect(page).toContain(result.verdict.text);
    expect(page).toMatch(/class="word"[^>]*>\s*Better/);
    expect(page).toContain('+80.0 % to +142 %');
  });

  it('shows every arm, every metric, every check and every failure by kind', () => {
    const result = exampleResult();
    for (const arm of result.arms) expect(page).toContain(arm.name);
    for (const words of [
      'CTR',
      'Conversion',
      'Watches',
      'Mean rating',
      'Session seconds',
      'List diversity',
    ]) {
      expect(page).toContain(words);
    }
    for (const check of result.checks) expect(page).toContain(check.detail);
    expect(page).toContain('timeout 2, short-slate 1');
  });

  it('says what cannot be estimated and why', () => {
    expect(page).toContain('not estimable: no list was shown');
  });

  it('sets held-out NDCG@20 beside the goal and says whether they agree', () => {
    expect(page).toMatch(/Both order the arms alike\s+\(6 of 6 pairs\)/);
    expect(page).toContain('Kendall’s τ is 1.00.');
  });

  it('holds what is needed to make it again', () => {
    const { digest } = exampleResult();
    expect(page).toContain(digest);
    expect(page).toContain('choice 1f2e');
    expect(page).toContain(
      'npx rehearsal run scenarios/model.ts --catalogue ml-small --seed 1 --visitors 150 --mind choice',
    );
  });

  it('says how to make it again with the file and the model that it was made with', async () => {
    const own = await exampleRun();
    const scenario = { ...exampleScenario(), mind: 'llm', llm: { model: 'eyes 1' } };
    const record = openDatabase(join(own.folder, 'events.sqlite'));
    writer(record).setRun('scenario', scenario);
    record.close();
    const file = { path: "/home/ann/my questions/ann's.ts", sha256: '' };
    writeFileSync(join(own.folder, 'run.json'), JSON.stringify({ run: 'model-1', file }));
    const text = readFileSync(writeReport(own.folder), 'utf8');
    rmSync(own.folder, { recursive: true, force: true });
    expect(text).toContain(
      'npx rehearsal run &#39;/home/ann/my questions/ann&#39;\\&#39;&#39;s.ts&#39; --catalogue ml-small --seed 1 --visitors 150 --mind llm --model &#39;eyes 1&#39;',
    );
  });

  it('counts the sessions of interleaved arms once', () => {
    const [first, second] = exampleResult().arms;
    const shared = { visitors: 12, sessions: 12 };
    const text = renderReport({
      result: {
        ...exampleResult(),
        design: 'interleaving',
        arms: [
          { ...first!, ...shared },
          { ...second!, ...shared },
        ],
      },
      scenario: exampleScenario(),
      examples: [],
      versions: {},
      command: '',
      fonts: '',
    });
    expect(text).toContain('<li>12 simulated visitors</li>');
    expect(text).toContain('<li>12 sessions</li>');
  });

  it('shows a visit per arm by the visitor whose screens were kept, with boxes at the marks', () => {
    expect(page.match(/Visitor a, visit 1/g)).toHaveLength(4);
    expect(page).not.toContain('Visitor b');
    expect(page.match(/<image href="data:image\/jpeg;base64,/g)).toHaveLength(12);
    expect(page).toMatch(/<rect\s+x="4"\s+y="4"\s+width="20"\s+height="30"/);
    expect(page).toContain('Open: Alien &lt;1979&gt;');
    expect(page).toContain('Remembered: I liked &quot;Brazil&quot; &amp; its like');
  });

  it('runs no scripts and loads nothing', () => {
    expect(page).toContain(
      'content="default-src &#39;none&#39;; img-src data:; font-src data:; style-src &#39;unsafe-inline&#39;"',
    );
    expect(page).not.toMatch(/<script|<link|javascript:|\son[a-z]+\s*=/i);
    expect([...page.matchAll(/(?:src|href)="(?!#|data:image\/jpeg;base64,)([^"]*)"/g)]).toEqual([]);
    expect([...page.matchAll(/url\((?!data:font\/woff2)/g)]).toEqual([]);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; looked good');
  });

  it('is the same bytes when written twice', () => {
    expect(readFileSync(writeReport(folder), 'utf8')).toBe(page);
  });

  it('holds no number that is none', () => {
    expect(page.replaceAll(/base64,[^"')]*/g, '')).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});

it('keeps to its budget of pictures and says where the others are', async () => {
  const large = await exampleRun({ steps: 6, padding: 150_000 });
  const text = readFileSync(writeReport(large.folder), 'utf8');
  rmSync(large.folder, { recursive: true, force: true });
  expect(text.length).toBeLessThan(3_200_000);
  expect(text).toContain('left out to keep this page small');
  expect(text.match(/<image href/g)?.length).toBe(13);
});

it('shows the beginning and the end of a long visit', async () => {
  const long = await exampleRun({ steps: 20 });
  const text = readFileSync(writeReport(long.folder), 'utf8');
  rmSync(long.folder, { recursive: true, force: true });
  expect(text.match(/step \d+ of 20/g)?.slice(0, 6)).toEqual(
    [1, 2, 3, 4, 5, 20].map((step) => `step ${step} of 20`),
  );
});

describe('a folder that is not a finished run', () => {
  it.each([
    ['without a result', 'result.json', undefined, /resume/],
    ['with a result that is no JSON', 'result.json', '{', /not JSON/],
    ['with a result of another shape', 'result.json', '{"run": 3}', /not the result of a run/],
  ])('%s is told so', async (_what, file, text, message) => {
    const broken = await exampleRun();
    rmSync(join(broken.folder, file));
    if (text !== undefined) writeFileSync(join(broken.folder, file), text);
    let told = '';
    try {
      writeReport(broken.folder);
    } catch (error) {
      told = `${(error as Error).message} ${(error as { hint?: string }).hint}`;
    }
    rmSync(broken.folder, { recursive: true, force: true });
    expect(told).toMatch(message);
  });
});

describe('rehearsal report', () => {
  it('writes the report and says where', async () => {
    const terminal = rememberingTerminal();
    const code = await reportVerb.run(verbInput(reportVerb, [folder], new Map()), terminal);
    expect(code).toBe(0);
    expect(terminal.out).toEqual([`report: ${join(folder, 'report.html')}`]);
    expect(terminal.documents[0]).toMatchObject({ report: join(folder, 'report.html') });
  });

  it('names a run that is not there', async () => {
    const running = reportVerb.run(verbInput(reportVerb, ['no-such-run'], new Map()), rememberingTerminal());
    await expect(running).rejects.toThrow('there is no run at no-such-run');
  });
});
