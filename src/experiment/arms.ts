// From an arm's declaration to something that can be asked: train a method, connect a URL, or set up a probe.
// Every one of them passes the same door (`checked`), so a wrong slate fails loudly whoever made it.

import { befell, RehearsalError, UsageError } from '../base/error.ts';
import type { Catalogue } from '../catalogue/item.ts';
import { share, type HistorySplit } from '../catalogue/split.ts';
import { checked } from '../recommend/checked.ts';
import { parsedSettings } from '../recommend/define-method.ts';
import { checkpointRoot } from '../recommend/define-model.ts';
import { methodNamed } from '../recommend/methods.ts';
import { ArmError, type Recommender, type TrainOptions } from '../recommend/recommender.ts';
import { checkHealth, remoteRecommender, type Health } from '../recommend/remote.ts';
import { probeRecommender } from './probe.ts';
import type { Arm, Presentation } from './scenario.ts';

export interface ReadyArm {
  readonly name: string;
  readonly method: string;
  readonly presentation: Presentation;
  readonly recommender: Recommender;
  /** Whether held-out accuracy means anything for it: probes know the held-out items. */
  readonly gradable: boolean;
}

const trainedTimeoutMs = 60_000;
const likedFrom = 4;

/**
 * What arms name must be there before anything is trained: their methods with their settings, and the servers behind
 * their urls, asked once for their health. Answers by arm what each server serves. Throws a UsageError or a
 * RehearsalError that names the first arm that cannot be had; a server that dies later fails its sessions and is
 * counted.
 */
export async function requireArms(arms: readonly Arm[]): Promise<ReadonlyMap<string, Health>> {
  const served = new Map<string, Health>();
  for (const arm of arms) {
    if ('method' in arm) requireSettings(arm);
    if (!('url' in arm)) continue;
    const health = await checkHealth(arm.url).catch((cause: unknown) => {
      if (!(cause instanceof ArmError)) throw cause;
      throw new RehearsalError(`The arm '${arm.name}' cannot be asked: ${cause.message}`, {
        hint: `${cause.hint} An arm's server answers GET /health with {"status": "ok"}; docs/recommender-http.md has one.`,
        cause,
      });
    });
    served.set(arm.name, health);
  }
  return served;
}

function requireSettings({ name, method, settings }: Extract<Arm, { method: string }>): void {
  try {
    parsedSettings(methodNamed(method), settings);
  } catch (error) {
    throw befell(`arm ${name}`, error);
  }
}

/**
 * Makes one arm. A trained method sees only training histories (and the culture's), cut to its share by person, and asks
 * the endpoint where its settings want one.
 */
export async function readyArm(
  arm: Arm,
  { items, people }: Pick<Catalogue, 'items' | 'people'>,
  split: HistorySplit,
  seed: number,
  served: ReadonlyMap<string, Health> = new Map(),
  options: TrainOptions = {},
): Promise<ReadyArm> {
  const known = new Set(items.map((item) => item.id));
  const base = { name: arm.name, presentation: arm.presentation };
  if ('likedShare' in arm) {
    const recommender = probeRecommender(arm.likedShare, {
      liked: likedByPerson(split),
      rated: ratedByPerson(split),
      items: items.map((item) => item.id),
    });
    return {
      ...base,
      method: recommender.method,
      gradable: false,
      recommender: checked(recommender, known, { name: arm.name, timeoutMs: trainedTimeoutMs }),
    };
  }
  if ('url' in arm) {
    const recommender = remoteRecommender({
      url: arm.url,
      timeoutMs: arm.timeoutMs,
      served: served.get(arm.name)?.recommenders,
    });
    return {
      ...base,
      method: `remote ${arm.url}`,
      gradable: true,
      recommender: checked(recommender, known, { name: arm.name, timeoutMs: arm.timeoutMs }),
    };
  }
  const method = methodNamed(arm.method);
  const interactions = share(split.armTraining, arm.training.share, seed);
  if (interactions.length === 0) {
    throw new UsageError(
      `arm ${arm.name}: a training share of ${arm.training.share} leaves no histories`,
      'Raise training.share.',
    );
  }
  const kept = { keep: checkpointRoot, data: `arm ${arm.name}`, ...options };
  const recommender = await method
    .train({ items, people, interactions }, arm.settings, seed, kept)
    .catch((error: unknown) => {
      throw befell(`arm ${arm.name}`, error);
    });
  return {
    ...base,
    method: arm.method,
    gradable: true,
    recommender: checked(recommender, known, { name: arm.name, timeoutMs: trainedTimeoutMs }),
  };
}

/** Held-out items valued at least 4, by person, oldest first. */
export function likedByPerson(split: HistorySplit): Map<string, string[]> {
  const liked = new Map<string, string[]>();
  for (const { user, item, value } of split.heldOut) {
    if (value < likedFrom) continue;
    liked.set(user, [...(liked.get(user) ?? []), item]);
  }
  return liked;
}

function ratedByPerson(split: HistorySplit): Map<string, Set<string>> {
  const rated = new Map<string, Set<string>>();
  for (const { user, item } of [...split.training, ...split.heldOut]) {
    const items = rated.get(user) ?? new Set<string>();
    rated.set(user, items.add(item));
  }
  return rated;
}
