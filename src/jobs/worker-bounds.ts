/** What one import may take; beyond it its process is killed, and nothing of it is stored (reliability §6.1, parser job). */
export interface WorkerBounds {
  readonly heapMb: number;
  /** From when it is its turn, whatever the report is. */
  readonly baseMs: number;
  /** As much again for each 100 MB that it has read, after decompression. */
  readonly per100MbMs: number;
}

export const DEFAULT_WORKER_BOUNDS: WorkerBounds = { heapMb: 512, baseMs: 60_000, per100MbMs: 30_000 };

/** How long a worker may work that has read so many bytes. */
export function allowedMs(bounds: WorkerBounds, bytesRead: number): number {
  return bounds.baseMs + (bounds.per100MbMs * bytesRead) / (100 * 1024 ** 2);
}
