// The contest of judged searches as it is printed: a table for each data set, what each search gains over the plain beam,
// and recall against compute as a picture.

import { curvePlot, type Curve } from '../dashboard/curves.ts';
import { html, trusted } from '../report/html.ts';
import type { GuidedFamily } from './guided-ways.ts';
import type { GuidedReport, GuidedRow } from './guided.ts';
import { sectionName, table, type Picture, type Section } from './page.ts';
import { pairedText } from './paired-grades.ts';

const colours: Readonly<Record<GuidedFamily, string>> = {
  beam: '#5b6472',
  judge: '#1f4fd8',
  control: '#c2541b',
};
const labels: Readonly<Record<GuidedFamily, string>> = {
  beam: 'plain beams of 5, 10, 20 and 40',
  judge: 'a beam of 10 under the judge, more and more proposals',
  control: 'controls',
};

/** Sections of docs/bench.md, one for each data set and seed. */
export function guidedSections(reports: readonly GuidedReport[], command: string, seed: number): Section[] {
  return reports.map((report) => {
    const picture = curveOf(report, seed);
    const levels = (report.rows[0]?.hierarchical ?? []).map((_, at) => at + 1);
    const metrics = (report.rows[1]?.differences ?? []).map(({ metric }) => metric);
    return {
      name: sectionName('guided', report.set, seed),
      command,
      pictures: [picture],
      lines: [
        `One training of promise on ${report.set}, searched for the last step of ${report.people.toLocaleString('en-US')} people. HRecall@b: the true prefix of b codes is among those kept. Long tail: share of the first ten places outside the items that hold four fifths of all rows. M: millions of multiply-accumulates of one search with a full history. Differences are over the beam of ${report.beam}, with 95 % intervals, paired bootstrap over people.`,
        '',
        ...table(
          ['search', 'M', 'Recall@10', 'NDCG@10', 'long tail', ...levels.map((level) => `HRecall@${level}`)],
          report.rows.map(({ search, multiplications, recall10, ndcg10, longTail10, hierarchical }) => [
            search,
            millions(multiplications).toFixed(1),
            recall10.toFixed(4),
            ndcg10.toFixed(4),
            longTail10?.toFixed(2) ?? '–',
            ...levels.map((level) => hierarchical?.[level - 1]?.toFixed(4) ?? '–'),
          ]),
        ),
        '',
        ...table(
          ['search', ...metrics],
          report.rows.slice(1).map(({ search, differences }) => [
            search,
            ...metrics.map((metric) => {
              const grade = differences.find((one) => one.metric === metric);
              return grade === undefined ? '–' : pairedText(grade);
            }),
          ]),
        ),
        '',
        'The judge over what else might explain its gain. Two decoders at half the beam cost about what many proposals cost, at the whole',
        'beam about twice the beam, so that what they gain bounds what a second opinion of equal cost would:',
        '',
        ...table(
          ['judge', 'over', ...metrics],
          report.rows.flatMap(({ search, overControls }) =>
            [...Map.groupBy(overControls, ({ against }) => against)].map(([against, grades]) => [
              search,
              against,
              ...grades.map(pairedText),
            ]),
          ),
        ),
        '',
        `![Recall@10 against multiplications on ${report.set}: plain beams, judged beams and controls](pictures/${picture.name})`,
      ],
    };
  });
}

const millions = (count: number): number => count / 1e6;

/** Recall@10 against millions of multiplications: beams and judged beams are joined, controls are points. */
function curveOf({ set, rows }: GuidedReport, seed: number): Picture {
  const point = ({ search, multiplications, recall10 }: GuidedRow) => ({
    x: millions(multiplications),
    y: recall10,
    text: `${search}: ${recall10.toFixed(4)} at ${millions(multiplications).toFixed(1)} M`,
  });
  const joined = (family: GuidedFamily): Curve => ({
    label: labels[family],
    colour: colours[family],
    points: rows
      .filter((row) => row.family === family)
      .map(point)
      .sort((a, b) => a.x - b.x),
  });
  const controls = rows
    .filter(({ family }) => family === 'control')
    .map((row): Curve => ({ label: labels.control, colour: colours.control, points: [point(row)] }));
  const plot = curvePlot([joined('beam'), joined('judge'), ...controls], {
    title: `Recall@10 against compute on ${set}`,
    across: 'million multiply-accumulates of one search',
    upright: 'Recall@10',
    width: 760,
    height: 320,
  });
  const legend = (['beam', 'judge', 'control'] as const).map(
    (family, line) =>
      html`<circle cx="84" cy="${340 + 18 * line}" r="4" fill="${colours[family]}" /><text
          x="96"
          y="${344 + 18 * line}"
          >${labels[family]}</text
        >`,
  );
  const style =
    'text{font:12.5px system-ui,sans-serif;fill:#1c2430}.tick{fill:#5b6472;font-size:11px}.grid{stroke:#e3e6ea}.zero{stroke:#aab1bb}';
  const picture = html`<svg xmlns="http://www.w3.org/2000/svg" width="760" height="394" viewBox="0 0 760 394">
    <style>
      ${trusted(style)}
    </style>
    <rect width="760" height="394" fill="#fff" />
    ${plot}${legend}
  </svg>`;
  return { name: `guided-${set}-${seed}.svg`, text: `${picture.html}\n` };
}
