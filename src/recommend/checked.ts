// The one door between an arm and a visitor. Whatever an arm gets wrong becomes an ArmError that says which arm,
// what was expected and what came; nothing is repaired, filled up or replaced.

import { z } from 'zod';
import { wallMilliseconds } from '../base/clock.ts';
import { ArmError, slateSchema, type Recommender, type RecommendRequest, type Slate } from './recommender.ts';

/**
 * The same recommender, every answer checked against the request and the catalogue's item ids (`knownIds`).
 * `recommend` rejects with an ArmError whose fault is the first of: timeout (no answer within `timeoutMs`), error
 * (the arm threw), malformed (not a slate, more than k items, or an item shown with propensity 0),
 * duplicate-item, unknown-item, excluded-item, short-slate (fewer than k although more items were left).
 * `name` is what messages call the arm; its method where it has no name of its own.
 */
export function checked(
  recommender: Recommender,
  knownIds: ReadonlySet<string>,
  { timeoutMs, name = recommender.method }: { readonly timeoutMs: number; readonly name?: string },
): Recommender {
  return {
    method: recommender.method,
    version: recommender.version,
    ...(recommender.weights === undefined ? {} : { weights: recommender.weights }),
    async recommend(request) {
      const answer = await answerInTime(recommender, name, request, timeoutMs);
      return checkSlate(name, answer, request, knownIds);
    },
  };
}

async function answerInTime(
  recommender: Recommender,
  name: string,
  request: RecommendRequest,
  timeoutMs: number,
): Promise<unknown> {
  const tooLate = (): ArmError =>
    new ArmError('timeout', `The arm '${name}' was expected to answer within ${timeoutMs} ms and did not.`, {
      hint: 'Raise timeoutMs, or make the recommender faster.',
    });
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooLate()), timeoutMs);
  });
  const started = wallMilliseconds();
  try {
    const answer: unknown = await Promise.race([recommender.recommend(request), deadline]);
    // An arm that computes without pause holds the timer back too; the clock still tells.
    if (wallMilliseconds() - started > timeoutMs) throw tooLate();
    return answer;
  } catch (cause) {
    if (cause instanceof ArmError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ArmError(
      'error',
      `The arm '${name}' was expected to answer with a slate and failed: ${reason}`,
      { hint: 'The cause is in the recommender; call it with the same request to see it.', cause },
    );
  } finally {
    clearTimeout(timer);
  }
}

function checkSlate(
  name: string,
  answer: unknown,
  request: RecommendRequest,
  knownIds: ReadonlySet<string>,
): Slate {
  const wrong = (fault: ArmError['fault'], expected: string, came: string): ArmError =>
    new ArmError(fault, `The arm '${name}' was expected to return ${expected}, but it returned ${came}.`, {
      hint: 'Nothing was put in its place; docs/recommender-http.md states what an answer must be.',
    });

  const parsed = slateSchema.safeParse(answer);
  if (!parsed.success)
    throw wrong('malformed', 'a slate', `something else:\n${z.prettifyError(parsed.error)}`);
  const { items } = parsed.data;
  if (items.length > request.k) {
    throw wrong('malformed', `at most ${request.k} items`, `${items.length}`);
  }
  const excluded = new Set(request.exclude);
  const seen = new Set<string>();
  for (const [place, { id, propensity }] of items.entries()) {
    const where = `${JSON.stringify(id)} in slot ${place + 1}`;
    if (propensity === 0) throw wrong('malformed', 'propensities above 0', `propensity 0 for ${where}`);
    if (seen.has(id)) throw wrong('duplicate-item', 'every item at most once', `${where} again`);
    if (!knownIds.has(id))
      throw wrong('unknown-item', `items of the catalogue (${knownIds.size} ids)`, where);
    if (excluded.has(id)) throw wrong('excluded-item', `none of the ${excluded.size} excluded items`, where);
    seen.add(id);
  }
  let left = knownIds.size;
  for (const id of excluded) if (knownIds.has(id)) left--;
  const expected = Math.min(request.k, left);
  if (items.length < expected) {
    throw wrong('short-slate', `${expected} items (${left} are not excluded)`, `${items.length}`);
  }
  return parsed.data;
}
