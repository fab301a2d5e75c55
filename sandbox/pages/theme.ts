// The look of the site: a dark film house, warm gold on near-black, one type family. Sizes are for a window of
// 1280 by 800 in which everything is in view; the numbered marks are part of the look.

/** The window the site is made for, CSS pixels. */
export const viewport = { width: 1280, height: 800 } as const;

const colours = `:root {
  --ground: #0e0f13; --panel: #181a21; --edge: #2b2e38; --ink: #f4f1ea; --soft: #b4b6c0; --quiet: #9a9da9;
  --gold: #f0bd57; --on-gold: #1b1406; --green: #8fd6a4;
}`;

const page = `
* { box-sizing: border-box; margin: 0; padding: 0; }
html, body { width: ${viewport.width}px; height: ${viewport.height}px; overflow: hidden; }
body { position: relative; font: 400 14px/20px Inter, sans-serif; color: var(--ink); cursor: default;
  background: var(--ground);
  -webkit-font-smoothing: antialiased; }
b { font-weight: 600; } i { font-style: normal; }
svg.icon { width: 18px; height: 18px; flex: none; fill: none; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; }
svg.star { width: 15px; height: 15px; flex: none; fill: var(--gold); stroke: var(--gold); stroke-width: 1.4; stroke-linejoin: round; }
svg.star.empty { fill: none; }
[data-fit] { overflow: hidden; overflow-wrap: anywhere; }
[data-fit="1"] { white-space: nowrap; text-overflow: ellipsis; }
.brand b { display: block; font-size: 25px; line-height: 28px; font-weight: 700; letter-spacing: -0.6px; color: var(--gold); }
.brand i { display: block; font-size: 12.5px; line-height: 18px; color: var(--soft); }
.button { display: flex; align-items: center; justify-content: center; gap: 10px; height: 44px; padding: 0 18px;
  border: 1px solid var(--edge); border-radius: 10px; background: var(--panel); font-weight: 600; font-size: 14px; }
.cover { overflow: hidden; border-radius: 10px; background: #22242d; }
.cover img, .cover svg.picture { display: block; width: 100%; height: 100%; object-fit: cover; }
.rating { display: flex; align-items: center; gap: 5px; }
.rating b { color: var(--ink); } .rating span { color: var(--soft); }
.facts { color: var(--soft); }`;

const rail = `
.rail-page { position: absolute; inset: 0; display: grid; grid-template-columns: 196px 1000px;
  grid-template-rows: 1fr auto; column-gap: 28px; padding: 26px 28px 22px; }
.rail-page > header { grid-column: 1; display: flex; flex-direction: column; gap: 20px; min-width: 0; }
.rail-page > .grid, .rail-page > .nothing { grid-column: 2; grid-row: 1 / 3; }
.rail-page > footer { grid-column: 1; grid-row: 2; display: flex; flex-direction: column; gap: 12px; }
.search { display: flex; align-items: center; gap: 10px; height: 44px; padding: 0 14px; border: 1px solid var(--edge);
  border-radius: 10px; background: #0a0b0e; color: var(--soft); }
.search.typed { color: var(--ink); }
.search span { min-width: 0; flex: 1; }
h1.heading, .heading h1 { font-size: 22px; line-height: 28px; font-weight: 700; letter-spacing: -0.4px; }
.heading p { color: var(--soft); margin-top: 4px; }
.page-number { color: var(--soft); font-size: 13px; }
.rail-page .button.next-page { background: var(--gold); border-color: var(--gold); color: var(--on-gold); flex-direction: row-reverse; }
.rail-page .button.back { justify-content: flex-start; }
.nothing { display: flex; align-items: center; justify-content: center; color: var(--soft); font-size: 18px; line-height: 28px; }`;

