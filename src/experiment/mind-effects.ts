// The goal as each of several minds plays it: every mind's own effect, how far the minds are apart, and, where a dear
// mind played few people and a cheap one many, what both say together. One person's visitors are never two units.

import type { Metric } from '../metrics/metric.ts';
import type { SessionTotals } from '../metrics/totals.ts';
import { controlVariate, effectShares, logEffectShares } from '../stats/control-variate.ts';
import type { Combined, Shares } from '../stats/control-variate.ts';
import { differenceOfEffects, differenceOfIndependentEffects } from '../stats/effect-difference.ts';
import { notEstimable } from '../stats/estimate.ts';
import type { NotEstimable } from '../stats/estimate.ts';
import type { Relative } from '../stats/relative.ts';
import type { Aggregate } from '../stats/visitor-values.ts';
import { pairsOf, visitorValues } from '../stats/visitor-values.ts';
import type { VisitorPairs, VisitorValues } from '../stats/visitor-values.ts';
import type { VisitorRecord } from '../store/session.ts';
import { decisionOf, tried } from './compare.ts';
import type { Trial } from './compare.ts';
import { measuredAmong } from './measured.ts';
import type { Measured } from './measured.ts';
import { recordedMinds } from './minds.ts';
import type { MindsResult } from './result-minds.ts';
import type { Scenario } from './scenario.ts';
import { leadMind, mindsOf, type MindName } from './scenario-minds.ts';

/** What the record holds of each mind. */
export interface ByMind {
  readonly lead: MindName;
  /** Visitors of a mind by name in the record, each with its person; of every visitor that was planned. */
  readonly people: ReadonlyMap<MindName, ReadonlyMap<string, string>>;
  readonly found: ReadonlyMap<MindName, Measured>;
}

/** The record by mind; null for a run of one mind. */
export function byMind(
  totals: SessionTotals,
  scenario: Scenario,
  visitors: readonly VisitorRecord[],
): ByMind | null {
  if (scenario.minds === undefined) return null;
  const known = recordedMinds(scenario, visitors);
  const people = new Map(
    mindsOf(scenario).map((mind) => [
      mind,
      new Map([...known].flatMap(([id, own]) => (own.mind === mind ? [[id, own.person] as const] : []))),
    ]),
  );
  return {
    lead: leadMind(scenario),
    people,
    found: new Map(
      [...people].map(([mind, own]) => [mind, measuredAmong(totals, scenario, new Set(own.keys()))]),
    ),
  };
}

/** An arm and the control as one mind's complete people played them; rows are named by person. */
function pairsOfMind(
  minds: ByMind,
  mind: MindName,
  metric: Metric,
  arm: string,
  control: string,
): VisitorPairs {
  const own = minds.people.get(mind)!;
  const values = minds.found.get(mind)!.values(metric);
  const byPerson = (name: string): VisitorValues =>
    visitorValues(values.get(name)!.map((row) => ({ ...row, visitor: own.get(row.visitor)! })));
  return pairsOf(byPerson(control), byPerson(arm)).pairs;
}

function among(pairs: VisitorPairs, people: ReadonlySet<string>): VisitorPairs {
  const kept = (values: VisitorValues): VisitorValues =>
    visitorValues(values.filter(({ visitor }) => people.has(visitor)));
  return pairsOf(kept(pairs.control), kept(pairs.treatment)).pairs;
}

function namesOf(pairs: VisitorPairs): ReadonlySet<string> {
  return new Set(pairs.control.map(({ visitor }) => visitor));
}

type SharesOf = (pairs: VisitorPairs, kind: Aggregate) => Shares | NotEstimable;

/** A trial of the lead mind under the rule 'few', decided by both minds together. */
export interface CombinedTrial {
  readonly trial: Trial;
  readonly estimate: Combined | NotEstimable;
  /** People that only the cheap mind played. */
  readonly rest: number;
}

