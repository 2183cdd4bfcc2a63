import { changeAutomation, previewAutomation } from '../../src/app/change-automation.ts';
import { importReports } from '../../src/app/import-reports.ts';
import { UNNARROWED } from '../../src/app/unnarrowed.ts';
import type { PreviewedRules } from '../../src/domain/ports/automation-store.ts';
import type { InboxFilter } from '../../src/domain/ports/inbox-store.ts';
import { USUAL_LIMITS } from '../../src/domain/ports/input-limits.ts';
import { joinParts } from '../../src/installation/parts.ts';
import type { Pool } from '../../src/store/database.ts';

export interface MeasuredInbox {
  importFile(path: string, scope?: Readonly<Record<string, string>>): Promise<void>;
  /** Reads a KEV catalogue of just these. */
  addToKev(advisories: readonly string[]): Promise<void>;
  /** By what they are. */
  filters(): Readonly<Record<'facets' | 'words', readonly InboxFilter[]>>;
  firstPage(filter: InboxFilter): Promise<number>;
  counts(filter: InboxFilter): Promise<void>;
  /** What a rules file would do. */
  previewRules(text: string): Promise<PreviewedRules>;
  applyRules(text: string): Promise<void>;
  /** Does at once what the server does by itself minutes after much was written. */
  settle(): Promise<void>;
  /** Opens the issue with the most findings. */
  openLargest(): Promise<void>;
}

const ALL: InboxFilter = {
  all: true,
  ...UNNARROWED,
  condition: null,
};

/** The product without its doors, on a database, with the machine's clock. */
export function measuredInbox(pool: Pool): MeasuredInbox {
  const clock = { now: () => Date.now() };
  const ctx = joinParts({
    pool,
    clock,
    secretKey: Buffer.alloc(32, 7),
    limits: USUAL_LIMITS,
    keepDays: 400,
  });
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
    async settle() {
      await pool.query('vacuum analyze');
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
      return (await ctx.inbox.list({ ...filter, after: null, limit: 50 })).length;
    },
    async counts(filter) {
      await ctx.inbox.counts(filter);
    },
    async openLargest() {
      largest ??= (
        await pool.query<{ id: string }>('select id from issue order by open_findings desc, id limit 1')
      ).rows[0]?.id;
      await ctx.inbox.view(largest ?? '');
    },
  };
}
