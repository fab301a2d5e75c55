// The contract of a visitor: (state, screen) → (state, action, thought). A mind sees screens, its profile and
// its memory, nothing else; one contract suite (test/contracts/mind.ts) holds for all of them.

import type { Action } from '../sandbox/actions.ts';
import type { Box, Screen } from '../sandbox/screen.ts';
import type { Fatigue } from './fatigue.ts';
import type { Memory } from './memory.ts';
import type { Profile } from './profile.ts';

/** Something on the screen that the visitor examined, and how much it wanted it: interest on 1-5. */
export interface Noticed {
  readonly mark: number;
  readonly text: string;
  readonly interest: number;
  readonly box: Box;
}

export interface Thought {
  readonly noticed: readonly Noticed[];
  /** Interest of the step as a whole, 1-5; dull steps tire most. */
  readonly interest: number;
  /** The memories that were recalled, best first: relevance + recency + importance, each 0-1, weighed. */
  readonly recalled: readonly { readonly text: string; readonly score: number }[];
  readonly reason: string;
  /** Simulated seconds spent looking and deciding. */
  readonly seconds: number;
}

/** Everything a visitor carries through a visit. `inner` belongs to the mind that made it. */
export interface AgentState {
  readonly profile: Profile;
  readonly memory: Memory;
  readonly fatigue: Fatigue;
  /** Simulated seconds since the visitor's first visit ever. */
  readonly time: number;
  readonly inner: unknown;
}

export interface Decision {
  readonly state: AgentState;
  readonly action: Action;
  readonly thought: Thought;
}

/**
 * What a visitor says of itself as it was when it came, before it saw anything: nothing on a page may change it. Null
 * for what its mind has no word for.
 */
export interface SelfStatement {
  /** In years. */
  readonly age: number | null;
  /** 1 (bad) to 5 (good). */
  readonly mood: number | null;
  /** What it came to spend, in a unit of the mind's own: minutes, or fatigue. */
  readonly budget: number | null;
}

export interface Mind {
  readonly name: string;
  /** Digest of the mind's parameters, prompts and knowledge. */
  readonly version: string;
  /** State at the door; `key` names the visitor's random streams: equal keys, equal chance. */
  begin(profile: Profile, memory: Memory, key: readonly (string | number)[]): AgentState;
  decide(state: AgentState, screen: Screen): Promise<Decision>;
  /** What the visitor says of itself while it looks at a page; a mind without words has none. */
  introduce?(state: AgentState, screen: Screen): Promise<SelfStatement>;
}
