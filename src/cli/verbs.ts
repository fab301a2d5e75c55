// The table of verbs: what `rehearsal` can do. A verb is loaded only when it is asked for, so that help is quick
// and `doctor` still speaks where a package that another verb needs cannot be loaded.

import type { Verb } from './verb.ts';

export interface VerbEntry {
  readonly name: string;
  /** The verb's own summary; a test holds the two equal. */
  readonly summary: string;
  load(): Promise<Verb>;
}

/** Every verb, in the order of a first use. */
export const verbs: readonly VerbEntry[] = [
  {
    name: 'import',
    summary: 'Read a data set into a named catalogue.',
    load: async () => (await import('./import.ts')).importVerb,
  },
  {
    name: 'plan',
    summary: 'Say how many visitors, sessions, tokens and minutes an answer takes.',
    load: async () => (await import('./plan.ts')).planVerb,
  },
  {
    name: 'train',
    summary: 'Train a model on a catalogue and keep its weights.',
    load: async () => (await import('./train.ts')).trainVerb,
  },
  {
    name: 'evaluate',
    summary: 'Compare methods on what people chose next.',
    load: async () => (await import('./evaluate.ts')).evaluateVerb,
  },
  {
    name: 'recommend',
    summary: 'Show the slate a method gives to one visitor.',
    load: async () => (await import('./recommend.ts')).recommendVerb,
  },
  {
    name: 'run',
    summary: 'Run a scenario: sessions, analysis, verdict and report.',
    load: async () => (await import('./run.ts')).runVerb,
  },
  {
    name: 'resume',
    summary: 'Go on with an interrupted run.',
    load: async () => (await import('./resume.ts')).resumeVerb,
  },
  {
    name: 'work',
    summary: 'Live sessions for runs that give them out through a queue.',
    load: async () => (await import('./work.ts')).workVerb,
  },
  {
    name: 'check',
    summary: 'Check that the record of a run is whole.',
    load: async () => (await import('./check.ts')).checkVerb,
  },
  {
    name: 'view',
    summary: 'Look at runs in a browser: results, replays, visitors, items.',
    load: async () => (await import('./view.ts')).viewVerb,
  },
  {
    name: 'report',
    summary: 'Write the report of a run again from its record, or all its views as files.',
    load: async () => (await import('./report.ts')).reportVerb,
  },
  {
    name: 'export',
    summary: 'Write a run as a data set with a card.',
    load: async () => (await import('./export.ts')).exportVerb,
  },
  {
    name: 'augment',
    summary: 'Ask whether the rows of a run help recommenders trained on them.',
    load: async () => (await import('./augment.ts')).augmentVerb,
  },
  {
    name: 'serve',
    summary: 'Train a method on a catalogue and serve it over HTTP.',
    load: async () => (await import('./serve.ts')).serveVerb,
  },
  {
    name: 'audit',
    summary: 'Ask how far a mind can be trusted.',
    load: async () => (await import('./audit.ts')).auditVerb,
  },
  {
    name: 'bench',
    summary: 'Run the contests whose figures stand in docs/bench.md.',
    load: async () => (await import('./bench.ts')).benchVerb,
  },
  {
    name: 'doctor',
    summary: 'Say what works on this machine and what to do where it does not.',
    load: async () => (await import('./doctor.ts')).doctorVerb,
  },
];
