// The trace: one line a request, the names of the convention, and nothing of what was said unless asked for.

import { expect, it } from 'vitest';
import { traced } from '../../src/llm/trace.ts';
import { busy, chatRequest, decided, scripted } from './asking.ts';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly status: { readonly code: string; readonly message?: string };
  readonly attributes: Readonly<Record<string, unknown>>;
}

async function spans(content: boolean): Promise<Span[]> {
  const lines: string[] = [];
  const endpoint = traced(scripted([decided, busy, 'The Long Night, no JSON']), {
    content,
    write: (line) => lines.push(line),
  });
  for (let n = 0; n < 3; n++)
    await endpoint.send(chatRequest('Secret words.', { conversation: 'visitor-7/popular/1' }));
  return lines.map((line) => JSON.parse(line) as Span);
}

it('writes one span a request, all of a session under one trace', async () => {
  const written = await spans(false);
  expect(written).toHaveLength(3);
  expect(new Set(written.map(({ traceId }) => traceId)).size).toBe(1);
  expect(new Set(written.map(({ spanId }) => spanId)).size).toBe(3);
  expect(written[0]).toMatchObject({
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    name: 'chat scripted',
    status: { code: 'OK' },
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'scripted',
      'gen_ai.request.seed': 1,
      'gen_ai.conversation.id': 'visitor-7/popular/1',
      'gen_ai.usage.input_tokens': 100,
      'gen_ai.usage.output_tokens': 10,
      'rehearsal.purpose': 'act',
      'rehearsal.usd': 0.01,
    },
  });
  expect(written.map(({ attributes }) => attributes['error.type'])).toEqual([
    undefined,
    'rate-limited',
    'not-json',
  ]);
});

it('says nothing of what was said, also where a failure would quote it', async () => {
  const text = JSON.stringify(await spans(false));
  expect(text).not.toContain('Secret words');
  expect(text).not.toContain('Long Night');
});

it('says all of it where it is asked to', async () => {
  const text = JSON.stringify(await spans(true));
  expect(text).toContain('Secret words');
  expect(text).toContain('Long Night');
});
