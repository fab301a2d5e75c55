// Many people asked for, a few at a time, in their order, by someone who may want to know how far it is or to end it.

/** Told how many were asked for so far. What it throws ends the asking. */
export type AskingWatch = (done: number) => Promise<void> | void;

/** The answers of all cases, `together` of them asked for at once. Throws what `ask` or `watch` throws. */
export async function askCases<Case, Answer>(
  cases: readonly Case[],
  together: number,
  ask: (one: Case) => Promise<Answer>,
  watch: AskingWatch = () => {},
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < cases.length; from += together) {
    answers.push(...(await Promise.all(cases.slice(from, from + together).map(ask))));
    await watch(answers.length);
  }
  return answers;
}
