// Numbers and names as a reader wants them. Three significant digits are enough for a mean over simulated
// visitors; the exact values are in result.json.

const minus = '−';

/** About three significant digits without exponent, thousands separated: 0.0031, 0.031, 1.24, 18.3, 1,204. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  const magnitude = Math.floor(Math.log10(size));
  const decimals = size >= 1 ? Math.max(0, 2 - magnitude) : size >= 0.01 ? 3 : Math.min(6, 1 - magnitude);
  return typographic(
    value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  );
}

/** A number with its sign: +0.12, −3.4, 0. */
export function formatSigned(value: number): string {
  return value > 0 ? `+${formatNumber(value)}` : formatNumber(value);
}

/** A relative effect as a signed percentage: +12.4 %. */
export function formatRelative(share: number): string {
  const percent = share * 100;
  const text = percent.toFixed(Math.abs(percent) >= 100 ? 0 : 1);
  return `${percent > 0 ? '+' : ''}${typographic(text)} %`;
}

/** A share as a plain percentage without trailing zeros: 95 %, 2.5 %. */
export function formatShare(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

/** A probability: 0.03, '< 0.001', '> 0.999'. */
export function formatProbability(value: number): string {
  if (value < 0.001) return '< 0.001';
  if (value > 0.999) return '> 0.999';
  return value.toFixed(value < 0.1 || value > 0.99 ? 3 : 2);
}

/** Two ends of an interval: '0.10 to 0.24'. */
export function formatInterval(
  interval: readonly [number, number],
  format: (value: number) => string = formatNumber,
): string {
  return `${format(interval[0])} to ${format(interval[1])}`;
}

/** Simulated seconds as minutes and seconds: 1:05. */
export function formatClock(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Names that are not their own words. */
const writtenOtherwise: Readonly<Record<string, string>> = {
  ctr: 'CTR',
  srm: 'Sample ratio',
  'aa-replay': 'A/A replay',
};

/** A metric's or reason's name in words: 'ctr' → 'CTR', 'meanRating' and 'mean-rating' → 'Mean rating'. */
export function nameInWords(name: string): string {
  const written = writtenOtherwise[name];
  if (written !== undefined) return written;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[-_]/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Round positions for an axis that covers [low, high], about `count` of them, in ascending order. */
export function niceTicks(low: number, high: number, count: number): number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
  const ticks: number[] = [];
  for (let place = Math.ceil(low / step - 1e-9); place * step <= high + step * 1e-9; place++) {
    ticks.push(Number((place * step).toPrecision(12)));
  }
  return ticks;
}

/** A tick's label: no more decimals than its neighbours need. */
export function formatTick(value: number, ticks: readonly number[]): string {
  const decimals = Math.max(0, ...ticks.map((tick) => (String(tick).split('.')[1] ?? '').length));
  return typographic(
    value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  );
}

function typographic(text: string): string {
  return text.replace(/^-/, minus);
}
