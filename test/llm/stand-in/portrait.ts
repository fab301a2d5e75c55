// How the stand-in describes a person and plays the description: it repeats what it was told, and loves long titles.

import type { Rule } from './answers.ts';

/** Answers the purpose 'profile' with the first title that was liked as evidence. */
export const portraitRule: Rule = ({ words }) => {
  const title = /You liked: ([^;\n]+?)(?:;|\.\n)/.exec(words)?.[1] ?? '';
  return {
    tastes: [{ words: `You like films such as ${title}.`, evidence: [title] }],
    habits: { activity: 3, diversity: 3, conformity: 3, strictness: 3 },
  };
};

/** Answers the purpose 'consistency': the longer a title, the more stars. */
export const lovingRule: Rule = ({ marks }) => ({
  ratings: marks.map(({ number, text }) => ({ number, stars: Math.min(5, 1 + Math.floor(text.length / 6)) })),
});
