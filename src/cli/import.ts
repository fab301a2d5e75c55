// `rehearsal import SOURCE PATH --as NAME`: one importer reads, the catalogue's folder is written, the account of
// the reading is printed. What an importer accepts is its own business (src/catalogue/import).

import { importers, importerNamed } from '../catalogue/import/importers.ts';
import { reportText, type Importer, type ImportOptions } from '../catalogue/import/importer.ts';
import { writeCatalogue } from '../catalogue/folder.ts';
import { UsageError } from '../base/error.ts';
import { readPublishedIds, withPublishedIds } from '../recommend/published-ids.ts';
import type { Verb } from './verb.ts';

export const importVerb: Verb = {
  name: 'import',
  summary: 'Read a data set into a named catalogue.',
  details: [
    'Prints what was read, changed and dropped, and where. A catalogue of the same name is replaced once the new one is complete.',
    `Sources:\n${importers.map((importer) => `  ${importer.name}: ${importer.summary}`).join('\n')}`,
  ].join('\n\n'),
  examples: [
    'rehearsal import movielens ml-latest-small.zip --as ml-small',
    'rehearsal import table clicks.csv --as shop --columns user=customer,item=sku,time=at',
    'rehearsal import amazon amazon18-office --as office --ids amazon18-office/Office_Products.index.json',
    'rehearsal import sequences beauty.sequential_data.txt.gz --as beauty',
  ],
  arguments: [
    { name: 'SOURCE', summary: `kind of data set: ${importers.map((importer) => importer.name).join(', ')}` },
    { name: 'PATH', summary: 'its file, folder or archive' },
  ],
  options: [
    {
      name: 'as',
      kind: 'text',
      value: 'NAME',
      summary: 'Name of the catalogue that is made.',
      required: true,
    },
    {
      name: 'columns',
      kind: 'text',
      value: 'MAP',
      summary: 'Columns of a table of interactions, as user=COLUMN,item=COLUMN,….',
    },
    {
      name: 'items',
      kind: 'text',
      value: 'FILE',
      summary: 'File of the items, where it does not lie beside the interactions.',
    },
    {
      name: 'item-columns',
      kind: 'text',
      value: 'MAP',
      summary: 'Columns of a table of items, as id=COLUMN,title=COLUMN,….',
    },
    {
      name: 'ids',
      kind: 'text',
      value: 'FILE',
      summary:
        'Published semantic IDs or term IDs of all items, as JSON of item to list (MiniOneRec, LETTER, GRLM), for models with vectors=given or terms=given. Only for the data set they were published with: others number items otherwise. Those of the source sequences come with it.',
    },
  ],
  run: async (input, io) => {
    const importer = importerNamed(input.argument('SOURCE'));
    const name = input.text('as') ?? '';
    if (!/^[a-z0-9][a-z0-9.-]*$/.test(name) || name === 'built-in') {
      throw new UsageError(
        `--as expects a name of lower-case letters, digits, dots and hyphens other than built-in, got '${name}'`,
        'For example: --as ml-small',
      );
    }
    const given = {
      columns: input.text('columns'),
      items: input.text('items'),
      itemColumns: input.text('item-columns'),
    };
    requireTaken(importer, given);
    const file = input.text('ids');
    const published = file === undefined ? null : { file, ids: readPublishedIds(file) };
    const { catalogue, report } = await importer.read(input.argument('PATH'), { name, ...given });
    const filled =
      published === null ? null : withPublishedIds(catalogue.items, published.ids, published.file);
    const items = filled?.items ?? catalogue.items;
    const folder = writeCatalogue({ catalogue: { ...catalogue, items }, report });
    const ids =
      filled === null
        ? null
        : { file, attribute: filled.attribute, items: items.length, strangers: filled.strangers };
    io.answer({ catalogue: name, path: folder, report, ...(ids === null ? {} : { ids }) }, [
      reportText(report),
      ...(ids === null ? [] : [`${ids.file}: ${ids.attribute} for all ${ids.items} items`]),
      ...(ids === null || ids.strangers === 0
        ? []
        : [
            `${ids.file}: it names ${ids.strangers} items more, which this catalogue does not have. Was it published with these data? If not, its ${ids.attribute} say nothing of these items.`,
          ]),
      `catalogue ${name} is in ${folder}`,
      `next: rehearsal run scenarios/model.ts --catalogue ${name}`,
    ]);
    return 0;
  },
};

/** An option that the importer would not read says whose it is. */
function requireTaken(importer: Importer, given: Omit<ImportOptions, 'name'>): void {
  const typed = { columns: '--columns', items: '--items', itemColumns: '--item-columns' } as const;
  for (const field of ['columns', 'items', 'itemColumns'] as const) {
    if (given[field] === undefined || importer.takes.includes(field)) continue;
    const takers = importers.filter(({ takes }) => takes.includes(field)).map(({ name }) => name);
    throw new UsageError(
      `${typed[field]} does not go with ${importer.name}, whose files say it themselves; it is for ${takers.join(' and ')}.`,
      'A CSV, TSV or JSON-lines file is read by: rehearsal import table FILE --columns user=…,item=…',
    );
  }
}
