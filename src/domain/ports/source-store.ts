import type { Instant } from '#base/instant.ts';
import type { ScanTally } from './import-store.ts';

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
  readonly held: HeldView | null;
}

/** Closings of one scope that wait for a person. */
export interface HeldView {
  readonly count: number;
  readonly since: Instant;
  readonly why: string;
  /** The latest complete scan of the scope, which would have closed them, and all of its files. */
  readonly scanId: string;
  readonly files: readonly string[];
}

export interface ScanView extends ScanTally {
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
  retire(
    id: string,
    keys: Readonly<Record<string, string>>,
    actor: string,
  ): Promise<{ readonly scopes: number; readonly closed: number }>;
}
