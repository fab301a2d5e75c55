// The table of contests: what each takes from the command line, and what it prints. `rehearsal bench` runs them.

import { join } from 'node:path';
import { openStudio, type Studio } from '../../sandbox/camera.ts';
import { UsageError } from '../base/error.ts';
import { aaContest, aaSection } from '../bench/aa.ts';
import { beamContest } from '../bench/beams.ts';
import { crowdContest, crowdSection } from '../bench/crowd.ts';
import { dashboardContest, dashboardSection } from '../bench/dashboard.ts';
import { exportContest, exportSection } from '../bench/export.ts';
import { faultsContest, faultsSection } from '../bench/faults.ts';
import { guidedContest } from '../bench/guided.ts';
import { guidedSections } from '../bench/guided-page.ts';
import { lazyContest } from '../bench/lazy.ts';
import { lazySections } from '../bench/lazy-page.ts';
import { likenessContest, likenessSection } from '../bench/likeness.ts';
import { namesContest } from '../bench/names.ts';
import { namesSections } from '../bench/names-page.ts';
import { overheadContest, overheadSection } from '../bench/overhead.ts';
import type { Section } from '../bench/page.ts';
import { pooledContest } from '../bench/pooled.ts';
import { recommenderContest, type ContestSettings } from '../bench/recommenders.ts';
import { beamsSections, pooledSections, recommendersSections } from '../bench/recommenders-page.ts';
import { hasRedis } from '../bench/redis-server.ts';
import { scaleContest, scaleSection } from '../bench/scale.ts';
import { soakSection } from '../bench/soak-section.ts';
import { soakContest } from '../bench/soak.ts';
import { speedReport, speedSection } from '../bench/speed-report.ts';
import { servingSection } from '../bench/serving-page.ts';
import { servingContest } from '../bench/serving.ts';
import { statisticsSection } from '../bench/statistics.ts';
import { tortureSection } from '../bench/torture-section.ts';
import { tortureContest } from '../bench/torture.ts';
import { importerNamed } from '../catalogue/import/importers.ts';
import type { ContestInput, ContestOption } from './contest-options.ts';

interface Done {
  /** One, or several that stand beside those of other data and seeds. */
  readonly section: Section | readonly Section[];
  /** What --json prints of it. */
  readonly document: unknown;
}

export interface Contest {
  readonly name: string;
  /** Its options, in the order in which its command names them. */
  readonly takes: readonly ContestOption[];
  readonly needsData?: boolean;
  /** Too long to run where no name is given. */
  readonly onlyByName?: boolean;
  /** `command` is what its sections name. */
  run(given: ContestInput, command: string, log: (line: string) => void): Promise<Done>;
}

/** A contest that trains models on published data, hours of it, with a section for each data set and seed. */
function trainedContest<Report>(
  name: string,
  takes: readonly ('sets' | 'methods' | 'people')[],
  contest: (settings: ContestSettings) => Promise<readonly Report[]>,
  sections: (reports: readonly Report[], command: string, seed: number) => readonly Section[],
): Contest {
  return {
    name,
    takes: [...takes, 'seed', 'data', 'checkpoints'],
    needsData: true,
    onlyByName: true,
    run: async ({ data, checkpoints, sets, methods, people, seed }, command, log) => {
      const reports = await contest({ data, checkpoints, sets, methods, people, seed, log });
      return { section: sections(reports, command, seed), document: reports };
    },
  };
}

