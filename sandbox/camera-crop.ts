// A closer look: one box of a screen, enlarged, as a JPEG. Only pixels that the screen already shows.

import sharp from 'sharp';
import type { Box, Screen } from './screen.ts';

const longestSide = 768;
const jpegQuality = 80;

/** The box of the screenshot, scaled to at most 768 pixels a side. Equal boxes give equal bytes. */
export async function cropOf(screen: Screen, box: Box): Promise<Uint8Array> {
  const left = Math.max(0, Math.floor(box.x));
  const top = Math.max(0, Math.floor(box.y));
  const width = Math.max(1, Math.min(screen.width - left, Math.ceil(box.width)));
  const height = Math.max(1, Math.min(screen.height - top, Math.ceil(box.height)));
  return await sharp(screen.image)
    .extract({ left, top, width, height })
    .resize({ width: longestSide, height: longestSide, fit: 'inside' })
    .jpeg({ quality: jpegQuality })
    .toBuffer();
}
