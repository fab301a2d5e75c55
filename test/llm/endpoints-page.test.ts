// docs/endpoints.md cannot lie: its table is what the probe finds (probe.test.ts holds the stand-in to it), and each of
// its configurations is read and asked of the stand-in of its kind.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { llmSchema, openModel } from '../../src/llm/open.ts';
import { accessFrom } from '../../src/llm/settings.ts';
import { question } from './asking.ts';
import { expectedOf } from './expected.ts';
import type { Kind } from './stand-in/kinds.ts';
import { openStandIn } from './stand-in/server.ts';

const page = readFileSync('docs/endpoints.md', 'utf8');
const kinds: Readonly<Record<string, Kind>> = {
  OpenAI: 'openai',
  vLLM: 'vllm',
  SGLang: 'sglang',
  Ollama: 'ollama',
  'llama.cpp': 'llama.cpp',
  'words only': 'words-only',
};

it('has a row for every kind of server, with what the probe finds there', () => {
  const yes = (can: boolean): string => (can ? 'yes' : 'no');
  for (const [name, kind] of Object.entries(kinds)) {
    const { vision, schema, tools, json, seed, embeddings, context } = expectedOf(kind);
    const cells = [
      ...[vision, schema, tools, json, seed].map(yes),
      embeddings ?? 'none',
      context ?? 'not stated',
    ];
    expect(page.replaceAll(/ +/g, ' ')).toContain(`| ${[name, ...cells].join(' | ')} |`);
  }
});

const configurations = [...page.matchAll(/^\*\*(.+?)\.\*\*|^```json\n([\s\S]*?)^```/gm)].reduce<
  [string, string][]
>(
  (found, [, heading, block]) =>
    block === undefined ? [...found, [heading ?? '', '']] : [...found, [found.at(-1)?.[0] ?? '', block]],
  [],
);

it.each(configurations.filter(([, block]) => block !== ''))(
  'has a configuration for %s that works',
  async (name, block) => {
    const kind = kinds[name] ?? kinds[name.replace(/^A server that has /, '')];
    expect(kind, name).toBeDefined();
    const settings = llmSchema.parse(JSON.parse(block));
    const server = await openStandIn({ kind });
    const { client, spent } = await openModel({ settings, access: accessFrom({}, settings, server.baseUrl) });
    expect(await client.ask(question())).toMatchObject({ status: 'answered', repairs: 0 });
    expect(spent().calls).toBe(server.counts().requests);
    const last = server.requests().at(-1);
    expect('temperature' in (last ?? {})).toBe(!settings.omit.includes('temperature'));
    await server.close();
  },
);

it('has a configuration for every kind', () => {
  const named = configurations
    .filter(([, block]) => block !== '')
    .map(([name]) => name.replace(/^A server that has /, ''));
  expect(new Set(named)).toEqual(new Set(Object.keys(kinds)));
});
