// An agent with tools: LangChain's createAgent runs the loop of thinking and using tools, and each of its turns goes
// through our endpoint, so that it is recorded, counted and limited like any other request. The answer is the input
// of a tool of its own; the calls of the other tools are bounded.

import { BaseCallbackHandler } from '@langchain/core/callbacks/base';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import type { ChatResult } from '@langchain/core/outputs';
import { createAgent, HumanMessage, tool as langchainTool } from 'langchain';
import { judged } from './answer.ts';
import type { Exchange, Question, Reply, Tool } from './client.ts';
import type { ChatRequest, Endpoint, Said } from './endpoint.ts';
import { ModelError, type Failure } from './failure.ts';
import { text, type Message, type Part } from './message.ts';
import { quoted } from './quoted.ts';
import { sendRepaired } from './repair.ts';
import { wireSchema } from './wire-schema.ts';

const DEFAULT_TOOL_CALLS = 3;

const nothing: Said = { content: '', calls: [] };

/** Asks a question with tools: turns follow until the model gives its answer. */
export async function agentAnswer<Answer>(
  endpoint: Endpoint,
  question: Question<Answer>,
  first: ChatRequest,
): Promise<Reply<Answer>> {
  const tools = question.tools ?? [];
  const exchanges: Exchange[] = [];
  const toolsUsed: string[] = [];
  const results = new Map<string, readonly Part[]>();
  const answers: Answer[] = [];
  let repairsLeft = 1;

  /** One turn: the messages so far → what the model said, without calls where that is the answer. */
  const turn = async (messages: readonly Message[]): Promise<Said> => {
    const left = (question.toolCalls ?? DEFAULT_TOOL_CALLS) - toolsUsed.length;
    const offered = left > 0 ? tools : [];
    const request: ChatRequest = {
      ...first,
      messages,
      tools: offered.map((tool) => ({ ...wireSchema(tool.name, tool.input), description: tool.description })),
      judge: (said) => failureOfTurn(said, question, offered),
    };
    const { reply, exchanges: made } = await sendRepaired(endpoint, request, repairsLeft);
    exchanges.push(...made);
    repairsLeft -= made.filter((exchange) => exchange.repair === 1).length;
    if (reply.exchange.failure !== null) throw new ModelError(reply.exchange.failure);
    const said = reply.said ?? nothing;
    const given = judged(said, 'tools', question.purpose, question.schema);
    if (given.failure === null) {
      answers.push(given.answer);
      return nothing;
    }
    // Numbered by us: a server may give equal names to calls of different turns, or new ones in every run.
    const calls = said.calls
      .slice(0, left)
      .map((call, index) => ({ ...call, id: `call-${toolsUsed.length + index + 1}` }));
    toolsUsed.push(...calls.map((call) => call.name));
    return { content: said.content, calls };
  };

  const agent = createAgent({
    model: new TurnModel((added) =>
      turn([...question.messages, ...added.map((one) => ourMessage(one, results))]),
    ),
    tools: tools.map((tool) =>
      langchainTool(
        async (input: unknown, config: { toolCall?: { id?: string } }) => {
          const parts = await tool.run(tool.input.parse(input));
          results.set(config.toolCall?.id ?? '', parts);
          return 'done';
        },
        { name: tool.name, description: tool.description, schema: wireSchema(tool.name, tool.input).json },
      ),
    ),
  });
  try {
    // An interruption is not LangChain's business: the endpoint answers it by a failure of its own.
    await agent.invoke(
      { messages: [new HumanMessage(question.purpose)] },
      { recursionLimit: 100, callbacks: [new NoTracer()] },
    );
  } catch (error) {
    const failure = failureIn(error);
    if (failure === null) throw error;
    return { status: 'failed', failure, exchanges };
  }
  const [answer] = answers;
  if (answer === undefined) throw new Error('An agent ended without an answer or a failure.');
  const repairs = exchanges.filter((exchange) => exchange.repair === 1).length;
  return { status: 'answered', answer, repairs, toolsUsed, exchanges };
}

