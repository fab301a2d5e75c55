// What every run through a pool must be: the run that was lived in one process, whole and with nobody failed.

import { expect } from 'vitest';
import type { RunFolder } from '../../src/experiment/folder.ts';
import type { Result } from '../../src/experiment/result.ts';
import { checkRecord } from '../../src/store/check.ts';
import { openDatabase } from '../../src/store/database.ts';
import { healthCounts, screensOf } from '../experiment/small.ts';

export interface Recorded {
  readonly folder: RunFolder;
  readonly result: Result;
}

/** Complete, none failed, the digest and screens of the undisturbed run, and a record that every check passes. */
export function expectSameRun({ folder, result }: Recorded, undisturbed: Recorded): void {
  expect(result.status).toBe('complete');
  expect(result.arms.map(({ failed }) => failed)).toEqual([0, 0]);
  expect(result.digest).toBe(undisturbed.result.digest);
  expect(healthCounts(result)).toEqual(healthCounts(undisturbed.result));
  expect(screensOf(folder)).toEqual(screensOf(undisturbed.folder));
  const database = openDatabase(folder.record, { readonly: true });
  expect(checkRecord(database, folder.path).filter(({ isOk }) => !isOk)).toEqual([]);
  database.close();
}
