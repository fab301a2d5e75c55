// From a batch to what every click model starts with: one vector and one weight for each field of each candidate. A
// field of several values is the sum of theirs; person and candidate are looked up once each and then crossed.

import { weight } from '../kit/layers.ts';
import { filled, normal, type WeightPlans } from '../kit/parameters.ts';
import {
  add,
  arange,
  asFloat,
  concatenate,
  einsum,
  greaterEqual,
  multiply,
  reshape,
  sum,
  takeRows,
  type Tensor,
  type Tensors,
} from '../kit/tensor.ts';
import { activityLevels, type Features, type Field, type Fields } from './features.ts';

export interface ClickShape {
  readonly fields: Fields;
  /** Width of a field's vector. */
  readonly width: number;
  /** Width and number of the hidden layers above. */
  readonly hidden: number;
  readonly layers: number;
  readonly tags: number;
}

/** What a network computes a log-odds from; R rows, a row is a candidate before a person. */
export interface ClickInputs {
  /** [R, fields, width] */
  readonly vectors: Tensor;
  /** [R] Bias and weight of every value that is present: the linear model. */
  readonly linear: Tensor;
  /** Tags of the past [R, tags] and of the candidate [R, tags]; null where the model does not see them. */
  readonly crossed: () => { readonly past: Tensor; readonly item: Tensor } | null;
}

export function fieldCount({ person, item }: Fields): number {
  return person.length + item.length;
}

/** A table of vectors (of this deviation) and one of weights a field, and a bias. */
export function fieldPlans(
  features: Features,
  { fields, width }: ClickShape,
  deviation: number,
): WeightPlans {
  const plans: Record<string, WeightPlans[string]> = { bias: filled([1], 0) };
  for (const field of [...fields.person, ...fields.item]) {
    const rows = valuesOf(features, field);
    plans[`${field}.vectors`] = normal([rows, width], deviation);
    plans[`${field}.weights`] = filled([rows, 1], 0);
  }
  return plans;
}

/** How many values a field has. */
function valuesOf({ traits, tags, periods }: Features, field: Field): number {
  switch (field) {
    case 'visitor':
      return traits.rows;
    case 'traits':
      return traits.width;
    case 'past':
    case 'item':
      return tags.rows;
    case 'tastes':
    case 'tags':
      return tags.width;
    case 'activity':
      return activityLevels;
    case 'period':
      return periods.width;
    default:
      return field satisfies never;
  }
}

/** The inputs of a network for every candidate of every row of the batch: R = rows × candidates. */
export function clickInputs(parameters: Tensors, batch: Tensors, { fields }: ClickShape): ClickInputs {
  const [rows] = batch['visitor']!.shape as [number];
  const [, candidates] = batch['candidates']!.shape as [number, number];
  const every = rows * candidates;
  const crossedParts = (part: 'vectors' | 'weights'): Tensor => {
    const person = fields.person.map((field) => {
      const found = looked(parameters, batch, field, part);
      return reshape(found, [rows, 1, 1, found.shape.at(-1)!]);
    });
    const item = fields.item.map((field) => {
      const found = looked(parameters, batch, field, part);
      return reshape(found, [found.shape[0]!, candidates, 1, found.shape.at(-1)!]);
    });
    const parts = [
      ...(person.length === 0 ? [] : [multiply(joined(person), ones([1, candidates, 1, 1]))]),
      ...(item.length === 0 ? [] : [multiply(joined(item), ones([rows, 1, 1, 1]))]),
    ];
    const all = joined(parts);
    return reshape(all, [every, all.shape[2]!, all.shape[3]!]);
  };
  const sees = fields.person.includes('tastes') && fields.item.includes('tags');
  return {
    vectors: crossedParts('vectors'),
    linear: add(sum(crossedParts('weights'), [1, 2]), weight(parameters, 'bias')),
    crossed: () => (sees ? tagsOf(batch, rows, candidates) : null),
  };
}

/** A field of every person [rows, width] or of every candidate [rows or 1, candidates, width]. */
function looked(parameters: Tensors, batch: Tensors, field: Field, part: 'vectors' | 'weights'): Tensor {
  const table = weight(parameters, `${field}.${part}`);
  const of = (name: string): Tensor => batch[name]!;
  switch (field) {
    case 'visitor':
      return rowsAt(table, of(field));
    case 'item':
      return rowsAt(table, of('candidates'));
    case 'traits':
    case 'past':
    case 'tastes':
    case 'activity':
      return einsum('bv,vd->bd', of(field), table);
    case 'tags':
    case 'period':
      return einsum('bcv,vd->bcd', of(field), table);
    default:
      return field satisfies never;
  }
}

/** Rows of a table by index; twice and half, since takeRows needs a scale. */
function rowsAt(table: Tensor, indices: Tensor): Tensor {
  return multiply(takeRows(table, indices, 2), 0.5);
}

function tagsOf(batch: Tensors, rows: number, candidates: number): { past: Tensor; item: Tensor } {
  const { tastes, tags } = batch as Record<'tastes' | 'tags', Tensor>;
  const width = tags.shape[2]!;
  const every = [rows * candidates, width];
  return {
    past: reshape(multiply(reshape(tastes, [rows, 1, width]), ones([1, candidates, 1])), every),
    item: reshape(multiply(tags, ones([rows, 1, 1])), every),
  };
}

function joined(parts: readonly Tensor[]): Tensor {
  return parts.length === 1 ? parts[0]! : concatenate(parts, 2);
}

/** Ones of a shape, to repeat what is multiplied by them. */
function ones(shape: readonly number[]): Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  return reshape(asFloat(greaterEqual(arange(size), 0)), shape);
}
