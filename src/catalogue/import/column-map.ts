// A column map as it is typed: `user=user_id,item=sku`, which field is in which column. Only its text is read here;
// whether a file has such columns is for table.ts to say.

import { UsageError } from '../../base/error.ts';

/** What a table says of an interaction; `scale` is not a column but the highest value. */
export const interactionFields = ['user', 'item', 'value', 'time', 'scale'];
/** What a table says of an item, besides `attribute.NAME`. */
export const itemFields = [
  'id',
  'title',
  'text',
  'year',
  'genres',
  'rating',
  'votes',
  'image',
  'price',
  'duration',
  'latitude',
  'longitude',
];

/** A column map, `field=column` between commas. Throws a UsageError on an unknown, repeated or missing field. */
export function readColumnMap(
  text: string,
  known: readonly string[],
  needed: readonly string[],
): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  const hint = `Fields: ${known.join(', ')}; ${needed.join(' and ')} are needed. An item's other columns: attribute.NAME=column.`;
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=');
    const [field, column] = [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()];
    if (at < 1 || column === '')
      throw new UsageError(
        `The column map has ${JSON.stringify(pair)} where field=column was expected.`,
        hint,
      );
    const attribute = known === itemFields && /^attribute\.[\w-]+$/.test(field);
    if (!known.includes(field) && !attribute)
      throw new UsageError(`The column map names an unknown field: ${field}.`, hint);
    if (map.has(field)) throw new UsageError(`The column map names ${field} twice.`, hint);
    map.set(field, column);
  }
  const missing = needed.find((field) => !map.has(field));
  if (missing !== undefined) throw new UsageError(`The column map lacks ${missing}.`, hint);
  return map;
}
