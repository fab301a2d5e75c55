// How a scenario splits the histories of its catalogue. A function of its own, so that who asks later what a run could
// not have seen, gets the same split.

import type { Catalogue } from '../catalogue/item.ts';
import { splitHistories, type HistorySplit } from '../catalogue/split.ts';
import type { Scenario } from './scenario.ts';
import { quarantined } from './suspects.ts';

const cultureShare = 0.5;
const heldOutShare = 0.3;

/** Culture, visitors, their training part, and the held-out part that no arm and no mind of the run has seen. */
export function splitOfRun(scenario: Scenario, catalogue: Catalogue): HistorySplit {
  return splitHistories(scenario.quarantine ? quarantined(catalogue) : catalogue, {
    seed: scenario.seed,
    cultureShare,
    heldOutShare,
    minimumHistory: scenario.population.minimumHistory,
  });
}
