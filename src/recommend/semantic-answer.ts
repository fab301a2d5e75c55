// From a trained model over semantic IDs to the answers of a recommender. Each request is searched alone: four side
// by side take three and a half times as long as one, so company would only make everybody wait (decision 220).

import type { GenerativeAnswer } from './define-model.ts';
import { excludedItems } from './ranking.ts';
import { reachingSearch, type SearchParts } from './semantic-search.ts';
import { historySteps } from './sequences.ts';
import type { TrainingTable } from './training-table.ts';

/** Answers with the found items of the table; propensity 1, since a search has no chance in it. */
export function semanticAnswer(table: TrainingTable, parts: Omit<SearchParts, 'rows'>): GenerativeAnswer {
  const search = reachingSearch({ ...parts, rows: 1 });
  return (request) => {
    const history = historySteps(table, request.history, parts.plan.length - 1);
    const excluded = excludedItems(table, request.exclude);
    const { found, reach } = search([{ history, k: request.k, excluded }])[0]!;
    return {
      items: found.map(({ item, score }) => ({ id: table.itemIds[item]!, score, propensity: 1 })),
      generated: { by: 'search', reach },
    };
  };
}
