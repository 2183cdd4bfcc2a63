const whole = new Intl.NumberFormat('en-US');

/** A count with thousands separators. */
export function countText(count: number): string {
  return whole.format(count);
}

/** A count for a narrow column: exact below ten thousand, then `41k`, rounded down. */
export function shortCount(count: number): string {
  if (count < 10_000) return countText(count);
  return count < 1_000_000 ? `${Math.floor(count / 1000)}k` : `${Math.floor(count / 1_000_000)}M`;
}

/** A count with its noun: `1 finding`, `1,204 findings`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** How likely something is, from 0 to 1: two digits, and never 0 for what can happen. */
export function likelihoodText(likelihood: number): string {
  if (likelihood > 0 && likelihood < 0.01) return 'below 0.01';
  return likelihood.toFixed(2);
}

/** A share of a whole in percent: `34 %`, `below 1 %` for what is not nothing. */
export function shareText(share: number): string {
  const percent = share * 100;
  return percent > 0 && percent < 1 ? 'below 1 %' : `${Math.floor(percent + 1e-9)} %`;
}

/** A CVSS score, always with one decimal. */
export function scoreText(score: number): string {
  return score.toFixed(1);
}

/** A size in bytes, kB, MB or GB (powers of 1000). */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ['kB', 'MB', 'GB'];
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}
