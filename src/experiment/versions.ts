// What a run is made of, by name: the parts of its catalogue, its mind and prompts, its arms and their weights, its
// browser. Noted when the run begins; a run whose parts have changed is not gone on with, because half of its
// visitors would then have met another experiment. The scenario has its own hash (folder.ts).

import { prompts } from '../../agents/minds/llm-prompts.ts';
import { RehearsalError } from '../base/error.ts';
import { digest } from '../base/hash.ts';
import { catalogueDigest } from '../catalogue/digest.ts';
import type { Catalogue } from '../catalogue/item.ts';
import type { Experiment } from './build.ts';
import { mindsOf } from './scenario-minds.ts';

/** A text for each part; hashes are cut to 16 digits. */
export type Versions = Readonly<Record<string, string>>;

const shown = 16;

/** The parts that are known before anything is trained. */
export function givenVersions(catalogue: Catalogue, browser: string): Versions {
  const { items, people, interactions } = catalogueDigest(catalogue);
  return {
    'catalogue items': items.slice(0, shown),
    'catalogue people': people.slice(0, shown),
    'catalogue histories': interactions.slice(0, shown),
    browser,
  };
}

/** The parts that are known once the experiment is built. */
export function builtVersions({ scenario, minds, arms }: Experiment): Versions {
  const asked = mindsOf(scenario).includes('llm') ? Object.entries(prompts) : [];
  return {
    ...Object.fromEntries(asked.map(([name, text]) => [`prompt ${name}`, digest(text).slice(0, shown)])),
    ...Object.fromEntries(
      minds.map((mind) => [
        minds.length === 1 ? 'mind' : `mind ${mind.name}`,
        `${mind.name} ${mind.version}`,
      ]),
    ),
    ...Object.fromEntries(
      arms.map(({ name, method, recommender }) => [`arm ${name}`, `${method} ${recommender.version}`]),
    ),
    ...Object.fromEntries(
      arms.flatMap(({ name, recommender: { weights } }) =>
        weights === undefined ? [] : [[`weights of arm ${name}`, weights.slice(0, shown)]],
      ),
    ),
  };
}

/**
 * Throws a RehearsalError that names every part of `now` that was noted otherwise when the run began. Parts that an
 * older version of this program did not note cannot be compared and pass.
 */
export function requireSameVersions(noted: Versions, now: Versions): void {
  const changed = Object.entries(now).filter(([part, version]) => (noted[part] ?? version) !== version);
  if (changed.length === 0) return;
  const list = changed.map(([part, version]) => `  ${part}: was ${noted[part]}, is ${version}`);
  throw new RehearsalError(
    `This run cannot be gone on with, because what it is made of has changed since it began:\n${list.join('\n')}`,
    { hint: hintFor(changed.map(([part]) => part)) },
  );
}

function hintFor(parts: readonly string[]): string {
  const mend = parts.some((part) => part.startsWith('catalogue'))
    ? 'Import the former catalogue again under its name'
    : parts.some((part) => part.startsWith('weights'))
      ? 'Put the former checkpoint back into data/checkpoints'
      : parts.includes('browser')
        ? 'Name the former browser with REHEARSAL_BROWSER'
        : 'Restore what was changed';
  return `${mend}, or begin again: rehearsal run SCENARIO --out DIR. The sessions recorded so far stay as they are.`;
}
