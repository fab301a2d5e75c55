// Which texts of a catalogue look as if they spoke to whoever reads the page. It reads words, not pictures, and errs on
// the side of a false alarm: what it flags is set apart and counted, never deleted.

import type { Item } from './item.ts';

const signs: Readonly<Record<string, RegExp>> = {
  invisible: /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|[\u{e0000}-\u{e007f}]/u,
  'mixed scripts in a word':
    /(?=\p{L}*\p{Script=Latin})(?=\p{L}*[\p{Script=Cyrillic}\p{Script=Greek}])\p{L}+/u,
  'letters of full width': /[\uff21-\uff3a\uff41-\uff5a]{4}/u,
  'letters apart': /(?:^|\s)(?:\p{L} ){5,}\p{L}/u,
  /** Letters and digits together: a word of many letters alone is only long. */
  encoded: /(?=[A-Za-z0-9+/]{0,30}\d)(?=[A-Za-z0-9+/]{0,30}[a-z])[A-Za-z0-9+/]{24,}={0,2}/,
  'marks of a prompt': /<\|?\w+_\w+\|?>|\[\/?INST\]|<<|<\/\w+>|\]\]>|"""|```|\}\]\}|^#{2,}\s/mu,
  'speaks to a model':
    /\b(?:system|assistant|AI agents?|instructions?|override|prompt|tool result|thought)\b[^.]{0,40}[:>\]]|\b(?:ignor\w*|negeer|zignoruj|disregard)\b[^.]{0,30}\b(?:instru\w+|anweisungen|polecenia|orders|previous|above)\b/iu,
  'orders the reader':
    /\b(?:you|visitors) (?:must|should|will get|would|wanted to)\b|\b(?:open|press|click) "[^"]+"/iu,
};

/** The signs that a text shows, by name; none for an ordinary one. */
export function suspicionsOf(text: string): string[] {
  return Object.entries(signs)
    .filter(([, sign]) => sign.test(text))
    .map(([name]) => name);
}

/** Whether an item's title or description is to be set apart. */
export function isSuspect({ title, text }: Item): boolean {
  return suspicionsOf(title).length > 0 || suspicionsOf(text).length > 0;
}
