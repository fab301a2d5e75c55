// A visitor's memory. Short-term: the records of this visit, in full. Long-term: what passed an importance
// threshold in earlier visits, decaying on simulated time, strengthened when recalled, merged when nearly the
// same. Recall scores relevance + recency + importance, each min-max normalised over the candidates
// (generative agents, Park et al. 2023; weights and record as in A/B Agent). Pure.

import { dot } from './text.ts';

export interface MemoryRecord {
  /** Simulated seconds since the visitor's first visit. */
  readonly time: number;
  readonly page: string;
  readonly text: string;
  readonly vector: Float64Array;
  /** The picture it is about (`pictureVector`), where a mind keeps pictures and there was one. */
  readonly picture?: Float64Array | null;
  /** 1-5. */
  readonly interest: number;
  readonly action: string;
  /** 0-1; strengthened by recall. */
  readonly importance: number;
}

export interface Memory {
  readonly shortTerm: readonly MemoryRecord[];
  readonly longTerm: readonly MemoryRecord[];
}

/** What brings memories back. */
export interface Cue {
  /** Of words: `textVector`, or an endpoint's. */
  readonly vector: Float64Array;
  /** Of the pictures in view. */
  readonly pictures?: readonly Float64Array[];
}

export interface MemoryParameters {
  /** w_r, w_t, w_i of recall. */
  readonly relevance: number;
  readonly recency: number;
  readonly importance: number;
  /** Weight of the picture in view most like a record's, beside the words' 1 within relevance. */
  readonly picture: number;
  /** τ of exp(−Δt/τ), simulated seconds. */
  readonly recencySeconds: number;
  readonly recalled: number;
  /** Importance from which a record outlives its visit. */
  readonly keepFrom: number;
  /** Half-life of a long-term record's importance, simulated seconds; below `forgetBelow` it is gone. */
  readonly halfLifeSeconds: number;
  readonly forgetBelow: number;
  /** Added to importance by each recall. */
  readonly strengthen: number;
  /** Records on the same page kind whose vectors agree at least this much become one. */
  readonly mergeFrom: number;
  readonly capacity: number;
}

const hour = 3600;

export const memoryParameters: MemoryParameters = {
  relevance: 1,
  recency: 1,
  importance: 1,
  picture: 1,
  recencySeconds: 24 * hour,
  recalled: 5,
  keepFrom: 0.5,
  halfLifeSeconds: 14 * 24 * hour,
  forgetBelow: 0.1,
  strengthen: 0.1,
  mergeFrom: 0.95,
  capacity: 200,
};

export const emptyMemory: Memory = { shortTerm: [], longTerm: [] };

/** The memory with one more record of this visit. */
export function remember(memory: Memory, record: MemoryRecord): Memory {
  return { ...memory, shortTerm: [...memory.shortTerm, record] };
}

/**
 * The best-scoring records for a cue at a time, best first, their scores, and the memory in which recalled long-term
 * records have grown stronger.
 */
export function recall(
  memory: Memory,
  cue: Cue,
  time: number,
  parameters: MemoryParameters,
): { memory: Memory; records: readonly MemoryRecord[]; scores: readonly number[] } {
  const candidates = [...memory.longTerm, ...memory.shortTerm];
  if (candidates.length === 0) return { memory, records: [], scores: [] };
  const relevance = normalised(candidates.map((record) => relevanceTo(cue, record, parameters)));
  const recency = normalised(
    candidates.map((record) => Math.exp(-(time - record.time) / parameters.recencySeconds)),
  );
  const importance = normalised(candidates.map((record) => record.importance));
  const best = candidates
    .map((record, index) => ({
      record,
      index,
      score:
        parameters.relevance * relevance[index]! +
        parameters.recency * recency[index]! +
        parameters.importance * importance[index]!,
    }))
    .sort((a, b) => b.score - a.score || b.index - a.index)
    .slice(0, parameters.recalled);
  const records = best.map(({ record }) => record);
  const strengthened = memory.longTerm.map((record) =>
    records.includes(record)
      ? { ...record, importance: Math.min(1, record.importance + parameters.strengthen) }
      : record,
  );
  return { memory: { ...memory, longTerm: strengthened }, records, scores: best.map(({ score }) => score) };
}

/** Likeness of the words plus, weighed, that of the picture in view most like the record's. */
function relevanceTo(cue: Cue, record: MemoryRecord, parameters: MemoryParameters): number {
  const words = dot(cue.vector, record.vector);
  const { picture } = record;
  if (picture === undefined || picture === null || cue.pictures === undefined) return words;
  return words + parameters.picture * Math.max(0, ...cue.pictures.map((seen) => dot(seen, picture)));
}

/**
 * Closes a visit: important records move to the long term, old ones fade since `lastTime`, near-duplicates
 * merge into the stronger, and the weakest beyond the capacity are forgotten.
 */
export function consolidate(
  memory: Memory,
  lastTime: number,
  time: number,
  parameters: MemoryParameters,
): Memory {
  const fade = 0.5 ** (Math.max(0, time - lastTime) / parameters.halfLifeSeconds);
  const faded = memory.longTerm
    .map((record) => ({ ...record, importance: record.importance * fade }))
    .filter((record) => record.importance >= parameters.forgetBelow);
  const fresh = memory.shortTerm.filter((record) => record.importance >= parameters.keepFrom);
  const merged = fresh.reduce((kept, record) => mergeInto(kept, record, parameters), faded);
  const strongest = [...merged].sort((a, b) => b.importance - a.importance).slice(0, parameters.capacity);
  return { shortTerm: [], longTerm: strongest.sort((a, b) => a.time - b.time) };
}

function mergeInto(
  records: readonly MemoryRecord[],
  record: MemoryRecord,
  parameters: MemoryParameters,
): MemoryRecord[] {
  const twin = records.findIndex(
    (known) =>
      known.page === record.page &&
      known.action === record.action &&
      dot(known.vector, record.vector) >= parameters.mergeFrom,
  );
  if (twin === -1) return [...records, record];
  return records.map((known, index) =>
    index === twin
      ? {
          ...record,
          importance: Math.min(1, Math.max(known.importance, record.importance) + parameters.strengthen),
        }
      : known,
  );
}

/** To 0-1 over the candidates; equal values all become 1, so they do not decide. */
function normalised(values: readonly number[]): number[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return values.map((value) => (high === low ? 1 : (value - low) / (high - low)));
}
