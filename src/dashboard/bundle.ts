// A run as a folder of files that can be opened from disk and sent to someone: the same views, without a server. What
// is to be left out never reaches a page; paths of this machine and messages of failures are always left out.

import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../base/error.ts';
import { makeFolder, requireMakeable } from '../base/make-folder.ts';
import { newFolder, unwritten } from '../base/new-folder.ts';
import { runFiles } from '../report/write.ts';
import { openDatabase, wholeRecord, type Database } from '../store/database.ts';
import { readAssets } from './assets.ts';
import { behaviourPage } from './behaviour-page.ts';
import { experimentPage } from './experiment-page.ts';
import { bundleFiles, bundleLinks } from './links.ts';
import type { BundleContents } from './links.ts';
import { wholeList } from './list-page.ts';
import { itemPage, itemsPage, sessionsPage, visitorPage, visitorsPage } from './lists.ts';
import { keptScreenPath } from './replay.ts';
import { replayPage, siblings, twinsPage } from './replay-page.ts';
import { runView } from './run-view.ts';
import type { Redaction, RunView } from './run-view.ts';

export interface BundleOptions {
  readonly hidden: ReadonlySet<Redaction>;
  /** Most sessions that can be replayed: whole visitors, in the order they came. */
  readonly sessions: number;
}

export interface Bundle {
  /** The file to open. */
  readonly start: string;
  readonly sessions: number;
  readonly files: number;
}

/** Writes the run in `folder` to `out`, which must be empty or not there. Throws a UsageError where it is neither. */
export function writeBundle(folder: string, out: string, options: BundleOptions): Bundle {
  requireMakeable(out);
  if (existsSync(out) && readdirSync(out).length > 0)
    throw new UsageError(`${out} is not empty`, 'Choose another folder for --html.');
  const database = openDatabase(join(folder, runFiles.record), { readonly: true });
  try {
    return wholeRecord(database.name, () => bundleOf(database, folder, out, options));
  } finally {
    database.close();
  }
}

function bundleOf(database: Database, folder: string, out: string, options: BundleOptions): Bundle {
  const view = withoutMessages(runView(database, folder, basename(resolve(folder)), options.hidden));
  const contents = contentsOf(view, options.sessions);
  const files = pagesOf(view, contents);
  for (const [name, { body }] of readAssets()) files.set(`assets/${name}`, body);
  const written = newFolder(out);
  try {
    for (const [path, body] of files) {
      makeFolder(dirname(join(written.path, path)));
      writeFileSync(join(written.path, path), body);
    }
    const screens = options.hidden.has('screens') ? 0 : copyScreens(view, contents, written.path);
    written.settle();
    return {
      start: join(out, bundleFiles.experiment),
      sessions: contents.sessions.size,
      files: files.size + screens,
    };
  } catch (cause) {
    throw unwritten(out, cause);
  } finally {
    written.discard();
  }
}

function pagesOf(view: RunView, contents: BundleContents): Map<string, string | Uint8Array> {
  const top = bundleLinks(0, contents);
  const below = bundleLinks(1, contents);
  const files = new Map<string, string | Uint8Array>([
    [bundleFiles.experiment, experimentPage(view, top)],
    [bundleFiles.behaviour, behaviourPage(view, top)],
    [bundleFiles.sessions, sessionsPage(view, top, wholeList)],
    [bundleFiles.visitors, visitorsPage(view, top, wholeList)],
    [bundleFiles.items, itemsPage(view, top, wholeList)],
  ]);
  for (const session of view.sessions().filter(({ id }) => contents.sessions.has(id))) {
    files.set(bundleFiles.session(session.id), replayPage(view, below, session));
    const [one, two] = siblings(view, session);
    if (one?.id !== session.id || two === undefined) continue;
    const name = bundleFiles.twins(session.visitor, session.replicate);
    files.set(name, twinsPage(view, below, [one, two], []));
  }
  for (const visitor of view.visitors().filter((row) => contents.visitors.has(row.visitor)))
    files.set(bundleFiles.visitor(visitor.visitor), visitorPage(view, below, visitor));
  for (const item of view.items().filter((row) => contents.items.has(row.item)))
    files.set(bundleFiles.item(item.item), itemPage(view, below, item));
  return files;
}

/** Sessions of whole visitors up to the limit (of one at least), so that twins stay together. */
function contentsOf(view: RunView, limit: number): BundleContents {
  const byVisitor = Map.groupBy(view.sessions(), ({ visitor }) => visitor);
  const sessions = new Set<number>();
  const visitors = new Set<string>();
  for (const [visitor, own] of byVisitor) {
    if (visitors.size > 0 && sessions.size + own.length > limit) break;
    visitors.add(visitor);
    for (const { id } of own) sessions.add(id);
  }
  const twins = view
    .sessions()
    .filter(({ id }) => sessions.has(id))
    .filter((row) => siblings(view, row).length > 1)
    .map(({ visitor, replicate }) => JSON.stringify([visitor, replicate]));
  return { sessions, visitors, items: new Set(view.items().map(({ item }) => item)), twins: new Set(twins) };
}

function copyScreens(view: RunView, { sessions }: BundleContents, out: string): number {
  const hashes = new Set(
    [...sessions].flatMap((id) => view.replay(id).frames.map(({ step }) => step.screen)),
  );
  let copied = 0;
  for (const hash of hashes) {
    const path = keptScreenPath(view.folder, hash);
    if (path === null) continue;
    const target = join(out, bundleFiles.screen(hash));
    makeFolder(dirname(target));
    copyFileSync(path, target);
    copied += 1;
  }
  return copied;
}

/** Messages of failures can name files of this machine. Their kinds stay. */
function withoutMessages(view: RunView): RunView {
  const rows = view.sessions().map((row) => ({ ...row, failure: '' }));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return { ...view, sessions: () => rows, session: (id) => byId.get(id) };
}
