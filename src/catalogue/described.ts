// What attributes say of an item to whoever reads it. Names that others made for it stand among the attributes, too, where
// models look for them; they are no words about the item, neither for people nor for other models.

import type { Item } from './item.ts';

/** The attributes without the names that are for models: terms and codes. */
export function describedAttributes({
  attributes: { terms: _terms, codes: _codes, ...described },
}: Pick<Item, 'attributes'>): Readonly<Record<string, string>> {
  return described;
}
