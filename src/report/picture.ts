// Width and height of a JPEG from its frame header (ITU-T T.81, B.2.2); decodes nothing.

import { RehearsalError } from '../base/error.ts';

/** Size in pixels. Throws a RehearsalError when the bytes are no JPEG. */
export function pictureSize(bytes: Uint8Array): { width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let place = 2;
  while (bytes[0] === 0xff && bytes[1] === 0xd8 && place + 9 <= bytes.length && bytes[place] === 0xff) {
    const marker = bytes[place + 1] ?? 0;
    if (isFrame(marker)) return { height: view.getUint16(place + 5), width: view.getUint16(place + 7) };
    place += 2 + view.getUint16(place + 2);
  }
  throw new RehearsalError(`A picture of ${bytes.length} bytes is not a whole JPEG.`, {
    hint: 'The screens of the run are damaged; run the scenario again.',
  });
}

/** Start-of-frame markers: C0-CF without the tables (C4), the reserved (C8) and the arithmetic conditions (CC). */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}
