// The look of a report: one light theme, no scripts, no files beside it. Colours have a meaning each: arms are
// told apart by `armColour`, decisions by `decisionClass`, exits by `exitColour`.

import type { Result } from '../experiment/result.ts';

type Decision = Result['verdict']['decision'];

/** Control first, in slate; the others follow a palette that stays apart for most kinds of colour blindness. */
const armColours = [
  '#64748b',
  '#2563eb',
  '#d97706',
  '#0d9488',
  '#9333ea',
  '#dc2626',
  '#65a30d',
  '#db2777',
  '#0891b2',
  '#a16207',
  '#4f46e5',
  '#475569',
] as const;

/** Colour of the arm at this place of the scenario. */
export function armColour(place: number): string {
  return armColours[place % armColours.length] ?? armColours[0];
}

/** Class of the dot in the colour of the arm at this place. */
export function armClass(place: number): string {
  return `arm-${place % armColours.length}`;
}

/** Class that colours a decision's word and the edge of its card. */
export function decisionClass(decision: Decision): string {
  return `decision-${decision}`;
}

const exitColours: Readonly<Record<string, string>> = {
  satisfied: '#15803d',
  bored: '#d97706',
  tired: '#7c6bb0',
  'time-over': '#0e7490',
  'step-limit': '#94a3b8',
};

/** Colour of a reason to leave. */
export function exitColour(reason: string): string {
  return exitColours[reason] ?? '#475569';
}

/** Class of the dot in the colour of a reason to leave. */
export function exitClass(reason: string): string {
  return reason in exitColours ? `exit-${reason}` : 'exit-other';
}

/** Colours as classes and not as style attributes, so that a page can forbid those. */
function colourClasses(): string {
  return [
    ...armColours.map((colour, place) => `.arm-${place} { background: ${colour}; }`),
    ...Object.entries(exitColours).map(([reason, colour]) => `.exit-${reason} { background: ${colour}; }`),
    `.exit-other { background: ${exitColour('')}; }`,
    '.decision-better { color: var(--better); border-left-color: var(--better); }',
    '.decision-worse { color: var(--worse); border-left-color: var(--worse); }',
    '.decision-equivalent { color: var(--equivalent); border-left-color: var(--equivalent); }',
    '.decision-cannot-tell { color: var(--open); border-left-color: var(--open); }',
  ].join('\n');
}

