// Every method, trained once, runs the one contract suite twice: in process and through serve and remote.

import { methods } from '../../src/recommend/methods.ts';
import type { Recommender } from '../../src/recommend/recommender.ts';
import { remoteRecommender } from '../../src/recommend/remote.ts';
import { serve } from '../../src/recommend/serve.ts';
import { recommenderContract, smallWorld } from '../contracts/recommender.ts';
import { toySettingsOf } from './toy-settings.ts';

const generative = ['tiger', 'promise', 'onerec-v2', 'grlm'];

for (const method of Object.values(methods)) {
  const policy =
    method.name === 'random' ? 'uniform' : generative.includes(method.name) ? 'generative' : 'deterministic';
  let trained: Promise<Recommender> | undefined;
  const train = () => (trained ??= method.train(smallWorld(), toySettingsOf(method.name), 1));

  recommenderContract(
    `${method.name} in process`,
    async () => ({ recommender: await train(), close: async () => {} }),
    policy,
  );
  recommenderContract(
    `${method.name} over HTTP`,
    async () => {
      const server = await serve(await train(), { port: 0 });
      return { recommender: remoteRecommender({ url: server.url, timeoutMs: 10_000 }), close: server.close };
    },
    policy,
  );
}
