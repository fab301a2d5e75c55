// BUILD: from a scenario's names to ready objects: catalogue → split → arms, visitors, mind. Nothing else; what
// runs sessions knows no names, what names things runs no sessions.

import type { Mind } from '../../agents/agent.ts';
import { choiceMind } from '../../agents/minds/choice.ts';
import { oracleMind, randomMind, topSlotMind } from '../../agents/minds/scripted.ts';
import { normaliseTitle } from '../../agents/text.ts';
import { titleSearch, type TitleSearch } from '../../sandbox/search.ts';
import type { Catalogue, Item } from '../catalogue/item.ts';
import { shownQuality, splitHistories, type HistorySplit } from '../catalogue/split.ts';
import { heldOutNdcg } from '../recommend/evaluate.ts';
import { likedByPerson, readyArm, type ReadyArm } from './arms.ts';
import { knowledgeOf, marginalsText, visitorsOf, type Visitor } from './population.ts';
import type { Scenario } from './scenario.ts';

export interface Experiment {
  readonly scenario: Scenario;
  readonly items: ReadonlyMap<string, Item>;
  /** The site's own search, the same under every arm. */
  readonly search: TitleSearch;
  readonly arms: readonly ReadyArm[];
  readonly visitors: readonly Visitor[];
  readonly mind: Mind;
  /** NDCG@20 of each arm on the visitors' held-out likes; null where it means nothing. */
  readonly heldOutNdcg20: Readonly<Record<string, number | null>>;
  /** Share of the visitors' liked titles that the mind's knowledge knows. */
  readonly titlesKnown: number;
}

const cultureShare = 0.5;
const heldOutShare = 0.3;
const gradedTo = 20;

/** Makes everything a run needs. Training is the long part; `log` is told of each step. */
export async function buildExperiment(
  scenario: Scenario,
  catalogue: Catalogue,
  log: (line: string) => void,
): Promise<Experiment> {
  const split = splitHistories(catalogue, {
    seed: scenario.seed,
    cultureShare,
    heldOutShare,
    minimumHistory: scenario.population.minimumHistory,
  });
  const shown = shownQuality(catalogue.items, split.armTraining);
  const items = new Map(shown.map((item) => [item.id, item]));
  const visitors = visitorsOf(scenario, catalogue, items, split);
  log(`${catalogue.name}: ${items.size} items, ${split.armTraining.length} training ratings`);

  const arms: ReadyArm[] = [];
  const heldOutNdcg20: Record<string, number | null> = {};
  for (const declared of scenario.arms) {
    log(`making arm ${declared.name}`);
    const arm = await readyArm(declared, shown, split, scenario.seed);
    arms.push(arm);
    heldOutNdcg20[arm.name] =
      arm.gradable && 'method' in declared ? await gradeOf(arm, visitors, split) : null;
  }
  log(marginalsText(visitors, split));
  const { mind, titlesKnown } = mindNamed(scenario.mind, items, split, visitors);
  if (scenario.mind === 'choice')
    log(`the mind knows ${(100 * titlesKnown).toFixed(1)} % of the titles its visitors like`);
  return { scenario, items, search: titleSearch(shown), arms, visitors, mind, heldOutNdcg20, titlesKnown };
}

async function gradeOf(
  arm: ReadyArm,
  visitors: readonly Visitor[],
  split: HistorySplit,
): Promise<number | null> {
  const liked = likedByPerson(split);
  const cases = visitors.flatMap(({ profile, history }) => {
    const wanted = liked.get(profile.id) ?? [];
    return wanted.length === 0 ? [] : [{ visitor: profile.id, history: [...history], liked: wanted }];
  });
  return cases.length === 0 ? null : (await heldOutNdcg(arm.recommender, cases, gradedTo)).mean;
}

/** The mind and how many of the visitors' liked titles it knows by name. */
function mindNamed(
  name: Scenario['mind'],
  items: ReadonlyMap<string, Item>,
  split: HistorySplit,
  visitors: readonly Visitor[],
): { mind: Mind; titlesKnown: number } {
  const knowledge = knowledgeOf(items, split);
  const titles = visitors.flatMap(({ profile }) => profile.liked.map((taste) => normaliseTitle(taste.title)));
  const titlesKnown =
    titles.filter((title) => knowledge.titles.has(title)).length / Math.max(1, titles.length);
  switch (name) {
    case 'choice':
      return { mind: choiceMind(knowledge), titlesKnown };
    case 'random':
      return { mind: randomMind, titlesKnown };
    case 'top-slot':
      return { mind: topSlotMind, titlesKnown };
    case 'oracle':
      return {
        titlesKnown,
        mind: oracleMind(
          new Map(
            [...likedByPerson(split)].map(([person, liked]) => [
              person,
              new Set(liked.map((id) => normaliseTitle(items.get(id)!.title))),
            ]),
          ),
        ),
      };
    default:
      return name satisfies never;
  }
}
