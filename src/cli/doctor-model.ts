// The doctor's look at a model: which models an address has, and what the one named can do, probed with about ten
// small requests. What it finds can be put into a scenario as `llm.capabilities`, and is not probed again then.

import { budgeted, noCaps, type Spent } from '../llm/budget.ts';
import { modelsAt } from '../llm/about.ts';
import type { Capabilities } from '../llm/capabilities.ts';
import { langchainEndpoint } from '../llm/langchain.ts';
import { probe } from '../llm/probe.ts';
import { modeFor } from '../llm/question.ts';
import { retried, retryDefaults } from '../llm/retry.ts';
import { accessFrom, endpointSettingsSchema } from '../llm/settings.ts';
import type { Finding } from './doctor.ts';

/** Tokens that a screen with its marks, a profile and memories take, roughly. */
const SCREEN_TOKENS = 6_000;

export interface ModelExamined {
  readonly findings: readonly Finding[];
  /** Null where no model was asked. */
  readonly capabilities: Capabilities | null;
}

/** Examines the model at an address. Rejects with a ModelError or a UsageError where it cannot be asked. */
export async function examineModel(options: {
  readonly address: string;
  readonly model: string | undefined;
  readonly embeddingModel: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): Promise<ModelExamined> {
  const access = accessFrom(options.environment, {}, options.address);
  const listed = await modelsAt(access);
  const model = options.model ?? (listed.length === 1 ? listed[0] : undefined);
  if (model === undefined) {
    const names = listed.length === 0 ? 'it lists no models' : `it has ${shortened(listed)}`;
    const detail = `not asked what it can do, because no model is named; ${names}`;
    return { findings: [finding('model', 'warn', detail, 'Name one with --model.')], capabilities: null };
  }
  const { embeddingModel } = options;
  const settings = endpointSettingsSchema.parse({ model, embeddingModel, timeoutMs: 60_000 });
  const counted = budgeted(langchainEndpoint(access, settings), noCaps);
  const capabilities = await probe(retried(counted, { ...retryDefaults, attempts: 2 }), access);
  return { findings: findingsOf(model, capabilities, counted.spent()), capabilities };
}

/** What the capabilities mean for a run, one finding each. */
export function findingsOf(model: string, capabilities: Capabilities, spent: Spent): Finding[] {
  const { vision, tools, seed, embeddings, context } = capabilities;
  const mode = modeFor(capabilities);
  const ways = {
    schema: 'keeps to a JSON schema',
    tools: 'keeps to no JSON schema, and is asked by way of a tool',
    json: 'keeps to no schema, and is asked in JSON mode',
    prompt: 'keeps to no form, and is asked in words',
  };
  return [
    finding(
      'model',
      'ok',
      `${model} answered ${spent.calls} requests, ${spent.tokensIn + spent.tokensOut} tokens`,
    ),
    vision
      ? finding('vision', 'ok', 'reads a picture')
      : finding(
          'vision',
          'warn',
          'does not read a picture',
          'Visitors look at screenshots: use a model with vision.',
        ),
    mode === 'schema' || mode === 'tools'
      ? finding('answers', 'ok', ways[mode])
      : finding('answers', 'warn', ways[mode], 'Expect repairs; they are counted in every run.'),
    tools
      ? finding('tools', 'ok', 'calls a tool when told to')
      : finding('tools', 'warn', 'does not call tools', "Decide with 'direct'; 'agent' needs tools."),
    seed
      ? finding('seed', 'ok', 'equal seeds gave equal answers')
      : finding('seed', 'warn', 'equal seeds gave different answers', 'Record a cassette to repeat a run.'),
    embeddings === null
      ? finding('embeddings', 'ok', 'none; memory uses the embedded ones')
      : finding('embeddings', 'ok', `vectors of ${embeddings} numbers`),
    context === null
      ? finding('context', 'ok', 'not stated; a question of 5,000 words arrived whole')
      : context < SCREEN_TOKENS
        ? finding(
            'context',
            'warn',
            `${context} tokens`,
            'A screen takes about 6,000: raise the context of the server.',
          )
        : finding('context', 'ok', `${context} tokens`),
  ];
}

function finding(name: string, status: Finding['status'], detail: string, advice = ''): Finding {
  return { name, status, detail, advice };
}

function shortened(names: readonly string[]): string {
  const more = names.length > 8 ? ` and ${names.length - 8} more` : '';
  return names.slice(0, 8).join(', ') + more;
}
