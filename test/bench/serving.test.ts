// The contest of serving as it is printed, and the yardstick beside it: it is asked where it is installed, and told to be
// absent where it is not.

import { expect, it } from 'vitest';
import { servingSection } from '../../src/bench/serving-page.ts';
import { torchPace } from '../../src/bench/torch-yardstick.ts';

const report = { items: 12, rows: [], gigaflops: 10.04 };

it('says what PyTorch reaches, with what, or that it is not there', () => {
  const torch = { version: '1.13', blas: '/usr/lib/libblas.so.3', gigaflops: 2.5, tokensPerSecond: 1755.4 };
  const beside = servingSection({ ...report, torch }, 'command').lines.join('\n');
  expect(beside).toContain('10.0 GFLOP/s');
  expect(beside).toContain('PyTorch 1.13 (/usr/lib/libblas.so.3) on one thread: the product at 2.5 GFLOP/s');
  expect(beside).toContain('at 1,755 tokens/s');
  const alone = servingSection({ ...report, torch: null }, 'command').lines.join('\n');
  expect(alone).toContain('PyTorch is not installed here');
});

const small = { items: 20, width: 8, layers: 1, heads: 2, expansion: 2, length: 4, rows: 4 };
const pace = torchPace({ ...small, dropout: 0.1, side: 64 });

it.skipIf(pace === null)('measures a product and a training step where it is installed', () => {
  expect(pace!.version).toMatch(/^\d/);
  expect(pace!.gigaflops).toBeGreaterThan(0);
  expect(pace!.tokensPerSecond).toBeGreaterThan(0);
});
