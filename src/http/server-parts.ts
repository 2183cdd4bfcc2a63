import type { Credential } from '#app/authenticate.ts';
import type { Actor, AppContext } from '#app/context.ts';
import type { ImportOptions } from '#app/import/import-options.ts';
import type { ImportResult } from '#app/import/import-result.ts';
import type { InputLimits } from '#domain/ports/input-limits.ts';
import type { Log } from './log.ts';

/** One upload, on disk, for a process of its own to read. */
export interface ImportJob {
  readonly path: string;
  /** The name that the sender gave; never a path. */
  readonly name: string;
  readonly options: ImportOptions;
  readonly actor: Actor;
}

/** What the HTTP door is made of. */
export interface ServerParts {
  readonly context: Omit<AppContext, 'actor'>;
  readonly log: Log;
  readonly version: string;
  /** Where browsers reach the server from elsewhere; null: it is reached on loopback only. */
  readonly publicUrl: URL | null;
  /** Folder of the built web app; null: only the API is served. */
  readonly webFolder: string | null;
  /** A folder for uploads that are being read, made where it is not there; the files in it are 0600 and short-lived. */
  readonly spoolFolder: string;
  /** How large an uploaded report may be, by what its sender shows: a page's session or an API token. */
  readonly uploadMaxBytes: Readonly<Record<Credential['kind'], number>>;
  /** How much one token or signed-in person may upload in a day. */
  readonly uploadMaxBytesPerDay: number;
  /** How long the sender of an upload waits without a sign of life. */
  readonly signOfLifeMs: number;
  /** Reads one upload in a process of its own and answers when it is done; `told` hears now and then how many bytes were read. */
  readonly runImportWorker: (
    job: ImportJob,
    told: (bytesRead: number) => void,
  ) => Promise<readonly ImportResult[]>;
  /** Whether metrics are told at a port of their own, and not at this door. */
  readonly isWatchedElsewhere: boolean;
  /** Whether the database answers and its schema is the one that this program knows. */
  readonly isReady: () => Promise<boolean>;
}

const MB = 1024 ** 2;

export function uploadBounds(
  limits: InputLimits,
): Pick<ServerParts, 'uploadMaxBytes' | 'uploadMaxBytesPerDay'> {
  return {
    uploadMaxBytes: { session: limits['page-upload-mb'] * MB, token: limits['upload-mb'] * MB },
    uploadMaxBytesPerDay: limits['uploads-a-day-mb'] * MB,
  };
}

/** Clients and proxies give up on a silence of a minute or more. */
export const DEFAULT_SIGN_OF_LIFE_MS = 15_000;
