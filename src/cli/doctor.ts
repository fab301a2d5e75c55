// `rehearsal doctor`: tries what a run needs on this machine, one probe after another, and says what to do where
// one fails. Heavy packages are loaded inside their probe, so that a broken one is a finding and not a crash.

import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { RehearsalError } from '../base/error.ts';
import type { Capabilities } from '../llm/capabilities.ts';
import type { Io, Verb, VerbInput } from './verb.ts';

export interface Finding {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do; empty where all is well. */
  readonly advice: string;
}

type Outcome = Omit<Finding, 'name'>;

/** One thing to try. A probe that throws is a failure; `advice` is for an error without a hint. */
export interface Probe {
  readonly name: string;
  readonly advice: string;
  attempt(): Promise<Outcome>;
}

/** A run of a thousand sessions keeps some hundreds of megabytes of screens. */
const freeBytesWanted = 1_000_000_000;

export const doctorVerb: Verb = {
  name: 'doctor',
  summary: 'Say what works on this machine and what to do where it does not.',
  details:
    'Exit code 1 when something that a run needs does not work. A model endpoint is not needed. Where one is named, about ten small requests find out what its model can do: pictures, JSON schema, tools, seed, embeddings, context.',
  examples: [
    'rehearsal doctor',
    'rehearsal doctor --base-url http://localhost:8000/v1 --model Qwen/Qwen2.5-VL-7B-Instruct',
  ],
  arguments: [],
  options: [
    { name: 'base-url', kind: 'text', value: 'URL', summary: 'Model endpoint to try; else OPENAI_BASE_URL.' },
    { name: 'model', kind: 'text', value: 'NAME', summary: 'Model to try there, if it has several.' },
    {
      name: 'embedding-model',
      kind: 'text',
      value: 'NAME',
      summary: 'Model of its embeddings, if they are to be tried.',
    },
    { name: 'runs', kind: 'text', value: 'DIR', summary: 'Folder where runs are kept.', default: 'runs' },
  ],
  run: async (input, io) => {
    const basics = await examine(probes(input, io));
    const model = await examinedModel(basics, input, io);
    const findings = [...basics, ...model.findings];
    const failed = findings.filter((finding) => finding.status === 'fail').length;
    io.answer({ ok: failed === 0, findings, capabilities: model.capabilities }, [
      ...findings.flatMap(findingLines),
      '',
      failed === 0
        ? 'Ready: rehearsal run scenarios/hello.ts'
        : `${failed} of ${findings.length} need mending before a run.`,
    ]);
    return failed === 0 ? 0 : 1;
  },
};

/** Asks the model, where an endpoint is named and listens. */
async function examinedModel(
  basics: readonly Finding[],
  input: VerbInput,
  io: Io,
): Promise<{ readonly findings: readonly Finding[]; readonly capabilities: Capabilities | null }> {
  const address = input.text('base-url') ?? io.environment['OPENAI_BASE_URL'];
  const listens = basics.some(({ name, status }) => name === 'model endpoint' && status === 'ok');
  if (!address || !listens) return { findings: [], capabilities: null };
  try {
    const { examineModel } = await import('./doctor-model.ts');
    return await examineModel({
      address,
      model: input.text('model'),
      embeddingModel: input.text('embedding-model'),
      environment: io.environment,
    });
  } catch (error) {
    return { findings: [failure('model', error, 'See docs/endpoints.md.')], capabilities: null };
  }
}

/** Tries the probes in order; what one throws becomes its finding. */
export async function examine(all: readonly Probe[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const probe of all) {
    try {
      findings.push({ name: probe.name, ...(await probe.attempt()) });
    } catch (error) {
      findings.push(failure(probe.name, error, probe.advice));
    }
  }
  return findings;
}

function failure(name: string, error: unknown, otherwise: string): Finding {
  const detail = error instanceof Error ? error.message : String(error);
  const advice = (error instanceof RehearsalError && error.hint) || otherwise;
  return { name, status: 'fail', detail, advice };
}

