// What is wrong with a scenario, in words for the person who wrote it: each field by its path, an unknown one with the
// name that was probably meant. An arm is told the faults of the kind it is, which one of its fields decides.

import { z } from 'zod';
import { nearestName } from '../base/spelling.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The kinds of arms, in the order of their union, by the field that makes them. */
export const armKinds = ['method', 'url', 'likedShare'] as const;

/** One block a fault, as z.prettifyError writes them. `schema` is what `value` was parsed with. */
export function complaint(error: z.ZodError, schema: z.ZodType, value: unknown): string {
  const shape = z.toJSONSchema(schema, { io: 'input' }) as Shape;
  return error.issues
    .flatMap((issue) => ofItsKind(issue, value))
    .flatMap((issue) => blocksOf(issue, shape, value))
    .join('\n');
}

/** The faults of an arm under the one kind that it is; of no kind or of several, that fault alone. */
function ofItsKind(issue: Issue, value: unknown): Issue[] {
  if (issue.code !== 'invalid_union' || !isArm(issue.path)) return [issue];
  const arm = valueAt(value, issue.path);
  if (arm === null || typeof arm !== 'object' || Array.isArray(arm))
    return [told(issue.path, 'an arm is an object with a name and a method, url or likedShare')];
  const kinds = armKinds.filter((kind) => Object.hasOwn(arm, kind));
  if (kinds.length > 1)
    return [told(issue.path, `an arm is of one kind, and this one has ${kinds.join(' and ')}`)];
  const [kind] = kinds;
  if (kind !== undefined) {
    const faults = issue.errors[armKinds.indexOf(kind)] ?? [];
    return faults.map((fault) => ({ ...fault, path: [...issue.path, ...fault.path] }));
  }
  const meant = Object.keys(arm).find((key) => nearestName(key, armKinds) !== undefined);
  return [
    meant === undefined
      ? told(issue.path, 'an arm has a method, a url or a likedShare, and this one has none of them')
      : told(issue.path, unknownField(meant, armKinds)),
  ];
}

function blocksOf(issue: Issue, shape: Shape, value: unknown): string[] {
  const issues =
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => told(issue.path, unknownField(key, fieldsAt(shape, issue.path, value))))
      : [issue];
  return issues.map((one) => z.prettifyError(new z.ZodError([one as z.core.$ZodIssue])));
}

function unknownField(key: string, known: readonly string[]): string {
  const meant = nearestName(key, known);
  const quoted = JSON.stringify(key.slice(0, 60));
  return `there is no field ${quoted} here; ${meant === undefined ? `there are ${known.join(', ')}` : `did you mean ${meant}?`}`;
}

function told(path: Path, message: string): Issue {
  return { code: 'custom', path: [...path], message, input: undefined };
}

function isArm(path: Path): boolean {
  return path.length === 2 && path[0] === 'arms';
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      at === null || typeof at !== 'object' ? undefined : (at as Record<PropertyKey, unknown>)[key],
    value,
  );
}

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
}

/** Names of the fields that an object at this path may have; of an arm, those of its kind. */
function fieldsAt(shape: Shape, path: Path, value: unknown): string[] {
  let shapes: readonly Shape[] = [shape];
  for (const [place, key] of path.entries()) {
    const inner = shapes.flatMap((one) =>
      typeof key === 'number' ? [one.items] : [one.properties?.[String(key)]],
    );
    shapes = inner.flatMap((one) => (one === undefined ? [] : alternatives(one)));
    const here = path.slice(0, place + 1);
    const kind = armKinds.findIndex((field) => field in Object(valueAt(value, here)));
    if (isArm(here) && kind >= 0) shapes = shapes.slice(kind, kind + 1);
  }
  return [...new Set(shapes.flatMap((one) => Object.keys(one.properties ?? {})))];
}

function alternatives(shape: Shape): readonly Shape[] {
  return shape.anyOf ?? shape.oneOf ?? [shape];
}
