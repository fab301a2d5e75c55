// A camera without a browser, for audits of minds that look at no pixels: marks with their texts are read from the page's
// HTML, boxes stand one below the other, all in view, and the picture is a small plain JPEG whose colour follows from the page.

import sharp from 'sharp';
import { sha256 } from '../../src/base/hash.ts';
import type { Mark, MarkRole, Screen } from '../../sandbox/screen.ts';

const taken = new Map<string, Promise<Screen>>();

/** The screen of a page; equal pages, equal screens. */
export function blindCapture(html: string): Promise<Screen> {
  const known = taken.get(html) ?? screenOf(html);
  taken.set(html, known);
  return known;
}

async function screenOf(html: string): Promise<Screen> {
  const numbers = /data-numbers="([^"]+)"/.exec(html)?.[1]?.split(' ').map(Number);
  const parts = html.split(/data-role="/).slice(1);
  const marks = parts.map((part, index): Mark => {
    const box = { x: 0, y: index * 40, width: 100, height: 30 };
    const texts = [...part.matchAll(/<(h1|h2|p|span)[^>]*>([\s\S]*?)<\/\1>/g)]
      .map(([, , text = '']) => unescaped(text.replace(/<[^>]*>/g, '')).trim())
      .filter((text) => text !== '');
    // The first line is the title, and the tallest.
    const lines = texts.map((text, line) => ({ text, box: { ...box, height: line === 0 ? 18 : 12 } }));
    const role = part.slice(0, part.indexOf('"')) as MarkRole;
    return { number: numbers?.[index] ?? index + 1, role, box, lines, picture: null };
  });
  const [r = 0, g = 0, b = 0] = Buffer.from(sha256(html), 'hex');
  const image = await sharp({ create: { width: 16, height: 16, channels: 3, background: { r, g, b } } })
    .jpeg()
    .toBuffer();
  const pixels = { width: 1, height: 1, scale: 1, data: Uint8Array.of(r, g, b) };
  return { image: new Uint8Array(image), hash: sha256(image), width: 1280, height: 800, pixels, marks };
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
