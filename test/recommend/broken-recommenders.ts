// Arms that break their contract on purpose, one way each. Only tests may import this.

import type { ArmFault, Recommender, RecommendRequest, Slate } from '../../src/recommend/recommender.ts';

export const knownIds: ReadonlySet<string> = new Set(['a', 'b', 'c', 'd', 'e']);

/** Asks for three of a, b, c, d; e is excluded. */
export const askedOfBroken: RecommendRequest = {
  visitor: 'v',
  history: [],
  context: {},
  k: 3,
  exclude: ['e'],
  seed: 0,
};

function arm(recommend: Recommender['recommend']): Recommender {
  return { method: 'broken', version: '0', recommend };
}

function slate(...ids: readonly string[]): Slate {
  return {
    items: ids.map((id) => ({ id, score: 1, propensity: 1 })),
    method: 'broken',
    version: '0',
  };
}

/** An answer whose type is a promise only. */
function untyped(answer: unknown): Recommender {
  return arm(async () => answer as Slate);
}

const shownWith = (fields: object): Slate => ({
  ...slate(),
  items: ['a', 'b', 'c'].map((id) => ({ id, score: 1, propensity: 1, ...fields })),
});

/** Name → a broken arm, the fault it must be charged with and what the message must say came. */
export const brokenRecommenders: Readonly<
  Record<string, { recommender: Recommender; fault: ArmFault; says: RegExp }>
> = {
  'an unknown id': {
    recommender: untyped(slate('a', 'b', 'z')),
    fault: 'unknown-item',
    says: /"z" in slot 3/,
  },
  'a duplicate': {
    recommender: untyped(slate('a', 'b', 'a')),
    fault: 'duplicate-item',
    says: /"a" in slot 3/,
  },
  'an excluded item': {
    recommender: untyped(slate('a', 'e', 'b')),
    fault: 'excluded-item',
    says: /"e" in slot 2/,
  },
  'a short slate': {
    recommender: untyped(slate('a', 'b')),
    fault: 'short-slate',
    says: /3 items .* returned 2/,
  },
  'an empty slate': { recommender: untyped(slate()), fault: 'short-slate', says: /returned 0/ },
  'a long slate': {
    recommender: untyped(slate('a', 'b', 'c', 'd')),
    fault: 'malformed',
    says: /at most 3 .* 4/,
  },
  'no slate': { recommender: untyped(undefined), fault: 'malformed', says: /expected object/ },
  'a score that is not a number': {
    recommender: untyped(shownWith({ score: NaN })),
    fault: 'malformed',
    says: /score/,
  },
  'a propensity above 1': {
    recommender: untyped(shownWith({ propensity: 2 })),
    fault: 'malformed',
    says: /propensity/,
  },
  'a propensity of 0': {
    recommender: untyped(shownWith({ propensity: 0 })),
    fault: 'malformed',
    says: /propensity 0/,
  },
  'a rejection': {
    recommender: arm(async () => {
      throw new TypeError('no model loaded');
    }),
    fault: 'error',
    says: /no model loaded/,
  },
  'a throw': {
    recommender: arm(() => {
      throw new Error('thrown at once');
    }),
    fault: 'error',
    says: /thrown at once/,
  },
  'no answer': { recommender: arm(() => new Promise(() => {})), fault: 'timeout', says: /within 60 ms/ },
  'a late answer without pause': {
    recommender: arm(async () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 90);
      return slate('a', 'b', 'c');
    }),
    fault: 'timeout',
    says: /within 60 ms/,
  },
};
