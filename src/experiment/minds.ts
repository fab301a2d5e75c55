// Who visits with which mind. A visitor is a person with a mind: where a scenario has several minds, one person makes
// several visitors, with the same profile, history and chance, who never meet.

import { z } from 'zod';
import { randomFrom } from '../base/random.ts';
import type { VisitorRecord } from '../store/session.ts';
import type { Visitor } from './population.ts';
import type { Scenario } from './scenario.ts';
import { mindsOf, type MindName } from './scenario-minds.ts';

/** The visitor's name in the record: the person's where there is one mind for all. */
export function visitorId(person: string, mind: MindName, { minds }: Pick<Scenario, 'minds'>): string {
  return minds === undefined ? person : `${person}@${mind}`;
}

/** The visitors that people make under the scenario's allotment, mind by mind in its order. */
export function allotted(scenario: Scenario, people: readonly Visitor[]): Visitor[] {
  const minds = mindsOf(scenario);
  const { allotment } = scenario;
  const drawn = randomFrom(scenario.seed, 'allotment').shuffle(people);
  const ofMind = (place: number): readonly Visitor[] => {
    switch (allotment.rule) {
      case 'doubled':
        return people;
      case 'split':
        return drawn.filter((_person, index) => index % minds.length === place);
      case 'few':
        return place === 0 ? people : drawn.slice(0, allotment.people);
      default:
        return allotment satisfies never;
    }
  };
  return minds.flatMap((mind, place) => {
    const own = new Set(ofMind(place).map(({ profile }) => profile.id));
    return people
      .filter(({ profile }) => own.has(profile.id))
      .map((person) => ({ ...person, id: visitorId(person.profile.id, mind, scenario), mind }));
  });
}

/** How many visitors a scenario will have. */
export function visitorCount(scenario: Scenario): number {
  const { visitors } = scenario.population;
  switch (scenario.allotment.rule) {
    case 'doubled':
      return visitors * mindsOf(scenario).length;
    case 'split':
      return visitors;
    case 'few':
      return visitors + scenario.allotment.people;
    default:
      return scenario.allotment satisfies never;
  }
}

const personSchema = z.object({ id: z.string() });

/** Visitors of the record by name, each with its person and its mind. */
export function recordedMinds(
  scenario: Scenario,
  visitors: readonly VisitorRecord[],
): ReadonlyMap<string, { readonly person: string; readonly mind: MindName }> {
  return new Map(
    visitors.map(({ id, profile }) => {
      const person = personSchema.parse(profile).id;
      const mind = mindsOf(scenario).find((each) => visitorId(person, each, scenario) === id);
      if (mind === undefined) throw new Error(`defect: the visitor ${id} has no mind of the scenario`);
      return [id, { person, mind }];
    }),
  );
}
