// BUILD: from a scenario's names to ready objects: catalogue → split → arms, visitors, mind. Nothing else; what
// runs sessions knows no names, what names things runs no sessions.

import type { Mind } from '../../agents/agent.ts';
import { choiceMind } from '../../agents/minds/choice.ts';
import { llmMind } from '../../agents/minds/llm.ts';
import { llmParameters } from '../../agents/minds/llm-parameters.ts';
import type { Knowledge } from '../../agents/knowledge.ts';
import type { Portraits } from '../../agents/minds/llm-portrait.ts';
import { oracleMind, randomMind, topSlotMind } from '../../agents/minds/scripted.ts';
import { normaliseTitle } from '../../agents/text.ts';
import { titleSearch, type TitleSearch } from '../../sandbox/search.ts';
import { wallMilliseconds } from '../base/clock.ts';
import type { Catalogue, Item } from '../catalogue/item.ts';
import { isSuspect } from '../catalogue/suspicion.ts';
import { shownQuality, type HistorySplit } from '../catalogue/split.ts';
import type { Client, Exchange } from '../llm/client.ts';
import type { AskingWatch } from '../recommend/ask-cases.ts';
import type { ItemEndpoint, TrainOptions } from '../recommend/recommender.ts';
import { metricNamed } from '../metrics/metrics.ts';
import { cropOf } from '../../sandbox/camera-crop.ts';
import { likedByPerson, readyArm, requireArms, type ReadyArm } from './arms.ts';
import { listened } from './listened.ts';
import { allotted } from './minds.ts';
import { portraitsOf } from './portraits.ts';
import { offlineGrades, type OfflineGrades } from './offline.ts';
import { knowledgeOf, marginalsText, visitorsOf, type Visitor } from './population.ts';
import type { Scenario } from './scenario.ts';
import { leadMind, mindsOf, type MindName } from './scenario-minds.ts';
import { quarantined } from './suspects.ts';
import { splitOfRun } from './split-of-run.ts';

/** Everything of an experiment but its minds: what can be known to be right before a model is asked or a file written. */
export interface Prepared {
  readonly scenario: Scenario;
  readonly items: ReadonlyMap<string, Item>;
  /** The site's own search, the same under every arm. */
  readonly search: TitleSearch;
  readonly arms: readonly ReadyArm[];
  /** Items of the catalogue, quarantined ones too, that look as if they spoke to their readers. */
  readonly suspects: readonly string[];
  /** Who visits, once each. */
  readonly people: readonly Visitor[];
  /** NDCG@20 of each arm on the visitors' held-out likes; null where it means nothing. */
  readonly heldOutNdcg20: Readonly<Record<string, number | null>>;
  /** All offline grades of the arms that have any. */
  readonly offline: Readonly<Record<string, OfflineGrades>>;
  readonly split: HistorySplit;
  /** What the preparation took. */
  readonly milliseconds: number;
}

export interface Experiment extends Omit<Prepared, 'people' | 'split' | 'milliseconds'> {
  readonly visitors: readonly Visitor[];
  /** The mind that the verdict is about. */
  readonly mind: Mind;
  /** Every mind of the scenario, in its order. */
  readonly minds: readonly Mind[];
  /** A mind for one session, by default the verdict's; `hear` is told of every exchange with a model that the session causes. */
  mindFor(hear: (exchange: Exchange) => void, name?: MindName): Mind;
  /** Profiles that the llm mind has induced so far. */
  readonly induced: Portraits['induced'];
  /** Share of the visitors' liked titles that the mind's knowledge knows. */
  readonly titlesKnown: number;
}

/** What surrounds the making of arms; none of it changes them. */
export interface Making {
  /** Asked by arms whose settings want it. */
  readonly endpoint?: ItemEndpoint | undefined;
  /** Who watches the training of an arm, and may end it. */
  readonly training?: (arm: string) => Pick<TrainOptions, 'interrupted' | 'progress'>;
  /** Who watches its grading on the held-out likes of so many people, and may end that. */
  readonly grading?: (arm: string, people: number) => AskingWatch;
}

/** The model of the llm mind, opened. */
export interface ModelParts {
  readonly client: Client;
  readonly signal: AbortSignal;
}

/** Makes everything a run needs. */
export async function buildExperiment(
  scenario: Scenario,
  catalogue: Catalogue,
  log: (line: string) => void,
  model: ModelParts | null = null,
  making: Making = {},
): Promise<Experiment> {
  return withMinds(await prepareExperiment(scenario, catalogue, log, making), log, model);
}

/**
 * Finds what is wrong with the names in a scenario, and makes arms and visitors. Training is the long part; `log` is
 * told of each step.
 */
