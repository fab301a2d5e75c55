// What a person keeps of a picture: where it is light, dark and of which colour, as a vector. It tells a picture seen before
// from another one and not what a picture is of: no weights are shipped or fetched, and /v1/embeddings takes words only.

import type { Box, Mark, Pixels, Screen } from '../sandbox/screen.ts';
import { pixelsUnder } from './pixels.ts';
import { unit } from './text.ts';

const cells = 8;
export const pictureVectorSize = cells * cells * 3;

/**
 * Unit vector of a picture on the screen: the mean red, green and blue of 8 × 8 cells, less the mean of each colour over the
 * picture, so that brightness and size do not count. All zero for a picture of one colour, or of fewer pixels than cells.
 */
export function pictureVector(pixels: Pixels, box: Box): Float64Array {
  const vector = new Float64Array(pictureVectorSize);
  const { left, top, right, bottom } = pixelsUnder(pixels, box);
  const [width, height] = [right - left, bottom - top];
  if (width < cells || height < cells) return vector;
  const counts = new Float64Array(cells * cells);
  const columns = Int32Array.from({ length: width }, (_, x) => Math.floor((x * cells) / width));
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * cells) / height) * cells;
    let offset = ((top + y) * pixels.width + left) * 3;
    for (let x = 0; x < width; x++, offset += 3) {
      const cell = row + columns[x]!;
      counts[cell]! += 1;
      vector[cell * 3]! += pixels.data[offset]!;
      vector[cell * 3 + 1]! += pixels.data[offset + 1]!;
      vector[cell * 3 + 2]! += pixels.data[offset + 2]!;
    }
  }
  const means = vector.map((sum, index) => sum / counts[Math.floor(index / 3)]!);
  const overall = [0, 1, 2].map(
    (colour) =>
      means.reduce((sum, value, index) => sum + (index % 3 === colour ? value : 0), 0) / counts.length,
  );
  return unit(means.map((value, index) => value - overall[index % 3]!));
}

/** Vectors of all pictures of a screen, in the order of its marks. */
export function pictureVectors(screen: Screen): Float64Array[] {
  return screen.marks.flatMap(({ picture }) =>
    picture === null ? [] : [pictureVector(screen.pixels, picture)],
  );
}

/** The vector of the first of these marks that shows a picture; null where none does. */
export function firstPicture(screen: Screen, marks: readonly (Mark | undefined)[]): Float64Array | null {
  const picture = marks.find((mark) => mark !== undefined && mark.picture !== null)?.picture;
  return picture === undefined || picture === null ? null : pictureVector(screen.pixels, picture);
}
