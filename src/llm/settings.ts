// Where a model is and how it is spoken to, as a scenario or the command line states it. The key is not among the
// settings: it comes from OPENAI_API_KEY alone and is held by the wire, so that nothing that is saved can contain it.

import { z } from 'zod';
import { UsageError } from '../base/error.ts';
import { capabilitiesSchema } from './capabilities.ts';

/** Dollars for a million tokens; `cached` is the part of the input that the server had computed before. */
export const priceSchema = z
  .object({ input: z.number().min(0), cached: z.number().min(0), output: z.number().min(0) })
  .strict();
export type Price = z.infer<typeof priceSchema>;

export const endpointSettingsSchema = z
  .object({
    /** Address of the interface, '/v1' included; else --base-url, else OPENAI_BASE_URL. */
    baseUrl: z.string().optional(),
    model: z.string().min(1).max(300),
    /** Model of /v1/embeddings; without it, memory uses the embedded ones. */
    embeddingModel: z.string().min(1).max(300).optional(),
    /** Wall-clock time for one request, to the last byte. */
    timeoutMs: z.int().min(100).max(3_600_000).default(120_000),
    /** Sampling that the model does not take, such as the temperature of models that reason. */
    omit: z.array(z.enum(['temperature', 'topP', 'maxTokens', 'seed'])).default([]),
    /** Further fields of the request's body, for a server that needs them. */
    extra: z.record(z.string(), z.json()).default({}),
    /** What the model costs; else the table in src/llm/prices.ts. */
    price: priceSchema.optional(),
    /** What the endpoint can do; else it is probed once. */
    capabilities: capabilitiesSchema.optional(),
  })
  .strict();
export type EndpointSettings = z.infer<typeof endpointSettingsSchema>;

/** The environment's part: address and key. */
export interface Access {
  readonly baseUrl: string;
  readonly key: string | null;
}

/**
 * The address and the key to use. The flag wins over the scenario and the scenario over OPENAI_BASE_URL. Throws a
 * UsageError where there is no address, or it is not http(s), or it carries a user or a password.
 */
export function accessFrom(
  environment: Readonly<Record<string, string | undefined>>,
  settings: { readonly baseUrl?: string },
  flag?: string,
): Access {
  const address = flag ?? settings.baseUrl ?? environment['OPENAI_BASE_URL'] ?? '';
  if (address === '') {
    throw new UsageError(
      'The llm mind needs a model endpoint, and none is named.',
      "Give --base-url, the scenario's llm.baseUrl or OPENAI_BASE_URL, for example http://127.0.0.1:8000/v1; docs/endpoints.md has a configuration for each server.",
    );
  }
  const key = environment['OPENAI_API_KEY'] ?? '';
  return { baseUrl: checkedAddress(address), key: key === '' ? null : key };
}

function checkedAddress(address: string): string {
  const url = URL.parse(address);
  const isWeb = url !== null && ['http:', 'https:'].includes(url.protocol);
  if (!isWeb || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    const shown =
      url === null ? JSON.stringify(address.slice(0, 100)) : JSON.stringify(url.origin + url.pathname);
    throw new UsageError(
      `Expected the http address of a model endpoint without user, password or query, but got ${shown}.`,
      'Give it as http://127.0.0.1:8000/v1, and a key in OPENAI_API_KEY.',
    );
  }
  return url.href.replace(/\/+$/, '');
}
