// What a model may answer at a step, and the one action that follows from it. The mark's role on the screen decides
// what is done, so an answer cannot name an item, invent an action or confuse two cards. What is legal on this screen
// stands in a refinement: the shape on the wire is the same at every step.

import { z } from 'zod';
import { actionSchema, isLegal, roleOf, type Action, type ActionType } from '../../sandbox/actions.ts';
import type { Mark, MarkRole } from '../../sandbox/screen.ts';

const interest = z.int().min(1).max(5);

export const actAnswerSchema = z.strictObject({
  noticed: z.array(z.strictObject({ mark: z.int().min(1).max(999), interest })).max(24),
  interest,
  /** 0 leaves the site. */
  mark: z.int().min(0).max(999),
  stars: z.int().min(1).max(5).nullable(),
  query: z.string().max(100).nullable(),
  leaving: z.enum(['satisfied', 'bored', 'tired', 'time-over']).nullable(),
  reason: z.string().min(1).max(600),
});
export type ActAnswer = z.infer<typeof actAnswerSchema>;

/** The schema of a step on a screen with these marks: same shape everywhere, legal answers only. */
export function actSchemaFor(marks: readonly Mark[]): z.ZodType<ActAnswer> {
  return actAnswerSchema.superRefine((answer, context) => {
    const issue = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const numbers = new Set(marks.map(({ number }) => number));
    const noticed = answer.noticed.map(({ mark }) => mark);
    const stranger = noticed.find((mark) => !numbers.has(mark));
    if (stranger !== undefined) issue('noticed', `mark ${stranger} is not on this page`);
    if (new Set(noticed).size < noticed.length) issue('noticed', 'a mark stands there twice');
    const action = actionOf(answer, marks);
    if (typeof action === 'string') issue('mark', action);
  });
}

/** The action that an answer means, or what is wrong with it. */
export function actionOf(answer: ActAnswer, marks: readonly Mark[]): Action | string {
  if (answer.mark === 0)
    return answer.leaving === null ? 'leaving needs its reason' : { type: 'leave', reason: answer.leaving };
  const mark = marks.find(({ number }) => number === answer.mark);
  const type = mark === undefined ? undefined : actionOn(mark.role);
  if (mark === undefined || type === undefined) {
    const legal = marks.filter(({ role }) => actionOn(role) !== undefined).map(({ number }) => number);
    return `mark ${answer.mark} cannot be acted on here; 0 or one of ${legal.join(', ')} can`;
  }
  const { stars, query } = answer;
  const parsed = actionSchema.safeParse(
    type === 'rate'
      ? { type, mark: mark.number, stars }
      : type === 'search'
        ? { type, mark: mark.number, query: query?.trim() }
        : { type, mark: mark.number },
  );
  if (!parsed.success) return type === 'rate' ? 'rating needs stars' : 'searching needs a query';
  if (!isLegal(parsed.data, marks)) throw new Error(`defect: ${JSON.stringify(parsed.data)} is not legal`);
  return parsed.data;
}

/** What can be done with a mark of this role; undefined for text. */
export function actionOn(role: MarkRole): Exclude<ActionType, 'leave'> | undefined {
  return (Object.keys(roleOf) as Exclude<ActionType, 'leave'>[]).find((type) => roleOf[type] === role);
}
