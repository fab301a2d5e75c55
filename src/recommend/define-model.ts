// How a method with weights is made. Training is a fit of the kit; its weights are kept in a checkpoint named by
// the version (method, settings, seed, data), so a model is trained once and a checkpoint of other data can never
// be served by mistake. To callers it is a Method like any other.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { digest } from '../base/hash.ts';
import { makeFolder } from '../base/make-folder.ts';
import { describedAttributes } from '../catalogue/described.ts';
import type { Item } from '../catalogue/item.ts';
import { byText } from '../catalogue/order.ts';
import { misfit } from './checkpoint-difference.ts';
import { parsedSettings, type Answer } from './define-method.ts';
import { readCheckpoint, writeCheckpoint, type CheckpointHeader } from './kit/checkpoint.ts';
import { fit, type FitPlan, type Fitted } from './kit/fit.ts';
import { shapesOf, weightsHash, type Parameters } from './kit/parameters.ts';
import { fileKeeper, unfinished } from './kit/snapshot.ts';
import { openTensors } from './kit/tensor.ts';
import type { Method, RecommendRequest, Slate, TrainOptions, TrainingSet } from './recommender.ts';
import { keptTraining, withSearchOf } from './same-training.ts';
import { sequencesOf, type Sequences } from './sequences.ts';
import { tabulate, type TrainingTable } from './training-table.ts';

/** What a model learns from. */
export interface ModelData {
  readonly set: TrainingSet;
  readonly table: TrainingTable;
  readonly sequences: Sequences;
}

