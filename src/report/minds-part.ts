// Several minds in one run, side by side: each one's effect on the goal, how far they are apart, what each cost, and what
// a cheap mind saved of a dear one. A mind that disagrees is news, not noise.

import type { Result } from '../experiment/result.ts';
import { grid } from './grid.ts';
import { html, type Html } from './html.ts';
import { formatInterval, formatNumber, formatProbability, formatRelative, formatSigned } from './numbers.ts';
import { intervalPlot, type IntervalRow } from './plots.ts';
import { decisionWord } from './sections.ts';
import { armColour } from './style.ts';

type Minds = NonNullable<Result['minds']>;

const rules: Readonly<Record<Minds['rule'], string>> = {
  doubled: 'Every person visited with each mind, with the same profile and the same chance.',
  split: 'Every person visited with one of the minds.',
  few: 'Everybody visited with the first mind, and a few people, drawn by chance, also with the second.',
};

/** The part, or null for a run of one mind. */
export function mindsPart({ minds, arms }: Result): Html | null {
  if (minds === null) return null;
  const treatments = arms.slice(1).map(({ name }) => name);
  return html`<h3>By mind</h3>
    <p>
      ${rules[minds.rule]} The verdict, and everything else in this report, is about the mind ${minds.lead}.
    </p>
    ${intervalPlot(effectRows(minds, treatments), {
      title: 'Effect by mind',
      zero: true,
      width: 930,
      labelWidth: 230,
      textWidth: 210,
    })}
    ${grid(
      ['arm', 'difference of effects', '', 'interval', 'people', 'p', ''],
      minds.spread.map(({ arm, mind, difference, ci, n, p, note }) => [
        arm,
        `${minds.lead} − ${mind}`,
        difference === null ? '–' : formatSigned(difference),
        ci === null ? '–' : formatInterval(ci, formatSigned),
        n.toLocaleString('en-US'),
        p === null ? '–' : formatProbability(p),
        note,
      ]),
    )}
    ${minds.combined.map((row) => savingText(row, minds))}
    ${grid(
      ['mind', 'visitors', 'sessions', 'failed', 'model calls', 'tokens', 'money'],
      minds.each.map(({ mind, visitors, sessions, failed, cost }) => [
        mind,
        ...[visitors, sessions, failed, cost.calls, cost.tokens].map((count) =>
          count.toLocaleString('en-US'),
        ),
        cost.usd === null ? 'unknown' : `$${cost.usd.toFixed(2)}`,
      ]),
    )}`;
}

/** Each mind's own effect, and the combined one beneath them. */
function effectRows(minds: Minds, treatments: readonly string[]): IntervalRow[] {
  return treatments.flatMap((arm, place) => {
    const label = (what: string): string => (treatments.length > 1 ? `${what}, ${arm}` : what);
    const colour = armColour(place + 1);
    const own = minds.each.flatMap(({ mind, effects }) =>
      effects
        .filter((row) => row.arm === arm)
        .map((row): IntervalRow => ({
          label: label(minds.rule === 'few' && mind === minds.lead ? `${mind} alone` : mind),
          colour,
          estimate: row.effect,
          interval: row.ci,
          text: [
            row.relative === null ? '' : formatRelative(row.relative),
            decisionWord(row.decision).toLowerCase(),
            `n ${row.n}`,
          ]
            .filter(Boolean)
            .join(', '),
          note: row.effect === null ? `not estimable: ${row.note}` : '',
        })),
    );
    const together = minds.combined
      .filter((row) => row.arm === arm)
      .map((row): IntervalRow => ({
        label: label('both together'),
        colour,
        estimate: row.effect,
        interval: row.ci,
        text: row.p === null ? '' : `p ${formatProbability(row.p)}, n ${row.n} + ${row.rest}`,
        note: row.effect === null ? `not estimable: ${row.note}` : '',
      }));
    return [...own, ...together];
  });
}

/** What the cheap mind was worth, in words; the bound says that no number of its visitors is worth more. */
function savingText(row: Minds['combined'][number], { lead, each }: Minds): Html {
  const cheap = each[0]!.mind;
  if (row.saved === null || row.effective === null || row.correlation === null)
    return html`<p>${row.arm}: nothing is saved, because the minds cannot be combined: ${row.note}.</p>`;
  const { sessions, tokens, usd } = row.saved;
  const worth = `${row.n} people of ${lead} and ${row.rest} more of ${cheap} say as much as ${formatNumber(row.effective)} people of ${lead} alone (differences of the two minds correlate by ${formatNumber(row.correlation)})`;
  const money = usd === null ? 'money unknown' : `$${usd.toFixed(2)}`;
  return html`<p>
    ${row.arm}: ${worth}.
    ${
      sessions > 0
        ? `That replaced ${sessions.toLocaleString('en-US')} sessions of ${lead}: ${tokens.toLocaleString('en-US')} tokens, ${money}.`
        : `Here ${cheap} replaced no session of ${lead}.`
    }
  </p>`;
}
