// Endpoints and clients on a real address, through LangChain.

import type { z } from 'zod';
import { openClient } from '../../src/llm/ask.ts';
import type { Capabilities } from '../../src/llm/capabilities.ts';
import type { Client } from '../../src/llm/client.ts';
import type { Endpoint } from '../../src/llm/endpoint.ts';
import { langchainEndpoint } from '../../src/llm/langchain.ts';
import { endpointSettingsSchema, type Access } from '../../src/llm/settings.ts';
import { everything } from './asking.ts';

export function endpointAt(
  baseUrl: string,
  settings: Partial<z.input<typeof endpointSettingsSchema>> = {},
  access: Partial<Access> = {},
): Endpoint {
  const stated = { model: 'stand-in', embeddingModel: 'stand-in', timeoutMs: 5_000, ...settings };
  return langchainEndpoint({ baseUrl, key: null, ...access }, endpointSettingsSchema.parse(stated));
}

export function clientAt(baseUrl: string, capabilities: Partial<Capabilities> = {}): Client {
  return openClient(endpointAt(baseUrl), { ...everything, ...capabilities });
}
