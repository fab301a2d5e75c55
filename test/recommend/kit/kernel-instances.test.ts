import { beforeAll, expect, it } from 'vitest';
import { withKeptInstances } from '../../../src/recommend/kit/kernel-instances.ts';
import {
  compiled,
  download,
  multiply,
  openTensors,
  release,
  upload,
} from '../../../src/recommend/kit/tensor.ts';

/** (module (import "env" "memory" (memory 0)) (func (export "kernel"))): what jax-js compiles, without the work. */
const bytes = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
  ...[0x02, 0x0f, 0x01, 0x03, ...Buffer.from('env'), 0x06, ...Buffer.from('memory'), 0x02, 0x00, 0x00],
  ...[0x03, 0x02, 0x01, 0x00, 0x07, 0x0a, 0x01, 0x06, ...Buffer.from('kernel'), 0x00, 0x00],
  ...[0x0a, 0x04, 0x01, 0x02, 0x00, 0x0b],
]);
const original = WebAssembly.Instance;

beforeAll(openTensors);

it('a module is instantiated once for a memory, and anew for another memory or with other imports', () => {
  const [module, memory] = [new WebAssembly.Module(bytes), new WebAssembly.Memory({ initial: 0 })];
  const made = (imports: WebAssembly.Imports) =>
    withKeptInstances(() => new WebAssembly.Instance(module, imports));
  const first = made({ env: { memory } });
  expect(first).toBeInstanceOf(original);
  expect(made({ env: { memory } })).toBe(first);
  expect(made({ env: { memory: new WebAssembly.Memory({ initial: 0 }) } })).not.toBe(first);
  const [more, again] = [made({ env: { memory, other: 1 } }), made({ env: { memory, other: 1 } })];
  expect(again).not.toBe(more);
  expect(new WebAssembly.Instance(module, { env: { memory } })).not.toBe(first);
});

it('nothing outside of the call meets the exchanged constructor, even where the call fails', () => {
  withKeptInstances(() => expect(WebAssembly.Instance).not.toBe(original));
  expect(WebAssembly.Instance).toBe(original);
  expect(() =>
    withKeptInstances(() => {
      throw new Error('a broken kernel');
    }),
  ).toThrowError('a broken kernel');
  expect(WebAssembly.Instance).toBe(original);
});

it('a compiled function remembers nothing of its former inputs', () => {
  const square = compiled((inputs) => ({ squared: multiply(inputs!['x']!, inputs!['x']!) }));
  for (const value of [3, 5, 3, -7]) {
    const x = upload(new Float32Array(8).fill(value), [8]);
    const outputs = square({ x });
    expect([...download(outputs.squared)]).toEqual(new Array(8).fill(value * value));
    release(outputs, { x });
  }
});
