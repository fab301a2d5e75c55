import { expect, it } from 'vitest';
import { UsageError } from '../../src/base/error.ts';
import { listed } from '../../src/base/listed.ts';

it.each(['mf,popularity', 'mf, popularity', ' mf ,, popularity,'])('%j names two', (text) => {
  expect(listed(text, '--arm')).toEqual(['mf', 'popularity']);
});

it.each(['', ' ', ','])('%j is no list', (text) => {
  expect(() => listed(text, '--arm')).toThrow(UsageError);
  expect(() => listed(text, '--arm')).toThrow(`--arm expects a list with commas between, got "${text}"`);
});
