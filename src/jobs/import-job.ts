import type { Actor } from '#app/context.ts';
import type { ImportResult } from '#app/import/import-result.ts';
import type { ImportRequest } from '#app/import-reports.ts';

/** What a worker process is told on its standard input, as one line of JSON. */
export interface ImportJob extends ImportRequest {
  readonly actor: Actor;
}

/** What it answers on its standard output, as one line of JSON. */
export type ImportAnswer =
  | { readonly results: readonly ImportResult[] }
  | { readonly error: { readonly code: string; readonly message: string } };

/** What it tells meanwhile over its channel: first when its turn has come, then each second in which it can. */
export interface ImportProgress {
  /** Bytes of the reports, after decompression. */
  readonly bytesRead: number;
  /** Time of the processor since its turn came. */
  readonly workedMs: number;
}
