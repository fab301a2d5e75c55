// Two ways of deciding on the same pages: what is counted, and what is found where one of them knows its visitor better.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { llmMind } from '../../agents/minds/llm.ts';
import { llmParameters } from '../../agents/minds/llm-parameters.ts';
import { oracleMind, randomMind } from '../../agents/minds/scripted.ts';
import { normaliseTitle } from '../../agents/text.ts';
import { decidingLines } from '../../src/audit/deciding-lines.ts';
import { decidingReport, decidingTrials, type Deciders } from '../../src/audit/deciding.ts';
import { likedByPerson } from '../../src/experiment/arms.ts';
import { buildExperiment, type Experiment } from '../../src/experiment/build.ts';
import { listened } from '../../src/experiment/listened.ts';
import { splitOfRun } from '../../src/experiment/split-of-run.ts';
import { ModelError } from '../../src/llm/failure.ts';
import { main } from '../../src/cli/main.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { rememberingTerminal } from '../cli/terminal.ts';
import { catalogue, small } from '../experiment/small.ts';
import { openStandIn, type StandIn } from '../llm/stand-in/server.ts';
import { visitorRule } from '../llm/stand-in/visitor.ts';
import { clientAt } from '../llm/wired.ts';
import { blindCapture } from './blind.ts';

const scenario = small({
  arms: [
    { name: 'one-in-five', likedShare: 0.2 },
    { name: 'one-in-two', likedShare: 0.5 },
  ],
  population: { visitors: 12, minimumHistory: 10, minimumLiked: 5 },
  site: { pages: 1 },
});
let experiment: Experiment;
let server: StandIn;
beforeAll(async () => {
  experiment = await buildExperiment(scenario, catalogue, () => undefined);
  server = await openStandIn();
  server.rules = { act: visitorRule() };
});
afterAll(() => server.close());

const trialsOf = (deciders: Deciders, by = experiment) =>
  decidingTrials({ experiment: by, repeats: 2, capture: blindCapture }, deciders);

describe('ways of deciding', () => {
  it('are told apart where one opens what its visitor likes and the other anything', async () => {
    const titles = new Map(
      [...likedByPerson(splitOfRun(scenario, catalogue))].map(([person, liked]) => [
        person,
        new Set(liked.map((id) => normaliseTitle(experiment.items.get(id)!.title))),
      ]),
    );
    const trials = await trialsOf({ direct: () => randomMind, agent: () => oracleMind(titles) });
    const report = decidingReport(trials, 0.05);
    const [direct, agent] = report.ways;
    expect(agent!.taste).toMatchObject({ kind: 'estimated', value: expect.closeTo(1 - 0.35, 5), n: 12 });
    expect(agent!.agreement).toMatchObject({ value: 1 });
    expect(direct!.taste.kind === 'estimated' && direct!.taste.ci[0]).toBeLessThan(0);
    expect(report.difference.taste.kind === 'estimated' && report.difference.taste.ci[0]).toBeGreaterThan(0);
    expect(direct!.perDecision).toEqual({ calls: 0, tokensIn: 0, tokensOut: 0, usd: 0 });
  });

  it('of a model cost what their exchanges cost, the agent its tools besides', async () => {
    const few: Experiment = { ...experiment, visitors: experiment.visitors.slice(0, 3) };
    const client = clientAt(server.baseUrl);
    const deciding =
      (way: 'direct' | 'agent'): Deciders['direct'] =>
      (hear) =>
        llmMind({
          client: listened(client, hear),
          parameters: { ...llmParameters, deciding: way },
          crop: async ({ image }) => image,
        });
    const before = server.counts().requests;
    const trials = await trialsOf({ direct: deciding('direct'), agent: deciding('agent') }, few);
    const report = decidingReport(trials, 0.05);
    const [direct, agent] = report.ways;
    expect(direct).toMatchObject({ decisions: 18, failed: {}, perDecision: { calls: 1 } });
    expect(agent!.perDecision!.calls).toBe(1 + llmParameters.toolCalls);
    expect(18 * (1 + agent!.perDecision!.calls)).toBe(server.counts().requests - before);
    expect(agent!.perDecision!.tokensIn).toBeGreaterThan(2 * direct!.perDecision!.tokensIn);
    const lines = decidingLines(report).join('\n');
    expect(lines).toContain('no price');
    expect(lines).not.toMatch(/NaN|undefined|null/);
  });

  it('that give no answer are counted and stand in no figure', async () => {
    const silent = {
      ...randomMind,
      decide: () => Promise.reject(new ModelError({ kind: 'tool-limit', message: 'no', hint: '' })),
    };
    const trials = await trialsOf({ direct: () => randomMind, agent: () => silent });
    const { ways, difference } = decidingReport(trials, 0.05);
    expect(ways[1]).toMatchObject({
      decisions: 0,
      failed: { 'tool-limit': 24 },
      perDecision: null,
      agreement: { kind: 'not-estimable' },
    });
    expect(ways[0]).toMatchObject({ decisions: 72, failed: {} });
    expect(difference.agreement.kind).toBe('not-estimable');
  });
});

it('rehearsal audit deciding runs the scenario of its name against an endpoint', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-deciding-'));
  const terminal = rememberingTerminal({ json: true });
  const file = new URL('../../scenarios/deciding.ts', import.meta.url).pathname;
  try {
    const code = await main(
      [
        ...['audit', 'deciding', file, '--base-url', server.baseUrl, '--visitors', '2', '--repeats', '1'],
        ...['--record', join(folder, 'tape.jsonl'), '--json'],
      ],
      verbs,
      '0',
      terminal,
    );
    expect(terminal.logged.join('\n')).toContain('4/4 pages');
    expect(code).toBe(0);
    expect(terminal.documents[0]).toMatchObject({
      audit: 'deciding',
      visitors: 2,
      ways: [
        { way: 'direct', decisions: 8 },
        { way: 'agent', decisions: 8 },
      ],
      cost: { calls: expect.any(Number) },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
