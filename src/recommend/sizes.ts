// One dial for the size of a model: extra small is for toy catalogues, small trains in
// minutes on two cores, medium and large take their time.
// Widths are multiples of four times the heads, which jax-js needs to vectorise.

import { z } from 'zod';

export const scaleSchema = z.enum(['xs', 's', 'm', 'l']).default('s');
export type Scale = z.infer<typeof scaleSchema>;

export interface Sizes {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Width of the feed-forward layer over `width`. */
  readonly expansion: number;
}

export function sizesOf(scale: Scale): Sizes {
  switch (scale) {
    case 'xs':
      return { width: 32, layers: 1, heads: 2, expansion: 2 };
    case 's':
      return { width: 64, layers: 2, heads: 2, expansion: 2 };
    case 'm':
      return { width: 96, layers: 2, heads: 4, expansion: 4 };
    case 'l':
      return { width: 128, layers: 3, heads: 4, expansion: 4 };
    default:
      return scale satisfies never;
  }
}

/** Settings of training that all models share; each model gives its own defaults. */
export const trainingSettings = {
  /** Passes over the histories, unless patience ends the training before. 0 leaves the first, random weights. */
  epochs: z.int().min(0).max(10_000),
  /** Highest learning rate of AdamW. */
  rate: z.number().gt(0).max(1),
  dropout: z.number().min(0).max(0.9),
  /** Steps of a history that the model sees. */
  history: z.int().min(4).max(512),
  /** Looks at the validation people without a better score after which training ends. */
  patience: z.int().min(1).max(1000),
  /** Largest number of people whose last step is held out to tell when to stop; 0 trains to the end. */
  validationPeople: z.int().min(0).max(100_000),
};
