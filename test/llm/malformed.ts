// Ten thousand ways to answer wrongly, each with the name it must be logged under. They are made, not collected: the
// name follows from what was done to a good answer.

import { randomFrom, type Random } from '../../src/base/random.ts';
import type { FailureKind } from '../../src/llm/failure.ts';

export interface Wrong {
  readonly body: Buffer;
  readonly kind: FailureKind;
  /** How it was made. */
  readonly made: string;
}

const good = { interest: 4, mark: 2, reason: 'short' } as const;

/** The n-th wrong answer to a question for {interest 1-5, mark ≥ 1, reason}; equal n, equal bytes. */
export function wrongAnswer(n: number): Wrong {
  const random = randomFrom('wrong answers', n);
  const makers = [
    garbage,
    cutEnvelope,
    wrongEnvelope,
    deepEnvelope,
    words,
    cutContent,
    offSchema,
    empty,
    refusal,
    cutOff,
  ];
  const maker = makers[n % makers.length] ?? garbage;
  return { ...maker(random), made: maker.name };
}

type Made = Omit<Wrong, 'made'>;

function envelope(message: unknown, more: object = {}): Buffer {
  const choice = {
    index: 0,
    finish_reason: 'stop',
    message: { role: 'assistant', ...Object(message) },
    ...more,
  };
  const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
  return Buffer.from(
    JSON.stringify({ id: 'x', object: 'chat.completion', model: 'm', choices: [choice], usage }),
  );
}

function garbage(random: Random): Made {
  const body = Buffer.from(Array.from({ length: random.integer(200) }, () => random.integer(256)));
  return { body, kind: 'malformed' };
}

function cutEnvelope(random: Random): Made {
  const whole = envelope({ content: JSON.stringify(good) });
  return { body: whole.subarray(0, random.integer(whole.length - 1)), kind: 'malformed' };
}

function wrongEnvelope(random: Random): Made {
  const bodies = [
    null,
    [],
    {},
    'ok',
    3,
    { choices: [] },
    { choices: {} },
    { choices: [null] },
    { choices: [{ message: null }] },
    { choices: [{ message: 'text' }] },
    { choices: [{ message: { content: 7 } }] },
    { choices: [{ message: { content: { text: 'x' } } }] },
    { choices: [{ message: { tool_calls: [{}] } }] },
    { choices: [{ message: { tool_calls: [{ function: { name: 4 } }] } }] },
    { error: { message: 'overloaded' } },
    { choices: [{ text: 'an old completion' }] },
    { data: [{ embedding: [1, 2] }] },
  ];
  return { body: Buffer.from(JSON.stringify(pick(bodies, random))), kind: 'malformed' };
}

function deepEnvelope(random: Random): Made {
  const depth = 100 + random.integer(20_000);
  const [open, close] = pick(
    [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const,
    random,
  );
  const nested = `${open.repeat(depth)}1${close.repeat(depth)}`;
  return {
    body: Buffer.from(`{"choices":[{"message":{"content":"x"}}],"extra":${nested}}`),
    kind: 'malformed',
  };
}

function words(random: Random): Made {
  const said = pick(
    [
      'I would open the second one.',
      'undefined',
      'NaN',
      "{'interest': 4, 'mark': 2}",
      '{interest: 4}',
      '```json\n```',
      '<think>{"interest":1,"mark":1,"reason":"x"}</think> Two.',
      '{"interest":4,"mark":2,"reason":"sh',
      '\u0000\u001b[2J\u202e',
      '\ud800',
      '{'.repeat(5_000),
      '"'.repeat(5_001),
      '\\"'.repeat(5_000),
      'a'.repeat(200_000),
    ],
    random,
  );
  return { body: envelope({ content: `${said}${' '.repeat(random.integer(5))}` }), kind: 'not-json' };
}

function cutContent(random: Random): Made {
  const text = JSON.stringify({ ...good, reason: 'word '.repeat(1 + random.integer(40)) });
  return {
    body: envelope({ content: text.slice(0, 1 + random.integer(text.length - 1)) }),
    kind: 'not-json',
  };
}

function offSchema(random: Random): Made {
  const odd: readonly unknown[] = [null, -1, 0, 6, 1e308, 2.5, '4', 'four', true, [], {}, [4], { value: 4 }];
  const changes: readonly (() => unknown)[] = [
    () => ({ ...good, interest: pick(odd, random) }),
    () => ({ ...good, mark: pick([null, -1, 0, 1.5, '2', [2], {}], random) }),
    () => ({ ...good, reason: pick([null, 3, [], {}, 'x'.repeat(501)], random) }),
    () => ({ interest: 4, mark: 2 }),
    () => ({ ...good, [pick(['more', 'constructor', 'toString', ''], random)]: 1 }),
    () => [good],
    () => ({ answer: good }),
    () => pick([null, true, 4, 'mark 2', []], random),
  ];
  const text =
    random.integer(9) === 0
      ? `{"__proto__":{"interest":4},"mark":2,"reason":"x"}`
      : JSON.stringify(pick(changes, random)());
  return { body: envelope({ content: text }), kind: 'off-schema' };
}

function empty(random: Random): Made {
  const message = pick(
    [{ content: '' }, { content: null }, {}, { content: ' \n\t' }, { content: [] }],
    random,
  );
  return {
    body: envelope({ ...message, ...pick([{}, { refusal: null }, { tool_calls: [] }], random) }),
    kind: 'empty',
  };
}

function refusal(random: Random): Made {
  const content = pick([null, '', JSON.stringify(good)], random);
  return { body: envelope({ content, refusal: `No. ${random.integer(1000)}` }), kind: 'refused' };
}

function cutOff(random: Random): Made {
  const content = JSON.stringify(good).slice(0, random.integer(30));
  return { body: envelope({ content }, { finish_reason: 'length' }), kind: 'cut-off' };
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[random.integer(values.length)] as T;
}
