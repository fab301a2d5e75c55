// Which model answered. An endpoint may put another model behind a name while a run goes on (a new version, a fall-back
// under load), and then arms, or visitors, were met by different minds.

import { sampleRatio } from '../stats/srm.ts';
import { servedModels } from '../store/calls.ts';
import type { Database } from '../store/database.ts';
import type { Check } from './result.ts';

/** p below which the shares of models differ between the arms. */
const ALARM = 0.001;

/** One check where a model answered in sessions, none where none did. */
export function servedCheck(database: Database): Check[] {
  const rows = servedModels(database);
  const names = [...new Set(rows.map(({ served }) => served))];
  if (names.length === 0) return [];
  const answers = (wanted: (row: (typeof rows)[number]) => boolean): number =>
    rows.filter(wanted).reduce((sum, row) => sum + row.answers, 0);
  const parts = names.map((name) => `${name ?? 'no name told'}: ${answers(({ served }) => served === name)}`);
  const detail = `answers by the model that the endpoint named: ${parts.join(', ')}`;
  if (names.length === 1) return [{ name: 'served-model', status: 'ok', detail }];
  const arms = [...new Set(rows.map(({ arm }) => arm))];
  const totals = arms.map((arm) => answers((row) => row.arm === arm));
  const uneven = names.some((name) => {
    const own = arms.map((arm) => answers((row) => row.arm === arm && row.served === name));
    const test = sampleRatio(own, totals);
    return test.kind === 'tested' && test.p < ALARM / names.length;
  });
  const why = uneven ? '; the arms had different shares of them' : '; the arms had equal shares up to chance';
  return [{ name: 'served-model', status: uneven ? 'fail' : 'warn', detail: detail + why }];
}
