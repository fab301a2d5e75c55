// The cases of the contest of faults in which what a run asks goes wrong, a recommender or a model at an endpoint; those in
// which the machine does are in fault-cases.ts. What must hold of every one is judged in faults.ts.

import { join } from 'node:path';
import { randomFrom } from '../base/random.ts';
import { catalogueRoot, readCatalogue } from '../catalogue/folder.ts';
import { openRecommender } from './dropping-recommender.ts';
import { rowOf, words, type FaultCase, type Field } from './fault-row.ts';
import { openStubModel, stubFaults } from './stub-model.ts';
import { lookAt, smallRun, tinyName } from './torture-ground.ts';

async function withRecommender(
  field: Field,
  name: string,
  visitors: number,
  drops: (asked: number) => boolean,
): Promise<{ ends: string[]; path: string; dropped: number; sound: string }> {
  const { items } = readCatalogue(tinyName, join(field.ground.root, catalogueRoot));
  let isWell = false;
  const { server, url, dropped } = await openRecommender(
    items.map(({ id }) => id),
    (asked) => !isWell && drops(asked),
  );
  try {
    const arms = [
      { name: 'popularity', method: 'popularity' },
      { name: 'served', url, timeoutMs: 120_000 },
    ];
    field.ground.declare(smallRun(visitors, { name, arms }));
    const path = join(field.ground.root, name);
    const ends = [words(await field.ground.ask(['run', `${name}.mjs`, '--out', path]).told)];
    const count = dropped();
    isWell = true;
    if (ends[0] !== 'complete') ends.push(words(await field.ground.ask(['resume', path]).told));
    const whole = join(field.ground.root, `${name}-whole`);
    await field.ground.ask(['run', `${name}.mjs`, '--out', whole]).told;
    return { ends, path, dropped: count, sound: lookAt(whole).digest };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Every third request is dropped. */
export const recommenderFlapping: FaultCase = async (field) => {
  const { ends, path, dropped, sound } = await withRecommender(
    field,
    'flapping',
    field.visitors,
    (asked) => asked % 3 === 1,
  );
  const done = `${dropped} requests dropped, every third`;
  return rowOf(field, path, { fault: 'recommender flapping', done, ends, digest: sound });
};

/** It is gone from the first request on, so that the run stops itself; then it is back. */
export const recommenderGone: FaultCase = async (field) => {
  const visitors = Math.max(field.visitors, 24);
  const { ends, path, dropped, sound } = await withRecommender(field, 'gone', visitors, () => true);
  const done = `${dropped} requests dropped, all; then it was back`;
  return rowOf(field, path, { fault: 'recommender gone', done, ends, digest: sound });
};

const share = 0.2;

/** A fifth of a model's answers are faults of six kinds. */
export const endpointFaults: FaultCase = async (field) => {
  const counts = new Map<string, number>();
  const stub = await openStubModel(5, (n) => {
    const random = randomFrom('endpoint faults', field.seed, n);
    const fault = random.uniform() < share ? stubFaults[random.integer(stubFaults.length)]! : null;
    if (fault !== null) counts.set(fault, (counts.get(fault) ?? 0) + 1);
    return fault;
  });
  try {
    const all = { vision: true, schema: true, tools: true, json: true, seed: true };
    field.ground.declare(
      smallRun(field.visitors, {
        name: 'endpoint',
        mind: 'llm',
        llm: { model: 'stub', capabilities: { ...all, embeddings: null, context: null } },
        stepLimit: 15,
      }),
    );
    const path = join(field.ground.root, 'endpoint');
    const told = await field.ground.ask([
      ...['run', 'endpoint.mjs', '--out', path],
      ...['--base-url', stub.baseUrl, '--yes'],
    ]).told;
    const faults = [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
    const wrong =
      told.calls === stub.requests()
        ? []
        : [`${told.calls} calls in the result, ${stub.requests()} requests at the endpoint`];
    const row = rowOf(field, path, {
      fault: 'endpoint faults at 20 %',
      done: `of ${stub.requests()} requests: ${faults}`,
      ends: [words(told)],
      wrong,
    });
    // Which request meets a fault depends on which session came first, so no two runs are the same.
    return { ...row, isSame: null };
  } finally {
    await stub.close();
  }
};
