import type { InboxErrorCode } from '#base/inbox-error.ts';
import type { RejectCode } from '#domain/ports/report-format.ts';

/** What became of one file, or of one member of an archive. */
export type ImportResult = ImportedFile | FailedFile;

export interface ImportedFile {
  readonly file: string;
  readonly format: string;
  readonly source: string | null;
  readonly scope: Readonly<Record<string, string>>;
  readonly complete: boolean;
  readonly records: number;
  readonly findings: number;
  readonly passed: number;
  readonly resources: number;
  readonly relations: number;
  readonly signals: number;
  readonly rejects: readonly { readonly at: string; readonly code: RejectCode; readonly message: string }[];
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly closed: number;
  readonly held: number;
  readonly regressed: number;
  /** The report broke off; what stood before it was taken in. */
  readonly error: { readonly code: InboxErrorCode; readonly message: string } | null;
  /** What moved and why, and which flag would make a partial scan complete. */
  readonly sentences: readonly string[];
}

export interface FailedFile {
  readonly file: string;
  readonly format: string | null;
  readonly error: { readonly code: InboxErrorCode; readonly message: string };
}

export function isImported(result: ImportResult): result is ImportedFile {
  return 'records' in result;
}
