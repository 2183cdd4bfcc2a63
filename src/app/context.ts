import { InboxError } from '#base/inbox-error.ts';
import type { AcceptanceStore } from '#domain/ports/acceptance-store.ts';
import type { AdmissionStore } from '#domain/ports/admission-store.ts';
import type { AliasStore } from '#domain/ports/alias-store.ts';
import type { AnswerStore } from '#domain/ports/answer-store.ts';
import type { AutomationStore } from '#domain/ports/automation-store.ts';
import type { BomStore } from '#domain/ports/bom-store.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { CommentStore } from '#domain/ports/comment-store.ts';
import type { ControlStore } from '#domain/ports/control-store.ts';
import type { DeliveryStore } from '#domain/ports/delivery-store.ts';
import type { ExplorerStore } from '#domain/ports/explorer-store.ts';
import type { ExportStore } from '#domain/ports/export-store.ts';
import type { FeedStore } from '#domain/ports/feed-store.ts';
import type { ImportStore } from '#domain/ports/import-store.ts';
import type { InboxStore } from '#domain/ports/inbox-store.ts';
import type { InputLimits } from '#domain/ports/input-limits.ts';
import type { IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';
import type { KeptMapping, MappingStore } from '#domain/ports/mapping-store.ts';
import type { NetworkStore } from '#domain/ports/network-store.ts';
import type { OverviewStore } from '#domain/ports/overview-store.ts';
import type { OwnerStore } from '#domain/ports/owner-store.ts';
import type { PathStore } from '#domain/ports/path-store.ts';
import type { PeopleStore, Role, UploadBinding } from '#domain/ports/people-store.ts';
import type { ReceiverStore } from '#domain/ports/receiver-store.ts';
import type { ReportFormat } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ResourceStore } from '#domain/ports/resource-store.ts';
import type { RetentionStore } from '#domain/ports/retention-store.ts';
import type { SourceStore } from '#domain/ports/source-store.ts';
import type { ViewStore } from '#domain/ports/view-store.ts';
import type { WatchStore } from '#domain/ports/watch-store.ts';

/** Who asks. The command line on the machine itself acts as its administrator. */
export interface Actor {
  readonly name: string;
  /** `ingest` uploads reports and does nothing else, reading included. */
  readonly role: Role | 'ingest';
  /** The only source and scope to which they upload; absent: any. */
  readonly upload?: UploadBinding;
}

/** Every part that a verb may use, handed over by the composition root. */
export interface AppContext {
  readonly actor: Actor;
  readonly clock: Clock;
  readonly formats: readonly ReportFormat[];
  readonly recognise: RecogniseFormat;
  readonly checkMapping: CheckMapping;
  readonly feeds: readonly IntelligenceFeed[];
  readonly openInputs: OpenInputs;
  /** Hashes the values of secrets; made once per installation. */
  readonly secretKey: Uint8Array;
  readonly imports: ImportStore;
  readonly boms: BomStore;
  readonly watches: WatchStore;
  readonly inbox: InboxStore;
  readonly views: ViewStore;
  readonly comments: CommentStore;
  readonly acceptances: AcceptanceStore;
  readonly resources: ResourceStore;
  readonly explorer: ExplorerStore;
  readonly overview: OverviewStore;
  readonly admission: AdmissionStore;
  readonly automation: AutomationStore;
  readonly controls: ControlStore;
  readonly exports: ExportStore;
  readonly receivers: ReceiverStore;
  readonly deliveries: DeliveryStore;
  readonly sources: SourceStore;
  readonly aliases: AliasStore;
  readonly networks: NetworkStore;
  readonly mappings: MappingStore;
  readonly owners: OwnerStore;
  readonly feedStore: FeedStore;
  readonly paths: PathStore;
  readonly people: PeopleStore;
  readonly retention: RetentionStore;
  readonly answers: AnswerStore;
  /** How much may come in. */
  readonly limits: InputLimits;
}

/**
 * Whose report it is, asked of every format; of one that a person `named`, whether another alone claims it. Throws
 * `format_unknown` with what the file looks like, `format_ambiguous`, `report_empty`, and `report_broken` for a wrong name. With a
 * `mapping` (YAML) it is read as that says; `usage` tells the line of a mistake in it. What no format claims is read by the one of
 * the `kept` mappings that fits.
 */
export type RecogniseFormat = (
  input: ReportInput,
  named: ReportFormat | null,
  mapping: string | null,
  kept: readonly KeptMapping[],
) => Promise<ReportFormat>;

/** What a mapping (YAML) is for; `when`: by what a file is taken for its own. Throws `usage` with the line of a mistake. */
export type CheckMapping = (text: string) => {
  readonly tool: string;
  readonly when: readonly string[] | null;
};

/** The reports in a file: one, or one per member of an archive. */
export type OpenInputs = (path: string, displayName: string) => AsyncIterable<ReportInput>;

const ORDER: readonly Role[] = ['read', 'triage', 'administer'];

/** Whether a role includes another one. */
export function isRoleWithin(role: Role, whole: Role): boolean {
  return ORDER.indexOf(role) <= ORDER.indexOf(whole);
}

/** The first step of every verb. Throws `forbidden` when the actor's role is too small; `ingest` is for those who triage too. */
export function permit(ctx: Pick<AppContext, 'actor'>, needed: Role | 'ingest'): void {
  const { role } = ctx.actor;
  if (role === 'ingest' ? needed === 'ingest' : isRoleWithin(needed === 'ingest' ? 'triage' : needed, role))
    return;
  throw new InboxError(
    'forbidden',
    `This needs the role "${needed}"; ${ctx.actor.name} has "${ctx.actor.role}". Ask an administrator.`,
  );
}