/** What is wrong with a turn: it must give the answer, or call tools that are offered with what they take. */
function failureOfTurn(said: Said, question: Question<unknown>, offered: readonly Tool[]): Failure | null {
  const asksForTools = said.calls.length > 0 && !said.calls.some((call) => call.name === question.purpose);
  if (!asksForTools) return judged(said, 'tools', question.purpose, question.schema).failure;
  for (const call of said.calls) {
    const known = question.tools?.find((tool) => tool.name === call.name);
    const tool = offered.find((other) => other.name === call.name);
    if (known !== undefined && tool === undefined) {
      return {
        kind: 'tool-limit',
        message: `No more tools may be used now; the answer must be given by calling '${question.purpose}'.`,
        hint: 'Raise the number of tool calls a step, or use a model that stops by itself.',
      };
    }
    const checked = tool?.input.safeParse(call.input);
    if (checked?.success !== true) {
      const wrong =
        checked === undefined ? 'there is no such tool' : (checked.error.issues[0]?.message ?? 'its input');
      return {
        kind: 'off-schema',
        message: `The call of ${quoted(call.name, 60)} does not fit: ${quoted(wrong)}.`,
        hint: 'Use a model that calls tools reliably, or decide without them.',
      };
    }
  }
  return null;
}

/** The messages that LangChain adds to the question, as ours; results of tools are looked up by their call. */
function ourMessage(message: BaseMessage, results: ReadonlyMap<string, readonly Part[]>): Message {
  if (AIMessage.isInstance(message)) {
    const calls = (message.tool_calls ?? []).map(({ id = '', name, args }) => ({
      id,
      name,
      input: args as unknown,
    }));
    return { role: 'assistant', content: message.text === '' ? [] : [text(message.text)], calls };
  }
  if (ToolMessage.isInstance(message)) {
    const call = message.tool_call_id;
    const content = results.get(call);
    if (content === undefined) throw new Error(`The tool call ${call} has no result: ${message.text}`);
    return { role: 'tool', call, content };
  }
  throw new Error(`LangChain added a message of type ${message.type}, which an agent's turns do not have.`);
}

/** The failure that ended the loop, also where LangChain wrapped it; null for a defect. */
function failureIn(error: unknown): Failure | null {
  for (let link = error; link instanceof Error; link = link.cause) {
    if (link instanceof ModelError) return link.failure;
  }
  return null;
}

/** LangChain's view of our endpoint: a model whose every turn is `turn`. Tools are offered by the request, not here. */
class TurnModel extends BaseChatModel {
  readonly #turn: (added: readonly BaseMessage[]) => Promise<Said>;

  constructor(turn: (added: readonly BaseMessage[]) => Promise<Said>) {
    super({ maxRetries: 0 });
    this.#turn = turn;
  }

  _llmType(): string {
    return 'rehearsal';
  }

  override bindTools(): this {
    return this;
  }

  /** The first message stands for the question, which we keep ourselves. */
  async _generate(messages: BaseMessage[]): Promise<ChatResult> {
    const { content, calls } = await this.#turn(messages.slice(1));
    const message = new AIMessage({
      content,
      tool_calls: calls.map(({ id, name, input }) => ({
        id,
        name,
        args: Object(input) as Record<string, unknown>,
      })),
    });
    return { generations: [{ text: content, message }] };
  }
}

/**
 * Takes the place of LangSmith's tracer, which an environment variable would otherwise switch on: nothing of a
 * session goes anywhere but to the endpoint.
 */
class NoTracer extends BaseCallbackHandler {
  override name = 'langchain_tracer';

  /** LangChain asks the handler of this name for a run to nest its own tracing in. */
  getRunTreeWithTracingConfig(): undefined {
    return undefined;
  }
}
