// EXECUTE one session: look, think, act, log. The parts are ready objects; this file knows no names, files or
// flags, reads nothing back from the store, and lets every fault rise to the planner that counts it.

import type { Mind } from '../../agents/agent.ts';
import type { Memory } from '../../agents/memory.ts';
import type { Profile } from '../../agents/profile.ts';
import type { StreamPart } from '../base/random.ts';
import type { Screen } from '../../sandbox/screen.ts';
import type { SiteEvent, Visit } from '../../sandbox/visit.ts';
import type { Event } from '../store/events.ts';

export interface SessionParts {
  readonly visit: Visit;
  readonly mind: Mind;
  readonly profile: Profile;
  /** Memory as forked for this session. */
  readonly memory: Memory;
  /** Simulated seconds since the visitor's first visit at which this one begins. */
  readonly arrival: number;
  /** Names the visitor's random streams; the same for twins. */
  readonly key: readonly StreamPart[];
  readonly stepLimit: number;
  keepScreen(screen: Screen): Promise<void>;
  /** Hears what happens on the site, as it happens; the seconds since the start include thinking. */
  hear(event: SiteEvent, seconds: number): void;
}

export interface SessionOutcome {
  readonly events: readonly Event[];
  readonly steps: number;
  readonly exitReason: Extract<Event, { type: 'visit-ended' }>['reason'];
  readonly simulatedSeconds: number;
  /** Memory at the end, the visit still in its short term. */
  readonly memory: Memory;
}

/** Runs one visitor's visit under one arm until it leaves, tires or reaches the step limit. */
export async function runSession(parts: SessionParts): Promise<SessionOutcome> {
  const { visit, mind } = parts;
  const events: Event[] = [];
  let state = { ...mind.begin(parts.profile, parts.memory, parts.key), time: parts.arrival };
  let thinking = 0;
  const now = (): number => visit.seconds() + thinking;
  const log = (happened: readonly SiteEvent[]): void => {
    for (const event of happened) {
      events.push({ ...event, time: now() });
      parts.hear(event, now());
    }
  };

  events.push({ type: 'visit-started', time: 0, budget: state.fatigue.budget });
  log(await visit.start());
  for (let step = 1; step <= parts.stepLimit; step++) {
    const screen = await visit.look();
    await parts.keepScreen(screen);
    const {
      state: decided,
      action,
      thought,
    } = await mind.decide({ ...state, time: parts.arrival + now() }, screen);
    state = decided;
    thinking += thought.seconds;
    events.push({
      type: 'step-taken',
      time: now(),
      page: visit.page(),
      screen: screen.hash,
      noticed: [...thought.noticed],
      interest: thought.interest,
      fatigue: state.fatigue.spent,
      action: action.type,
      mark: action.type === 'leave' ? null : action.mark,
      recalled: thought.recalled.map(({ text }) => text),
      recallScores: thought.recalled.map(({ score }) => score),
      reason: thought.reason,
    });
    log(await visit.act(action));
    if (action.type === 'leave') {
      events.push({ type: 'visit-ended', time: now(), reason: action.reason });
      return {
        events,
        steps: step,
        exitReason: action.reason,
        simulatedSeconds: now(),
        memory: state.memory,
      };
    }
  }
  events.push({ type: 'visit-ended', time: now(), reason: 'step-limit' });
  return {
    events,
    steps: parts.stepLimit,
    exitReason: 'step-limit',
    simulatedSeconds: now(),
    memory: state.memory,
  };
}
