// Foreign JSON: parsed only where it is not nested deeper than anything we ask for, because whatever walks a value
// afterwards does so by recursion. Keys like __proto__ stay plain properties, as JSON.parse leaves them.

const MOST_DEPTH = 60;

/** The value of a JSON text; undefined where it is none, or is nested too deeply. */
export function parsedJson(text: string): unknown {
  for (const { depth } of brackets(text)) if (depth > MOST_DEPTH) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The text of the first object in a text, from its brace to the one that closes it. */
export function firstObject(text: string): string | undefined {
  const start = text.indexOf('{');
  if (start < 0) return undefined;
  const inside = text.slice(start);
  for (const { depth, at } of brackets(inside)) if (depth === 0) return inside.slice(0, at + 1);
  return undefined;
}

/** The brackets of a JSON text that stand outside strings, each with how many are open after it. */
function* brackets(text: string): Generator<{ readonly depth: number; readonly at: number }> {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (quoted && sign === '\\') at++;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === '{' || sign === '[')) yield { depth: ++depth, at };
    else if (!quoted && (sign === '}' || sign === ']')) yield { depth: --depth, at };
  }
}
