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

const ROUNDS_TO_COMPILE = 30;
const ROUNDS_MIN = 5;
const PROCESSOR_MIN_MS = 100;

/**
 * Milliseconds of one round: of the best one by the clock, or the mean of processor time over all, whichever is less. Beside
 * other programs the first is right for what is short, the second for what is longer than the processor stays with us.
 */
export function bestOf(action: () => unknown, budget: number): number {
  const warm = performance.now() + budget / 2;
  for (let round = 0; round < ROUNDS_TO_COMPILE && performance.now() < warm; round++) action();
  let best = Number.POSITIVE_INFINITY;
  let rounds = 0;
  const begin = performance.now();
  const used = process.threadCpuUsage();
  do {
    const start = performance.now();
    action();
    best = Math.min(best, performance.now() - start);
    rounds++;
  } while (rounds < ROUNDS_MIN || performance.now() - begin < budget);
  const { user, system } = process.threadCpuUsage(used);
  const processor = (user + system) / 1_000;
  // The system counts in steps of some milliseconds.
  return processor > PROCESSOR_MIN_MS ? Math.min(best, processor / rounds) : best;
}

/** Reads every word once, four at a time: what no algorithm over these edges can be faster than. */
export function streamed(words: Int32Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  const last = words.length - 3;
  for (let i = 0; i < last; i += 4) {
    a = (a + (words[i] as number)) | 0;
    b = (b + (words[i + 1] as number)) | 0;
    c = (c + (words[i + 2] as number)) | 0;
    d = (d + (words[i + 3] as number)) | 0;
  }
  return a + b + c + d;
}
