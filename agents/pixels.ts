// Which pixels of a screen a box in page pixels covers.

import type { Box, Pixels } from '../sandbox/screen.ts';

/** The pixels under a box, cut at the edge of the screen; right and bottom are the first that are outside. */
export function pixelsUnder(
  pixels: Pixels,
  box: Box,
): { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } {
  return {
    left: Math.max(0, Math.floor(box.x / pixels.scale)),
    top: Math.max(0, Math.floor(box.y / pixels.scale)),
    right: Math.min(pixels.width, Math.ceil((box.x + box.width) / pixels.scale)),
    bottom: Math.min(pixels.height, Math.ceil((box.y + box.height) / pixels.scale)),
  };
}

/** Visits the pixels under a box, row by row; colours are 0-255. */
export function eachPixel(
  pixels: Pixels,
  box: Box,
  visit: (red: number, green: number, blue: number) => void,
): void {
  const { left, top, right, bottom } = pixelsUnder(pixels, box);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const offset = (y * pixels.width + x) * 3;
      visit(pixels.data[offset]!, pixels.data[offset + 1]!, pixels.data[offset + 2]!);
    }
  }
}
