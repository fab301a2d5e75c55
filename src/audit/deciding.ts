// Two ways of deciding on the same pages: in one call, and as an agent with tools. What each costs, how far it agrees with
// itself, and how well it tells what its visitor is known to like, which is the likeness that one page can show. A way is
// better only where the difference over visitors says so.

import type { Mind } from '../../agents/agent.ts';
import type { Exchange } from '../llm/client.ts';
import { ModelError } from '../llm/failure.ts';
import { meanOf } from '../stats/ratio.ts';
import { drawOn, overScenes, type AuditParts, type Draw, type Moment } from './draws.ts';
import { boundedMean, type Found } from './figures.ts';
import { agreementOf } from './moment-figures.ts';
import { sceneOf, staged } from './scene.ts';

export const ways = ['direct', 'agent'] as const;
export type Way = (typeof ways)[number];

/** A mind of each way; `hear` is told of every exchange that its decisions cause. */
export type Deciders = Readonly<Record<Way, (hear: (exchange: Exchange) => void) => Mind>>;

export interface Cost {
  /** Exchanges, from a cassette, too. */
  readonly calls: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** Null where an exchange has no price. */
  readonly usd: number | null;
}

export interface Decided {
  readonly draws: readonly Draw[];
  /** For each opened card, whether it is a held-out like of the visitor; empty where the list does not say. */
  readonly likes: readonly boolean[];
  readonly cost: Cost;
}

export type DecidingTrial = Moment & {
  /** Share of the list that the visitor is known to like; null where the arm is no probe. */
  readonly likedShare: number | null;
  readonly status: 'judged' | 'failed';
  /** What came of each way; the kind of failure where no answer came. */
  readonly by: Readonly<Record<Way, Decided | { readonly failure: string }>>;
};

/** Both ways for every visitor on the first page of every arm, each page shown once and `repeats` times again. */
export async function decidingTrials(parts: AuditParts, deciders: Deciders): Promise<DecidingTrial[]> {
  const { experiment, repeats, capture } = parts;
  const trials = await overScenes(parts, async (arm, visitor) => {
    const scene = await sceneOf(experiment, arm, visitor, 'deciding');
    const page = await staged(scene, experiment, (html) => capture(html));
    const liked = new Set(scene.slate.items.flatMap(({ id, score }) => (score === 1 ? [id] : [])));
    const by = async (way: Way): Promise<Decided | { readonly failure: string }> => {
      const heard: Exchange[] = [];
      const mind = deciders[way]((exchange) => heard.push(exchange));
      try {
        const draws: Draw[] = [];
        for (let chance = 0; chance <= repeats; chance++)
          draws.push(await drawOn(scene, page, chance, { mind }));
        const likes = draws.flatMap(({ meaning, slot }) =>
          slot === null || arm.gradable ? [] : [liked.has(meaning.replace(/^open /, ''))],
        );
        return { draws, likes, cost: costOf(heard) };
      } catch (error) {
        if (!(error instanceof ModelError)) throw error;
        return { failure: error.failure.kind };
      }
    };
    const [direct, agent] = [await by('direct'), await by('agent')];
    const likedShare = arm.gradable ? null : liked.size / scene.slate.items.length;
    return { status: 'judged', likedShare, by: { direct, agent } } as const;
  });
  return trials.map((trial) =>
    trial.status === 'judged'
      ? trial
      : {
          ...trial,
          likedShare: null,
          by: { direct: { failure: trial.failure }, agent: { failure: trial.failure } },
        },
  );
}

export interface WayFigures {
  readonly way: Way;
  readonly decisions: number;
  readonly failed: Readonly<Record<string, number>>;
  /** Means of one decision; null without any. */
  readonly perDecision: Cost | null;
  readonly agreement: Found;
  /** Share of held-out likes among opened cards less their share of the list; 0 where the visitor's taste does nothing. */
  readonly taste: Found;
}

export interface DecidingReport {
  readonly visitors: number;
  readonly ways: readonly WayFigures[];
  /** Agent less direct, by visitors for whom both are known. */
  readonly difference: { readonly agreement: Found; readonly taste: Found };
}

const difference = { low: -1, high: 1 };

/** The report of the trials. */
export function decidingReport(trials: readonly DecidingTrial[], alpha: number): DecidingReport {
  const agreements = valuesBy(trials, ({ draws }) => (draws.length < 2 ? [] : [agreementOf(draws)]));
  const tastes = valuesBy(trials, ({ likes }, likedShare) =>
    likes.map((isLiked) => (isLiked ? 1 : 0) - likedShare!),
  );
  const apart = (values: typeof agreements): Found => {
    const both = [...values.direct].flatMap(([visitor, one]) => {
      const other = values.agent.get(visitor);
      return other === undefined ? [] : [other - one];
    });
    return boundedMean(both, difference, alpha);
  };
  return {
    visitors: new Set(trials.map(({ visitor }) => visitor)).size,
    ways: ways.map((way): WayFigures => {
      const done = trials.map(({ by }) => by[way]);
      const decided = done.filter((one): one is Decided => 'draws' in one);
      const decisions = decided.reduce((sum, { draws }) => sum + draws.length, 0);
      const failures = done.flatMap((one) => ('failure' in one ? [one.failure] : []));
      return {
        way,
        decisions,
        failed: Object.fromEntries(
          [...Map.groupBy(failures.sort(), (kind) => kind)].map(([kind, own]) => [kind, own.length]),
        ),
        perDecision: decisions === 0 ? null : meanCost(decided, decisions),
        agreement: boundedMean([...agreements[way].values()], { low: 0, high: 1 }, alpha),
        taste: boundedMean([...tastes[way].values()], difference, alpha),
      };
    }),
    difference: { agreement: apart(agreements), taste: apart(tastes) },
  };
}

/** One value a visitor and way: the mean of what its trials give; visitors without any are left out. */
function valuesBy(
  trials: readonly DecidingTrial[],
  of: (decided: Decided, likedShare: number | null) => readonly number[],
): Readonly<Record<Way, ReadonlyMap<string, number>>> {
  const values = (way: Way): ReadonlyMap<string, number> =>
    new Map(
      [...Map.groupBy(trials, ({ visitor }) => visitor)].flatMap(([visitor, own]) => {
        const given = own.flatMap(({ by, likedShare }) => {
          const decided = by[way];
          return 'draws' in decided ? of(decided, likedShare) : [];
        });
        return given.length === 0 ? [] : [[visitor, meanOf(given)] as const];
      }),
    );
  return { direct: values('direct'), agent: values('agent') };
}

function meanCost(decided: readonly Decided[], decisions: number): Cost {
  const sum = (of: (cost: Cost) => number): number =>
    decided.reduce((all, { cost }) => all + of(cost), 0) / decisions;
  return {
    calls: sum(({ calls }) => calls),
    tokensIn: sum(({ tokensIn }) => tokensIn),
    tokensOut: sum(({ tokensOut }) => tokensOut),
    usd: decided.some(({ cost }) => cost.usd === null) ? null : sum(({ usd }) => usd!),
  };
}

function costOf(heard: readonly Exchange[]): Cost {
  return {
    calls: heard.length,
    tokensIn: heard.reduce((sum, { usage }) => sum + (usage.input ?? 0), 0),
    tokensOut: heard.reduce((sum, { usage }) => sum + (usage.output ?? 0), 0),
    usd: heard.some(({ usd }) => usd === null) ? null : heard.reduce((sum, { usd }) => sum + usd!, 0),
  };
}
