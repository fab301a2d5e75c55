// The five kinds of server as the stand-in imitates them: what each can do and how its envelopes look. They follow
// what the servers document; nothing here was compared with a running one.

export type Kind = 'openai' | 'vllm' | 'sglang' | 'ollama' | 'llama.cpp' | 'words-only';

export interface Manners {
  readonly vision: boolean;
  /** Keeps to response_format json_schema. */
  readonly schema: boolean;
  readonly tools: boolean;
  /** Keeps to response_format json_object. */
  readonly json: boolean;
  readonly seed: boolean;
  readonly embeddings: boolean;
  /** Tokens of its context, and whether it says so, and where. */
  readonly context: number;
  readonly stated: 'models' | 'props' | 'nowhere';
  /** A longer question is cut without a word; else it is an error. */
  readonly cutsSilently: boolean;
  /** Whether it counts tokens at all. */
  readonly usage: boolean;
  /** Fields that its completions have besides. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly messageExtra: Readonly<Record<string, unknown>>;
  /** Reasons aloud before it answers. */
  readonly thinks: boolean;
}

const able: Manners = {
  vision: true,
  schema: true,
  tools: true,
  json: true,
  seed: true,
  embeddings: true,
  context: 128_000,
  stated: 'nowhere',
  cutsSilently: false,
  usage: true,
  extra: {},
  messageExtra: {},
  thinks: false,
};

export const manners: Readonly<Record<Kind, Manners>> = {
  openai: {
    ...able,
    extra: { system_fingerprint: 'fp_stand_in', service_tier: 'default' },
    messageExtra: { refusal: null, annotations: [] },
  },
  vllm: {
    ...able,
    embeddings: false,
    context: 32_768,
    stated: 'models',
    extra: { prompt_logprobs: null, kv_transfer_params: null },
    messageExtra: { reasoning_content: null, refusal: null },
  },
  sglang: {
    ...able,
    tools: false,
    embeddings: false,
    context: 32_768,
    stated: 'models',
    extra: { metadata: { weight_version: 'default' } },
    messageExtra: { reasoning_content: null, tool_calls: null },
  },
  ollama: {
    ...able,
    tools: false,
    context: 4_096,
    cutsSilently: true,
    extra: { system_fingerprint: 'fp_ollama' },
    messageExtra: {},
  },
  'llama.cpp': {
    ...able,
    tools: false,
    embeddings: false,
    context: 8_192,
    stated: 'props',
    extra: { timings: { predicted_per_second: 20 }, __verbose: undefined },
    messageExtra: {},
  },
  'words-only': {
    ...able,
    schema: false,
    tools: false,
    json: false,
    seed: false,
    embeddings: false,
    usage: false,
    thinks: true,
  },
};
