// The contest of serving as it is printed.

import { table, type Section } from './page.ts';
import type { ServingReport } from './serving.ts';

/** The section of docs/bench.md. */
export function servingSection({ items, rows, gigaflops, torch }: ServingReport, command: string): Section {
  const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
  return {
    name: 'serving',
    command,
    lines: [
      `Models of size s on ${whole(items)} items, one thread; slates of 20 after histories of 50, beam 20. "one request" is in process, one`,
      `after another; requests a second are over HTTP, server and clients in one process. The product of two 512 × 512 matrices runs at`,
      `${gigaflops.toFixed(1)} GFLOP/s.`,
      '',
      ...table(
        ['method', 'one request, p50', 'p95', 'requests/s, 1 client', '16 clients', 'training, tokens/s'],
        rows.map(({ method, alone, perSecond, tokensPerSecond }) => [
          method,
          `${alone.medianMs.toFixed(1)} ms`,
          `${alone.slowMs.toFixed(1)} ms`,
          perSecond[1].toFixed(1),
          perSecond[16].toFixed(1),
          whole(tokensPerSecond),
        ]),
      ),
      '',
      torch === null
        ? 'PyTorch is not installed here, so there is no yardstick beside it.'
        : `PyTorch ${torch.version} (${torch.blas === '' ? 'its matrix products from a library that is not told' : torch.blas}) on one thread: the product at ${torch.gigaflops.toFixed(1)} GFLOP/s, a model of sasrec's sizes with its loss and optimiser at ${whole(torch.tokensPerSecond)} tokens/s.`,
    ],
  };
}