/** The style sheet; `fonts` are @font-face rules, empty for the system's font. */
export function styleSheet(fonts: string): string {
  return `${fonts}
:root { --ink: #16202e; --soft: #5b6778; --faint: #667182; --line: #e4e8ee; --ground: #f5f6f8; --card: #fff; --pill: #e9ecf1;
  --text: #3d4858; --link: #1d4ed8; --band: #eef2f7; --better: #13713a; --worse: #b91c1c; --equivalent: #1d4ed8; --open: #8a5a00;
  --better-ground: #e3f4e8; --worse-ground: #fde5e5; --open-ground: #fdf0d5; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.55 Inter, system-ui, sans-serif; -webkit-font-smoothing: antialiased; }
main, .top { max-width: 1080px; margin: 0 auto; padding: 0 32px; }
.top { padding-top: 40px; }
.brand { font-weight: 600; letter-spacing: .02em; color: var(--soft); font-size: 13px; }
.brand b { color: var(--ink); font-weight: 600; }
h1 { font-size: 32px; line-height: 1.2; letter-spacing: -.02em; font-weight: 600; margin: 10px 0 14px; max-width: 26em; }
h2 { font-size: 19px; letter-spacing: -.01em; font-weight: 600; margin: 44px 0 4px; }
h3 { font-size: 15px; font-weight: 600; margin: 0; }
p { margin: 0 0 12px; }
.lead { color: var(--soft); margin-bottom: 16px; max-width: 48em; }
.facts { display: flex; flex-wrap: wrap; gap: 6px 8px; padding: 0; margin: 0; list-style: none; }
.facts li { background: var(--pill); border-radius: 6px; padding: 2px 9px; font-size: 13px; color: var(--text); }
nav { margin-top: 22px; display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; }
nav a, td a, p a { color: var(--link); text-decoration: none; }
nav a:hover { text-decoration: underline; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 24px 28px; margin-top: 14px;
  box-shadow: 0 1px 2px rgb(22 32 46 / .04); overflow-x: auto; }
.verdict { margin-top: 26px; padding: 30px 34px; border-left: 6px solid; display: grid; grid-template-columns: 1fr auto;
  gap: 12px 40px; align-items: center; }
.verdict .word { font-size: 40px; line-height: 1.1; font-weight: 600; letter-spacing: -.025em; }
.verdict .text, .verdict dd { color: var(--ink); } .verdict .text { font-size: 17px; line-height: 1.5; margin: 10px 0 0; max-width: 36em; }
.verdict .whom { font-size: 13px; font-weight: 600; margin-bottom: 6px; color: var(--soft); }
.verdict dl { display: grid; gap: 14px; margin: 0; text-align: right; }
dt { font-size: 13px; color: var(--soft); }
dd { margin: 0; font-size: 22px; font-weight: 600; letter-spacing: -.01em; }
dd small { display: block; font-size: 13px; font-weight: 400; color: var(--soft); letter-spacing: 0; }
.metric { display: grid; grid-template-columns: 400px 1fr; gap: 4px 36px; padding: 20px 0; border-top: 1px solid var(--line); }
.metric:first-child { border-top: 0; padding-top: 2px; } .metric:last-child { padding-bottom: 0; }
.metric h3 { grid-column: 1 / -1; margin-bottom: 4px; }
.metric .part { font-size: 12px; color: var(--faint); margin: 0 0 4px; }
svg.plot { display: block; max-width: 100%; height: auto; }
.plot text { font: 12.5px Inter, system-ui, sans-serif; fill: var(--ink); }
.plot .tick { fill: var(--faint); font-size: 11px; } .plot .note { fill: var(--faint); paint-order: stroke; stroke: var(--card); stroke-width: 5; }
.plot .value { fill: var(--text); } .plot .inside { fill: #fff; font-weight: 600; font-size: 12px; }
.plot .grid { stroke: var(--line); } .plot .zero { stroke: var(--soft); stroke-width: 1.5; }
.plot .band { fill: var(--band); } .plot .interval { stroke-width: 2.5; stroke-linecap: round; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { text-align: left; font-weight: 400; color: var(--soft); }
td:first-child { white-space: nowrap; } th, td { padding: 8px 16px 8px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child :is(th, td) { border-bottom: 0; } .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
p.complaint { margin: 14px 0 0; font-size: 14px; } .complaint .chip { margin-right: 6px; }
td small { display: block; color: var(--faint); font-size: 12px; }
${colourClasses()}
.dot { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 8px; }
.chip { display: inline-block; border-radius: 6px; padding: 1px 8px; font-size: 12.5px; font-weight: 600; white-space: nowrap; }
.ok { background: var(--better-ground); color: var(--better); } .warn { background: var(--open-ground); color: var(--open); }
.fail { background: var(--worse-ground); color: var(--worse); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 13px; color: var(--text); margin: 10px 0 0; padding: 0; list-style: none; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 36px; }
.steps { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 26px 24px; margin-top: 16px; }
.step { min-width: 0; }
.screen { position: relative; border: 1px solid var(--line); border-radius: 10px; overflow: hidden; background: var(--pill); }
.screen svg { display: block; width: 100%; height: auto; }
.screen p { margin: 0; padding: 40px 24px; color: var(--soft); font-size: 13px; overflow-wrap: anywhere; }
.step header { display: flex; gap: 10px; align-items: baseline; margin: 10px 0 2px; }
.step header span { color: var(--faint); font-size: 13px; margin-left: auto; white-space: nowrap; }
.step p { font-size: 14px; margin: 0 0 6px; overflow-wrap: anywhere; }
.step .small { font-size: 12.5px; color: var(--soft); }
.meters { display: flex; gap: 22px; font-size: 12.5px; color: var(--soft); }
.meter { display: inline-block; width: 64px; height: 6px; border-radius: 3px; background: var(--line); vertical-align: 1px; margin: 0 6px; overflow: hidden; }
.meter i { display: block; height: 100%; background: #64748b; }
.record { display: grid; grid-template-columns: 130px 1fr; gap: 6px 20px; font-size: 14px; margin: 0; }
.record dt { font-size: 14px; } .record dd { font-size: 14px; font-weight: 400; letter-spacing: 0; overflow-wrap: anywhere; }
pre { background: #16202e; color: #e8edf4; border-radius: 10px; padding: 14px 18px; font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap;
  overflow-wrap: anywhere; margin: 18px 0 0; }
footer { color: var(--faint); font-size: 13px; margin: 40px 0 60px; }
@media (max-width: 860px) { .verdict, .metric, .pair, .steps { grid-template-columns: 1fr; } .verdict dl { text-align: left; } }
@media print { body { background: #fff; } .card { break-inside: avoid; box-shadow: none; } nav { display: none; } }
`;
}
