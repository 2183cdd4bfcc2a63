import { changeAutomation, previewAutomation } from '../../src/app/change-automation.ts';
import type { AppContext } from '../../src/app/context.ts';
import { importReports } from '../../src/app/import-reports.ts';
import type { RulesPreview } from '../../src/domain/ports/automation-store.ts';
import type { InboxFilter } from '../../src/domain/ports/inbox-store.ts';
import { USUAL_LIMITS } from '../../src/domain/ports/input-limits.ts';
import { FEEDS } from '../../src/feeds/feeds.ts';
import { FORMATS } from '../../src/formats/formats.ts';
import { readHead } from '../../src/formats/reading/describe-head.ts';
import { detectFormat } from '../../src/formats/reading/detect-format.ts';
import { openInputs } from '../../src/formats/reading/open-input.ts';
import { PostgresAcceptanceStore } from '../../src/store/acceptances.ts';
import { PostgresAdmissionStore } from '../../src/store/admission.ts';
import { PostgresAnswerStore } from '../../src/store/answers.ts';
import { PostgresPathStore } from '../../src/store/attackpath/path-store.ts';
import { PostgresAutomationStore } from '../../src/store/automation.ts';
import { PostgresBomStore } from '../../src/store/boms.ts';
import { PostgresCommentStore } from '../../src/store/comments.ts';
import { PostgresControlStore } from '../../src/store/controls.ts';
import type { Pool } from '../../src/store/database.ts';
import { PostgresDeliveryStore } from '../../src/store/deliveries.ts';
import { PostgresExplorerStore } from '../../src/store/explorer/explorer-store.ts';
import { PostgresExportStore } from '../../src/store/exports.ts';
import { PostgresFeedStore } from '../../src/store/feeds.ts';
import { PostgresImportStore } from '../../src/store/import/import-session.ts';
import { PostgresInboxStore } from '../../src/store/inbox.ts';
import { PostgresNetworkStore } from '../../src/store/networks.ts';
import { organisationOf } from '../../src/store/organisation.ts';
import { PostgresOverviewStore } from '../../src/store/overview.ts';
import { PostgresPeopleStore } from '../../src/store/people.ts';
import { PostgresReceiverStore } from '../../src/store/receivers.ts';
import { PostgresAliasStore } from '../../src/store/rekey/alias-store.ts';
import { PostgresResourceStore } from '../../src/store/resource-views.ts';
import { PostgresRetentionStore } from '../../src/store/retention.ts';
import { PostgresSourceStore } from '../../src/store/sources.ts';
import { PostgresViewStore } from '../../src/store/views.ts';
import { PostgresWatchStore } from '../../src/store/watches.ts';

export interface MeasuredInbox {
  importFile(path: string, scope?: Readonly<Record<string, string>>): Promise<void>;
  /** Reads a KEV catalogue of just these. */
  addToKev(advisories: readonly string[]): Promise<void>;
  /** By what they are. */
  filters(): Readonly<Record<'facets' | 'words', readonly InboxFilter[]>>;
  firstPage(filter: InboxFilter): Promise<number>;
  counts(filter: InboxFilter): Promise<void>;
  /** What a rules file would do. */
  previewRules(text: string): Promise<RulesPreview>;
  applyRules(text: string): Promise<void>;
  /** Opens the issue with the most findings. */
  openLargest(): Promise<void>;
}

const ALL: InboxFilter = {
  all: true,
  severities: [],
  types: [],
  risks: [],
  statuses: [],
  muted: 'no',
  text: null,
  condition: null,
};

/** The product without its doors, on a database, with the machine's clock. */
export function measuredInbox(pool: Pool): MeasuredInbox {
  const organisation = organisationOf(1n);
  const clock = { now: () => Date.now() };
  const inbox = new PostgresInboxStore(pool, organisation, clock);
  const ctx: AppContext = {
    actor: { name: 'bench', role: 'administer' },
    clock,
    formats: FORMATS,
    feeds: FEEDS,
    recognise: async (input) => detectFormat(await readHead(input), FORMATS),
    openInputs,
    secretKey: Buffer.alloc(32, 7),
    imports: new PostgresImportStore(pool, organisation, clock),
    boms: new PostgresBomStore(pool, organisation),
    watches: new PostgresWatchStore(pool, organisation),
    inbox,
    views: new PostgresViewStore(pool, organisation),
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
    networks: new PostgresNetworkStore(pool, organisation, clock),
    feedStore: new PostgresFeedStore(pool, organisation, clock),
    comments: new PostgresCommentStore(pool, organisation, clock),
    acceptances: new PostgresAcceptanceStore(pool, organisation, clock),
    paths: new PostgresPathStore(pool, organisation, clock),
    people: new PostgresPeopleStore(pool, organisation, clock),
    retention: new PostgresRetentionStore(pool, organisation, clock, 400, Buffer.alloc(32)),
    answers: new PostgresAnswerStore(pool, organisation, clock),
    limits: USUAL_LIMITS,
  };
  let largest: string | undefined;
  return {
    async importFile(path, scope = {}) {
      const options = {
        format: null,
        source: 'bench',
        scope,
        complete: false,
        confirm: false,
        separate: false,
        root: null,
        account: null,
        region: null,
        environment: 'production',
        services: ['shop'],
        team: null,
      };
      const [result] = await importReports(ctx, { files: [{ path, name: path }], options });
      if (result === undefined || !('records' in result) || result.error !== null)
        throw new Error(`not imported: ${JSON.stringify(result)}`);
    },
    async addToKev(advisories) {
      const writer = await ctx.feedStore.open('kev');
      for (const advisory of advisories)
        await writer.add({
          kind: 'exploited',
          advisory,
          title: advisory,
          dateAdded: null,
          dueDate: null,
          ransomware: 'unknown',
        });
      const now = clock.now();
      await writer.commit(
        { id: 'kev', origin: 'bench', version: null, contentAt: now, readAt: now },
        ctx.actor.name,
      );
    },
    previewRules: (text) => previewAutomation(ctx, { what: 'file', text }),
    async applyRules(text) {
      await changeAutomation(ctx, { what: 'file', text });
    },
    filters: () => ({
      facets: [
        ALL,
        { ...ALL, all: false },
        { ...ALL, severities: ['low'] },
        { ...ALL, severities: ['critical', 'high'] },
        { ...ALL, types: ['infrastructure_vulnerability'] },
        { ...ALL, types: ['secret'] },
        { ...ALL, risks: ['in_production'] },
        { ...ALL, risks: ['under_attack'] },
      ],
      words: ['CVE-2024-100500', 'cve', 'openssl', 'kernel overflow', 'nowhere', 'a'].map((text) => ({
        ...ALL,
        text,
      })),
    }),
    async firstPage(filter) {
      return (await inbox.list({ ...filter, after: null, limit: 50 })).length;
    },
    async counts(filter) {
      await inbox.counts(filter);
    },
    async openLargest() {
      largest ??= (
        await pool.query<{ id: string }>('select id from issue order by open_findings desc, id limit 1')
      ).rows[0]?.id;
      await inbox.view(largest ?? '');
    },
  };
}
