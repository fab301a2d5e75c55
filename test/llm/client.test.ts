// The two ends of a reply: an answer, or a failure that keeps its kind on the way out of a mind.

import { expect, it } from 'vitest';
import { answerOf } from '../../src/llm/client.ts';
import { ModelError, type Failure } from '../../src/llm/failure.ts';
import { picture } from '../../src/llm/message.ts';

const failure: Failure = { kind: 'cut-off', message: 'The answer was cut off.', hint: 'Raise maxTokens.' };

it('gives the answer of a reply that has one', () => {
  expect(
    answerOf({ status: 'answered', answer: { mark: 3 }, repairs: 0, toolsUsed: [], exchanges: [] }),
  ).toEqual({ mark: 3 });
});

it('never puts anything in the place of an answer', () => {
  const attempt = (): unknown => answerOf({ status: 'failed', failure, exchanges: [] });
  expect(attempt).toThrow(ModelError);
  expect(attempt).toThrow('The answer was cut off.');
});

it('ends a run that spent its budget with the exit code for a human look', () => {
  expect(new ModelError(failure).exitCode).toBe(1);
  expect(new ModelError({ ...failure, kind: 'budget-spent', limit: 'usd' }).exitCode).toBe(3);
});

it('names a picture by the hash of its bytes', () => {
  expect(picture(new Uint8Array([1, 2, 3]), 'image/jpeg').hash).toBe(
    '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81',
  );
});
