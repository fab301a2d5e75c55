// The first line of a run.

import { resolve } from 'node:path';
import { planOf } from '../experiment/assign.ts';
import { visitorCount } from '../experiment/minds.ts';
import { mindsOf } from '../experiment/scenario-minds.ts';
import type { Scenario } from '../experiment/scenario.ts';

/** How much it is, what it may cost and where it writes. */
export function headline(scenario: Scenario, path: string): string {
  const { name, arms, design } = scenario;
  const visitors = visitorCount(scenario);
  const people = Array.from({ length: visitors }, (_, index) => String(index));
  const sessions = planOf(scenario, people).length;
  return `${name}: ${arms.length} arms × ${visitors} visitors (${design}) = ${sessions} sessions, ${mindText(scenario)} → ${resolve(path)}`;
}

function mindText(scenario: Scenario): string {
  const minds = mindsOf(scenario);
  const named = minds.length === 1 ? `mind ${minds[0]}` : `minds ${minds.join(' and ')}`;
  const { llm } = scenario;
  if (llm === null) return `${named}, no model calls, $0`;
  if (!minds.includes('llm')) return `${named}, visitors ask no model`;
  const { usd, tokens, calls, minutes } = llm.budget;
  const caps = [
    ...(usd === null ? [] : [`at most $${usd}`]),
    ...(tokens === null ? [] : [`at most ${tokens} tokens`]),
    ...(calls === null ? [] : [`at most ${calls} calls`]),
    ...(minutes === null ? [] : [`at most ${minutes} minutes`]),
  ];
  if (llm.cassette?.mode === 'replay')
    return `${named}, all answers from ${llm.cassette.path}, no model calls, $0`;
  return `${named} (${llm.model}, ${llm.deciding}), ${caps.join(', ') || 'no cap on its cost'}`;
}
