// Text that tries to be more than text: our own list of script injections, quotes, odd characters and formats, the Big List
// of Naughty Strings, and a record that carries every one of them in every field that a stranger could fill. Checks nothing.

import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../../src/base/hash.ts';
import { blobs } from '../../src/store/blobs.ts';
import { openDatabase } from '../../src/store/database.ts';
import type { Event } from '../../src/store/events.ts';
import type { CallRecord } from '../../src/store/session.ts';
import { writer } from '../../src/store/write.ts';
import { exampleResult, exampleScenario } from '../report/example-result.ts';

const hit = 'window.__hit=1,alert(1)';

/** Every injection calls `alert` and sets `__hit` where it works. */
const injections: readonly string[] = [
  `<script>${hit}</script>`,
  `</title><script>${hit}</script>`,
  `</textarea><script>${hit}</script>`,
  `</style><script>${hit}</script>`,
  `</script><script>${hit}</script>`,
  `<img src=x onerror="${hit}">`,
  `<img src=x onerror=${hit}//`,
  `<svg onload="${hit}">`,
  `<svg><script>${hit}</script></svg>`,
  `<svg><animate onbegin="${hit}" attributeName=x dur=1s>`,
  `<math><mtext></form><form><mglyph><style></math><img src onerror="${hit}">`,
  `<iframe srcdoc="<script>parent.${hit}</script>"></iframe>`,
  `<iframe src="javascript:${hit}"></iframe>`,
  `<object data="javascript:${hit}"></object>`,
  `<embed src="javascript:${hit}">`,
  `<a href="javascript:${hit}" autofocus onfocus="${hit}">x</a>`,
  `<body onload="${hit}">`,
  `<input autofocus onfocus="${hit}">`,
  `<details open ontoggle="${hit}">`,
  `<video><source onerror="${hit}"></video>`,
  `<marquee onstart="${hit}">`,
  `<style>@import url(//example.invalid/x.css)</style>`,
  `<style>*{background:url("javascript:${hit}")}</style>`,
  `<link rel=stylesheet href="//example.invalid/x.css">`,
  `<meta http-equiv="refresh" content="0;url=javascript:${hit}">`,
  `<base href="//example.invalid/">`,
  `<form action="javascript:${hit}"><button autofocus>x`,
  `" onmouseover="${hit}" x="`,
  `' onmouseover='${hit}' x='`,
  `"><script>${hit}</script>`,
  `'><script>${hit}</script>`,
  `" autofocus onfocus="${hit}`,
  `javascript:${hit}`,
  `data:text/html,<script>${hit}</script>`,
  `<!--><script>${hit}</script>-->`,
  `<![CDATA[><script>${hit}</script>]]>`,
  `&lt;script&gt;${hit}&lt;/script&gt;`,
  `&#60;script&#62;${hit}&#60;/script&#62;`,
  `\\u003cscript\\u003e${hit}\\u003c/script\\u003e`,
  `\u003cscript\u003e${hit}\u003c/script\u003e`,
  '${' + hit + '}',
  `{{constructor.constructor('${hit}')()}}`,
  `\u2028${hit}\u2029`,
  `<scr\u0000ipt>${hit}</scr\u0000ipt>`,
  `<<script>${hit}//<</script>`,
  `<noscript><p title="</noscript><img src=x onerror=${hit}>">`,
  `<template><script>${hit}</script></template>`,
  `=cmd|' /C calc'!A0`,
  '../../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  "'; DROP TABLE sessions; --",
  '%00%2e%2e%2f',
  '\u202eright to left\u202c',
  'Z\u0351\u036b\u0343a\u0329l\u030ag\u0312o\u0300',
  '田中さんにあげて下さい 👩‍👩‍👧‍👦 ﷽',
  'null',
  'undefined',
  'NaN',
  'a'.repeat(3000),
];

/** Of others; most call `alert` where they work. */
const naughtyStrings = z
  .array(z.string())
  .parse(createRequire(import.meta.url)('big-list-of-naughty-strings'));

export const attacks: readonly string[] = [...injections, ...naughtyStrings];

