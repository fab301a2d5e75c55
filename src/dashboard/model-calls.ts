// The exchanges of a session with a model, as the record holds them: what was asked for, what it cost, and what the
// model said, untouched. The record does not say which step asked, so they stand below the replay in their order.

import { z } from 'zod';
import { html } from '../report/html.ts';
import type { Html } from '../report/html.ts';
import type { Database } from '../store/database.ts';

const modelCallSchema = z.object({
  purpose: z.string(),
  operation: z.string(),
  model: z.string(),
  raw: z.string().nullable(),
  tokensIn: z.int().nullable(),
  tokensOut: z.int().nullable(),
  usd: z.number().nullable(),
  source: z.string(),
  failureKind: z.string().nullable(),
  failureMessage: z.string().nullable(),
});
export type ModelCall = z.infer<typeof modelCallSchema>;

/** Exchanges of a session by its number in the record, in the order they were made. */
export function modelCalls(database: Database, session: number): ModelCall[] {
  const rows = database
    .prepare(
      `SELECT purpose, operation, model, raw, tokens_in AS tokensIn, tokens_out AS tokensOut, usd, source,
        failure_kind AS failureKind, failure_message AS failureMessage
      FROM calls WHERE session = ? ORDER BY seq`,
    )
    .all(session);
  return z.array(modelCallSchema).parse(rows);
}

/** The exchanges, folded; null where no model was asked. */
export function modelCallsSection(calls: readonly ModelCall[]): Html | null {
  if (calls.length === 0) return null;
  return html`<section id="calls">
    <h2>What the model was asked and said</h2>
    <details class="card">
      <summary>${calls.length} exchanges</summary>
      <ol>
        ${calls.map(
          (call) =>
            html`<li>
              <p class="small">${facts(call)}</p>
              ${call.failureKind === null ? null : html`<p><span class="chip fail">${call.failureKind}</span> ${call.failureMessage}</p>`}
              ${call.raw === null ? null : html`<pre tabindex="0">${call.raw}</pre>`}
            </li>`,
        )}
      </ol>
    </details>
  </section>`;
}

function facts({ purpose, operation, model, tokensIn, tokensOut, usd, source }: ModelCall): string {
  return [
    purpose,
    operation,
    model,
    source,
    ...(tokensIn === null ? [] : [`${tokensIn} tokens in`]),
    ...(tokensOut === null ? [] : [`${tokensOut} tokens out`]),
    ...(usd === null ? [] : [`$${usd.toFixed(4)}`]),
  ].join(', ');
}
