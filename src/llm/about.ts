// What a server says about itself where it says anything: the length of its context. vLLM and SGLang tell it in
// /v1/models, llama.cpp in /props; OpenAI and Ollama tell nothing.

import { z } from 'zod';
import { parsedJson } from './json.ts';
import type { Access } from './settings.ts';
import { openWire } from './wire.ts';

const length = z.int().min(1).optional().catch(undefined);
const modelsSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      max_model_len: length,
      meta: z.object({ n_ctx: length }).nullish().catch(undefined),
    }),
  ),
});
const propsSchema = z.object({
  n_ctx: length,
  default_generation_settings: z.object({ n_ctx: length }).optional().catch(undefined),
});

/** Tokens of the model's context as the server states them; null where it states none. */
export async function contextOf(access: Access, model: string): Promise<number | null> {
  const models = modelsSchema.safeParse(await statement(access, `${access.baseUrl}/models`)).data?.data ?? [];
  const own = models.find(({ id }) => id === model) ?? (models.length === 1 ? models[0] : undefined);
  const stated = own?.max_model_len ?? own?.meta?.n_ctx;
  if (stated !== undefined) return stated;
  const props = propsSchema.safeParse(
    await statement(access, `${access.baseUrl.replace(/\/v1$/, '')}/props`),
  ).data;
  return props?.default_generation_settings?.n_ctx ?? props?.n_ctx ?? null;
}

/** The names of the models that the server lists, in its order; none where it lists nothing. */
export async function modelsAt(access: Access): Promise<readonly string[]> {
  const models = modelsSchema.safeParse(await statement(access, `${access.baseUrl}/models`));
  return models.data?.data.map(({ id }) => id) ?? [];
}

async function statement(access: Access, address: string): Promise<unknown> {
  const wire = openWire({ operation: 'chat', timeoutMs: 5_000, key: access.key });
  const headers: Record<string, string> =
    access.key === null ? {} : { authorization: `Bearer ${access.key}` };
  await wire.fetch(address, { headers }).catch(() => undefined);
  const caught = wire.caught();
  return caught !== null && 'body' in caught && caught.status === 200 ? parsedJson(caught.body) : undefined;
}
