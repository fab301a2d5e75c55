// The client: chooses how to ask from what the endpoint can do (JSON schema, else tools, else JSON mode, else plain
// words), and shows a model once what is wrong with its answer. The rest, from retry to cassette, lies beneath it.
// It never steps down in passing: a run asks every question in the same way, which the log names.

import { digest } from '../base/hash.ts';
import { judged } from './answer.ts';
import type { Capabilities } from './capabilities.ts';
import type { Client, Exchange, Question, Reply } from './client.ts';
import { unsent, type ChatRequest, type Endpoint, type Said } from './endpoint.ts';
import { embedded } from './embed.ts';
import { unsupported, type Failure } from './failure.ts';
import { modeFor, requestOf } from './question.ts';
import { sendRepaired } from './repair.ts';
import { uncut } from './uncut.ts';

const nothing: Said = { content: '', calls: [] };

/** A client of an endpoint with the capabilities given. */
export function openClient(asked: Endpoint, capabilities: Capabilities): Client {
  const endpoint = uncut(asked, capabilities.context);
  const mode = modeFor(capabilities);
  return {
    model: endpoint.identity.model,
    version: digest({ identity: endpoint.identity, mode, vision: capabilities.vision }),
    capabilities,
    async ask(question) {
      const lacking = lackOf(question, capabilities);
      const request = requestOf(question, question.tools === undefined ? mode : 'tools');
      if (lacking !== null) return failed(lacking, [unsent(endpoint, request, lacking).exchange]);
      if (question.tools === undefined) return plainAnswer(endpoint, question, request);
      // Loaded where an agent is asked for: LangChain's agents take a second to load.
      const { agentAnswer } = await import('./langchain-agent.ts');
      return agentAnswer(endpoint, question, request);
    },
    embed: (request) => embedded(endpoint, capabilities, request),
  };
}

async function plainAnswer<Answer>(
  endpoint: Endpoint,
  question: Question<Answer>,
  request: ChatRequest,
): Promise<Reply<Answer>> {
  const { reply, exchanges } = await sendRepaired(endpoint, request, 1);
  const { failure, mode } = reply.exchange;
  if (failure !== null) return failed(failure, exchanges);
  const checked = judged(reply.said ?? nothing, mode ?? request.mode, question.purpose, question.schema);
  if (checked.failure !== null) {
    throw new Error('An exchange without a failure holds no answer.', { cause: checked.failure });
  }
  return {
    status: 'answered',
    answer: checked.answer,
    repairs: exchanges.length - 1,
    toolsUsed: [],
    exchanges,
  };
}

function failed(
  failure: Failure,
  exchanges: readonly Exchange[],
): { status: 'failed'; failure: Failure; exchanges: readonly Exchange[] } {
  return { status: 'failed', failure, exchanges };
}

function lackOf(question: Question<unknown>, capabilities: Capabilities): Failure | null {
  const pictured = question.messages.some(({ content }) => content.some((part) => part.type === 'picture'));
  if (pictured && !capabilities.vision) {
    return unsupported('does not read pictures', 'Visitors look at screenshots: name a model with vision.');
  }
  if (question.tools !== undefined && !capabilities.tools) {
    return unsupported('does not call tools', "Decide with 'direct', which needs none.");
  }
  return null;
}
