import type { Instant } from '#base/instant.ts';
import type { ObservedPackage } from '../finding/observation.ts';
import type { AffectedPackage } from '../package/affected-package.ts';
import type { ResourceDescription } from '../resource/resource-description.ts';
import type { ScanRequest } from './import-store.ts';

/** A bill of materials that has to be matched with the advisories: it moved, or they did. */
export interface DueBom {
  readonly scopeId: string;
  /** What the scan that listed the packages was asked for. */
  readonly request: ScanRequest;
  readonly resource: ResourceDescription;
  /** The time that the bill of materials states, and the latest of the feeds: the later counts. */
  readonly reportAt: Instant;
  /** As of when it is due; what moves meanwhile makes it due again. */
  readonly dueAt: Instant;
  /** Its source or scope was retired: it lists nothing any more. */
  readonly isRetired: boolean;
  /** Of what was matched last; null: never. */
  readonly matched: string | null;
}

/** A package of a bill of materials, and an advisory that names it, whatever its versions. */
export interface BomCandidate {
  readonly installed: ObservedPackage;
  readonly affected: AffectedPackage;
}

/** The packages that bills of materials list, beside what the feeds say of them. */
export interface BomStore {
  due(): Promise<readonly DueBom[]>;
  candidates(scopeId: string): Promise<readonly BomCandidate[]>;
  /** It was matched as of `dueAt`, with what has this digest. */
  settle(scopeId: string, dueAt: Instant, matched: string, isRetired: boolean): Promise<void>;
}
