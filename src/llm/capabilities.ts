// What an endpoint with one model can do, as probed once or stated in a scenario. The client adapts to it; nothing
// is assumed that was not seen or said.

import { z } from 'zod';

export const capabilitiesSchema = z.object({
  /** Reads a picture sent as a data URI. */
  vision: z.boolean(),
  /** Keeps to `response_format: json_schema`. */
  schema: z.boolean(),
  /** Calls a tool it is told to call. */
  tools: z.boolean(),
  /** Keeps to `response_format: json_object`. */
  json: z.boolean(),
  /** Takes a seed, and gives equal answers for equal seeds. */
  seed: z.boolean(),
  /** Length of the vectors of /v1/embeddings; null where there are none. */
  embeddings: z.int().min(1).nullable(),
  /** Tokens of question and answer together; null where the endpoint does not say. */
  context: z.int().min(1).nullable(),
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;
