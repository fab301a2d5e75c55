// The part of a result that compares the minds of a run: their effects, their spread, what they cost, what a cheap one
// saved, and the check that asks whether the answer hangs on the mind. Put together here, computed in mind-effects.ts.

import type { Metric } from '../metrics/metric.ts';
import type { CallTotal } from '../store/calls.ts';
import type { StoredSession } from '../store/read.ts';
import { effectsOf, spreadOf } from './mind-effects.ts';
import type { ByMind, CombinedTrial } from './mind-effects.ts';
import type { Check } from './result.ts';
import type { MindsResult } from './result-minds.ts';
import type { Scenario } from './scenario.ts';
import { mindsOf } from './scenario-minds.ts';

export interface MindsParts {
  readonly scenario: Scenario;
  readonly minds: ByMind;
  readonly goal: Metric;
  /** Sessions of every mind, burn-in visits included. */
  readonly sessions: readonly StoredSession[];
  readonly calls: readonly CallTotal[];
  /** The goal's trials by both minds together, under the rule 'few'. */
  readonly combined: readonly CombinedTrial[];
}

/** The minds side by side. */
export function mindsResult(parts: MindsParts): MindsResult {
  const { scenario, minds, goal, sessions, calls } = parts;
  return {
    rule: scenario.allotment.rule,
    lead: minds.lead,
    each: mindsOf(scenario).map((mind) => {
      const own = minds.people.get(mind)!;
      const visits = sessions.filter(({ visitor }) => own.has(visitor));
      const paid = calls.filter(({ visitor, source }) => own.has(visitor) && source === 'endpoint');
      return {
        mind,
        visitors: new Set(visits.map(({ visitor }) => visitor)).size,
        sessions: visits.length,
        failed: visits.filter(({ status }) => status === 'failed').length,
        effects: effectsOf(minds, mind, goal, scenario),
        cost: {
          calls: sum(paid.map((total) => total.calls)),
          tokens: sum(paid.map(({ tokensIn, tokensOut }) => tokensIn + tokensOut)),
          usd: paid.some(({ unpriced }) => unpriced > 0) ? null : sum(paid.map(({ usd }) => usd)),
        },
      };
    }),
    spread: spreadOf(minds, goal, scenario),
    combined: parts.combined.map((own) => combinedRow(own, parts)),
  };
}

function combinedRow(
  { trial, estimate, rest }: CombinedTrial,
  { scenario, minds, sessions, calls }: MindsParts,
): MindsResult['combined'][number] {
  const base = { arm: trial.arm, n: trial.n, rest };
  if (estimate.kind === 'not-estimable')
    return {
      ...base,
      effect: null,
      ci: null,
      p: null,
      lambda: null,
      correlation: null,
      effective: null,
      saved: null,
      note: estimate.reason,
    };
  const { effect, ci, p, lambda, correlation, effective } = estimate;
  const { replicates, burnIn } = scenario.population;
  const replaced = Math.round((effective - trial.n) * (scenario.arms.length * replicates + burnIn));
  const own = minds.people.get(minds.lead)!;
  const whole = new Set(
    sessions.flatMap(({ id, visitor, status }) => (own.has(visitor) && status === 'complete' ? [id] : [])),
  );
  // What a session takes, whether its answers were paid for now or recorded before.
  const taken = calls.filter(({ session }) => session !== null && whole.has(session));
  const tokens = sum(taken.map(({ tokensIn, tokensOut }) => tokensIn + tokensOut)) / whole.size;
  const isPriced = taken.every(({ unpriced }) => unpriced === 0);
  return {
    ...base,
    effect,
    ci: [...ci],
    p,
    lambda,
    correlation,
    effective,
    saved: {
      sessions: replaced,
      tokens: Math.round(replaced * tokens),
      usd: isPriced ? (replaced * sum(taken.map(({ usd }) => usd))) / whole.size : null,
    },
    note: '',
  };
}

/** Whether the answer hangs on the mind: minds that decide against each other fail, effects that surely differ warn. */
export function mindsCheck(result: MindsResult): Check {
  const arms = result.spread.map(({ arm }) => arm).filter((arm, place, all) => all.indexOf(arm) === place);
  const opposed = arms.filter((arm) => {
    const decisions = result.each.flatMap(({ effects }) =>
      effects.flatMap((own) => (own.arm === arm ? [own.decision] : [])),
    );
    return decisions.includes('better') && decisions.includes('worse');
  });
  const apart = result.spread.filter(({ ci }) => ci !== null && (ci[0] > 0 || ci[1] < 0));
  const told = result.spread.map(({ arm, mind, difference, ci, note }) =>
    difference === null
      ? `${arm}, ${result.lead} − ${mind}: not estimable (${note})`
      : `${arm}, ${result.lead} − ${mind}: ${shown(difference)}${ci === null ? '' : ` [${shown(ci[0])}, ${shown(ci[1])}]`}`,
  );
  const why =
    opposed.length > 0
      ? `; the minds decide against each other on ${opposed.join(', ')}`
      : apart.length > 0
        ? '; how large the effect is hangs on the mind'
        : '';
  return {
    name: 'minds',
    status: opposed.length > 0 ? 'fail' : apart.length > 0 ? 'warn' : 'ok',
    detail: told.join('; ') + why,
  };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
