// Everything a visitor may do. An action names a mark of the current screen by its number; it is legal when
// that mark is there and plays the action's role. Leaving is always legal: anyone can close the tab.

import { z } from 'zod';
import type { Mark, MarkRole } from './screen.ts';

const mark = z.int().min(1);

export const actionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('open'), mark }),
  z.object({ type: z.literal('next-page'), mark }),
  z.object({ type: z.literal('previous-page'), mark }),
  z.object({ type: z.literal('back'), mark }),
  z.object({ type: z.literal('search'), mark, query: z.string().min(1).max(100) }),
  z.object({ type: z.literal('watch'), mark }),
  z.object({ type: z.literal('rate'), mark, stars: z.int().min(1).max(5) }),
  z.object({ type: z.literal('add-to-list'), mark }),
  z.object({ type: z.literal('leave'), reason: z.enum(['satisfied', 'bored', 'tired', 'time-over']) }),
]);
export type Action = z.infer<typeof actionSchema>;
export type ActionType = Action['type'];
export type LeaveReason = Extract<Action, { type: 'leave' }>['reason'];

/** The role a mark must play for each action; leaving needs none. */
export const roleOf: Readonly<Record<Exclude<ActionType, 'leave'>, MarkRole>> = {
  open: 'card',
  'next-page': 'next-page',
  'previous-page': 'previous-page',
  back: 'back',
  search: 'search',
  watch: 'watch',
  rate: 'rate',
  'add-to-list': 'add-to-list',
};

/** The mark an action names, if it is on the screen and plays the right role; undefined when illegal or leaving. */
export function markOf(action: Action, marks: readonly Mark[]): Mark | undefined {
  if (action.type === 'leave') return undefined;
  return marks.find(
    (candidate) => candidate.number === action.mark && candidate.role === roleOf[action.type],
  );
}

/** Whether the action may be done on a screen with these marks. */
export function isLegal(action: Action, marks: readonly Mark[]): boolean {
  return action.type === 'leave' || markOf(action, marks) !== undefined;
}