/** Writes a run whose titles, thoughts, memories, searches, ids and failures are the attacks; returns its folder. */
export async function hostileRun(root: string): Promise<string> {
  const folder = join(root, '<img src=x onerror=alert(1)>');
  mkdirSync(folder, { recursive: true });
  const attack = (place: number): string => attacks[place % attacks.length]!;
  const everything = injections.slice(0, 47).join(' ');
  const result = exampleResult();
  const note = everything;
  writeFileSync(
    join(folder, 'result.json'),
    JSON.stringify({
      ...result,
      question: everything.slice(0, 400),
      checks: [{ name: attack(5), status: 'warn', detail: everything }],
      comparisons: result.comparisons.map((comparison) => ({ ...comparison, note })),
      verdict: { ...result.verdict, text: everything },
    }),
  );
  const database = openDatabase(join(folder, 'events.sqlite'));
  try {
    const record = writer(database);
    record.setRun('scenario', { ...exampleScenario(), question: everything.slice(0, 400) });
    record.saveItems(
      attacks.map((title, place) => ({ id: `${place} ${title}`, title, genres: [attack(place + 1)] })),
    );
    const item = (place: number): string => `${place % attacks.length} ${attack(place)}`;
    for (const [place, id] of attacks.slice(0, 6).entries()) {
      record.saveVisitor({
        id,
        activity: 'low',
        diversity: 'low',
        conformity: 'low',
        profile: { liked: [...attacks], [id]: id },
      });
      for (const arm of ['random', 'popularity']) {
        const isFailed = place === 5;
        // One visitor meets them all; for the others our own are enough.
        const met = place === 0 ? attacks : injections;
        const events = isFailed ? [] : await eventsOf(folder, met, item, place);
        record.saveSession(
          {
            visitor: id,
            arm,
            replicate: 1,
            mind: 'choice',
            mindVersion: '1',
            seed: 1,
            status: isFailed ? 'failed' : 'complete',
            exitReason: isFailed ? null : 'bored',
            failureKind: isFailed ? attack(0) : null,
            failureMessage: isFailed ? everything : null,
            steps: isFailed ? 0 : met.length,
            simulatedSeconds: 90,
            wallMs: 1,
          },
          events,
          attacks.slice(0, 20).map(callThatSaid),
        );
      }
    }
  } finally {
    database.close();
  }
  return folder;
}

function callThatSaid(raw: string): CallRecord {
  return {
    purpose: raw,
    operation: 'chat',
    model: raw,
    servedBy: raw,
    mode: raw,
    requestHash: '0',
    raw,
    tokensIn: 1,
    tokensOut: null,
    tokensCached: null,
    usd: null,
    repair: 0,
    attempts: 1,
    source: 'endpoint',
    failureKind: raw,
    failureMessage: raw,
    wallMs: 1,
  };
}

async function eventsOf(
  folder: string,
  texts: readonly string[],
  item: (place: number) => string,
  shift: number,
): Promise<Event[]> {
  const attack = (place: number): string => texts[place % texts.length]!;
  const events: Event[] = [{ type: 'visit-started', time: 0, budget: 60 }];
  const image = Buffer.from(onePixel, 'base64');
  const screen = sha256(image);
  await blobs(folder).saveScreen({ hash: screen, image, marks: [] });
  events.push({
    type: 'slate-shown',
    time: 1,
    slate: 1,
    list: 'home',
    page: 1,
    method: attack(2),
    version: attack(3),
    items: texts.map((_, place) => ({
      item: item(place + shift),
      slot: place + 1,
      score: 1,
      propensity: 1,
      inView: true,
    })),
  });
  for (const [place, text] of texts.entries()) {
    events.push({
      type: 'step-taken',
      time: place + 2,
      page: 'home',
      screen,
      noticed: [{ mark: 2, text, interest: 3, box: { x: 0, y: 0, width: 10, height: 10 } }],
      interest: 3,
      fatigue: 1,
      action: place === 3 ? attack(place) : 'open',
      mark: 2,
      recalled: [attack(place + 1), text],
      reason: text,
    });
    events.push({ type: 'search-made', time: place + 2, query: text });
    events.push({
      type: 'item-opened',
      time: place + 2,
      item: item(place + shift),
      slate: 1,
      slot: place + 1,
    });
  }
  events.push({ type: 'visit-ended', time: 90, reason: 'bored' });
  return events;
}

/** A JPEG of one pixel. */
const onePixel =
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z';
