// README.md of an export: the card as a page, with the head that Hugging Face reads. For Parquet the head names every
// table as a config with its parts. Text from a run is escaped, so that no title or question can be a heading or a link.

import type { Card } from './card.ts';
import type { Shape } from './fidelity.ts';
import { parts } from './split.ts';

/** The page; `usage` are the format's lines for loading. */
export function cardPage(card: Card, usage: readonly string[]): string {
  return [
    '---',
    ...head(card),
    '---',
    '',
    `# ${escaped(card.name)}`,
    '',
    `**Synthetic.** Simulated visitors of the run ${escaped(card.run.name)} made these rows; no person did. The question was: ${escaped(card.run.question)}`,
    '',
    '```',
    ...usage,
    '```',
    '',
    '## What is in it',
    '',
    ...card.files.map((file) => `- \`${file.path}\`: ${file.rows.toLocaleString('en-US')} rows`),
    '',
    ...card.changed.map(({ reason, count }) => `- ${escaped(reason)}: ${count.toLocaleString('en-US')}`),
    ...(card.changed.length > 0 ? [''] : []),
    ...card.tables.flatMap((table) => [
      `### ${table.name}`,
      '',
      table.meaning,
      '',
      ...table.columns.map(
        ({ name, kind, nullable, meaning }) =>
          `- \`${name}\` (${kind}${nullable ? ', may be null' : ''}): ${meaning}`,
      ),
      '',
    ]),
    '## Where it comes from',
    '',
    `- mind: ${escaped(card.mind.name)}; model: ${escaped(card.mind.model ?? 'none')}`,
    ...Object.entries(card.mind.versions).map(([name, version]) => `- ${escaped(name)}: ${escaped(version)}`),
    ...Object.entries(card.mind.prompts ?? {}).map(
      ([name, hash]) => `- prompt ${escaped(name)}: sha256 ${hash}`,
    ),
    `- scenario ${escaped(card.run.scenario)} (${card.run.scenarioHash.slice(0, 12)}), design ${card.run.design}, seed ${card.run.seed}`,
    `- arms: ${card.run.arms.map((arm) => escaped(arm.name)).join(', ')}`,
    `- digest of all events: ${card.run.digest ?? 'none, the run was not over'}`,
    `- sessions: ${card.run.sessions.complete} complete, ${card.run.sessions.truncated} truncated, ${card.run.sessions.failed} failed and ${card.run.sessions.cut} cut by the budget, both left out`,
    `- split: ${card.selection.split.kind}, seed ${card.selection.split.seed}`,
    `- source: catalogue ${escaped(card.source.catalogue)}; licence: ${escaped(card.source.licence ?? 'not stated')}. ${escaped(card.source.note)}`,
    '',
    '## Limits',
    '',
    ...card.limits.map((limit) => `- ${escaped(limit)}`),
    '',
    '## Checks of the run',
    '',
    ...(card.checks === null
      ? ['None: the run was not analysed.']
      : card.checks.map(
          ({ name, status, detail }) => `- ${escaped(name)}: **${status}**. ${escaped(detail)}`,
        )),
    '',
    '## Fidelity',
    '',
    ...fidelityLines(card),
    '',
  ].join('\n');
}

function head(card: Card): string[] {
  const rows = card.files.reduce((sum, file) => sum + file.rows, 0);
  const size = [1e3, 1e4, 1e5, 1e6, 1e7].findIndex((bound) => rows < bound);
  const sizes = ['n<1K', '1K<n<10K', '10K<n<100K', '100K<n<1M', '1M<n<10M'];
  return [
    `pretty_name: ${JSON.stringify(card.name)}`,
    ...licenceLines(card.source.licence),
    'tags:',
    ...['synthetic', 'recommendation', 'simulated-visitors'].map((tag) => `- ${tag}`),
    'size_categories:',
    `- ${sizes[size] ?? 'n>10M'}`,
    ...configs(card),
  ];
}

/** What the head of a card on Hugging Face calls common licences: their SPDX names in small letters. */
const knownLicences: readonly string[] = [
  'mit',
  'apache-2.0',
  'bsd-2-clause',
  'bsd-3-clause',
  'cc0-1.0',
  'cc-by-4.0',
  'cc-by-sa-4.0',
  'cc-by-nc-4.0',
  'cc-by-nc-sa-4.0',
  'cc-by-3.0',
  'odbl',
  'odc-by',
  'pddl',
  'gpl-3.0',
];

function licenceLines(licence: string | null): string[] {
  if (licence === null) return ['license: unknown'];
  const known = licence.toLowerCase();
  if (knownLicences.includes(known)) return [`license: ${known}`];
  return ['license: other', `license_name: ${JSON.stringify(licence)}`];
}

function configs(card: Card): string[] {
  const written = card.tables.flatMap(({ name }) => {
    const own = parts.filter((part) =>
      card.files.some((file) => file.path.startsWith(`data/${name}/${part}-`)),
    );
    return own.length === 0 ? [] : [{ name, own }];
  });
  if (written.length === 0) return [];
  return [
    'configs:',
    ...written.flatMap(({ name, own }) => [
      `- config_name: ${name}`,
      '  data_files:',
      ...own.flatMap((part) => [`  - split: ${part}`, `    path: data/${name}/${part}-*.parquet`]),
    ]),
  ];
}

function fidelityLines({ fidelity }: Card): string[] {
  const { synthetic, source } = fidelity;
  const row = (name: string, of: (shape: Shape) => string): string =>
    `| ${name} | ${of(synthetic)} | ${source === null ? 'not known' : of(source)} |`;
  const figure = (value: number | null): string => (value === null ? 'not known' : value.toFixed(3));
  return [
    '| | synthetic | source |',
    '| --- | --- | --- |',
    row('users', ({ users }) => String(users)),
    row('items met', ({ items }) => String(items)),
    row('rows', ({ rows }) => String(rows)),
    row('mean stars', ({ ratings }) => figure(ratings?.mean ?? null)),
    row(
      'shares of 1 to 5 stars',
      ({ ratings }) => ratings?.shares.map((share) => share.toFixed(3)).join(' ') ?? 'none',
    ),
    ...synthetic.popularity.map(({ top }, index) =>
      row(`share of the most popular ${100 * top} %`, ({ popularity }) => figure(popularity[index]!.share)),
    ),
    row('Gini of popularity', ({ gini }) => figure(gini)),
    row(
      'rows a user: median, 75 %, 90 %',
      ({ perUser: { median, p75, p90 } }) => `${median}, ${p75}, ${p90}`,
    ),
    row('items a sitting: median, 75 %, 90 %', ({ perSitting }) =>
      perSitting === null ? 'not known' : `${perSitting.median}, ${perSitting.p75}, ${perSitting.p90}`,
    ),
    '',
    `Distance of star shares (total variation): ${figure(fidelity.starDistance)}. Largest gap of the popularity curves: ${figure(fidelity.popularityDistance)}.`,
    '',
    ...fidelity.notes.map((note) => `- ${escaped(note)}`),
  ];
}

/** Text without power over Markdown: one line, its marks escaped. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>#|!&]/g, (mark) => `\\${mark}`);
}
