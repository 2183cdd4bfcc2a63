import type { Instant } from '#base/instant.ts';
import type { Aliases } from '#domain/finding/aliases.ts';
import type { OpenSighting } from '#domain/finding/finding-state.ts';
import type {
  CatalogueObservation,
  CodeOwnersObservation,
  CreatorObservation,
  DataObservation,
  GoneObservation,
  InventoryListing,
  ObservedPackage,
  RelationObservation,
  ResourceObservation,
  SignalObservation,
  VexObservation,
} from '#domain/finding/observation.ts';
import type { SightingContent } from '#domain/finding/sighting.ts';
import type { ScanEnd, ScanRequest } from '#domain/ports/import-store.ts';
import type { DeclaredPlace } from '#domain/resource/place-resource.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Rekeyed } from '../rekey/rekeyed.ts';
import type { KnownEntries } from './known-entries.ts';
import type { KnownSightings } from './known-sightings.ts';
import type { SharedCovers } from './shared-covers.ts';
import type { SightingDigest } from './sighting-digest.ts';

/** A scan that was read to its end, with what the comparison in memory found. */
export interface AppliedScan {
  readonly importId: bigint;
  readonly request: ScanRequest;
  readonly scopeId: bigint;
  /** What people said of this scope, now or at an earlier scan; of one of many things what they say now. */
  readonly declared: DeclaredPlace;
  /** The resources that its findings are on, where that is a word about them; empty for scopes of one thing. */
  readonly spokenOf: ReadonlySet<string>;
  readonly end: ScanEnd;
  /** What this scope shows, as the only one that shows it. */
  openSighting(content: SightingContent): OpenSighting;
  /** The scope was never scanned before. */
  readonly isFirst: boolean;
  /** The time of the latest report of its scope before this one; null of the first. */
  readonly lastReportAt: Instant | null;
  /** The report is older than the latest scan of its scope; of `covers` only those are left at which no later one looked. */
  readonly isLate: boolean;
  /** It tells of nothing that later scans left open: it adds history and changes no state. */
  readonly isOld: boolean;
  readonly isSameBytes: boolean;
  /** The scope was retired, or a person says of it what nobody said before: all of its findings are looked at again. */
  readonly isScopeChanged: boolean;
  /** The scope was retired, and is no longer. */
  readonly isTakenUp: boolean;
  /** The scope was retired, and what is older than its latest scan does not change that. */
  readonly staysRetired: boolean;
  /** How many rows there may be in the stage: all that were staged in this session. */
  readonly stagedRows: number;
  readonly known: KnownSightings;
  readonly digest: SightingDigest;
  readonly shared: SharedCovers;
  readonly entries: KnownEntries;
  /** Under which what is staged got its findings. */
  readonly aliases: Aliases;
  readonly aliasVersion: bigint;
  /** Staged sightings whose findings have another fingerprint. */
  readonly rekeyed: readonly Rekeyed[];
  readonly covers: ReadonlySet<bigint>;
  /** Of an inventory the same in words; empty for other scans. */
  readonly inventoryCovers: ReadonlySet<string>;
  readonly classes: ReadonlySet<string>;
  /** Some of what was staged people suppressed in the tool. */
  readonly hasSuppressed: boolean;
  /** Some of it came along with dates of a tool that keeps findings. */
  readonly hasHistory: boolean;
  readonly endedWhy: ReadonlyMap<number, string>;
  /** What it says to have ended and what was not open: more than are kept where there are more. */
  readonly endedUnseen: ReadonlySet<string>;
  readonly resources: readonly ResourceObservation[];
  readonly relations: readonly RelationObservation[];
  readonly catalogue: readonly {
    readonly unit: string;
    readonly entry: CatalogueObservation | CodeOwnersObservation | VexObservation;
  }[];
  /** The files of a catalogue that were read. */
  readonly catalogueUnits: ReadonlySet<string>;
  readonly data: readonly DataObservation[];
  readonly creators: readonly CreatorObservation[];
  /** The packages of what the scan is about; null where it lists none. */
  readonly bom: {
    readonly resource: ResourceDescription;
    readonly packages: readonly ObservedPackage[];
  } | null;
  readonly listings: readonly InventoryListing[];
  readonly gone: readonly GoneObservation[];
  readonly signals: readonly SignalObservation[];
}
