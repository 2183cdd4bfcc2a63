import type { AppContext } from '#app/context.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { InputLimits } from '#domain/ports/input-limits.ts';
import { FEEDS } from '#feeds/feeds.ts';
import { FORMATS } from '#formats/formats.ts';
import { openInputs } from '#formats/reading/open-input.ts';
import { checkMapping, recogniseFormat } from '#formats/recognise-format.ts';
import { PostgresAcceptanceStore } from '#store/acceptances.ts';
import { PostgresAdmissionStore } from '#store/admission.ts';
import { PostgresAnswerStore } from '#store/answers.ts';
import { PostgresPathStore } from '#store/attackpath/path-store.ts';
import { PostgresAutomationStore } from '#store/automation.ts';
import { PostgresBomStore } from '#store/boms.ts';
import { PostgresCommentStore } from '#store/comments.ts';
import { PostgresControlStore } from '#store/controls.ts';
import type { Pool } from '#store/database.ts';
import { PostgresDeliveryStore } from '#store/deliveries.ts';
import { PostgresExplorerStore } from '#store/explorer/explorer-store.ts';
import { PostgresExportStore } from '#store/exports.ts';
import { PostgresFeedStore } from '#store/feeds.ts';
import { PostgresImportStore } from '#store/import/import-session.ts';
import { PostgresInboxStore } from '#store/inbox.ts';
import { PostgresMappingStore } from '#store/mappings.ts';
import { PostgresNetworkStore } from '#store/networks.ts';
import { organisationOf } from '#store/organisation.ts';
import { PostgresOverviewStore } from '#store/overview.ts';
import { PostgresOwnerStore } from '#store/owners.ts';
import { PostgresPeopleStore } from '#store/people.ts';
import { PostgresReceiverStore } from '#store/receivers.ts';
import { PostgresAliasStore } from '#store/rekey/alias-store.ts';
import { PostgresResourceStore } from '#store/resource-views.ts';
import { PostgresRetentionStore } from '#store/retention.ts';
import { PostgresSourceStore } from '#store/sources.ts';
import { PostgresViewStore } from '#store/views.ts';
import { PostgresWatchStore } from '#store/watches.ts';

/** What the parts are made of. */
export interface Making {
  readonly pool: Pool;
  readonly clock: Clock;
  /** Hashes the values of secrets and chains the audit trail; made once per installation. */
  readonly secretKey: Uint8Array;
  readonly limits: InputLimits;
  /** For how many days closed findings, signals and history are kept. */
  readonly keepDays: number;
}

/** Every part behind the verbs, joined over one pool of connections; whoever uses it is the administrator of this machine. */
export function joinParts({ pool, clock, secretKey, limits, keepDays }: Making): AppContext {
  const organisation = organisationOf(1n);
  return {
    actor: { name: 'command line', role: 'administer' },
    clock,
    formats: FORMATS,
    feeds: FEEDS,
    recognise: recogniseFormat,
    checkMapping,
    openInputs: (path, name) => openInputs(path, name, limits),
    secretKey,
    imports: new PostgresImportStore(pool, organisation),
    boms: new PostgresBomStore(pool, organisation),
    watches: new PostgresWatchStore(pool, organisation),
    inbox: new PostgresInboxStore(pool, organisation, clock),
    views: new PostgresViewStore(pool, organisation),
    comments: new PostgresCommentStore(pool, organisation, clock),
    acceptances: new PostgresAcceptanceStore(pool, organisation, clock),
    resources: new PostgresResourceStore(pool, organisation, clock),
    explorer: new PostgresExplorerStore(pool, organisation, clock),
    overview: new PostgresOverviewStore(pool, organisation, clock),
    admission: new PostgresAdmissionStore(pool, organisation, clock),
    automation: new PostgresAutomationStore(pool, organisation, clock),
    controls: new PostgresControlStore(pool, organisation, clock),
    exports: new PostgresExportStore(pool, organisation, clock),
    receivers: new PostgresReceiverStore(pool, organisation),
    deliveries: new PostgresDeliveryStore(pool, organisation, clock),
    sources: new PostgresSourceStore(pool, organisation, clock),
    aliases: new PostgresAliasStore(pool, organisation, clock),
    mappings: new PostgresMappingStore(pool, organisation, clock),
    networks: new PostgresNetworkStore(pool, organisation, clock),
    owners: new PostgresOwnerStore(pool, organisation, clock),
    feedStore: new PostgresFeedStore(pool, organisation, clock),
    paths: new PostgresPathStore(pool, organisation, clock),
    people: new PostgresPeopleStore(pool, organisation, clock),
    retention: new PostgresRetentionStore(pool, organisation, clock, keepDays, secretKey),
    answers: new PostgresAnswerStore(pool, organisation, clock),
    limits: limits,
  };
}