const cards = `
.grid { display: grid; justify-content: center; align-content: center; gap: 18px 20px; }
.grid.from-top { align-content: start; padding-top: 5px; }
.card { min-width: 0; }
.card .cover { aspect-ratio: 2 / 3; margin-bottom: 8px; }
.card h2 { font-size: 14.5px; line-height: 18px; font-weight: 600; max-height: 36px; }
.card .facts { font-size: 12.5px; line-height: 18px; margin-top: 1px; }
.card .rating { font-size: 12.5px; line-height: 18px; margin-top: 1px; }
.grid.covered.rows-2 { grid-auto-rows: 362px; }
.grid.columns-5 { grid-template-columns: repeat(5, 184px); }
.grid.columns-4 { grid-template-columns: repeat(4, 184px); column-gap: 46px; }
.grid.columns-3 { grid-template-columns: repeat(3, 184px); column-gap: 84px; }
.grid.rows-1.columns-1 { grid-template-columns: 400px; }
.grid.rows-1.columns-2 { grid-template-columns: repeat(2, 400px); column-gap: 60px; }
.grid.rows-1.columns-3 { grid-template-columns: repeat(3, 306px); column-gap: 38px; }
.grid.rows-1.columns-4 { grid-template-columns: repeat(4, 232px); column-gap: 24px; }
.grid.rows-1:not(.columns-5) .card h2 { font-size: 17px; line-height: 22px; max-height: 44px; }
.grid.bare { grid-auto-rows: 236px; row-gap: 28px; }
.grid.bare .card { display: flex; flex-direction: column; padding: 24px 18px 18px; border: 1px solid var(--edge);
  border-radius: 14px; background: var(--panel); }
.grid.bare .card .facts { max-height: 36px; }
.grid.bare .card h2 { font-size: 18px; line-height: 24px; max-height: 96px; margin-bottom: auto; }`;

const item = `
.item-page { position: absolute; inset: 0; padding: 26px 56px 0; }
.item-page > header { display: flex; align-items: center; justify-content: space-between; height: 46px; }
.item-page > header .button.back { order: -1; }
.item-page > header .brand { text-align: right; }
.item-page .about { position: absolute; left: 56px; right: 56px; top: 104px; height: 640px; display: flex; gap: 56px; }
.item-page .about .cover { width: 420px; height: 630px; flex: none; border-radius: 14px; }
.item-page .words { flex: 1; min-width: 0; padding-top: 18px; max-width: 760px; }
.item-page h1 { font-size: 40px; line-height: 48px; font-weight: 700; letter-spacing: -1px; max-height: 144px; }
.item-page .facts { font-size: 16px; line-height: 24px; margin-top: 12px; max-height: 48px; }
.item-page .rating { font-size: 17px; line-height: 24px; margin-top: 12px; gap: 7px; }
.item-page .rating svg.star { width: 20px; height: 20px; }
.item-page .text { font-size: 16px; line-height: 26px; margin-top: 18px; max-height: 156px; color: #dcdad4; }
.item-page .detail { display: flex; gap: 10px; line-height: 24px; margin-top: 8px; }
.item-page .detail b { flex: none; color: var(--quiet); font-weight: 400; }
.item-page .detail span { min-width: 0; flex: 1; }
.item-page > footer { position: absolute; left: 532px; right: 56px; bottom: 66px; display: flex; gap: 16px; }
.item-page.bare > footer { left: 56px; }
.item-page > footer .button, .item-page > footer .done { height: 54px; padding: 0 24px; font-size: 16px; border-radius: 12px; }
.item-page > footer .button.watch { background: var(--gold); border-color: var(--gold); color: var(--on-gold); }
.item-page > footer .button.watch svg.icon { fill: currentColor; }
.stars { display: flex; gap: 4px; } .stars svg.star { width: 20px; height: 20px; }
.done { display: flex; align-items: center; gap: 10px; color: var(--green); font-weight: 600; }
.item-page > footer .done { padding: 0 8px; }`;

const marks = `
.mark { position: absolute; min-width: 22px; height: 22px; padding: 0 6px; border-radius: 11px; background: var(--ink);
  color: #101116; font: 700 12px/22px Inter, sans-serif; text-align: center; box-shadow: 0 0 0 2px var(--ground); }
.mark.text { background: #3a3d49; color: var(--ink); }`;

/** The stylesheet of all pages, without the fonts. */
export const theme = [colours, page, rail, cards, item, marks].join('\n');
