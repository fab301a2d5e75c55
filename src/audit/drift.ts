// Whether what visitors say of themselves depends on the arm: how far each statement shifts from the control to an arm, and
// how many visitors change it, beyond those who change it without any arm, when they are asked again. Pure.

import { estimateFromT, isNoSpread, notEstimable } from '../stats/estimate.ts';
import { matchedDifference, matchedPairs } from '../stats/matched.ts';
import { meanOf, varianceOf } from '../stats/ratio.ts';
import type { Found } from './figures.ts';
import { controls, type ControlName, type StatementTrial } from './statements.ts';

export interface Drift {
  readonly arm: string;
  readonly control: ControlName;
  /** Mean under the arm less under the control arm; the statement's own unit. */
  readonly shift: Found;
  /** Share of visitors who say something else under the arm, less those who do when asked again under the control. */
  readonly changed: Found;
}

type Judged = Extract<StatementTrial, { status: 'judged' }>;

/** The drift of every statement under every arm after the first. */
export function driftOf(trials: readonly StatementTrial[], alpha: number): Drift[] {
  const judged = trials.filter((trial): trial is Judged => trial.status === 'judged');
  const [base, ...arms] = [...new Set(trials.map(({ arm }) => arm))];
  const under = new Map(judged.filter(({ arm }) => arm === base).map((trial) => [trial.visitor, trial]));
  return arms.flatMap((arm) =>
    controls.map((control): Drift => {
      const pairs = judged.flatMap((trial): Said[] => {
        const other = under.get(trial.visitor);
        if (trial.arm !== arm || other === undefined) return [];
        const [before, again, after] = [other.said[control], other.again[control], trial.said[control]];
        return before === null || again === null || after === null ? [] : [{ before, again, after }];
      });
      return { arm, control, shift: shiftOf(pairs, alpha), changed: changedOf(pairs, alpha) };
    }),
  );
}

interface Said {
  readonly before: number;
  readonly again: number;
  readonly after: number;
}

/** Where nobody's statement moves there is no spread and no t interval; that the shift is 0 is then all there is to say. */
function shiftOf(pairs: readonly Said[], alpha: number): Found {
  const n = pairs.length;
  if (n < 2) return notEstimable(n === 0 ? 'nothing is said of it' : 'visitors: 1, at least 2 are needed');
  const moves = pairs.map(({ before, after }) => after - before);
  const effect = meanOf(moves);
  const se = Math.sqrt(varianceOf(moves) / n);
  if (isNoSpread(se, Math.max(1, ...pairs.flatMap(({ before, after }) => [before, after].map(Math.abs)))))
    return { kind: 'estimated', value: effect, ci: [effect, effect], n };
  const { ci } = estimateFromT({ effect, se, df: n - 1, alpha, method: 'paired t over visitors' });
  return { kind: 'estimated', value: effect, ci, n };
}

function changedOf(pairs: readonly Said[], alpha: number): Found {
  const found = matchedDifference(
    matchedPairs(pairs.map(({ before, again, after }) => [after !== before, again !== before])),
    alpha,
  );
  if (found === null) return notEstimable('nothing is said of it');
  return { kind: 'estimated', value: found.difference, ci: found.ci, n: pairs.length };
}
