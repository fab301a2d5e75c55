// The audit of a mind as one report: its figures, and which of them are faults. A fault is called only where an interval
// excludes what a sound mind could show; a figure that cannot be had is said to be missing, and is no pass.

import type { MomentTrial } from './draws.ts';
import { driftOf, type Drift } from './drift.ts';
import { isAbove, isBelow, type Found } from './figures.ts';
import { momentFigures, type MomentFigures } from './moment-figures.ts';
import { controls, type StatementTrial } from './statements.ts';
import { visitFigures, type VisitFigures } from './visit-figures.ts';
import type { VisitTrial } from './visits.ts';

export const alpha = 0.05;

/** First third over last from which place or number decides too much; click logs of people stay below it. */
export const mostTilt = 2;
/** Agreement beyond that of a mind without opinions, below which decisions are as good as chance. */
export const leastAgreement = 0.1;
/** Share of pages with one and the same number of picks, above which the number looks fixed. */
export const mostUsual = 0.45;

export const audits = [
  'self-agreement',
  'a-a',
  'slots',
  'numbers',
  'picks',
  'refusals',
  'drift',
  'answers',
] as const;
export type AuditName = (typeof audits)[number];

export interface Finding {
  readonly audit: AuditName;
  /** 'none': no fault was found, which with few visitors says little; the intervals say how little. */
  readonly status: 'fault' | 'none' | 'not-estimable';
  readonly text: string;
}

export interface MindReport {
  readonly mind: string;
  readonly visitors: number;
  readonly moments: MomentFigures;
  readonly visits: VisitFigures;
  /** Null for a mind that says nothing of itself. */
  readonly drift: readonly Drift[] | null;
  /** Trials without an answer, and all trials. */
  readonly failed: { readonly count: number; readonly of: number };
  readonly findings: readonly Finding[];
}

export interface MindTrials {
  readonly moments: readonly MomentTrial[];
  readonly visits: readonly VisitTrial[];
  readonly statements: readonly StatementTrial[] | null;
}

/** The report of a mind's trials. */
export function mindReport(mind: string, trials: MindTrials, seed: number): MindReport {
  const moments = momentFigures(trials.moments, alpha, seed);
  const visits = visitFigures(trials.visits, alpha);
  const arms = new Set(trials.statements?.map(({ arm }) => arm)).size;
  // Many statements under many arms: a fault is one at alpha shared among them, and so are the intervals printed.
  const shared = alpha / Math.max(1, 2 * controls.length * (arms - 1));
  const drift = trials.statements === null ? null : driftOf(trials.statements, shared);
  const all = [...trials.moments, ...trials.visits, ...(trials.statements ?? [])];
  const failed = { count: all.filter(({ status }) => status === 'failed').length, of: all.length };
  return {
    mind,
    visitors: new Set(trials.moments.map(({ visitor }) => visitor)).size,
    moments,
    visits,
    drift,
    failed,
    findings: [...momentFindings(moments), ...visitFindings(visits), driftFinding(drift), answers(failed)],
  };
}

function momentFindings(figures: MomentFigures): Finding[] {
  const { agreementBeyondChance, openedLater, interestLater, slots, numbers, turnedByNumbers } = figures;
  const isTilted = (found: Found): boolean => isAbove(found, mostTilt) || isBelow(found, 1 / mostTilt);
  return [
    finding('self-agreement', [agreementBeyondChance], isBelow(agreementBeyondChance, leastAgreement), {
      fault: 'Decisions on the same page are hardly more alike than those of a mind without opinions.',
      none: isAbove(agreementBeyondChance, 0)
        ? 'Decisions on the same page are more alike than those of a mind without opinions.'
        : 'Too few visitors to tell decisions from those of a mind without opinions.',
    }),
    finding('a-a', [openedLater, interestLater], excludes(openedLater, 0) || excludes(interestLater, 0), {
      fault:
        'The same page means something else the second time: something is carried over that should not be.',
      none: 'No difference was found between the first and the second time on the same page.',
    }),
    finding('slots', [slots], isTilted(slots), {
      fault:
        'Where a card stands decides more than it may: its first places win whatever stands there, or its last.',
      none: `No tilt of places beyond ${mostTilt} to 1 was found.`,
    }),
    finding('numbers', [numbers, turnedByNumbers], isTilted(numbers) || isAbove(turnedByNumbers, 0), {
      fault: 'The numbers of the marks turn decisions.',
      none: 'The numbers of the marks were not found to turn decisions.',
    }),
  ];
}

function visitFindings({ usualPicks, arms }: VisitFigures): Finding[] {
  const nothing = { kind: 'not-estimable', reason: 'no card was opened in any visit' } as const;
  const usual = usualPicks?.share ?? nothing;
  const refusals = arms.flatMap(({ refused, moreFailed }) => [
    refused,
    ...(moreFailed === null ? [] : [moreFailed]),
  ]);
  const isUneven = arms.some(({ moreFailed }) => moreFailed !== null && excludes(moreFailed, 0));
  return [
    finding('picks', [usual], isAbove(usual, mostUsual), {
      fault: `Visitors open exactly ${usualPicks?.picks} on most pages: a habit of the mind, not of people.`,
      none: 'The number of cards opened on a page was not found to be fixed.',
    }),
    finding('refusals', refusals, isUneven, {
      fault:
        'The mind gives no answer under some arms more than under others: their visitors cannot be compared.',
      none: 'No arm was found to be refused an answer more than another. How many open nothing is a figure for likeness.',
    }),
  ];
}

function driftFinding(drift: readonly Drift[] | null): Finding {
  if (drift === null)
    return { audit: 'drift', status: 'not-estimable', text: 'The mind says nothing of itself.' };
  if (drift.length === 0)
    return { audit: 'drift', status: 'not-estimable', text: 'There is no second arm to compare.' };
  const moved = drift.filter(({ shift, changed }) => excludes(shift, 0) || isAbove(changed, 0));
  const figures = drift.flatMap(({ shift, changed }) => [shift, changed]);
  if (figures.every(({ kind }) => kind === 'not-estimable'))
    return { audit: 'drift', status: 'not-estimable', text: 'Nothing could be compared between arms.' };
  return moved.length === 0
    ? {
        audit: 'drift',
        status: 'none',
        text: 'No statement of visitors about themselves was found to depend on the arm.',
      }
    : {
        audit: 'drift',
        status: 'fault',
        text: `The arm changes what visitors say they were before it: ${moved.map(({ arm, control }) => `${control} under ${arm}`).join(', ')}.`,
      };
}

function answers({ count, of }: MindReport['failed']): Finding {
  return {
    audit: 'answers',
    status: count === 0 ? 'none' : 'fault',
    text: count === 0 ? 'Every question was answered.' : `${count} of ${of} trials ended without an answer.`,
  };
}

function finding(
  audit: AuditName,
  figures: readonly Found[],
  isFault: boolean,
  texts: { readonly fault: string; readonly none: string },
): Finding {
  const missing = figures.find((found) => found.kind === 'not-estimable');
  if (missing?.kind === 'not-estimable' && figures.every(({ kind }) => kind === 'not-estimable'))
    return { audit, status: 'not-estimable', text: `Not estimable: ${missing.reason}.` };
  return { audit, status: isFault ? 'fault' : 'none', text: isFault ? texts.fault : texts.none };
}

function excludes(found: Found, value: number): boolean {
  return found.kind === 'estimated' && (found.ci[0] > value || found.ci[1] < value);
}
