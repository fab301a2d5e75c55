// The contract of the OpenAI interface against the stand-in, in each of its kinds, and against a mock server that
// nobody here wrote.

import { LLMock } from '@copilotkit/aimock';
import { endpointContract, type Mishap, type Served } from '../contracts/endpoint.ts';
import { decided } from './asking.ts';
import { always, noFaults, type Fault } from './stand-in/faults.ts';
import type { Kind } from './stand-in/kinds.ts';
import { openStandIn } from './stand-in/server.ts';

const faultOf: Readonly<Record<Mishap, Fault>> = {
  'rate-limited': 'rate-limited',
  'server-error': 'server-error',
  malformed: 'truncated-body',
  'closed-socket': 'closed-socket',
};

async function standIn(kind: Kind): Promise<Served> {
  const server = await openStandIn({ kind });
  return {
    baseUrl: server.baseUrl,
    model: 'stand-in',
    requests: () => server.counts().requests,
    mishap: (name) => {
      server.plan = name === null ? noFaults : always(faultOf[name]);
    },
    close: server.close,
  };
}

endpointContract('an OpenAI server', () => standIn('openai'), {
  modes: ['schema', 'tools', 'json', 'prompt'],
  usage: true,
  embeddings: true,
});
endpointContract('a vLLM server', () => standIn('vllm'), {
  modes: ['schema', 'tools', 'json', 'prompt'],
  usage: true,
  embeddings: false,
});
endpointContract('an SGLang server', () => standIn('sglang'), {
  modes: ['schema', 'json', 'prompt'],
  usage: true,
  embeddings: false,
});
endpointContract('an Ollama server', () => standIn('ollama'), {
  modes: ['schema', 'json', 'prompt'],
  usage: true,
  embeddings: true,
});
endpointContract('a llama.cpp server', () => standIn('llama.cpp'), {
  modes: ['schema', 'json', 'prompt'],
  usage: true,
  embeddings: false,
});
endpointContract('a server that has words only', () => standIn('words-only'), {
  modes: ['prompt'],
  usage: false,
  embeddings: false,
});

async function independent(): Promise<Served> {
  const mock = new LLMock({ port: 0, logLevel: 'silent' });
  const call = (name: string, args: string): { toolCalls: { name: string; arguments: string }[] } => ({
    toolCalls: [{ name, arguments: args }],
  });
  mock.on({ userMessage: /as an agent/, hasToolResult: false }, call('recall', '{"reason":"short films"}'));
  mock.on({ userMessage: /as an agent/, hasToolResult: true }, call('act', decided));
  mock.on({ userMessage: /mode tools/ }, call('act', decided));
  mock.onMessage(/Asked/, { content: decided });
  mock.onEmbedding(/film/, { embedding: [0.1, 0.2, 0.3] });
  mock.onEmbedding('', { embedding: [0.1, 0.2, 0.3] });
  await mock.start();
  return {
    baseUrl: `${mock.url}/v1`,
    model: 'gpt-4o-mini',
    requests: () => mock.getRequests().length,
    mishap: (name) => {
      mock.clearChaos();
      if (name === null) return;
      mock.setChaos({
        rateLimitRate: name === 'rate-limited' ? 1 : 0,
        dropRate: name === 'server-error' ? 1 : 0,
        malformedRate: name === 'malformed' ? 1 : 0,
        disconnectRate: name === 'closed-socket' ? 1 : 0,
      });
    },
    close: () => mock.stop(),
  };
}

endpointContract('an independent mock server (aimock)', independent, {
  modes: ['schema', 'tools', 'json', 'prompt'],
  usage: true,
  embeddings: true,
});