export async function prepareExperiment(
  scenario: Scenario,
  source: Catalogue,
  log: (line: string) => void,
  { endpoint, training, grading }: Making = {},
): Promise<Prepared> {
  const started = wallMilliseconds();
  requireMetrics(scenario);
  const served = await requireArms(scenario.arms);
  const catalogue = scenario.quarantine ? quarantined(source) : source;
  const split = splitOfRun(scenario, catalogue);
  const shown = shownQuality(catalogue.items, split.armTraining);
  const items = new Map(shown.map((item) => [item.id, item]));
  const people = visitorsOf(scenario, catalogue, items, split);
  log(`${catalogue.name}: ${items.size} items, ${split.armTraining.length} training ratings`);

  const arms: ReadyArm[] = [];
  const heldOutNdcg20: Record<string, number | null> = {};
  const offline: Record<string, OfflineGrades> = {};
  for (const declared of scenario.arms) {
    log(`making arm ${declared.name}`);
    if ('method' in declared && declared.settings['epochs'] === 0)
      log(`arm ${declared.name}: epochs=0 trains nothing; it has its first, random weights`);
    const parts = { items: shown, people: catalogue.people };
    const options = { ...endpoint, ...training?.(declared.name) };
    const arm = await readyArm(declared, parts, split, scenario.seed, served, options);
    arms.push(arm);
    if (arm.gradable && 'method' in declared) {
      const watch = grading?.(arm.name, people.length);
      offline[arm.name] = await gradesOf(arm, people, split, shown, scenario.seed, watch);
    }
    heldOutNdcg20[arm.name] = offline[arm.name]?.ndcg20 ?? null;
  }
  log(marginalsText(people, split));
  const milliseconds = wallMilliseconds() - started;
  const suspects = source.items.filter(isSuspect).map(({ id }) => id);
  const search = titleSearch(shown);
  return { scenario, items, search, arms, suspects, people, heldOutNdcg20, offline, split, milliseconds };
}

/** The prepared experiment with its minds, the llm mind on its model. */
export function withMinds(
  { scenario, items, search, arms, suspects, people, heldOutNdcg20, offline, split }: Prepared,
  log: (line: string) => void,
  model: ModelParts | null,
): Experiment {
  const portraits = portraitsOf(items, split);
  const { minds, titlesKnown } = mindsNamed(scenario, items, split, people, model, portraits);
  const mindFor: Experiment['mindFor'] = (hear, name = leadMind(scenario)) => minds.get(name)!(hear);
  if (minds.has('choice'))
    log(`the mind knows ${(100 * titlesKnown).toFixed(1)} % of the titles its visitors like`);
  return {
    scenario,
    items,
    search,
    arms,
    visitors: allotted(scenario, people),
    mind: mindFor(() => undefined),
    minds: [...minds.values()].map((make) => make(() => undefined)),
    mindFor,
    induced: portraits.induced,
    suspects,
    heldOutNdcg20,
    offline,
    titlesKnown,
  };
}

/** A misspelt metric is found before the sessions are run, not after. */
function requireMetrics({ metrics: { goal, furtherGoals, guardrails } }: Scenario): void {
  for (const name of [goal, ...furtherGoals, ...guardrails.map(({ metric }) => metric)]) metricNamed(name);
}

/** The arm on what its visitors liked later, which it was not trained on. */
function gradesOf(
  arm: ReadyArm,
  visitors: readonly Visitor[],
  split: HistorySplit,
  items: readonly Item[],
  seed: number,
  watch: AskingWatch | undefined,
): Promise<OfflineGrades> {
  const liked = likedByPerson(split);
  const cases = visitors.map(({ profile: { id }, history }) => ({
    visitor: id,
    history: [...history],
    chosen: liked.get(id) ?? [],
  }));
  return offlineGrades(arm.recommender, cases, items, seed, watch);
}

type MindFor = (hear: (exchange: Exchange) => void) => Mind;

/** The minds by name, and how many of the visitors' liked titles the culture knows. */
function mindsNamed(
  scenario: Scenario,
  items: ReadonlyMap<string, Item>,
  split: HistorySplit,
  people: readonly Visitor[],
  model: ModelParts | null,
  portraits: Portraits,
): { minds: ReadonlyMap<MindName, MindFor>; titlesKnown: number } {
  const knowledge = knowledgeOf(items, split);
  const titles = people.flatMap(({ profile }) => profile.liked.map((taste) => normaliseTitle(taste.title)));
  const titlesKnown =
    titles.filter((title) => knowledge.titles.has(title)).length / Math.max(1, titles.length);
  const made = (name: MindName): MindFor => {
    if (name === 'llm') return llmMindFor(scenario, model, portraits);
    const mind = offlineMind(name, knowledge, items, split);
    return () => mind;
  };
  return { minds: new Map(mindsOf(scenario).map((name) => [name, made(name)])), titlesKnown };
}

function offlineMind(
  name: Exclude<MindName, 'llm'>,
  knowledge: Knowledge,
  items: ReadonlyMap<string, Item>,
  split: HistorySplit,
): Mind {
  switch (name) {
    case 'choice':
      return choiceMind(knowledge);
    case 'random':
      return randomMind;
    case 'top-slot':
      return topSlotMind;
    case 'oracle': {
      const titles = [...likedByPerson(split)].map(
        ([person, liked]) =>
          [person, new Set(liked.map((id) => normaliseTitle(items.get(id)!.title)))] as const,
      );
      return oracleMind(new Map(titles));
    }
    default:
      return name satisfies never;
  }
}

/** An llm mind on a client that tells its session of every exchange. */
function llmMindFor(scenario: Scenario, model: ModelParts | null, portraits: Portraits): MindFor {
  if (model === null || scenario.llm === null)
    throw new Error('defect: the llm mind was built without its model');
  const { deciding, profile } = scenario.llm;
  const { client, signal } = model;
  const embeds = embedsWith(scenario, client.capabilities);
  return (hear) =>
    llmMind({
      client: listened(client, hear),
      parameters: { ...llmParameters, deciding, profile },
      embeds,
      crop: cropOf,
      portraits,
      signal,
    });
}

/** Whether memory's vectors come from the endpoint: one choice for a whole run, which its record names. */
export function embedsWith({ llm }: Scenario, { embeddings }: Client['capabilities']): boolean {
  return llm?.embeddingModel !== undefined && embeddings !== null;
}
