// What a visitor can see at one moment: a picture and numbered marks with boxes and visible text. Nothing
// else crosses from the world to the mind: no ids, no arm, no scores.

export type MarkRole =
  'card' | 'next-page' | 'previous-page' | 'back' | 'search' | 'watch' | 'rate' | 'add-to-list' | 'text';

/** Pixels from the top left corner of the screenshot. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One visible line of text; the box is that of its glyphs' line, so its height is the font's size in pixels. */
export interface TextLine {
  readonly text: string;
  readonly box: Box;
}

/** Something that can be acted on (or a block of text, role 'text'), numbered from 1 in reading order. */
export interface Mark {
  readonly number: number;
  readonly role: MarkRole;
  readonly box: Box;
  readonly lines: readonly TextLine[];
  /** Where a picture stands in the mark, if one is shown. */
  readonly picture: Box | null;
}

/** The screenshot decoded: RGB bytes, row by row, `scale` screenshot pixels to one of these. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly data: Uint8Array;
}

export interface Screen {
  /** JPEG bytes. */
  readonly image: Uint8Array;
  /** SHA-256 of `image`. */
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: Pixels;
  readonly marks: readonly Mark[];
}
