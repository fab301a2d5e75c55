// The contest of overhead: what a step of a visitor behind a model costs outside the model, beside the plain loop that many
// agents are (open the page, screenshot, post, parse) on the same pages and the same stub of a model. Turn by turn in one run, so
// that a busy machine slows both.

import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNaiveCamera } from '../../sandbox/camera-naive.ts';
import type { Studio } from '../../sandbox/camera.ts';
import { wallMilliseconds } from '../base/clock.ts';
import { builtIn } from '../catalogue/builtin.ts';
import { planOf } from '../experiment/assign.ts';
import { buildExperiment } from '../experiment/build.ts';
import { newcomer, performSession } from '../experiment/perform.ts';
import { scenarioSchema } from '../experiment/scenario.ts';
import { openModel } from '../llm/open.ts';
import { table, type Section } from './page.ts';
import { speedRow, type SpeedRow } from './speed.ts';
import { openStubModel } from './stub-model.ts';

export interface OverheadReport {
  /** Milliseconds a step outside the model: one value a session, ours and the plain loop on the pages of that session. */
  readonly ours: SpeedRow;
  readonly plain: SpeedRow;
  readonly sessions: number;
  readonly steps: number;
  /** Requests to the stub of our sessions; reflections are more than steps. */
  readonly requests: number;
  /** Processor time of this process a step of ours, the stub's own included: what a busy machine cannot stretch. */
  readonly processorMs: number;
  readonly thinkingMs: number;
}

const thinkingMs = 20;

/** Runs `visitors` twins, then for each session the plain loop on the pages that it showed. */
export async function overheadContest(
  studio: Studio,
  settings: {
    readonly visitors: number;
    readonly seed: number;
    /** Steps of a session at most. */
    readonly stepLimit?: number;
    log(line: string): void;
  },
): Promise<OverheadReport> {
  const { visitors, seed, stepLimit = 15, log } = settings;
  const stub = await openStubModel(thinkingMs);
  const naive = await openNaiveCamera();
  const place = mkdtempSync(join(tmpdir(), 'rehearsal-overhead-'));
  try {
    const scenario = scenarioSchema.parse({
      name: 'overhead',
      question: 'What does a step cost outside the model?',
      mind: 'llm',
      llm: {
        model: 'stub',
        cassette: { path: join(place, 'answers.jsonl'), mode: 'record' },
        capabilities: {
          vision: true,
          schema: true,
          tools: true,
          json: true,
          seed: true,
          embeddings: null,
          context: null,
        },
      },
      arms: [
        { name: 'chance', method: 'random' },
        { name: 'popularity', method: 'popularity' },
      ],
      population: { visitors },
      stepLimit,
      seed,
    });
    const { deciding: _, profile: _induced, budget, ...stated } = scenario.llm!;
    const model = await openModel({
      settings: stated,
      access: { baseUrl: stub.baseUrl, key: null },
      caps: budget,
      tracePath: join(place, 'trace.jsonl'),
    });
    const { signal } = new AbortController();
    const experiment = await buildExperiment(scenario, builtIn().catalogue, log, {
      client: model.client,
      signal,
    });
    const people = experiment.visitors.map(({ profile }) => profile.id);
    const times: { ours: number[]; plain: number[] } = { ours: [], plain: [] };
    let [steps, requests, processor] = [0, 0, 0];
    for (const [index, planned] of planOf(scenario, people).entries()) {
      const pages: string[] = [];
      const used = process.cpuUsage();
      const before = { wall: wallMilliseconds(), busy: stub.busy(), requests: stub.requests() };
      const { session } = await performSession(planned, experiment, {
        brought: newcomer,
        capture: (html) => {
          pages.push(html);
          return studio.capture(html);
        },
        saveScreen: async () => undefined,
      });
      const { user, system } = process.cpuUsage(used);
      const outside = wallMilliseconds() - before.wall - (stub.busy() - before.busy);
      if (session.status === 'failed')
        throw new Error(`a session of the contest failed: ${session.failureMessage}`);
      requests += stub.requests() - before.requests;
      const addresses = pages.map((html) => naive.prepare(html));
      const start = { wall: wallMilliseconds(), busy: stub.busy() };
      for (const address of addresses) await plainStep(await naive.capture(address), stub.baseUrl);
      const plain = wallMilliseconds() - start.wall - (stub.busy() - start.busy);
      // The first session loads LangChain and warms the browser; no step of it is counted.
      if (index === 0) continue;
      steps += session.steps;
      processor += (user + system) / 1000;
      times.ours.push(outside / session.steps);
      times.plain.push(plain / pages.length);
      log(`${index + 1} sessions`);
    }
    const yardstick = speedRow('', times.plain).medianMs;
    return {
      ours: speedRow('rehearsal: look, remember, ask, check, act, log', times.ours, yardstick),
      plain: speedRow('plain loop: new context, goto, full-page PNG, post, parse', times.plain),
      ...{ sessions: times.ours.length, steps, requests, thinkingMs, processorMs: processor / steps },
    };
  } finally {
    await Promise.all([naive.close(), stub.close()]);
    rmSync(place, { recursive: true, force: true });
  }
}

/** The section of docs/bench.md. */
export function overheadSection(report: OverheadReport, command: string): Section {
  return {
    name: 'overhead',
    command,
    lines: [
      ...table(
        [
          'a step outside the model',
          'sessions',
          'median ms',
          '95th percentile ms',
          'times faster than the loop',
        ],
        [report.ours, report.plain].map((row) => [
          row.way,
          String(row.n),
          row.medianMs.toFixed(1),
          row.slowMs.toFixed(1),
          row.timesFaster.toFixed(1),
        ]),
      ),
      '',
      `${report.steps} steps of ${report.sessions} sessions, one at a time, on the same pages as the loop; the model is a stub that takes ${report.thinkingMs} ms, which is subtracted. Ours writes cassette and trace, and takes ${report.processorMs.toFixed(0)} ms of this process's processor time a step, the browser's not counted.`,
    ],
  };
}

async function plainStep(png: Uint8Array, baseUrl: string): Promise<unknown> {
  const url = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  const content = [
    { type: 'image_url', image_url: { url } },
    { type: 'text', text: 'You may: leave 0.' },
  ];
  const body = JSON.stringify({
    model: 'stub',
    messages: [{ role: 'user', content }],
    response_format: { type: 'json_schema', json_schema: { name: 'act', schema: {} } },
  });
  const text = await new Promise<string>((done, fail) => {
    const request = httpRequest(`${baseUrl}/chat/completions`, { method: 'POST' }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(Buffer.concat(chunks).toString('utf8')));
    });
    request.on('error', fail).end(body);
  });
  const { choices } = JSON.parse(text) as { choices: { message: { content: string } }[] };
  return JSON.parse(choices[0]!.message.content) as unknown;
}
