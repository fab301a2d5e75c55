// The contest of serving and of the machine below it: how long one request takes, how many are answered in a second
// by one client and by sixteen, how many tokens are trained on in a second, and what the matrix product gives.
// Times do not depend on what a model has learnt, so the weights are those it begins with.

import type { Catalogue } from '../catalogue/item.ts';
import { compiled, download, einsum, openTensors, release, upload } from '../recommend/kit/tensor.ts';
import { methodNamed, methods } from '../recommend/methods.ts';
import type { RecommendRequest } from '../recommend/recommender.ts';
import { remoteRecommender } from '../recommend/remote.ts';
import { serve } from '../recommend/serve.ts';
import { sizesOf } from '../recommend/sizes.ts';
import { speedRow, timed, type SpeedRow } from './speed.ts';
import { torchPace, type TorchPace } from './torch-yardstick.ts';
import { trainingPace } from './training-pace.ts';

export interface ServingRow {
  readonly method: string;
  /** One request after another, in process. */
  readonly alone: SpeedRow;
  /** Requests answered in a second over HTTP, by how many clients ask at once. */
  readonly perSecond: Readonly<Record<1 | 16, number>>;
  readonly tokensPerSecond: number;
}

export interface ServingReport {
  readonly items: number;
  readonly rows: readonly ServingRow[];
  /** Of a product of two 512 × 512 matrices. */
  readonly gigaflops: number;
  /** PyTorch with that product and a model of sasrec's sizes; null where it is not installed. */
  readonly torch: TorchPace | null;
}

const steps = 50;
const slots = 20;
/** History 50 and the start before it; beam 20 and size s are the defaults. */
const sizes = { history: 52, validationPeople: 0 };

/** Every method with weights, at its smallest published size, on the items of this catalogue. */
export async function servingContest(
  catalogue: Catalogue,
  settings: { readonly requests: number; readonly seed: number; log(line: string): void },
): Promise<ServingReport> {
  const rows: ServingRow[] = [];
  for (const method of Object.values(methods).filter((one) => one.hasWeights)) {
    settings.log(`serving ${method.name}`);
    rows.push(await servingRow(method.name, catalogue, settings));
  }
  const items = catalogue.items.length;
  const { width, layers, heads, expansion } = sizesOf('s');
  settings.log('PyTorch, where it is installed');
  const torch = torchPace({
    items,
    width,
    layers,
    heads,
    expansion,
    length: 52,
    rows: 16,
    dropout: 0.3,
    side,
  });
  return { items, rows, gigaflops: await gigaflops(), torch };
}

async function servingRow(
  name: string,
  catalogue: Catalogue,
  { requests, seed }: { readonly requests: number; readonly seed: number },
): Promise<ServingRow> {
  const method = methodNamed(name);
  const recommender = await method.train(catalogue, { ...sizes, epochs: 0 }, seed);
  const asked = requestsOf(catalogue, requests);
  for (const request of asked.slice(0, 3)) await recommender.recommend(request);
  const alone: number[] = [];
  for (const request of asked) alone.push(await timed(() => recommender.recommend(request)));
  const server = await serve(recommender, { port: 0 });
  try {
    const remote = remoteRecommender({ url: server.url, timeoutMs: 60_000 });
    const perSecond = async (clients: number): Promise<number> => {
      const waiting = [...asked];
      const client = async (): Promise<void> => {
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await remote.recommend(next);
      };
      const took = await timed(() => Promise.all(Array.from({ length: clients }, client)));
      return (1000 * asked.length) / took;
    };
    return {
      method: name,
      alone: speedRow(name, alone),
      perSecond: { 1: await perSecond(1), 16: await perSecond(16) },
      tokensPerSecond: (await trainingPace(name, catalogue, sizes, seed)).tokensPerSecond,
    };
  } finally {
    await server.close();
  }
}

/** Histories of fifty items, each of another visitor; what stands in a history is excluded. */
function requestsOf({ items }: Catalogue, count: number): RecommendRequest[] {
  return Array.from({ length: count }, (_, visitor) => {
    const history = Array.from({ length: steps }, (_step, time) => ({
      item: items[(visitor * 37 + time * 11) % items.length]!.id,
      time,
      value: 5,
    }));
    const exclude = [...new Set(history.map(({ item }) => item))];
    return { visitor: `visitor ${visitor}`, history, context: {}, k: slots, exclude, seed: 0 };
  });
}

const side = 512;
const products = 20;

async function gigaflops(): Promise<number> {
  await openTensors();
  const values = Float32Array.from({ length: side * side }, (_, at) => Math.sin(at));
  const inputs = { a: upload(values, [side, side]), b: upload(values, [side, side]) };
  const product = compiled((given) => ({ c: einsum('ik,kj->ij', given!['a']!, given!['b']!) }));
  const once = async (): Promise<void> => {
    const { c } = product(inputs);
    download(c);
    release({ c });
  };
  await once();
  const times: number[] = [];
  for (let done = 0; done < products; done++) times.push(await timed(once));
  release(inputs);
  return (2 * side ** 3) / (speedRow('product', times).medianMs * 1e6);
}
