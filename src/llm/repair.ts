// One further try in which a model is shown what is wrong with its answer. Only mistakes of form are repaired; a
// refusal is not asked for again, because that would choose among answers.

import type { Exchange } from './client.ts';
import type { ChatRequest, Endpoint, EndpointReply } from './endpoint.ts';
import type { Failure, FailureKind } from './failure.ts';
import { text } from './message.ts';

const repairable: readonly FailureKind[] = ['empty', 'cut-off', 'not-json', 'off-schema', 'tool-limit'];

/** Most characters of a wrong answer that the model is shown again. */
const MOST_SHOWN = 4_000;

export interface Sent {
  /** The decisive reply. */
  readonly reply: EndpointReply;
  /** One exchange, or two where the first was repaired. */
  readonly exchanges: readonly Exchange[];
}

/** Sends a request, and once more with what was wrong where that can help and a repair is left. */
export async function sendRepaired(
  endpoint: Endpoint,
  request: ChatRequest,
  repairsLeft: number,
): Promise<Sent> {
  const first = await endpoint.send(request);
  const { failure } = first.exchange;
  if (failure === null || repairsLeft < 1 || !repairable.includes(failure.kind)) {
    return { reply: first, exchanges: [first.exchange] };
  }
  const second = await endpoint.send(repairOf(request, first, failure));
  return { reply: second, exchanges: [first.exchange, second.exchange] };
}

/** The same question with the wrong answer and what is wrong with it behind. */
function repairOf(request: ChatRequest, reply: EndpointReply, failure: Failure): ChatRequest {
  const shown = (reply.exchange.raw ?? '').slice(0, MOST_SHOWN);
  return {
    ...request,
    repair: 1,
    messages: [
      ...request.messages,
      { role: 'assistant', content: [text(shown === '' ? '(nothing)' : shown)] },
      {
        role: 'user',
        content: [text(`${failure.message} Give the whole answer again, in the form asked for.`)],
      },
    ],
  };
}
