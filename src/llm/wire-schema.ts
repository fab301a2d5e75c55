// The shape of an answer as JSON Schema for the wire. It holds itself to what all the servers take in strict mode:
// objects that are closed and require every field. A schema that does not is a mistake of ours, told at once.

import { z } from 'zod';
import type { JsonSchema, WireSchema } from './endpoint.ts';

/** The wire's form of a zod schema; refinements are left out. Throws where strict mode would reject it. */
export function wireSchema(name: string, schema: z.ZodType): WireSchema {
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) {
    throw new Error(
      `A purpose is lower-case letters, digits and hyphens, and ${JSON.stringify(name)} is not.`,
    );
  }
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'output',
    override: ({ jsonSchema }) => {
      // The bounds of every safe integer say nothing, and some servers build a grammar from them.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      // Strict mode knows no oneOf; where the variants exclude each other, anyOf says the same.
      if (jsonSchema.oneOf !== undefined) {
        jsonSchema.anyOf = jsonSchema.oneOf;
        delete jsonSchema.oneOf;
      }
    },
  });
  if (json.type !== 'object') throw new Error(`The answer to '${name}' must be an object.`);
  requireStrict(json, name);
  return { name, json };
}

function requireStrict(node: unknown, path: string): void {
  if (typeof node !== 'object' || node === null) return;
  if ('items' in node && Array.isArray(node.items)) {
    throw new Error(`${path}: strict mode takes no tuples; name the parts in an object.`);
  }
  if (isObjectSchema(node)) {
    const fields = Object.keys(node.properties);
    const free = fields.filter((field) => !(node.required ?? []).includes(field));
    if (free.length > 0) {
      throw new Error(
        `${path}: strict mode requires every field; make ${free.join(', ')} nullable, not optional.`,
      );
    }
    if (node.additionalProperties !== false) {
      throw new Error(`${path}: strict mode takes closed objects only; use z.strictObject.`);
    }
  }
  for (const [key, child] of Object.entries(node)) requireStrict(child, `${path}.${key}`);
}

function isObjectSchema(node: object): node is {
  properties: JsonSchema;
  required?: readonly string[];
  additionalProperties?: unknown;
} {
  return (
    'type' in node && node.type === 'object' && 'properties' in node && typeof node.properties === 'object'
  );
}