/** The contests, in the order of their names. */
export const contests: readonly Contest[] = [
  {
    name: 'aa',
    takes: ['seeds'],
    run: ({ seeds }, command, log) =>
      onStage(async (studio) => {
        const rows = await aaContest(studio, { seeds, log });
        return { section: aaSection(rows, command), document: rows };
      }),
  },
  trainedContest('beams', ['sets', 'people'], beamContest, beamsSections),
  {
    name: 'crowd',
    takes: [],
    onlyByName: true,
    run: async (_given, command, log) => {
      if (!hasRedis())
        throw new UsageError('the crowd needs redis-server', 'On Debian: apt-get install redis-server');
      const report = await crowdContest({ log });
      return { section: crowdSection(report, command), document: report };
    },
  },
  {
    name: 'dashboard',
    takes: ['sessions', 'seed'],
    run: ({ sessions, seed }, command, log) =>
      onStage(async (studio) => {
        const report = await dashboardContest(studio, { sessions, seed, log });
        return { section: dashboardSection(report, command), document: report };
      }),
  },
  {
    name: 'export',
    takes: ['impressions'],
    run: async ({ impressions }, command, log) => {
      const report = await exportContest({ impressions, log });
      return { section: exportSection(report, command), document: report };
    },
  },
  {
    name: 'faults',
    takes: ['seed'],
    onlyByName: true,
    run: async ({ seed }, command, log) => {
      const report = await faultsContest({ visitors: 12, seed, log });
      return { section: faultsSection(report, command), document: report };
    },
  },
  trainedContest('guided', ['sets', 'people'], guidedContest, guidedSections),
  trainedContest('lazy', ['sets'], lazyContest, lazySections),
  {
    name: 'likeness',
    takes: ['visitors', 'seed', 'data'],
    needsData: true,
    run: ({ data, visitors, seed }, command, log) =>
      onStage(async (studio) => {
        const report = await likenessContest(data, studio, { visitors, seed, log });
        return { section: likenessSection(report, command), document: report };
      }),
  },
  trainedContest('names', ['sets', 'people'], namesContest, namesSections),
  {
    name: 'overhead',
    takes: ['visitors', 'seed'],
    run: ({ visitors, seed }, command, log) =>
      onStage(async (studio) => {
        const report = await overheadContest(studio, { visitors, seed, log });
        return { section: overheadSection(report, command), document: report };
      }),
  },
  trainedContest('pooled', ['sets', 'methods', 'people'], pooledContest, pooledSections),
  trainedContest('recommenders', ['sets', 'methods', 'people'], recommenderContest, recommendersSections),
  {
    name: 'scale',
    takes: ['events'],
    run: async ({ events }, command, log) => {
      const report = scaleContest({ events, log });
      return { section: scaleSection(report, command), document: report };
    },
  },
  {
    name: 'serving',
    takes: ['seed', 'data'],
    needsData: true,
    run: async ({ data, seed }, command, log) => {
      const read = await importerNamed('recbole').read(join(data, 'ml-100k'), { name: 'ml-100k' });
      const report = await servingContest(read.catalogue, { requests: 100, seed, log });
      return { section: servingSection(report, command), document: report };
    },
  },
  {
    name: 'soak',
    takes: ['long-run', 'minutes', 'seed'],
    onlyByName: true,
    run: async ({ 'long-run': sessions, minutes = 120, seed }, command, log) => {
      const report = await soakContest({ sessions, minutes, seed, log });
      return { section: soakSection(report, command), document: report };
    },
  },
  {
    name: 'speed',
    takes: ['visitors', 'seed'],
    run: ({ visitors, seed }, command, log) =>
      onStage(async (studio) => {
        const report = await speedReport(studio, { visitors, seed, log });
        return { section: speedSection(report, command), document: report };
      }),
  },
  {
    name: 'statistics',
    takes: ['repetitions', 'data'],
    run: async ({ data, repetitions }, command, log) => {
      const section = statisticsSection(data, { repetitions, log }, command);
      return { section, document: section.lines };
    },
  },
  {
    name: 'torture',
    takes: ['kills', 'minutes', 'seed'],
    onlyByName: true,
    run: async ({ kills, minutes, seed }, command, log) => {
      const report = await tortureContest({
        kills,
        stops: Math.ceil(kills / 10),
        workers: [1, 4],
        minutes,
        visitors: 12,
        seed,
        log,
      });
      return { section: tortureSection(report, command), document: report };
    },
  },
];
async function onStage(work: (studio: Studio) => Promise<Done>): Promise<Done> {
  const studio = await openStudio();
  try {
    return await work(studio);
  } finally {
    await studio.close();
  }
}
