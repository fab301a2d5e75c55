// What a verb that serves waits for.

/** Resolves at Ctrl-C, at once where it was pressed before. */
export function interruption(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
