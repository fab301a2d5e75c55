// The comparison of two ways of deciding as lines of text. What is said here is all in the report.

import type { DecidingReport } from './deciding.ts';
import { figureText, percent, points } from './figure-text.ts';

/** The report for a person to read. */
export function decidingLines({ visitors, ways, difference }: DecidingReport): string[] {
  return [
    `${visitors} visitors on the same pages`,
    ...ways.flatMap(({ way, decisions, failed, perDecision, agreement, taste }) => {
      const lost = Object.entries(failed).map(([kind, count]) => `${kind} × ${count}`);
      const cost =
        perDecision === null
          ? 'no decision'
          : `${perDecision.calls.toFixed(2)} calls, ${Math.round(perDecision.tokensIn)} + ${Math.round(perDecision.tokensOut)} tokens, ${perDecision.usd === null ? 'no price' : `$${perDecision.usd.toFixed(5)}`} a decision`;
      return [
        '',
        `${way}: ${decisions} decisions, ${cost}${lost.length === 0 ? '' : `; without an answer: ${lost.join(', ')}`}`,
        `  agrees with itself     ${figureText(agreement, percent)}`,
        `  likes opened beyond chance  ${figureText(taste, points)}`,
      ];
    }),
    '',
    'agent less direct:',
    `  agrees with itself     ${figureText(difference.agreement, points)}`,
    `  likes opened beyond chance  ${figureText(difference.taste, points)}`,
  ];
}
