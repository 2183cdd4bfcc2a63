import type { Instant } from '#base/instant.ts';
import type { SourceRhythm } from '../scan/source-rhythm.ts';
import type { ScanTally } from './import-store.ts';

/** A configured origin of reports, with what it covers and how fresh it is. */
export interface SourceView {
  readonly id: string;
  readonly name: string;
  readonly tool: string;
  /** Worked out here from what the others tell: no report is read for it. */
  readonly isDerived: boolean;
  readonly isRetired: boolean;
  readonly openFindings: number;
  /** The time of its latest report; null when there was none. */
  readonly lastReportAt: Instant | null;
  readonly rhythm: SourceRhythm;
  /** It has been silent for longer than its rhythm lets it; never when it is retired. */
  readonly isOverdue: boolean;
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
  /** Open findings where its latest reports did not look, and when one did first of all; null: they looked at all. */
  readonly notLookedAt: { readonly open: number; readonly since: Instant } | null;
  /** One per scan that holds some. */
  readonly held: readonly HeldView[];
}

/** Closings of one scope that wait for a person. */
export interface HeldView {
  readonly count: number;
  /** Of so many open findings. */
  readonly open: number;
  readonly since: Instant;
  readonly why: string;
  /** The latest complete scan of the scope, which would have closed them, and all of its files. */
  readonly scanId: string;
  readonly files: readonly string[];
  /** What the person said of that import, as words of a command line. */
  readonly flags: readonly string[];
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

/**
 * What inventories listed at one place (attack-paths §1.5, coverage record). What has no record was not looked
 * at: nothing is known there, neither that something is nor that it is not.
 */
export interface InventoryCoverage {
  /** `aws:111111111111`, `k8s:production`. */
  readonly estate: string;
  /** Region or namespace; empty: everywhere in the account or cluster. */
  readonly place: string;
  readonly type: string;
  readonly sourceId: string;
  readonly collectedAt: Instant;
  /** `partial`: some of them, as one page of several does. */
  readonly complete: 'yes' | 'partial';
}

/** Reads and changes the configured origins of reports. */
export interface SourceStore {
  list(): Promise<readonly SourceView[]>;
  /** What inventories listed: of one account or cluster, or of all. */
  inventory(estate: string | null): Promise<readonly InventoryCoverage[]>;
  /** The name is a label: nothing else changes. False when there is no such source. */
  rename(id: string, name: string, actor: string): Promise<boolean>;
  /** For how many days it may be silent; null: as learned. False when there is no such source. */
  setRhythm(id: string, days: number | null, actor: string): Promise<boolean>;
  /**
   * Closes what only this source said, or only those of its scopes whose keys agree with all of `keys`.
   * Answers how many scopes were retired and how many findings closed by it.
   */
  retire(
    id: string,
    keys: Readonly<Record<string, string>>,
    actor: string,
  ): Promise<{ readonly scopes: number; readonly closed: number }>;
  /** Takes retiring back: what these scopes showed counts again. */
  restore(
    id: string,
    keys: Readonly<Record<string, string>>,
    actor: string,
  ): Promise<{ readonly scopes: number; readonly reopened: number }>;
  /** Makes one source of two, under the id and the name of the second. Null where there is none of one of these ids. */
  merge(
    id: string,
    into: string,
    actor: string,
  ): Promise<{ readonly scopes: number; readonly findings: number } | null>;
}
