// Whether something grows: a line through noted values. Neighbours in time are alike, so the values are averaged in ten
// equal stretches first, and the line and its interval are those of the ten means.

import { tQuantile } from '../stats/distributions.ts';

export interface Slope {
  /** Change of y where x is 1 more. */
  readonly value: number;
  /** 95 % interval, t with eight degrees of freedom. */
  readonly ci: readonly [number, number];
}

const stretches = 10;

/** The least-squares slope of ten means; null where a stretch would have no point. */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): Slope | null {
  if (points.length < stretches) return null;
  const means = Array.from({ length: stretches }, (_, index) => {
    const own = points.slice(
      Math.floor((index * points.length) / stretches),
      Math.floor(((index + 1) * points.length) / stretches),
    );
    const mean = (field: 'x' | 'y'): number => own.reduce((sum, point) => sum + point[field], 0) / own.length;
    return { x: mean('x'), y: mean('y') };
  });
  const centre = (field: 'x' | 'y'): number =>
    means.reduce((sum, point) => sum + point[field], 0) / stretches;
  const [meanX, meanY] = [centre('x'), centre('y')];
  const spread = means.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const value = means.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const rest = means.reduce((sum, { x, y }) => sum + (y - meanY - value * (x - meanX)) ** 2, 0);
  const half = tQuantile(0.975, stretches - 2) * Math.sqrt(rest / (stretches - 2) / spread);
  return { value, ci: [value - half, value + half] };
}
