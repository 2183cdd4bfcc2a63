import type { Instant } from '#base/instant.ts';
import type { JsonValue } from '#base/json-value.ts';
import type { ObservedCheck } from '../control/name-check.ts';
import type { Alias } from '../finding/aliases.ts';
import type { FindingIdentity } from '../finding/identify-finding.ts';
import type {
  BomObservation,
  CatalogueObservation,
  CodeOwnersObservation,
  CreatorObservation,
  DataObservation,
  GoneObservation,
  InventoryListing,
  PackageObservation,
  RelationObservation,
  ResourceObservation,
  SignalObservation,
  VexObservation,
} from '../finding/observation.ts';
import type { SightingContent } from '../finding/sighting.ts';
import type { Naming } from '../resource/resource-key.ts';
import type { MassClosing, SightingTraits } from '../scan/closing.ts';
import type { ScopeIdentity } from '../scan/scope-key.ts';
import type { Clock } from './clock.ts';
import type { EntryKey } from './entry-memory.ts';

/** A configured origin of reports. The name is a label; the id stays. */
export interface SourceRef {
  readonly id: string;
  readonly name: string;
  readonly tool: string;
  /** A person named it; false where the tool's name stands in. */
  readonly isNamed: boolean;
}

export interface ScanRequest {
  readonly source: SourceRef;
  readonly scope: ScopeIdentity;
  readonly naming: Naming;
  readonly format: string;
  readonly toolVersion: string | null;
  readonly arrivedAt: Instant;
  readonly actor: string;
  readonly environment: string | null;
  readonly services: readonly string[];
  readonly team: string | null;
  readonly account: string | null;
  /** What the person said, as words of a command line, but for `--confirm`. */
  readonly flags: readonly string[];
}

/** One finding as this scan shows it. */
export interface SightingRecord {
  readonly identity: FindingIdentity;
  readonly traits: SightingTraits;
  /** The check that was identified; null of an advisory. */
  readonly check: ObservedCheck | null;
  /** The unit of the scan's coverage that it belongs to; empty where coverage is of the whole scope. */
  readonly cover: string;
  /** Null: the record carries its own end. */
  readonly content: SightingContent | null;
  readonly endedWhy: string | null;
  /** Other exact names of its advisory, as the record tells them. */
  readonly aliases: readonly Alias[];
  /** Of an entry that says all of this, and nothing else, whenever it is read; null where more than the entry decides it. */
  readonly entry: EntryKey | null;
}

/**
 * What a scan may close: all of its scope, the units that it lists, everything at the places of those
 * units, or nothing (a partial scan).
 */
export type EffectiveCoverage = 'all' | 'listed' | 'places' | 'none';

/** What the reports of a scan held. */
export interface ScanTally {
  /** Entries, by the format's own unit; those that were rejected too. */
  readonly records: number;
  readonly findings: number;
  readonly rejects: number;
}

export interface ScanEnd {
  /** The time that the report states for itself, of several files the latest; never later than the arrival, which stands in where none is stated. */
  readonly reportAt: Instant;
  readonly sha256: string;
  readonly files: readonly string[];
  /** What the scan may close, after everything that the person said was weighed. */
  readonly coverage: EffectiveCoverage;
  readonly isDeclaredComplete: boolean;
  readonly isConfirmed: boolean;
  readonly guard: MassClosing;
  readonly tally: ScanTally;
}

/** What one file moved; the counts are of the findings that it is the first of its scan to show, and add up to their number. */
export interface FileOutcome {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly regressed: number;
}

export interface ScanOutcome {
  /** Null: the scan changed nothing, and is not kept. */
  readonly scanId: string | null;
  /** In the order of the files. */
  readonly files: readonly FileOutcome[];
  readonly closed: number;
  readonly held: number;
  /** What moved and why, for people. */
  readonly sentence: string;
}

/** One scan while it is read. Nothing of it can be seen by others before `finish` has answered. */
export interface ScanImport {
  /** Adds one finding that file number `file` shows. Await it: it answers once there is room for more. */
  add(record: SightingRecord, file: number): Promise<void> | void;
  /**
   * Adds what the entry said when an earlier scan of the scope added it, where that is just what is stored.
   * False, and nothing is added, where it is not known or something else is stored now.
   */
  recall(entry: EntryKey, file: number): boolean;
  cover(unit: string): void;
  listClass(findingClass: string): void;
  addResource(resource: ResourceObservation): void;
  listInventory(listing: InventoryListing): void;
  addGone(gone: GoneObservation): void;
  addRelation(relation: RelationObservation): void;
  /** The scan read this file of a catalogue, or of owners, whatever it holds. */
  listCatalogue(unit: string): void;
  addCatalogue(entry: CatalogueObservation | CodeOwnersObservation | VexObservation, unit: string): void;
  addData(data: DataObservation): void;
  addCreator(creator: CreatorObservation): void;
  /** The report lists the packages of this resource. */
  listPackages(bom: BomObservation): void;
  addPackage(observation: PackageObservation): void;
  addSignal(signal: SignalObservation): void;
  /** Applies everything in one transaction. */
  finish(end: ScanEnd): Promise<ScanOutcome>;
  /** Lets go of everything; nothing was changed. */
  abandon(): Promise<void>;
}

/** What was taken back with a scan; counts are of findings. */
export interface UndoneScan {
  readonly scanId: string;
  readonly files: readonly string[];
  /** Those that only this scan showed. */
  readonly removed: number;
  readonly reopened: number;
  readonly closed: number;
}

/** Why a scan can not be taken back. */
export type UndoRefusal =
  | { readonly refused: 'unknown' }
  /** What an inventory or a stream of events tells is not a scope's own. */
  | { readonly refused: 'inventory' }
  | { readonly refused: 'events' }
  /** A later one of the same scope stands in the way. */
  | { readonly refused: 'later'; readonly scanId: string; readonly files: readonly string[] }
  /** What it changed is not kept any more. */
  | { readonly refused: 'forgotten' };

/** One import command: all scans that it brings. Holds the organisation's import lock until it is closed. */
export interface ImportSession {
  /** The source to which reports of this one belong: another one where it was merged. */
  sourceOf(source: SourceRef): Promise<SourceRef>;
  begin(request: ScanRequest): Promise<ScanImport>;
  /** What a format kept of the imports before this one; null where it kept nothing. */
  formatMemory(format: string): Promise<JsonValue | null>;
  keepFormatMemory(format: string, body: JsonValue): Promise<void>;
  /** Takes a scan back, in one transaction with an audit row. */
  undo(scanId: string, actor: string): Promise<UndoneScan | UndoRefusal>;
  close(): Promise<void>;
}

/** Takes scans in. Imports of one organisation wait for each other. */
export interface ImportStore {
  /** What is applied in it is dated by this clock. */
  openSession(clock: Clock): Promise<ImportSession>;
}
