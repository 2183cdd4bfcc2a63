import type { Instant } from '#base/instant.ts';
import type { ImageDescription } from '../resource/resource-description.ts';

/** One scan as its report describes it: who looked, when, at what, and how much of it. */
export interface ScanDescription {
  /** The tool's name in the spelling of `finding/tool-check.ts`: `trivy`, `prowler`, `semgrep`. Default name of the source. */
  readonly tool: string;
  readonly toolVersion?: string | undefined;
  /** The time that the report states for itself, never that of its records; null when it states none. */
  readonly time: Instant | null;
  readonly scope: ScopeDescription;
  readonly coverage: Coverage;
}

/**
 * What a scan may close (design: identity, scope).
 *
 * - `all`: everything of its scope that it does not show any more.
 * - `listed`: what belongs to a unit that it lists (`cover` of findings and of coverage observations).
 * - `listed-if-passes`: the same, but only if it tells what passed; a report of failures alone does not say which checks ran.
 * - `none`: only records that carry their own end.
 */
export type Coverage = 'all' | 'listed' | 'listed-if-passes' | 'none';

export type ScopeDescription =
  | { readonly is: 'image'; readonly image: ImageDescription }
  /** A file system, an SBOM: its artifact; null when it has no name of its own (`.`, a temporary path). */
  | { readonly is: 'artifact'; readonly name: string | null }
  | {
      readonly is: 'code';
      readonly repository: string | null;
      readonly branch?: string | undefined;
      readonly category?: string | undefined;
    }
  /** Checks at places (accounts and regions, subscriptions, projects); the pairs are the cover units. */
  | { readonly is: 'posture' }
  | { readonly is: 'cluster'; readonly cluster: string | null }
  /**
   * Whose services, resources and files are, as people wrote it down. The cover units are its files: `unit` is the one
   * that is read, where it has another name than its own.
   */
  | { readonly is: 'catalogue'; readonly unit?: string | undefined }
  /** A stream of findings of many origins that is never known to be complete. */
  | { readonly is: 'feed' }
  | { readonly is: 'events' }
  /** Inventory: the cover units are (account, region, type) or (cluster, kind, namespace). */
  | { readonly is: 'inventory'; readonly cluster?: string | null | undefined };
