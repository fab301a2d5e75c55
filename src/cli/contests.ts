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
import { contestCommand, contestSettings, type ContestOption } from './contest-options.ts';
import type { VerbInput } from './verb.ts';

interface Done {
  /** One, or several that stand beside those of other data and seeds. */
  readonly section: Section | readonly Section[];
  /** What --json prints of it. */
  readonly document: unknown;
}

export interface Contest {
  readonly name: string;
  readonly needsData?: boolean;
  /** Too long to run where no name is given. */
  readonly onlyByName?: boolean;
  run(input: VerbInput, log: (line: string) => void): Promise<Done>;
}

const settingsOf = (input: VerbInput, log: (line: string) => void) => ({
  visitors: input.integer('visitors')!,
  seed: input.integer('seed')!,
  log,
});

/** A contest that trains models on published data, hours of it, with a section for each data set and seed. */
function trainedContest<Report>(
  name: string,
  takes: readonly ContestOption[],
  contest: (settings: ContestSettings) => Promise<readonly Report[]>,
  sections: (reports: readonly Report[], command: string, seed: number) => readonly Section[],
): Contest {
  return {
    name,
    needsData: true,
    onlyByName: true,
    run: async (input, log) => {
      const settings = contestSettings(name, takes, input, log);
      const reports = await contest(settings);
      return { section: sections(reports, contestCommand(name, input), settings.seed), document: reports };
    },
  };
}

/** The contests, in the order of their names. */
export const contests: readonly Contest[] = [
  {
    name: 'aa',
    run: (input, log) =>
      onStage(async (studio) => {
        const rows = await aaContest(studio, { seeds: input.integer('seeds')!, log });
        return { section: aaSection(rows, `npm run bench -- aa --seeds ${rows.length}`), document: rows };
      }),
  },
  trainedContest('beams', ['sets', 'people'], beamContest, beamsSections),
  {
    name: 'crowd',
    onlyByName: true,
    run: async (_input, log) => {
      if (!hasRedis())
        throw new UsageError('the crowd needs redis-server', 'On Debian: apt-get install redis-server');
      const report = await crowdContest({ log });
      return { section: crowdSection(report, 'npm run bench -- crowd'), document: report };
    },
  },
  {
    name: 'dashboard',
    run: (input, log) =>
      onStage(async (studio) => {
        const sessions = input.integer('sessions')!;
        const report = await dashboardContest(studio, { sessions, seed: input.integer('seed')!, log });
        const command = `npm run bench -- dashboard --sessions ${sessions}`;
        return { section: dashboardSection(report, command), document: report };
      }),
  },
  {
    name: 'export',
    run: async (input, log) => {
      const impressions = input.integer('impressions')!;
      const report = await exportContest({ impressions, log });
      return {
        section: exportSection(report, `npm run bench -- export --impressions ${impressions}`),
        document: report,
      };
    },
  },
  {
    name: 'faults',
    onlyByName: true,
    run: async (input, log) => {
      const report = await faultsContest({ visitors: 12, seed: input.integer('seed')!, log });
      return { section: faultsSection(report, 'npm run bench -- faults'), document: report };
    },
  },
  trainedContest('guided', ['sets', 'people'], guidedContest, guidedSections),
  trainedContest('lazy', ['sets'], lazyContest, lazySections),
  {
    name: 'likeness',
    needsData: true,
    run: (input, log) =>
      onStage(async (studio) => {
        const settings = settingsOf(input, log);
        const report = await likenessContest(input.text('data')!, studio, settings);
        const command = `npm run bench -- likeness --visitors ${settings.visitors} --seed ${settings.seed}`;
        return { section: likenessSection(report, command), document: report };
      }),
  },
  trainedContest('names', ['sets', 'people'], namesContest, namesSections),
  {
    name: 'overhead',
    run: (input, log) =>
      onStage(async (studio) => {
        const settings = settingsOf(input, log);
        const report = await overheadContest(studio, settings);
        const command = `npm run bench -- overhead --visitors ${settings.visitors} --seed ${settings.seed}`;
        return { section: overheadSection(report, command), document: report };
      }),
  },
  trainedContest('pooled', ['sets', 'methods', 'people'], pooledContest, pooledSections),
  trainedContest('recommenders', ['sets', 'methods', 'people'], recommenderContest, recommendersSections),
  {
    name: 'scale',
    run: async (input, log) => {
      const events = input.integer('events')!;
      const report = scaleContest({ events, log });
      return { section: scaleSection(report, `npm run bench -- scale --events ${events}`), document: report };
    },
  },
  {
    name: 'serving',
    needsData: true,
    run: async (input, log) => {
      const read = await importerNamed('recbole').read(join(input.text('data')!, 'ml-100k'), {
        name: 'ml-100k',
      });
      const settings = { requests: 100, seed: input.integer('seed')!, log };
      const report = await servingContest(read.catalogue, settings);
      return { section: servingSection(report, 'npm run bench -- serving'), document: report };
    },
  },
  {
    name: 'soak',
    onlyByName: true,
    run: async (input, log) => {
      const sessions = input.integer('long-run')!;
      const minutes = input.integer('minutes') ?? 120;
      const report = await soakContest({ sessions, minutes, seed: input.integer('seed')!, log });
      const command = `npm run bench -- soak --long-run ${sessions} --minutes ${minutes}`;
      return { section: soakSection(report, command), document: report };
    },
  },
  {
    name: 'speed',
    run: (input, log) =>
      onStage(async (studio) => {
        const report = await speedReport(studio, settingsOf(input, log));
        return { section: speedSection(report, 'npm run bench -- speed'), document: report };
      }),
  },
  {
    name: 'statistics',
    run: async (input, log) => {
      const repetitions = input.integer('repetitions')!;
      const section = statisticsSection(input.text('data')!, { repetitions, log });
      return { section, document: section.lines };
    },
  },
  {
    name: 'torture',
    onlyByName: true,
    run: async (input, log) => {
      const kills = input.integer('kills')!;
      const minutes = input.integer('minutes');
      const report = await tortureContest({
        kills,
        stops: Math.ceil(kills / 10),
        workers: [1, 4],
        minutes,
        visitors: 12,
        seed: input.integer('seed')!,
        log,
      });
      return {
        section: tortureSection(
          report,
          `npm run bench -- torture --kills ${kills}${minutes === undefined ? '' : ` --minutes ${minutes}`}`,
        ),
        document: report,
      };
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