function probes(input: VerbInput, io: Io): readonly Probe[] {
  return [
    { name: 'node', advice: 'Run `npm ci` again.', attempt: async () => node(process.versions.node) },
    {
      name: 'browser',
      advice: 'Run `npm ci` again, or name a Chromium of your own in REHEARSAL_BROWSER.',
      attempt: browser,
    },
    { name: 'fonts', advice: 'Run `npm ci` again: @fontsource/inter is missing.', attempt: fonts },
    {
      name: 'database',
      advice: 'Run `npm ci` again: better-sqlite3 cannot be used here.',
      attempt: database,
    },
    {
      name: 'disk',
      advice: 'Make room, or keep runs elsewhere with --out.',
      attempt: () => disk(input.text('runs') ?? 'runs'),
    },
    {
      name: 'model endpoint',
      advice: 'Check that the address is right and the server runs. The choice mind needs none.',
      attempt: () => endpoint(input.text('base-url') ?? io.environment['OPENAI_BASE_URL']),
    },
  ];
}

/** Node 24 runs TypeScript directly; an older one cannot start this program at all. */
export function node(version: string): Outcome {
  const major = Number(version.split('.')[0]);
  if (major >= 24) return { status: 'ok', detail: `version ${version}`, advice: '' };
  return {
    status: 'fail',
    detail: `version ${version}, expected 24 or later`,
    advice: 'Start with `npx rehearsal`, which uses the Node of this package.',
  };
}

async function browser(): Promise<Outcome> {
  const { openStudio } = await import('../../sandbox/camera.ts');
  const studio = await openStudio();
  try {
    const screen = await studio.capture('<main><p>ready</p></main>');
    const { version, source } = studio.browser;
    const size = `${screen.width} × ${screen.height}`;
    return { status: 'ok', detail: `Chromium ${version} (${source}) took a picture of ${size}`, advice: '' };
  } finally {
    await studio.close();
  }
}

async function fonts(): Promise<Outcome> {
  const file = new URL(import.meta.resolve('@fontsource/inter/files/inter-latin-400-normal.woff2'));
  return { status: 'ok', detail: `Inter, ${Math.round(statSync(file).size / 1000)} kB`, advice: '' };
}

async function database(): Promise<Outcome> {
  const { openDatabase } = await import('../store/database.ts');
  const folder = mkdtempSync(join(tmpdir(), 'rehearsal-doctor-'));
  try {
    const opened = openDatabase(join(folder, 'record.sqlite'));
    const version: unknown = opened.prepare('SELECT sqlite_version()').pluck().get();
    opened.close();
    return { status: 'ok', detail: `SQLite ${String(version)}`, advice: '' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function disk(runs: string): Promise<Outcome> {
  const folder = nearestExisting(resolve(runs));
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const detail = `${(free / 1e9).toFixed(1)} GB free for ${runs}`;
  if (free >= freeBytesWanted) return { status: 'ok', detail, advice: '' };
  return { status: 'warn', detail, advice: 'A large run keeps some hundreds of megabytes of screens.' };
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(resolve(path, '..'));
}

/** Whether something listens at the endpoint's host and port; sends nothing. */
export async function endpoint(address: string | undefined): Promise<Outcome> {
  if (!address) {
    return { status: 'ok', detail: 'not configured, and not needed for the choice mind', advice: '' };
  }
  if (!URL.canParse(address)) {
    return {
      status: 'fail',
      detail: `'${address}' is not an address`,
      advice: 'Expected http://HOST:PORT/v1.',
    };
  }
  const { hostname, port, protocol } = new URL(address);
  const number = Number(port) || (protocol === 'https:' ? 443 : 80);
  await new Promise<void>((done, fail) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: number, timeout: 5_000 });
    socket.once('connect', () => done());
    socket.once('timeout', () => fail(new Error(`${hostname}:${number} does not answer within 5 s`)));
    socket.once('error', (error) =>
      fail(new Error(`${hostname}:${number} cannot be reached: ${error.message}`)),
    );
    socket.once('close', () => fail(new Error(`${hostname}:${number} closed the connection`)));
    const end = (): void => void socket.destroy();
    socket.once('connect', end);
    socket.once('timeout', end);
  });
  return { status: 'ok', detail: `${hostname}:${number} answers`, advice: '' };
}

function findingLines({ name, status, detail, advice }: Finding): string[] {
  const line = `${status.padEnd(4)}  ${name.padEnd(14)}  ${detail}`;
  return advice ? [line, `      ${' '.repeat(14)}  → ${advice}`] : [line];
}
