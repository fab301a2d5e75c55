import { expect, it } from 'vitest';
import { befell, RehearsalError, UsageError } from '../../src/base/error.ts';
import { ArmError } from '../../src/recommend/recommender.ts';

it('an error is told with the name of who it befell, and stays of its kind', () => {
  const cause = new Error('why');
  const stopped = befell('arm a', new RehearsalError('stopped', { hint: 'again', exitCode: 3, cause }));
  expect(stopped).toMatchObject({ message: 'arm a: stopped', hint: 'again', exitCode: 3, cause });
  const wrong = befell('arm a', new UsageError('no such key', 'mend it'));
  expect(wrong).toBeInstanceOf(UsageError);
  expect(wrong).toMatchObject({ message: 'arm a: no such key', hint: 'mend it', exitCode: 2 });
});

it('what tells more than a message, or is a defect, is not made into another error', () => {
  for (const error of [new ArmError('timeout', 'late'), new TypeError('defect'), 'text'])
    expect(befell('arm a', error)).toBe(error);
});
