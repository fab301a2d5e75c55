// The picture of the vision probe: three upright bands of plain colour, as a PNG made by hand, so that no picture
// library is needed where models are asked.

import { crc32, deflateSync } from 'node:zlib';

const SIZE = 192;

const rgb = {
  red: [220, 30, 30],
  green: [20, 160, 60],
  blue: [30, 60, 220],
  yellow: [245, 220, 30],
  black: [0, 0, 0],
  white: [255, 255, 255],
} as const;
export type BandColour = keyof typeof rgb;

/** A PNG of 192 × 192 pixels, 8 bits RGB, with one band for each colour from left to right. */
export function bandsPng(colours: readonly BandColour[]): Uint8Array {
  const row = Buffer.alloc(1 + SIZE * 3);
  for (let x = 0; x < SIZE; x++) {
    const colour = colours[Math.floor((x * colours.length) / SIZE)] ?? 'white';
    row.set(rgb[colour], 1 + x * 3);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.concat(Array.from({ length: SIZE }, () => row));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}
