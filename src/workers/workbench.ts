// What a worker works with: the experiment of a run, built from its names on this machine and held against the run's
// versions, a browser of its own, and the run's screens. It lives journeys and hands sessions over; it never sees the
// record.

import { openStudio } from '../../sandbox/camera.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import { buildExperiment } from '../experiment/build.ts';
import { endpointOfScenario } from '../experiment/item-endpoint.ts';
import { liveJourney } from '../experiment/journey.ts';
import { builtVersions, givenVersions, requireSameVersions } from '../experiment/versions.ts';
import { blobs } from '../store/blobs.ts';
import type { EndedSession } from '../store/ledger.ts';
import type { Errand, Hiring } from './messages.ts';

export interface Workbench {
  /** Lives the missing visits of an errand's journey; each is handed over as it ends. */
  live(errand: Errand, handOver: (ended: EndedSession) => void, halted: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Errands that one worker has under way at once: one for each page of its browser. */
export const errandsAtOnce = 2;

/** Sets up for a run. Throws a RehearsalError where catalogue, browser, arms or weights are not those of the run. */
export async function openWorkbench(hiring: Hiring, log: (line: string) => void): Promise<Workbench> {
  const { scenario, versions, folder } = hiring;
  const catalogue = readCatalogue(scenario.catalogue);
  const studio = await openStudio({ pages: errandsAtOnce });
  try {
    const given = givenVersions(catalogue, studio.browser.version);
    requireSameVersions(versions, given);
    // Who gives the work out has asked already, and the answers lie where the weights do.
    const asks = { access: null, interrupted: new AbortController().signal, log };
    const endpoint = endpointOfScenario(scenario, asks);
    const experiment = await buildExperiment(scenario, catalogue, log, null, { endpoint });
    requireSameVersions(versions, { ...given, ...builtVersions(experiment) });
    const screens = blobs(folder);
    return {
      live: ({ journey, recorded }, handOver, halted) =>
        liveJourney({
          experiment,
          journey,
          recorded: new Set(recorded),
          capture: (html) => studio.capture(html),
          saveScreen: (screen) => screens.saveScreen(screen),
          halted,
          ended: handOver,
        }),
      close: () => studio.close(),
    };
  } catch (error) {
    await studio.close();
    throw error;
  }
}
