// The part of the camera that runs inside the browser's page. Its function is sent there as text, so it stands
// alone: no imports, no names from outside. It shows a page, shortens texts that do not fit, numbers the marks
// and reads what can be seen of each.

import type { Box, MarkRole, TextLine } from './screen.ts';

/** A mark as the page reports it, in document order. */
export interface SeenMark {
  /** From 1 in document order, unless the page states other numbers. */
  readonly number: number;
  readonly role: MarkRole;
  readonly box: Box;
  readonly lines: readonly TextLine[];
  readonly picture: Box | null;
}

/**
 * A page to show. Pictures stand in the markup as `data-picture` keys; `pictures` brings those the browser does
 * not hold yet, and `forget` drops the held ones first.
 */
export interface PageOrder {
  readonly markup: string;
  readonly pictures: readonly (readonly [key: string, address: string])[];
  readonly forget: boolean;
}

/**
 * Shows a page and returns its marks once every picture and every font is there. `held` keeps the picture
 * elements from page to page: parsing them is most of the work. A drawing (SVG) becomes part of the page, which is
 * several times faster than an image of it, and may hold plain shapes and text only. The browser decodes before it paints.
 */
export async function showPage(held: Map<string, Element>, order: PageOrder): Promise<SeenMark[]> {
  const drawn = 'data:image/svg+xml;base64,';
  const shapes = ['svg', 'g', 'path', 'rect', 'circle', 'ellipse', 'text'];
  const drawing = (address: string): Element => {
    const text = new TextDecoder().decode(
      Uint8Array.from(atob(address.slice(drawn.length)), (letter) => letter.charCodeAt(0)),
    );
    const picture = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
    const other = [picture, ...picture.querySelectorAll('*')].find(
      ({ tagName }) => !shapes.includes(tagName),
    );
    if (other !== undefined) throw new Error(`a drawing may not hold <${other.tagName}>`);
    picture.setAttribute('class', 'picture');
    return document.importNode(picture, true);
  };
  const loaded = async (address: string): Promise<Element> => {
    const picture = new Image();
    picture.alt = '';
    picture.className = 'picture';
    await new Promise<void>((resolve, reject) => {
      picture.onload = () => resolve();
      picture.onerror = () => reject(new Error(`a picture is broken: ${address.slice(0, 60)}`));
      picture.src = address;
    });
    return picture;
  };

  if (order.forget) held.clear();
  await Promise.all(
    order.pictures.map(async ([key, address]) => {
      held.set(key, address.startsWith(drawn) ? drawing(address) : await loaded(address));
    }),
  );
  document.body.innerHTML = order.markup;
  for (const place of document.querySelectorAll<HTMLElement>('img[data-picture]')) {
    const picture = held.get(place.dataset['picture'] ?? '');
    if (picture === undefined) throw new Error('a picture was not sent');
    place.replaceWith(picture.isConnected ? picture.cloneNode(true) : picture);
  }
  await document.fonts.ready;

  const boxOf = (rect: DOMRect): Box => ({
    x: Math.round(rect.x),
    y: Math.round(rect.y),
    width: Math.round(rect.width),
    height: Math.round(rect.height),
  });

  // Texts longer than their lines end in an ellipsis: what stands in the page is then what is seen.
  for (const element of document.querySelectorAll<HTMLElement>('[data-fit]')) {
    const overflows = (): boolean =>
      element.scrollHeight > element.clientHeight + 1 || element.scrollWidth > element.clientWidth + 1;
    if (!overflows()) continue;
    const letters = [...(element.textContent ?? '')];
    let fitting = 0;
    let tooLong = Math.min(letters.length, 1000);
    while (tooLong - fitting > 1) {
      const middle = (fitting + tooLong) >> 1;
      element.textContent = `${letters.slice(0, middle).join('').trimEnd()}…`;
      if (overflows()) tooLong = middle;
      else fitting = middle;
    }
    const whole = letters.slice(0, fitting).join('');
    const nearestGap = letters[fitting] === ' ' ? fitting : letters.slice(0, fitting).lastIndexOf(' ');
    const cut = nearestGap > 0 && fitting - nearestGap <= 12 ? letters.slice(0, nearestGap).join('') : whole;
    element.textContent = `${cut.replace(/[\s,:;·–-]+$/u, '')}…`;
  }

  // Runs of text on one line with the type size as height; drawings with a glyph count as text.
  const runsOf = (mark: Element): { text: string; box: DOMRect; size: number }[] => {
    const runs: { text: string; box: DOMRect; size: number }[] = [];
    const walker = document.createTreeWalker(mark, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) =>
      node instanceof Element && node.classList.contains('picture')
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT,
    );
    const range = document.createRange();
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const holder = node instanceof Element ? node : node.parentElement;
      if (holder === null || holder.closest('[data-role]') !== mark) continue;
      if (node instanceof Element) {
        const glyph = node.getAttribute('data-glyph');
        if (glyph === null) continue;
        const box = node.getBoundingClientRect();
        runs.push({ text: glyph, box, size: box.height });
        continue;
      }
      const text = node.textContent ?? '';
      if (text.trim() === '') continue;
      const size = Number.parseFloat(getComputedStyle(holder).fontSize);
      range.selectNodeContents(node);
      const rects = [...range.getClientRects()];
      const top = rects[0];
      if (top === undefined) continue;
      if (rects.every((rect) => Math.abs(rect.top - top.top) < size / 2)) {
        runs.push({ text: text.trim(), box: range.getBoundingClientRect(), size });
        continue;
      }
      let first = 0;
      let box: DOMRect | undefined;
      for (let index = 0; index < text.length; index++) {
        range.setStart(node, index);
        range.setEnd(node, index + 1);
        const letter = range.getBoundingClientRect();
        if (letter.width === 0) continue;
        if (box === undefined) {
          box = letter;
        } else if (Math.abs(letter.top - box.top) > size / 2) {
          runs.push({ text: text.slice(first, index).trim(), box, size });
          first = index;
          box = letter;
        } else {
          const left = Math.min(box.left, letter.left);
          box = new DOMRect(left, box.top, Math.max(box.right, letter.right) - left, box.height);
        }
      }
      if (box !== undefined) runs.push({ text: text.slice(first).trim(), box, size });
    }
    return runs;
  };

  const linesOf = (mark: Element): TextLine[] => {
    const lines: { text: string; left: number; right: number; middle: number; size: number }[] = [];
    for (const { text, box, size } of runsOf(mark)) {
      const middle = box.top + box.height / 2;
      const last = lines.at(-1);
      if (last !== undefined && Math.abs(last.middle - middle) < Math.max(last.size, size) / 2) {
        const gap = box.left - last.right;
        last.text += gap > 4.5 ? ` ${text}` : text;
        last.left = Math.min(last.left, box.left);
        last.right = Math.max(last.right, box.right);
        last.size = Math.max(last.size, size);
      } else {
        lines.push({ text, left: box.left, right: box.right, middle, size });
      }
    }
    return lines.map(({ text, left, right, middle, size }) => ({
      text,
      box: boxOf(new DOMRect(left, middle - size / 2, right - left, size)),
    }));
  };

  const elements = [...document.querySelectorAll<HTMLElement>('[data-role]')];
  const stated = document.querySelector<HTMLElement>('[data-numbers]')?.dataset['numbers']?.split(' ');
  if (stated !== undefined && stated.length !== elements.length)
    throw new Error(`${stated.length} numbers are stated for ${elements.length} marks`);
  const marks = elements.map((element, index): SeenMark => {
    const picture = element.querySelector('.picture');
    return {
      number: stated === undefined ? index + 1 : Number(stated[index]),
      role: element.dataset['role'] as MarkRole,
      box: boxOf(element.getBoundingClientRect()),
      lines: linesOf(element),
      picture: picture === null ? null : boxOf(picture.getBoundingClientRect()),
    };
  });

  const badges = marks.map(({ number, role, box }) => {
    const badge = document.createElement('div');
    badge.className = role === 'text' ? 'mark text' : 'mark';
    badge.textContent = String(number);
    const beside = role === 'text';
    badge.style.left = `${Math.max(box.x - (beside ? 26 : 9), 3)}px`;
    badge.style.top = `${Math.max(box.y + (beside ? 3 : -9), 3)}px`;
    return badge;
  });
  document.body.append(...badges);
  return marks;
}
