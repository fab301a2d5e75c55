// `rehearsal serve`: trains one method on a catalogue and answers over HTTP until it is stopped. The protocol is
// that of url arms (src/recommend/serve.ts), so two terminals make an A/B test over the wire.

import { wallMilliseconds } from '../base/clock.ts';
import { UsageError } from '../base/error.ts';
import { readCatalogue } from '../catalogue/folder.ts';
import { parsedSettings } from '../recommend/define-method.ts';
import { readCheckpoint } from '../recommend/kit/checkpoint.ts';
import { methodNamed, methods } from '../recommend/methods.ts';
import { serve } from '../recommend/serve.ts';
import { endpointOptions, typedEndpoint } from './endpoint-options.ts';
import { interruption } from './interruption.ts';
import { modelOptions, trainOptions, typedSettings } from './model-options.ts';
import type { Verb } from './verb.ts';

export const serveVerb: Verb = {
  name: 'serve',
  summary: 'Train a method on a catalogue and serve it over HTTP.',
  details: [
    'Answers POST /recommend and GET /health on this machine until Ctrl-C, which answers what has come by then, for five seconds at most. Trains on all histories of the catalogue, held-out ones included: use it to try the wire, not to measure a method on the same catalogue. Kept weights of a model are found again (see train).',
    'sasrec and the click models (fm, wide-deep, deepfm, dcn, afn) compute requests that arrive together four at a time; every other method answers one after the other.',
    'Only requests that name this machine or the --host in their address are answered; containers and proxies that call it by another name need --allow-host.',
  ].join('\n\n'),
  examples: [
    'rehearsal serve --method popularity',
    'rehearsal serve --catalogue ml-small --method item-knn --port 8080 --set neighbours=50',
    'rehearsal serve --method item-knn --host 0.0.0.0 --port 8080 --allow-host recommender',
  ],
  arguments: [],
  options: [
    {
      name: 'method',
      kind: 'text',
      value: 'NAME',
      summary: `One of ${Object.keys(methods).join(', ')}.`,
      required: true,
    },
    ...modelOptions.filter(({ name }) => ['catalogue', 'set', 'scale'].includes(name)),
    {
      name: 'port',
      kind: 'integer',
      range: [0, 65_535],
      value: 'N',
      summary: 'Port to listen on; 0 takes any free one.',
      default: '0',
    },
    {
      name: 'checkpoint',
      kind: 'text',
      value: 'FILE',
      summary: 'Weights to load instead of training, with their settings and seed; of the same catalogue.',
    },
    { name: 'host', kind: 'text', value: 'NAME', summary: 'Address to listen on.', default: '127.0.0.1' },
    {
      name: 'allow-host',
      kind: 'text',
      value: 'NAMES',
      summary: 'Further names, with commas and without ports, by which callers may address this server.',
    },
    {
      name: 'seed',
      kind: 'integer',
      range: [0, Infinity],
      value: 'N',
      summary: 'Seed of the training. (default: 1)',
    },
    ...endpointOptions,
  ],
  interruptible: true,
  run: async (input, io) => {
    const method = methodNamed(input.text('method') ?? '');
    const checkpoint = input.text('checkpoint');
    if (checkpoint !== undefined && !method.hasWeights)
      throw new UsageError(`--checkpoint does not go with ${method.name}, which has no weights`);
    const kept = checkpoint === undefined ? undefined : readCheckpoint(checkpoint).header;
    if (kept !== undefined && kept.method !== method.name) {
      throw new UsageError(
        `--checkpoint ${checkpoint} has weights of ${kept.method}, but --method is ${method.name}`,
        `Serve it with --method ${kept.method}.`,
      );
    }
    const typed = typedSettings(input);
    if (kept !== undefined && (Object.keys(typed).length > 0 || input.integer('seed') !== undefined))
      throw new UsageError(
        '--checkpoint brings its own settings and seed',
        'Leave --set, --scale and --seed out, or train with them: rehearsal train --help',
      );
    const settings = kept?.settings ?? typed;
    parsedSettings(method, settings);
    const seed = kept?.seed ?? input.integer('seed') ?? 1;
    const port = input.integer('port') ?? 0;
    const allowedHosts = hostNames(input.text('allow-host'));
    const catalogue = readCatalogue(input.text('catalogue') ?? 'built-in');
    io.log(`${method.name} on ${catalogue.interactions.length} interactions of ${catalogue.name}`);
    const options = {
      ...trainOptions(io, catalogue.name, method.name, wallMilliseconds),
      ...typedEndpoint(input, io, catalogue.name),
    };
    const recommender = await method.train(catalogue, settings, seed, { ...options, checkpoint });
    const server = await serve(recommender, { port, host: input.text('host'), allowedHosts });
    io.answer({ url: server.url, method: recommender.method, version: recommender.version }, [
      `${recommender.method} answers at ${server.url}/recommend`,
      `as an arm of a scenario: { name: '${recommender.method}', url: '${server.url}' }`,
      'Ctrl-C stops it',
    ]);
    await interruption(io.interrupted);
    await server.close();
    return 0;
  },
};

/** Names as a Host header has them, in lower case. */
function hostNames(text: string | undefined): string[] {
  if (text === undefined) return [];
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  const wrong = names.find((name) => !/^([a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])$/.test(name));
  if (wrong === undefined) return names;
  throw new UsageError(
    `--allow-host expects names of hosts, got '${wrong}'`,
    'Give them as they stand in the address of a request, without http:// and without the port: recommender,shop.local',
  );
}
