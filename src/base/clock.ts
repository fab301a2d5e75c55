// The only place that reads the machine's clock. Simulated time is plain numbers in seconds, passed in;
// wall-clock time is for progress, time-outs and the cost line, and never enters an event.

/** Milliseconds since some fixed moment, monotonic. */
export function wallMilliseconds(): number {
  return performance.now();
}

/** The date and time now, ISO 8601, for manifests and file names. */
export function wallDate(): string {
  return new Date(Date.now()).toISOString();
}
