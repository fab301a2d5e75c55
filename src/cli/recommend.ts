// `rehearsal recommend METHOD`: one slate for one visitor, with titles, to look at what a method does.

import { wallMilliseconds } from '../base/clock.ts';
import { UsageError } from '../base/error.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import type { Catalogue } from '../catalogue/item.ts';
import { orderedHistory } from '../catalogue/split.ts';
import { checked } from '../recommend/checked.ts';
import { parsedSettings } from '../recommend/define-method.ts';
import { methodNamed, methods } from '../recommend/methods.ts';
import { longestSlate, type RecommendRequest } from '../recommend/recommender.ts';
import { typedEndpoint } from './endpoint-options.ts';
import { modelOptions, trainOptions, typedSettings } from './model-options.ts';
import { oneLine } from './printable.ts';
import type { Verb } from './verb.ts';

const timeoutMs = 60_000;

export const recommendVerb: Verb = {
  name: 'recommend',
  summary: 'Show the slate a method gives to one visitor.',
  details:
    'Uses kept weights of the method where there are any (see train), else trains first. The history is that of a person of the catalogue, or a list of item ids taken as likes.',
  examples: [
    'rehearsal recommend mf --visitor person-7',
    'rehearsal recommend sasrec --catalogue ml-small --history 318,858 --k 5',
  ],
  arguments: [{ name: 'METHOD', summary: Object.keys(methods).join(', ') }],
  options: [
    ...modelOptions,
    { name: 'visitor', kind: 'text', value: 'ID', summary: 'A person of the catalogue.' },
    { name: 'history', kind: 'text', value: 'ID,ID,…', summary: 'Items the visitor liked, oldest first.' },
    {
      name: 'k',
      kind: 'integer',
      range: [1, longestSlate],
      value: 'N',
      summary: 'Length of the slate.',
      default: '10',
    },
  ],
  interruptible: true,
  run: async (input, io) => {
    const method = methodNamed(input.argument('METHOD'));
    const catalogue = readCatalogue(input.text('catalogue')!);
    const settings = typedSettings(input);
    parsedSettings(method, settings);
    const seed = input.integer('seed')!;
    const history = historyOf(catalogue, input.text('visitor'), input.text('history'), seed);
    const options = {
      ...trainOptions(io, catalogue.name, method.name, wallMilliseconds),
      ...typedEndpoint(input, io, catalogue.name),
    };
    const trained = await method.train(catalogue, settings, seed, options);
    const recommender = checked(trained, new Set(catalogue.items.map((item) => item.id)), { timeoutMs });
    const slate = await recommender.recommend({
      visitor: input.text('visitor') ?? 'nobody',
      history,
      context: {},
      k: input.integer('k')!,
      exclude: history.map((entry) => entry.item),
      seed,
    });
    const titles = new Map(catalogue.items.map((item) => [item.id, item.title]));
    const known = history.slice(-5).map((entry) => titles.get(entry.item));
    io.answer(slate, [
      `after ${history.length} of the history${known.length > 0 ? `, last: ${oneLine(known.join('; '))}` : ''}`,
      ...slate.items.map(
        ({ id, score }, slot) =>
          `${String(slot + 1).padStart(3)}  ${oneLine(`${titles.get(id)}  (${id}`)}, ${score.toPrecision(4)})`,
      ),
    ]);
    return 0;
  },
};

function historyOf(
  catalogue: Catalogue,
  visitor: string | undefined,
  listed: string | undefined,
  seed: number,
): RecommendRequest['history'] {
  if (listed !== undefined && visitor !== undefined)
    throw new UsageError(
      '--visitor and --history exclude each other',
      'A person brings a history of their own.',
    );
  if (listed !== undefined) {
    const known = new Set(catalogue.items.map((item) => item.id));
    const ids = listed.split(',').map((id) => id.trim());
    const plain = [...known].filter((id) => /^[\w.-]+$/.test(id)).slice(0, 2);
    return ids.map((id, time) => {
      if (!known.has(id))
        throw new UsageError(
          id === ''
            ? '--history has an empty place'
            : `--history names ${JSON.stringify(id)}, which ${catalogue.name} does not have`,
          plain.length === 0
            ? 'Ids stand with commas between; leave it out for a visitor without a history.'
            : `For example: --history ${plain.join(',')}; leave it out for a visitor without a history.`,
        );
      return { item: id, time, value: 5 };
    });
  }
  const rows = catalogue.interactions.filter((row) => row.user === visitor);
  if (visitor !== undefined && rows.length === 0) {
    const [example] = catalogue.interactions;
    throw new UsageError(
      `--visitor names ${visitor}, whom ${catalogue.name} does not know`,
      example && `For example: --visitor ${example.user}`,
    );
  }
  return orderedHistory(rows, seed).map(({ item, time, value }) => ({ item, time, value }));
}
