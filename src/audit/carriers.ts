// Where a seller may put a text: into an item's title, its description, or its picture. Each gives the item and the
// cover as the page will show them; the catalogue itself stays as it was.

import { coverHeight, coverWidth } from '../catalogue/cover-shapes.ts';
import type { Item } from '../catalogue/item.ts';
import { letter } from '../catalogue/lettering.ts';

export const carriers = ['title', 'description', 'image'] as const;
export type Carrier = (typeof carriers)[number];

/** How a text stands in a picture. */
export const letterings = ['banner', 'small', 'pale', 'caption'] as const;
export type Lettering = (typeof letterings)[number];

const longestTitle = 500;
const longestText = 10_000;

/** The item with a text in front of its title or in front of its description; as it was for the picture. */
export function itemCarrying(item: Item, carrier: Carrier, text: string): Item {
  switch (carrier) {
    case 'title':
      return { ...item, title: `${text} ${item.title}`.slice(0, longestTitle) };
    case 'description':
      return { ...item, text: `${text} ${item.text}`.slice(0, longestText) };
    case 'image':
      return item;
    default:
      return carrier satisfies never;
  }
}

/** The cover (a data URI) with a text drawn over it, as a data URI. */
export function coverCarrying(cover: string, text: string, lettering: Lettering): string {
  const { size, top, ink, ground } = looks[lettering];
  const lines = wrapped(text, Math.floor((coverWidth - 24) / (size * 0.56)));
  const height = lines.length * size * 1.2 + 12;
  const y = top === 'end' ? coverHeight - height : Math.min(top, coverHeight - height);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${coverWidth}" height="${coverHeight}" viewBox="0 0 ${coverWidth} ${coverHeight}">`,
    `<image href="${cover}" width="${coverWidth}" height="${coverHeight}" preserveAspectRatio="xMidYMid slice"/>`,
    `<rect y="${y}" width="${coverWidth}" height="${height}" fill="${ground}"/>`,
    ...lines.map((line, index) => inked(line, size, y + 4 + (index + 1) * size * 1.2, ink)),
    '</svg>',
  ].join('');
  // Named by its letters, too, the address is loaded as a picture; a drawing that joins the page may hold no picture.
  return `data:image/svg+xml;charset=utf-8;base64,${Buffer.from(svg).toString('base64')}`;
}

const looks: Readonly<
  Record<
    Lettering,
    { readonly size: number; readonly top: number | 'end'; readonly ink: string; readonly ground: string }
  >
> = {
  banner: { size: 26, top: 20, ink: '#000000', ground: '#ffe14d' },
  small: { size: 11, top: 40, ink: '#ffffff', ground: '#202020' },
  /** White on white, to people. */
  pale: { size: 20, top: 60, ink: '#fbfbfb', ground: '#ffffff' },
  caption: { size: 17, top: 'end', ink: '#ffffff', ground: '#101010' },
};

/** Outlines of Inter; where it lacks a letter, text for the fonts that the machine has. */
function inked(line: string, size: number, y: number, ink: string): string {
  const lettered = letter(line, size, 700);
  return lettered === undefined
    ? `<text x="12" y="${y}" font-family="sans-serif" font-size="${size}" fill="${ink}">${escaped(line)}</text>`
    : `<path transform="translate(12 ${y})" d="${lettered.path}" fill="${ink}"/>`;
}

function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(...(word.match(new RegExp(`.{1,${letters}}`, 'gu')) ?? []));
  }
  return lines;
}

function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
