import type { Instant } from '#base/instant.ts';

/** A configured origin of reports, with what it covers and how fresh it is. */
export interface SourceView {
  readonly id: string;
  readonly name: string;
  readonly tool: string;
  readonly isRetired: boolean;
  readonly openFindings: number;
  readonly scopes: readonly ScopeView[];
  readonly lastScan: ScanView | null;
}

export interface ScopeView {
  readonly id: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly lastReportAt: Instant;
  readonly isCounting: boolean;
  readonly isRetired: boolean;
  readonly openSightings: number;
  readonly held: { readonly count: number; readonly since: Instant; readonly why: string } | null;
}

export interface ScanView {
  readonly id: string;
  readonly files: readonly string[];
  readonly format: string;
  readonly reportAt: Instant;
  readonly arrivedAt: Instant;
  readonly isComplete: boolean;
  readonly sentence: string;
}

/** Reads and changes the configured origins of reports. */
export interface SourceStore {
  list(): Promise<readonly SourceView[]>;
  /** The name is a label: nothing else changes. False when there is no such source. */
  rename(id: string, name: string, actor: string): Promise<boolean>;
  /**
   * Closes what only this source said, or only those of its scopes whose keys agree with all of `keys`.
   * Answers how many scopes were retired and how many findings closed by it.
   */
  retire(id: string, keys: Readonly<Record<string, string>>, actor: string): Promise<{ readonly scopes: number; readonly closed: number }>;
}