/** Puts the two minds' estimate in the place of the dear mind's own. `metric` is the trial's. */
export function combinedTrial(
  minds: ByMind,
  metric: Metric,
  trial: Trial,
  scenario: Scenario,
): CombinedTrial {
  const { arm, control } = trial;
  const cheap = mindsOf(scenario)[0]!;
  const dearPairs = pairsOfMind(minds, minds.lead, metric, arm, control);
  const cheapPairs = pairsOfMind(minds, cheap, metric, arm, control);
  const inCheap = namesOf(cheapPairs);
  const both = new Set([...namesOf(dearPairs)].filter((person) => inCheap.has(person)));
  // Whoever was drawn for the dear mind and failed there is in neither part.
  const drawn = new Set(minds.people.get(minds.lead)!.values());
  const estimated = (sharesOf: SharesOf): Combined | NotEstimable => {
    const dear = sharesOf(among(dearPairs, both), metric.kind);
    const all = sharesOf(cheapPairs, metric.kind);
    if (dear.kind === 'not-estimable') return notEstimable(`${minds.lead}: ${dear.reason}`);
    if (all.kind === 'not-estimable') return notEstimable(`${cheap}: ${all.reason}`);
    return controlVariate(
      {
        few: [...dear.byVisitor].map(([person, share]) => ({
          dear: share,
          cheap: all.byVisitor.get(person)!,
        })),
        rest: [...all.byVisitor].flatMap(([person, share]) => (drawn.has(person) ? [] : [share])),
      },
      scenario.metrics.alpha,
    );
  };
  const estimate = estimated(effectShares);
  const relative = estimated(logEffectShares);
  const rest = [...inCheap].filter((person) => !drawn.has(person)).length;
  return {
    estimate,
    rest,
    trial: {
      ...trial,
      n: both.size,
      estimate,
      relative: agreeing(estimate, relative),
      permutation: null,
      note: `${both.size} people of ${minds.lead} and ${cheap} together, ${rest} of ${cheap} alone`,
    },
  };
}

/** The relative effect. Corrected on another scale, it may point the other way where visitors are too few for either. */
function agreeing(
  estimate: Combined | NotEstimable,
  relative: Combined | NotEstimable,
): Relative | NotEstimable {
  if (relative.kind === 'not-estimable') return relative;
  if (estimate.kind === 'estimated' && estimate.effect * relative.effect < 0)
    return notEstimable('effect and relative effect point different ways: too few visitors for either');
  return carriedBack(relative);
}

function carriedBack({ effect, ci, se, df }: Combined): Relative {
  return {
    kind: 'estimated',
    relative: Math.expm1(effect),
    ci: [Math.expm1(ci[0]), Math.expm1(ci[1])],
    logRatio: effect,
    se,
    df,
  };
}

/** A mind's own effects on the goal, one row an arm. */
export function effectsOf(
  minds: ByMind,
  mind: MindName,
  goal: Metric,
  scenario: Scenario,
): MindsResult['each'][number]['effects'] {
  const values = minds.found.get(mind)!.values(goal);
  const [control, ...treatments] = scenario.arms.map(({ name }) => name) as [string, ...string[]];
  return treatments.map((arm) => {
    const matchup = {
      metric: goal,
      arm,
      control,
      values: { arm: values.get(arm)!, control: values.get(control)! },
    };
    const trial = tried(matchup, scenario);
    const { estimate, relative, n } = trial;
    const estimated = estimate.kind === 'estimated' ? estimate : null;
    return {
      arm,
      n,
      effect: estimated?.effect ?? null,
      ci: estimated === null ? null : [...estimated.ci],
      relative: relative.kind === 'estimated' ? relative.relative : null,
      p: estimated?.p ?? null,
      decision: decisionOf(trial, scenario, null),
      note: estimate.kind === 'not-estimable' ? estimate.reason : '',
    };
  });
}

/** The lead mind's effect minus each other mind's: of the same people by their own differences, else as Welch does. */
export function spreadOf(minds: ByMind, goal: Metric, scenario: Scenario): MindsResult['spread'] {
  const [control, ...treatments] = scenario.arms.map(({ name }) => name) as [string, ...string[]];
  const isSplit = scenario.allotment.rule === 'split';
  return mindsOf(scenario)
    .filter((mind) => mind !== minds.lead)
    .flatMap((mind) =>
      treatments.map((arm) => {
        const ofLead = pairsOfMind(minds, minds.lead, goal, arm, control);
        const ofOther = pairsOfMind(minds, mind, goal, arm, control);
        const inLead = namesOf(ofLead);
        const both = new Set([...namesOf(ofOther)].filter((person) => inLead.has(person)));
        const kept = (pairs: VisitorPairs): VisitorPairs => (isSplit ? pairs : among(pairs, both));
        const lead = effectShares(kept(ofLead), goal.kind);
        const other = effectShares(kept(ofOther), goal.kind);
        const base = { arm, mind, n: isSplit ? inLead.size + namesOf(ofOther).size : both.size };
        const difference =
          lead.kind === 'not-estimable'
            ? notEstimable(`${minds.lead}: ${lead.reason}`)
            : other.kind === 'not-estimable'
              ? notEstimable(`${mind}: ${other.reason}`)
              : (isSplit ? differenceOfIndependentEffects : differenceOfEffects)(
                  lead,
                  other,
                  scenario.metrics.alpha,
                );
        if (difference.kind === 'not-estimable')
          return { ...base, difference: null, ci: null, p: null, note: difference.reason };
        const { effect, ci, p } = difference;
        return { ...base, difference: effect, ci: [...ci] as [number, number], p, note: '' };
      }),
    );
}
