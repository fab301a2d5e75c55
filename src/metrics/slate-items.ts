// The items of a slate, read from the JSON of its event. Several measures ask for the same slate one after the other, so
// the last one read is remembered. The record wrote these rows by its own schema: they are parsed, not checked again.

export interface SlateItem {
  readonly item: string;
  readonly slot: number;
  readonly inView: boolean;
}

let last: { readonly json: unknown; readonly items: readonly SlateItem[] } = { json: null, items: [] };

/** The items of a slate from its JSON, in order of place. */
export function slateItems(json: unknown): readonly SlateItem[] {
  if (json !== last.json) last = { json, items: JSON.parse(String(json)) as readonly SlateItem[] };
  return last.items;
}
