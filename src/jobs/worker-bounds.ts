import { SECOND_MS } from '#base/instant.ts';
import type { InputLimits } from '#domain/ports/input-limits.ts';

/** What one import may take; beyond it its process is killed, and nothing of it is stored (reliability §6.1, parser job). */
export interface WorkerBounds {
  readonly heapMb: number;
  /** Of the processor, from when it is its turn, whatever the report is. */
  readonly baseMs: number;
  /** As much again for each 100 MB that it has read, after decompression. */
  readonly per100MbMs: number;
}

export function workerBounds(limits: InputLimits): WorkerBounds {
  return {
    heapMb: limits['import-heap-mb'],
    baseMs: limits['import-seconds'] * SECOND_MS,
    per100MbMs: limits['import-seconds-each-100-mb'] * SECOND_MS,
  };
}

/** How much longer than it works an import may take: it waits for the database, and for others on the same machine. */
const CLOCK_FACTOR = 10;

/** How much longer a worker may work that has read and worked so much, and whose turn came so long ago; not more than 0 is over. */
export function leftMs(
  bounds: WorkerBounds,
  done: { readonly bytesRead: number; readonly workedMs: number; readonly elapsedMs: number },
): number {
  const allowedMs = bounds.baseMs + (bounds.per100MbMs * done.bytesRead) / (100 * 1024 ** 2);
  return Math.min(allowedMs - done.workedMs, allowedMs * CLOCK_FACTOR - done.elapsedMs);
}
