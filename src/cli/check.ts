// `rehearsal check`: whether the record of a run is whole. A record of an older version is brought up to date by it.

import { existsSync } from 'node:fs';
import { readManifest, runFolder } from '../experiment/folder.ts';
import { checkRecord } from '../store/check.ts';
import { closeRecord, openDatabase } from '../store/database.ts';
import { pathOfRun } from './run-path.ts';
import { holding } from './drive-run.ts';
import type { Verb } from './verb.ts';

export const checkVerb: Verb = {
  name: 'check',
  summary: 'Check that the record of a run is whole.',
  details:
    'Checks the integrity of the database, that its parts refer to each other, that every session was planned and adds up, the digest of all events, and the hash of every screen. A record of an older version is brought up to date. Ends with exit code 3 where something is wrong.',
  examples: ['rehearsal check runs/hello-1-20260101120000'],
  arguments: [{ name: 'RUN', summary: 'folder of a run, or its name under runs/' }],
  options: [],
  run: async (input, io) => {
    const folder = runFolder(pathOfRun(input.argument('RUN')));
    readManifest(folder);
    // Opening a record makes one where there is none.
    if (!existsSync(folder.record)) {
      const detail = `there is no record at ${folder.record}`;
      io.answer(
        { run: folder.run, path: folder.path, checks: [{ name: 'integrity', isOk: false, detail }] },
        [`FAIL  integrity: ${detail}`],
      );
      return 3;
    }
    return await holding(folder.path, io, async () => {
      const database = openDatabase(folder.record);
      try {
        const checks = checkRecord(database, folder.path);
        io.answer(
          { run: folder.run, path: folder.path, checks },
          checks.map(({ name, isOk, detail }) => `${isOk ? 'ok  ' : 'FAIL'}  ${name}: ${detail}`),
        );
        return checks.every(({ isOk }) => isOk) ? 0 : 3;
      } finally {
        closeRecord(database);
      }
    });
  },
};
