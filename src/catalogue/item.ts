// What can be recommended and what people did with it. The zod schemas are the only definition; importers
// produce these shapes and nothing behind them validates again.

import { z } from 'zod';

export const itemSchema = z.object({
  id: z.string().min(1).max(200),
  title: z.string().min(1).max(500),
  /** Plot, description: shown on the item page. */
  text: z.string().max(10_000).default(''),
  year: z.int().min(1800).max(2200).optional(),
  genres: z.array(z.string().min(1).max(60)).max(20).default([]),
  /** Mean rating shown to visitors, 1-5, and how many people gave one. Filled from training histories if the source has none. */
  rating: z.number().min(0).max(5).optional(),
  votes: z.int().min(0).optional(),
  /** Path of a local image file; a cover is drawn in code where it is missing. */
  image: z.string().optional(),
  price: z.number().min(0).optional(),
  /** Minutes. */
  duration: z.number().min(0).optional(),
  place: z.object({ latitude: z.number(), longitude: z.number() }).optional(),
  /** Anything else worth showing: director, brand … */
  attributes: z.record(z.string(), z.string()).default({}),
});
export type Item = z.infer<typeof itemSchema>;

export const interactionSchema = z.object({
  user: z.string().min(1).max(200),
  item: z.string().min(1).max(200),
  /** Unix seconds. */
  time: z.number(),
  /** A rating on 0.5-5, or 5 for an implicit like. */
  value: z.number().min(0).max(5),
});
export type Interaction = z.infer<typeof interactionSchema>;

export const personSchema = z.object({
  id: z.string().min(1).max(200),
  age: z.string().optional(),
  gender: z.string().optional(),
  occupation: z.string().optional(),
  region: z.string().optional(),
});
export type Person = z.infer<typeof personSchema>;

/** Items, people and histories of one source. `implicit` says the values are likes, not ratings. */
export interface Catalogue {
  readonly name: string;
  readonly implicit: boolean;
  readonly items: readonly Item[];
  readonly people: readonly Person[];
  /** Sorted by time, then user, then item. */
  readonly interactions: readonly Interaction[];
}
