import type { Instant } from '#base/instant.ts';
import type { Location } from '../finding/observation.ts';
import type { VexStatement } from '../finding/vex.ts';
import type { IssueRow, MuteReason } from './inbox-store.ts';

/** Why a finding is muted, as other programs may be told. */
export interface ExportedMute {
  /** What VEX says of it; null: a person or a rule muted it. */
  readonly vex: VexStatement | null;
  readonly because: MuteReason | null;
  readonly reason: string;
  /** Null: until it is unmuted. */
  readonly until: Instant | null;
  /** Null: for as long as a rule or a statement stands there. */
  readonly at: Instant | null;
}

/** One open finding, for formats that list them. */
export interface ExportedFinding {
  readonly fingerprint: string;
  readonly issueId: string;
  readonly title: string;
  readonly advisory: string | null;
  readonly control: string | null;
  readonly toolCheck: string | null;
  readonly resource: { readonly key: string; readonly kind: string; readonly name: string };
  /** Of a component `type/name`. */
  readonly place: string;
  readonly locations: readonly Location[];
  readonly fix: string | null;
  readonly firstSeen: Instant;
  /** Null: it is not muted, or was not asked for. */
  readonly mute: ExportedMute | null;
}

/** Reads findings for exports. */
export interface ExportStore {
  /** The open findings of issues, a part at a time, those of an issue beside each other in the order of the issues. */
  findings(issues: readonly IssueRow[]): AsyncIterable<readonly ExportedFinding[]>;
  /** The muted ones among them that are of an advisory, with the reason. */
  muted(issues: readonly IssueRow[]): AsyncIterable<readonly ExportedFinding[]>;
}
