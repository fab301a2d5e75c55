// Chat rows for instruction tuning, one JSON object a line: what the visitor did before, the list it could see, and
// which items it opened from it, none included. Rows are made from impressions, so what was not chosen is in them.

import { oneLine, type Exporter } from '../exporter.ts';
import type { Dataset } from '../select.ts';
import type { Part } from '../split.ts';
import { tableNamed, type Row } from '../tables.ts';

const system =
  'You are one visitor of a recommendation site. From what you did before and the list that you see, say which items you open, one a line by number and title, or: none.';
const longestPast = 50;
const columns = tableNamed('impressions').columns.map(({ name }) => name);
const origin = ['user_id', 'session', 'slate', 'list', 'page', ...columns.slice(columns.indexOf('run'))];

export const chat: Exporter = {
  name: 'chat',
  summary: 'JSON lines of messages for instruction tuning: past, list, what was opened',
  tables: { all: ['impressions'], standard: ['impressions'] },
  splits: ['none', 'user'],
  usage: () => ["datasets.load_dataset('json', data_files='chat*.jsonl')"],
  write: async (dataset, place) => {
    const titles = new Map(
      [...dataset.rows('items')].map((row) => [String(row['item_id']), oneLine(String(row['title']), place)]),
    );
    const title = (row: Row): string => titles.get(String(row['item_id'])) ?? String(row['item_id']);
    let user: unknown;
    let past: string[] = [];
    for (const { part, places } of slatesOf(dataset)) {
      if (places[0]!['user_id'] !== user) past = [];
      user = places[0]!['user_id'];
      const seen = places.filter((row) => row['in_view'] === true || row['opened'] === true);
      if (seen.length === 0) place.changed('slates of which nothing was in view left out');
      else {
        const file = place.file(dataset.split.kind === 'none' ? 'chat.jsonl' : `chat.${part}.jsonl`);
        file.line(JSON.stringify(chatRow(seen, past, title)));
      }
      const opened = places.filter((row) => row['opened'] === true);
      past = [...past, ...opened.map((row) => pastLine(row, title(row)))].slice(-longestPast);
    }
  },
};

function chatRow(seen: readonly Row[], past: readonly string[], title: (row: Row) => string): object {
  const list = seen.map((row, index) => `${index + 1}. ${title(row)}`);
  const opened = list.filter((_, index) => seen[index]!['opened'] === true);
  const before =
    past.length === 0 ? 'You did nothing here before.' : `Before, you opened:\n${past.join('\n')}`;
  return {
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: `${before}\n\nThe list:\n${list.join('\n')}` },
      { role: 'assistant', content: opened.length === 0 ? 'none' : opened.join('\n') },
    ],
    items: seen.map((row) => row['item_id']),
    ...Object.fromEntries(origin.map((name) => [name, seen[0]![name]])),
  };
}

function pastLine(row: Row, title: string): string {
  const rating = row['rating'];
  return `- ${title}${rating === null ? (row['watched'] === true ? ', watched' : '') : `, ${rating} of 5 stars`}`;
}

/** Neighbouring impressions of one slate. */
function* slatesOf(dataset: Dataset): Iterable<{ readonly part: Part; readonly places: readonly Row[] }> {
  let part: Part = 'train';
  let places: Row[] = [];
  for (const next of dataset.parted('impressions')) {
    const [first] = places;
    if (
      first !== undefined &&
      (first['session'] !== next.row['session'] || first['slate'] !== next.row['slate'])
    ) {
      yield { part, places };
      places = [];
    }
    part = next.part;
    places.push(next.row);
  }
  if (places.length > 0) yield { part, places };
}
