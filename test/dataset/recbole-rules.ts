// RecBole's documented rules for atomic files as a checker: names, typed headers, separators, numbers, what the YAML
// may name (recbole.io: Atomic Files, Data Settings). Knows nothing of our exporter.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const types = new Set(['token', 'token_seq', 'float', 'float_seq']);

/** Everything wrong with a data set's folder; empty where RecBole would load it. */
export function recboleProblems(folder: string): string[] {
  const name = basename(folder);
  const files = readdirSync(folder).filter((file) => !file.endsWith('.yaml'));
  const problems = files
    .filter((file) => !/\.(inter|user|item)$/.test(file) || !file.startsWith(`${name}.`))
    .map((file) => `${file}: not NAME.inter, NAME.user or NAME.item`);
  const headers = new Map(files.map((file) => [file, tableProblems(join(folder, file), problems)]));
  const inters = files.filter((file) => file.endsWith('.inter'));
  if (inters.length === 0) problems.push('no .inter');
  for (const file of inters)
    for (const needed of ['user_id:token', 'item_id:token'])
      if (!headers.get(file)!.includes(needed)) problems.push(`${file}: no ${needed}`);
  return [...problems, ...yamlProblems(folder, name, files, headers)];
}

function tableProblems(path: string, problems: string[]): string[] {
  const file = basename(path);
  const text = readFileSync(path, 'utf8');
  if (!text.endsWith('\n')) problems.push(`${file}: the last line has no end`);
  const [first = '', ...rows] = text.slice(0, -1).split('\n');
  const header = first.split('\t');
  const kinds = header.map((field) => field.split(':'));
  for (const kind of kinds)
    if (kind.length !== 2 || kind[0] === '' || !types.has(kind[1] ?? ''))
      problems.push(`${file}: header ${kind.join(':')}`);
  if (new Set(kinds.map(([field]) => field)).size !== kinds.length) problems.push(`${file}: a field twice`);
  for (const [index, row] of rows.entries()) {
    const cells = row.split('\t');
    if (cells.length !== header.length)
      problems.push(`${file}:${index + 2}: ${cells.length} columns of ${header.length}`);
    for (const [column, cell] of cells.entries()) {
      const kind = kinds[column]?.[1];
      if (kind === 'float' && !Number.isFinite(cell === '' ? Number.NaN : Number(cell)))
        problems.push(`${file}:${index + 2}: ${JSON.stringify(cell)} is no float`);
      if (kind === 'token_seq' && / {2}|^ | $/.test(cell))
        problems.push(`${file}:${index + 2}: an empty word`);
      if (/\r/.test(cell)) problems.push(`${file}:${index + 2}: a line end inside`);
    }
  }
  const key = kinds.findIndex(([field]) => field === (file.endsWith('.user') ? 'user_id' : 'item_id'));
  if (!file.endsWith('.inter')) {
    const keys = rows.map((row) => row.split('\t')[key]);
    if (new Set(keys).size !== keys.length) problems.push(`${file}: an id twice`);
  }
  return header;
}

function yamlProblems(
  folder: string,
  name: string,
  files: readonly string[],
  headers: ReadonlyMap<string, readonly string[]>,
): string[] {
  const path = join(folder, `${name}.yaml`);
  if (!existsSync(path)) return ['no YAML, so RecBole reads ids and ratings only'];
  const yaml = readFileSync(path, 'utf8');
  const list = (key: string): string[] =>
    /\[(.*)\]/.exec(new RegExp(`^ *${key}: (.*)$`, 'm').exec(yaml)?.[1] ?? '')?.[1]?.split(', ') ?? [];
  const parts = list('benchmark_filename');
  const named = parts.length > 0 ? parts.map((part) => `${name}.${part}.inter`) : [`${name}.inter`];
  return [
    ...named.filter((file) => !files.includes(file)).map((file) => `YAML: ${file} is not there`),
    ...(['inter', 'user', 'item'] as const).flatMap((ending) =>
      list(ending).flatMap((field) =>
        files
          .filter((file) => file.endsWith(`.${ending}`))
          .filter((file) => !headers.get(file)!.some((typed) => typed.split(':')[0] === field))
          .map((file) => `YAML: ${file} has no ${field}`),
      ),
    ),
    ...(['USER_ID_FIELD', 'ITEM_ID_FIELD', 'TIME_FIELD'] as const)
      .filter((key) => !new RegExp(`^${key}: \\w+$`, 'm').test(yaml))
      .map((key) => `YAML: no ${key}`),
  ];
}
