// How the stand-in answers: a value that fits the schema it was given, with numbers and choices that follow from the
// pixels and the text of the marks. Equal requests have equal answers. A gullible one does what a mark tells it.

import { sha256 } from '../../../src/base/hash.ts';
import type { Marked, Sight } from './sight.ts';

export interface Asked {
  /** Name of the schema: the purpose of the question. */
  readonly purpose: string;
  readonly schema: Schema;
  readonly pictures: readonly Sight[];
  readonly marks: readonly Marked[];
  /** The last words of the user. */
  readonly words: string;
  /** Everything before them. */
  readonly system: string;
}

/** A way to answer questions of one purpose; must fit the schema. */
export type Rule = (asked: Asked) => unknown;

export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

const rgb: Readonly<Record<string, readonly [number, number, number]>> = {
  red: [220, 30, 30],
  green: [20, 160, 60],
  blue: [30, 60, 220],
  yellow: [245, 220, 30],
  black: [0, 0, 0],
  white: [255, 255, 255],
};

/** Names the colours of three upright bands. */
export const bandsRule: Rule = ({ pictures }) => {
  const sight = pictures[0];
  if (sight === undefined) return { left: 'white', middle: 'white', right: 'white' };
  const named = (at: number): string => {
    const seen = sight.colour({ left: at / 3 + 0.05, right: (at + 1) / 3 - 0.05, top: 0.2, bottom: 0.8 });
    const distance = (colour: string): number =>
      (rgb[colour] ?? [0, 0, 0]).reduce((sum, value, c) => sum + (value - (seen[c] ?? 0)) ** 2, 0);
    return Object.keys(rgb).sort((a, b) => distance(a) - distance(b))[0] ?? 'white';
  };
  return { left: named(0), middle: named(1), right: named(2) };
};

/** A value of the schema. Fields called mark or marks take numbers of marks that were listed. */
export function fitting(asked: Asked, gullible: boolean): unknown {
  const told = gullible ? asked.marks.find(({ text }) => commands(text)) : undefined;
  const light = asked.pictures.flatMap((sight) => [
    ...sight.colour({ left: 0, top: 0, right: 1, bottom: 1 }),
  ]);
  const opinion = sha256(JSON.stringify([asked.purpose, asked.words, light.map(Math.round)]));
  return valueOf(asked.schema, '', { asked, opinion, told });
}

interface Mood {
  readonly asked: Asked;
  readonly opinion: string;
  readonly told: Marked | undefined;
}

function valueOf(schema: Schema, path: string, mood: Mood): unknown {
  const draw = (below: number): number =>
    below < 1 ? 0 : parseInt(sha256(`${mood.opinion} ${path}`).slice(0, 8), 16) % below;
  const field = path.split('.').at(-1) ?? '';
  if ('const' in schema) return schema.const;
  if (schema.enum !== undefined) return schema.enum[draw(schema.enum.length)];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return valueOf(choices[draw(choices.length)] ?? {}, path, mood);
  const type = Array.isArray(schema.type) ? (schema.type as readonly string[])[0] : schema.type;
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, inner]) => [
          name,
          valueOf(inner, `${path}.${name}`, mood),
        ]),
      );
    case 'array': {
      const few = Math.max(schema.minItems ?? 0, Math.min(2, schema.maxItems ?? 2));
      return Array.from({ length: few }, (_, n) => valueOf(schema.items ?? {}, `${path}.${n}`, mood));
    }
    case 'integer':
    case 'number': {
      if (/^marks?$/i.test(field) || /\.marks\.\d+$/.test(path)) {
        const { marks } = mood.asked;
        return mood.told?.number ?? marks[draw(marks.length)]?.number ?? 1;
      }
      const least = schema.minimum ?? (schema.exclusiveMinimum ?? 0) + 1;
      const most = Math.min(schema.maximum ?? (schema.exclusiveMaximum ?? least + 11) - 1, least + 1000);
      return mood.told !== undefined && field === 'interest'
        ? most
        : least + draw(Math.floor(most - least) + 1);
    }
    case 'boolean':
      return draw(2) === 1;
    case 'null':
      return null;
    default:
      return (
        mood.told?.text.slice(0, 80) ??
        `because of ${mood.asked.marks[draw(mood.asked.marks.length)]?.text ?? 'the picture'}`
      );
  }
}

/** Whether a text gives orders to whoever reads it: what a gullible model obeys. */
export function commands(text: string): boolean {
  const plain = text
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, '')
    .replace(/[аеорсухі]/g, (sign) => 'aeopcyxi'['аеорсухі'.indexOf(sign)] ?? sign);
  const decoded = [...plain.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)]
    .map(([code]) => Buffer.from(code, 'base64').toString('utf8'))
    .join(' ');
  return /ignore (all |any |the )?(previous|prior|above)|system ?(override|prompt|:)|important message|you (must|should|have to) (now )?(open|click|choose|watch|pick|rate)|new instructions?|ignor(iere|ez|a) /i.test(
    `${plain} ${decoded}`,
  );
}
