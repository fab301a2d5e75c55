// What the stand-in sees: the pictures of a request, really decoded, and the numbered marks in its text. Its answers
// rest on these alone; it is never told an item's id.

import sharp from 'sharp';
import type { Body } from './body.ts';

export interface Sight {
  readonly width: number;
  readonly height: number;
  /** Mean red, green and blue (0-255) of a box given in shares of the picture. */
  colour(box: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  }): readonly [number, number, number];
}

export interface Marked {
  readonly number: number;
  readonly text: string;
}

/** Decodes the pictures of a request. Throws where one is no data URI or does not decode. */
export async function picturesOf(body: Body): Promise<Sight[]> {
  const sights: Sight[] = [];
  for (const message of body.messages) {
    for (const part of Array.isArray(message.content) ? message.content : []) {
      if (part.type !== 'image_url') continue;
      const data = /^data:image\/(?:jpeg|png|webp);base64,([A-Za-z0-9+/=]+)$/.exec(part.image_url.url)?.[1];
      if (data === undefined) throw new Error('image_url must be a data URI');
      const { data: pixels, info } = await sharp(Buffer.from(data, 'base64'), { ignoreIcc: true })
        .removeAlpha()
        .toColourspace('srgb')
        .raw()
        .toBuffer({ resolveWithObject: true });
      sights.push(sightOf(pixels, info.width, info.height, info.channels));
    }
  }
  return sights;
}

function sightOf(pixels: Uint8Array, width: number, height: number, channels: number): Sight {
  return {
    width,
    height,
    colour({ left, top, right, bottom }) {
      const sum: [number, number, number] = [0, 0, 0];
      let count = 0;
      for (let y = Math.floor(top * height); y < bottom * height; y += 4) {
        for (let x = Math.floor(left * width); x < right * width; x += 4, count++) {
          const at = (y * width + x) * channels;
          for (const c of [0, 1, 2] as const) sum[c] += pixels[channels < 3 ? at : at + c] ?? 0;
        }
      }
      return [sum[0] / count, sum[1] / count, sum[2] / count];
    },
  };
}

/** The text of the last message of the user's. */
export function lastWords(body: Body): string {
  const last = body.messages.findLast((message) => message.role === 'user');
  return wordsOf(last?.content);
}

export function wordsOf(content: Body['messages'][number]['content']): string {
  if (typeof content === 'string') return content;
  return (content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

/** Lines that begin with a number, such as '[3] card: The Long Night' or '3. Next page'. */
export function marksIn(words: string): Marked[] {
  return [...words.matchAll(/^\s*[[(#]?(\d{1,3})[\])]?[.:)]?\s+(\S.*)$/gm)].map(
    ([, number = '', text = '']) => ({
      number: Number(number),
      text: text.trim(),
    }),
  );
}
