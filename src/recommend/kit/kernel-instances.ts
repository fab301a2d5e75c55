// One WebAssembly instance for each compiled kernel. jax-js 0.1.25 makes a new one at every call, which takes longer
// than the work of a small kernel; its kernels keep nothing between calls, so the first instance can serve them all.
// The constructor is exchanged for the time of one synchronous call alone: nothing else in the process ever meets it.

interface Instantiated {
  readonly memory: unknown;
  readonly instance: WebAssembly.Instance;
}

const instances = new WeakMap<WebAssembly.Module, Instantiated>();

/** Makes an instance where none of this module and memory is kept. What imports anything else is always made anew. */
const Reused = new Proxy(WebAssembly.Instance, {
  construct(Made, [module, imports]: [WebAssembly.Module, WebAssembly.Imports?]) {
    const memory = onlyMemory(imports);
    if (memory === undefined) return new Made(module, imports);
    const known = instances.get(module);
    if (known?.memory === memory) return known.instance;
    const instance = new Made(module, imports);
    instances.set(module, { memory, instance });
    return instance;
  },
});

/** What `compute` returns; kernels that it runs before it returns are instantiated once in the life of the process. */
export function withKeptInstances<Result>(compute: () => Result): Result {
  const { Instance } = WebAssembly;
  WebAssembly.Instance = Reused;
  try {
    return compute();
  } finally {
    WebAssembly.Instance = Instance;
  }
}

/** The memory of imports as jax-js gives them to a kernel, {env: {memory}}; undefined where there is anything else. */
function onlyMemory(imports: WebAssembly.Imports | undefined): WebAssembly.Memory | undefined {
  if (imports === undefined || Object.keys(imports).join() !== 'env') return undefined;
  const { memory, ...others } = imports['env']!;
  return memory instanceof WebAssembly.Memory && Object.keys(others).length === 0 ? memory : undefined;
}
