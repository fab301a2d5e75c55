// logSumExpOf against sums in double precision, at the logits that break naive ones: padding at −10⁹, huge spreads.

import { beforeAll, describe, expect, it } from 'vitest';
import { logSumExpOf } from '../../../src/recommend/kit/losses.ts';
import {
  download,
  openTensors,
  release,
  scope,
  sum,
  upload,
  withGradients,
} from '../../../src/recommend/kit/tensor.ts';

const rows = [
  [0, 0, 0, 0],
  [1, 2, 3, -4],
  [80, -1e9, 79.5, -1e9],
  [-3, -120, 40, 39.999],
  [-1e9, -1e9, -1e9, -2],
  [500, 400, 499, -500],
];

describe('logSumExpOf', () => {
  beforeAll(openTensors);

  it('is the logarithm of the sum, and its gradient the softmax, to 10⁻⁴ and far from overflow', () => {
    const logits = upload(Float32Array.from(rows.flat()), [rows.length, 4]);
    const { value, gradient } = scope(() => {
      const found = withGradients({ logits }, (inner) => sum(logSumExpOf(inner['logits']!)));
      return { value: logSumExpOf(logits), gradient: found.gradients['logits']! };
    });
    rows.forEach((row, at) => {
      const highest = Math.max(...row);
      const total = row.reduce((all, one) => all + Math.exp(one - highest), 0);
      expect(Math.abs(download(value)[at]! - highest - Math.log(total))).toBeLessThan(
        1e-4 + Math.abs(highest) * 1e-6,
      );
      row.forEach((one, place) => {
        const share = Math.exp(one - highest) / total;
        expect(Math.abs(download(gradient)[at * 4 + place]! - share)).toBeLessThan(1e-4);
      });
    });
    release({ logits, value, gradient });
  });
});
