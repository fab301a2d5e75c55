// The endpoint behind LangChain's OpenAI models: one request, exactly one HTTP call. LangChain writes the request;
// the answer is read from the wire beneath it (wire.ts, reading.ts), because LangChain throws raw text and usage
// away where an answer does not parse. Its own retries, parsing and tracing are not used (decision 130).

import { ChatOpenAICompletions, OpenAIEmbeddings } from '@langchain/openai';
import {
  AIMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type BaseMessage,
} from '@langchain/core/messages';
import { failureOfCaught } from './broken.ts';
import { exchangeOf, modelOf, type ChatRequest, type Endpoint, type EndpointRequest } from './endpoint.ts';
import type { Usage } from './client.ts';
import type { Failure } from './failure.ts';
import type { Message, Part } from './message.ts';
import { priceOf, usdOf } from './prices.ts';
import { readChat, readVectors, type Read } from './reading.ts';
import type { Access, EndpointSettings } from './settings.ts';
import { openWire, type Wire } from './wire.ts';

/** Named in the log where no key is set; servers on one's own machine ask for none. */
const NO_KEY = 'none';

/** An endpoint that asks the server at `access`. */
export function langchainEndpoint(access: Access, settings: EndpointSettings): Endpoint {
  const { model, embeddingModel, omit, extra } = settings;
  const endpoint: Endpoint = {
    identity: { model, embeddingModel: embeddingModel ?? null, omit, extra },
    async send(request) {
      const wire = openWire({
        operation: request.operation,
        timeoutMs: settings.timeoutMs,
        key: access.key,
        signal: request.signal,
      });
      const refused = await writtenBy(wire, access, settings, request).then(
        () => null,
        (cause: unknown) => ({ cause }),
      );
      const caught = wire.caught();
      if (caught === null) throw new Error('LangChain sent no request.', { cause: refused?.cause });
      const broken = failureOfCaught(caught, access.baseUrl, settings.timeoutMs);
      const read: Read | null =
        'broken' in caught || broken !== null
          ? null
          : request.operation === 'chat'
            ? readChat(caught.body)
            : readVectors(caught.body, request.texts.length);
      const said = read?.said ?? null;
      const judged = request.operation === 'chat' && said !== null ? request.judge(said) : null;
      const usage = read?.usage ?? { input: null, output: null, cached: null };
      return {
        exchange: exchangeOf(endpoint, request, {
          servedBy: read?.servedBy ?? null,
          raw: read?.raw ?? null,
          usage,
          usd: costOf(request.operation, modelOf(endpoint, request), usage, settings, broken),
          attempts: 1,
          failure: broken ?? read?.failure ?? judged,
          source: 'endpoint',
          ms: wire.ms(),
        }),
        said,
        vectors: read?.vectors ?? null,
      };
    },
  };
  return endpoint;
}

/** Dollars: nothing for what the server turned away, unknown for what broke off midway. */
function costOf(
  operation: EndpointRequest['operation'],
  model: string,
  usage: Usage,
  settings: EndpointSettings,
  broken: Failure | null,
): number | null {
  if (broken !== null) return 'status' in broken || broken.kind === 'unreachable' ? 0 : null;
  const price = operation === 'chat' ? settings.price : (priceOf(model) ?? settings.price);
  return usdOf(model, usage, price ?? undefined);
}

/** Lets LangChain write and send the request. What it returns or throws is read from the wire instead. */
async function writtenBy(
  wire: Wire,
  access: Access,
  settings: EndpointSettings,
  request: EndpointRequest,
): Promise<void> {
  const connection = {
    apiKey: access.key ?? NO_KEY,
    maxRetries: 0,
    configuration: { baseURL: access.baseUrl, fetch: wire.fetch, logLevel: 'off' as const, maxRetries: 0 },
  };
  if (request.operation === 'embeddings') {
    await new OpenAIEmbeddings({
      ...connection,
      model: settings.embeddingModel ?? settings.model,
      batchSize: request.texts.length,
      stripNewLines: false,
      encodingFormat: 'float',
    }).embedDocuments([...request.texts]);
    return;
  }
  const { sampling } = request;
  const takes = (name: EndpointSettings['omit'][number]): boolean => !settings.omit.includes(name);
  const model = new ChatOpenAICompletions({
    ...connection,
    model: settings.model,
    temperature: takes('temperature') ? sampling.temperature : undefined,
    topP: takes('topP') ? sampling.topP : undefined,
    maxTokens: takes('maxTokens') ? sampling.maxTokens : undefined,
    modelKwargs: settings.extra,
  });
  await model._generate(messagesFor(request.messages), {
    seed: takes('seed') ? sampling.seed : undefined,
    ...answerFormat(request),
  });
}

/** How the mode of a request is written: a response format, or tools and whether one must be called. */
function answerFormat(request: ChatRequest): Partial<ChatOpenAICompletions['ParsedCallOptions']> {
  const { mode, schema, tools } = request;
  const offered = tools.map(({ name, description, json }) => ({
    type: 'function' as const,
    function: { name, description, parameters: { ...json } },
  }));
  if (schema === null) return offered.length === 0 ? {} : { tools: offered };
  switch (mode) {
    case 'schema':
      return {
        response_format: {
          type: 'json_schema',
          json_schema: { name: schema.name, strict: true, schema: { ...schema.json } },
        },
      };
    case 'tools': {
      const answer = {
        type: 'function' as const,
        function: { name: schema.name, description: 'Gives the answer.', parameters: { ...schema.json } },
      };
      const must = offered.length === 0 ? answerBy(schema.name) : ('required' as const);
      return { tools: [...offered, answer], tool_choice: must };
    }
    case 'json':
      return { response_format: { type: 'json_object' } };
    case 'prompt':
      return {};
    default:
      return mode satisfies never;
  }
}

function answerBy(name: string): { type: 'function'; function: { name: string } } {
  return { type: 'function', function: { name } };
}

/**
 * Our messages as LangChain's. The interface takes no pictures in the result of a tool, so they follow in a
 * message of the user's.
 */
function messagesFor(messages: readonly Message[]): BaseMessage[] {
  return messages.flatMap((message): BaseMessage[] => {
    switch (message.role) {
      case 'system':
        return [new SystemMessage({ content: textOf(message.content) })];
      case 'user':
        return [new HumanMessage({ content: message.content.map(blockOf) })];
      case 'assistant':
        return [
          new AIMessage({
            content: textOf(message.content),
            tool_calls: (message.calls ?? []).map(({ id, name, input }) => ({
              id,
              name,
              args: typeof input === 'object' && input !== null ? { ...input } : {},
            })),
          }),
        ];
      case 'tool': {
        const pictures = message.content.filter((part) => part.type === 'picture');
        const result = new ToolMessage({ tool_call_id: message.call, content: textOf(message.content) });
        return pictures.length === 0
          ? [result]
          : [result, new HumanMessage({ content: pictures.map(blockOf) })];
      }
      default:
        return message satisfies never;
    }
  });
}

function textOf(content: readonly Part[]): string {
  return content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}

function blockOf(
  part: Part,
): { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } } {
  return part.type === 'text'
    ? { type: 'text', text: part.text }
    : {
        type: 'image_url',
        image_url: { url: `data:${part.format};base64,${Buffer.from(part.bytes).toString('base64')}` },
      };
}
