/** Milliseconds that an action takes. */
export async function timed(action: () => Promise<unknown> | unknown): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

/** The value below which `share` of the samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** Milliseconds in which kernels may count the time of a processor. */
const TICK = 4;

/**
 * Milliseconds of this thread's own processor time that an action takes: what it takes by the clock where nobody else works.
 * By the clock itself where both are the same as far as ticks can tell.
 */
export function processorTime(action: () => void): number {
  const start = performance.now();
  const before = process.threadCpuUsage();
  action();
  const { user, system } = process.threadCpuUsage(before);
  const clock = performance.now() - start;
  const time = (user + system) / 1000;
  return Math.abs(clock - time) <= TICK ? clock : time;
}
