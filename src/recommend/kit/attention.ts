// Attention in einsum form (np.matmul is many times slower in jax-js), with grouped keys and values (Ainslie et al.
// 2023) and additive masks. Projections are separate from the product, because a lazy decoder has none for its
// keys and values (OneRec-V2).

import { matrix, type WeightPlans } from './parameters.ts';
import { add, arange, asFloat, divide, einsum, equal, greaterEqual, multiply, reshape } from './tensor.ts';
import { softmax, subtract, type Tensor, type Tensors } from './tensor.ts';
import { weight, type Noise } from './layers.ts';

export interface HeadPlan {
  readonly width: number;
  readonly heads: number;
  /** Number of distinct keys and values; divides `heads`. Equal to it in plain multi-head attention. */
  readonly groups: number;
}

/** Query, key, value and output projections. Widths: heads × head size, and groups × head size. */
export function attentionPlan(name: string, { width, heads, groups }: HeadPlan): WeightPlans {
  const grouped = (width / heads) * groups;
  return {
    [`${name}.query`]: matrix(width, width),
    [`${name}.key`]: matrix(width, grouped),
    [`${name}.value`]: matrix(width, grouped),
    [`${name}.output`]: matrix(width, width),
  };
}

/** Query and output projections only: for keys and values that come ready. */
export function lazyAttentionPlan(name: string, width: number): WeightPlans {
  return { [`${name}.query`]: matrix(width, width), [`${name}.output`]: matrix(width, width) };
}

/** x [batch, time, width] → heads [batch, groups, time, width / groups]: a projection, cut into groups. */
export function project(parameters: Tensors, name: string, x: Tensor, groups: number): Tensor {
  const projected = einsum('bti,io->bto', x, weight(parameters, name));
  return intoGroups(projected, groups);
}

/** [batch, time, groups × size] → [batch, groups, time, size] through reshape and einsum-friendly order. */
export function intoGroups(x: Tensor, groups: number): Tensor {
  const [batch, time, width] = x.shape as [number, number, number];
  return reshape(x, [batch, time, groups, width / groups]);
}

/**
 * Attention of `x` [batch, time, width] over keys and values [batch, source, groups, size], which several calls may
 * share. Queries are as wide as their projection makes them, a multiple of the keys'. `mask` is added to the scores: 0
 * where a query may look, −10⁹ where not; [batch or 1, time, source].
 */
export function attendTo(
  parameters: Tensors,
  name: string,
  x: Tensor,
  source: { readonly keys: Tensor; readonly values: Tensor },
  mask: Tensor | undefined,
  noise: Noise,
): Tensor {
  const [batch, time] = x.shape as [number, number, number];
  const [, , groups, size] = source.keys.shape as [number, number, number, number];
  const projection = weight(parameters, `${name}.query`);
  const asked = projection.shape[1]!;
  const each = asked / size / groups;
  const query = reshape(einsum('bti,io->bto', x, projection), [batch, time, groups, each, size]);
  const scores = divide(einsum('btgre,bsge->bgrts', query, source.keys), Math.sqrt(size));
  const masked =
    mask === undefined
      ? scores
      : add(scores, reshape(mask, [mask.shape[0]!, 1, 1, mask.shape[1]!, mask.shape[2]!]));
  const shares = noise.drop(softmax(masked));
  const mixed = reshape(einsum('bgrts,bsge->btgre', shares, source.values), [batch, time, asked]);
  return einsum('bti,io->bto', mixed, weight(parameters, `${name}.output`));
}

/** Keys and values of `source` [batch, time, width] for `attendTo`. */
export function keysAndValues(
  parameters: Tensors,
  name: string,
  source: Tensor,
  groups: number,
): { readonly keys: Tensor; readonly values: Tensor } {
  return {
    keys: project(parameters, `${name}.key`, source, groups),
    values: project(parameters, `${name}.value`, source, groups),
  };
}

/** Self-attention of x [batch, time, width]. */
export function selfAttention(
  parameters: Tensors,
  name: string,
  x: Tensor,
  groups: number,
  mask: Tensor | undefined,
  noise: Noise,
): Tensor {
  return attendTo(parameters, name, x, keysAndValues(parameters, name, x, groups), mask, noise);
}

/** −10⁹ where `allowed` (truth values) does not hold, else 0. */
export function maskOf(allowed: Tensor): Tensor {
  return multiply(subtract(asFloat(allowed), 1), 1e9);
}

/** [1, time, time]: a place may look at itself and what comes before. */
export function causalMask(time: number): Tensor {
  const place = arange(time);
  return maskOf(greaterEqual(reshape(place, [1, time, 1]), reshape(place, [1, 1, time])));
}

/** [batch, time, source]: a place may look at places of its own segment; segments are integers, [batch, time]. */
export function segmentMask(segments: Tensor, sources: Tensor): Tensor {
  const [batch, time] = segments.shape as [number, number];
  const length = sources.shape[1]!;
  return maskOf(equal(reshape(segments, [batch, time, 1]), reshape(sources, [batch, 1, length])));
}
