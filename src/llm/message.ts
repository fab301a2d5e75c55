// What is said to a model: messages of texts and pictures. Pictures are bytes and travel as data URIs, never as
// addresses; their hash stands for them in keys, logs and cassettes.

import { sha256 } from '../base/hash.ts';

export interface Text {
  readonly type: 'text';
  readonly text: string;
}

export interface Picture {
  readonly type: 'picture';
  readonly bytes: Uint8Array;
  readonly format: 'image/jpeg' | 'image/png' | 'image/webp';
  /** SHA-256 of `bytes`, lower-case hex. */
  readonly hash: string;
}

export type Part = Text | Picture;

/** Fixed text goes first and what changes goes last, so that a server can reuse what it computed of the prefix. */
export type Message =
  | { readonly role: 'system' | 'user'; readonly content: readonly Part[] }
  | { readonly role: 'assistant'; readonly content: readonly Part[]; readonly calls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly call: string; readonly content: readonly Part[] };

/** A model's wish to use a tool; `input` is what it wrote, parsed as JSON but not yet checked. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export function text(content: string): Text {
  return { type: 'text', text: content };
}

export function picture(bytes: Uint8Array, format: Picture['format']): Picture {
  return { type: 'picture', bytes, format, hash: sha256(bytes) };
}