/** What is known of a model's material before it is trained: figures for the checkpoint, lines for people. */
export interface Account {
  readonly figures: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

/** Answers a request with items that were generated, best first, and says how. */
export type GenerativeAnswer = (request: RecommendRequest) => Required<Pick<Slate, 'items' | 'generated'>>;

/** What a model is made from besides its data. */
export interface Material<Content> {
  readonly content: Content;
  /** Of the content; it becomes part of the version, so that weights of other content are never taken for these. */
  readonly digest: string;
}

/** A model made for its data: how it is fitted and how it answers once it is. */
export interface Model {
  readonly plan: Omit<FitPlan, 'keeper' | 'rescue' | 'progress' | 'interrupted' | 'seed'>;
  serve(parameters: Parameters): Answer | GenerativeAnswer;
  readonly account?: Account;
  /** What there is to say of trained weights. */
  readonly review?: ((parameters: Parameters) => Account) | undefined;
}

/** Builds a Method from `build`, a pure function of data, settings, seed and material. */
export function defineModel<Schema extends z.ZodType, Content = never>(parts: {
  readonly name: string;
  readonly summary: string;
  readonly settings: Schema;
  /** Raised where the same settings make another model than before, so that weights of before are not taken for these. */
  readonly revision?: number | ((settings: z.infer<Schema>) => number | undefined);
  /** Whether it learns from titles, genres and attributes under these settings; then they are part of the version. */
  readonly readsTexts?: (settings: z.infer<Schema>) => boolean;
  readonly logOddsAgainst?: number;
  /** Settings that only the answer reads: under others the weights are the same, and are not trained again. */
  readonly searchSettings?: readonly string[];
  /**
   * Digest of what the model reads of the data besides ids, histories and texts; it becomes part of the version. Null where
   * that is nothing.
   */
  readonly alsoReads?: (set: TrainingSet, settings: z.infer<Schema>) => string | null;
  /** What these settings need besides the data; null where they need nothing. */
  readonly material?: (
    data: ModelData,
    settings: z.infer<Schema>,
    options: TrainOptions,
  ) => Promise<Material<Content> | null>;
  readonly build: (
    data: ModelData,
    settings: z.infer<Schema>,
    seed: number,
    material: Content | null,
  ) => Model;
}): Method {
  const { name, summary, settings: schema, logOddsAgainst, searchSettings = [], build } = parts;
  return {
    name,
    summary,
    settings: schema,
    hasWeights: true,
    ...(logOddsAgainst === undefined ? {} : { logOddsAgainst }),
    async train(set, given, seed, options = {}) {
      const settings = parsedSettings({ name, settings: schema }, given);
      const table = tabulate(set);
      const sequences = sequencesOf(set, table, seed);
      const material = (await parts.material?.({ set, table, sequences }, settings, options)) ?? null;
      const digests: Record<string, string> = { data: table.digest, order: sequences.digest };
      if (parts.readsTexts?.(settings) === true) digests['texts'] = textsDigest(set.items);
      const also = parts.alsoReads?.(set, settings) ?? null;
      if (also !== null) digests['also'] = also;
      if (material !== null) digests['material'] = material.digest;
      const revision = typeof parts.revision === 'function' ? parts.revision(settings) : parts.revision;
      const versionOf = (own: unknown): string =>
        digest({ method: name, revision, settings: own, seed, ...digests });
      const version = versionOf(settings);
      const isOtherSearch = (found: CheckpointHeader): boolean =>
        found.version === versionOf(withSearchOf(settings, found.settings, searchSettings));
      await openTensors();
      const model = build({ set, table, sequences }, settings, seed, material?.content ?? null);
      const wanted = { method: name, version, data: options.data ?? '', settings, seed, digests };
      const parameters = await weightsOf(
        wanted,
        model,
        options,
        searchSettings.length > 0 ? isOtherSearch : null,
      );
      const answer = model.serve(parameters);
      return {
        method: name,
        version,
        weights: weightsHash(parameters),
        recommend: async (request) => {
          const answered = await answer(request);
          const slate = Array.isArray(answered) ? { items: answered } : answered;
          return { ...slate, method: name, version };
        },
      };
    },
  };
}

function textsDigest(items: readonly Item[]): string {
  const texts = items.map((item) => ({
    id: item.id,
    title: item.title,
    text: item.text,
    year: item.year ?? null,
    genres: item.genres,
    attributes: describedAttributes(item),
  }));
  return digest(texts.sort((a, b) => byText(a.id, b.id)));
}

/** Where weights are kept, relative to the project. */
export const checkpointRoot = 'data/checkpoints';

/** Where the weights of a version are kept in a folder. */
export function checkpointPath(folder: string, method: string, version: string): string {
  return join(folder, `${method}-${version.slice(0, 16)}.checkpoint`);
}

async function weightsOf(
  header: Omit<CheckpointHeader, 'figures'>,
  model: Model,
  options: TrainOptions,
  isOtherSearch: ((found: CheckpointHeader) => boolean) | null,
): Promise<Parameters> {
  const { method, version, seed } = header;
  if (options.checkpoint !== undefined) return fittingWeights(options.checkpoint, header, model);
  const path = options.keep === undefined ? undefined : checkpointPath(options.keep, method, version);
  if (path !== undefined && existsSync(path)) return fittingWeights(path, header, model);
  const same =
    options.keep === undefined || isOtherSearch === null
      ? undefined
      : keptTraining(options.keep, method, isOtherSearch);
  if (
    path !== undefined &&
    same !== undefined &&
    shapesOf(same.parameters) === shapesOf(model.plan.initial)
  ) {
    writeCheckpoint(path, {
      header: { ...header, figures: same.header.figures },
      parameters: same.parameters,
    });
    return same.parameters;
  }
  // Hours of training are not to end at a place where nothing can be kept.
  if (path !== undefined) makeFolder(dirname(path));
  const keeper = path === undefined ? undefined : fileKeeper(path + unfinished, header, model.plan.initial);
  const write = (to: string, { parameters, steps, bestStep, looks, loss }: Fitted): void => {
    const accounts = [model.account, model.review?.(parameters)].filter((one) => one !== undefined);
    const told = Object.assign({}, ...accounts.map(({ figures }) => figures)) as Account['figures'];
    const account = accounts.flatMap(({ lines }) => lines);
    writeCheckpoint(to, {
      header: { ...header, figures: { steps, bestStep, looks, loss, ...told, account } },
      parameters,
    });
  };
  const rescue = (good: Fitted): string => {
    write(`${path}.last-good`, good);
    return `${path}.last-good`;
  };
  const { progress, interrupted } = options;
  const kept = path === undefined ? {} : { keeper, rescue };
  const fitted = await fit({ ...model.plan, seed, progress, interrupted, ...kept });
  if (path !== undefined) write(path, fitted);
  keeper?.forget();
  return fitted.parameters;
}

function fittingWeights(path: string, wanted: Omit<CheckpointHeader, 'figures'>, model: Model): Parameters {
  const { header, parameters } = readCheckpoint(path);
  const fits = header.version === wanted.version && shapesOf(parameters) === shapesOf(model.plan.initial);
  if (!fits) throw misfit(path, header, wanted);
  return parameters;
}
