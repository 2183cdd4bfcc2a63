import { expect } from 'vitest';
import type { AppContext } from '../../src/app/context.ts';
import type { ImportOptions } from '../../src/app/import/import-options.ts';
import { type ImportedFile, type ImportResult, isImported } from '../../src/app/import/import-result.ts';
import { importReports } from '../../src/app/import-reports.ts';
import { UNNARROWED } from '../../src/app/unnarrowed.ts';
import type { Instant } from '../../src/base/instant.ts';
import type { IssueRow } from '../../src/domain/ports/inbox-store.ts';
import { USUAL_LIMITS } from '../../src/domain/ports/input-limits.ts';
import { openBytes, openInputs } from '../../src/formats/reading/open-input.ts';
import { joinParts } from '../../src/installation/parts.ts';
import { organisationOf } from '../../src/store/organisation.ts';
import { verifyEvents } from '../../src/store/verify-events.ts';
import { expectDerivedTables } from './derived-tables.ts';
import type { TestDatabase } from './test-database.ts';

const TEST_KEY: Uint8Array = Buffer.alloc(32, 7);

export const NO_OPTIONS: ImportOptions = {
  format: null,
  source: null,
  scope: {},
  complete: false,
  confirm: false,
  separate: false,
  root: null,
  account: null,
  region: null,
  environment: null,
  services: [],
  team: null,
};

/** A clock that stands where a test puts it. */
export class StandingClock {
  #now: Instant;

  constructor(now: Instant) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  set(now: Instant): void {
    this.#now = now;
  }
}

/** The whole product without its doors, on a database of its own. */
export interface TestInbox {
  readonly ctx: AppContext;
  readonly clock: StandingClock;
  readonly database: TestDatabase;
  /** Imports a report given as a value (JSON) or as text. */
  importReport(report: unknown, options?: Partial<ImportOptions>, name?: string): Promise<ImportResult>;
  /** Imports several reports with one command. */
  importReports(
    reports: readonly unknown[],
    options?: Partial<ImportOptions>,
  ): Promise<readonly ImportResult[]>;
  importFiles(paths: readonly string[], options?: Partial<ImportOptions>): Promise<readonly ImportResult[]>;
  /** The whole ranked list. */
  list(filter?: { readonly all?: boolean }): Promise<readonly IssueRow[]>;
  /** Throws where what is kept beside issues and sightings, or the chain of events, is not what it has to be. */
  check(): Promise<void>;
  close(): Promise<void>;
}

export const START: Instant = Date.UTC(2026, 9, 1, 12);

export async function openTestInbox(now: Instant = START): Promise<TestInbox> {
  // Only a run of tests has the server that this needs; tools and processes of tests bring their own.
  const { reuseTestDatabase } = await import('./reused-database.ts');
  return inboxOn(await reuseTestDatabase(), now);
}

/** The same on a migrated database that is there already. */
export function inboxOn(database: TestDatabase, now: Instant = START): TestInbox {
  const clock = new StandingClock(now);
  const organisation = organisationOf(1n);
  const { pool } = database;
  const texts = new Map<string, string>();
  const ctx: AppContext = {
    ...joinParts({ pool, clock, secretKey: TEST_KEY, limits: USUAL_LIMITS, keepDays: 400 }),
    actor: { name: 'tester', role: 'administer' },
    openInputs: (path, name) => {
      const text = texts.get(path);
      return text === undefined ? openInputs(path, name) : openBytes(Buffer.from(text), name);
    },
  };
  const check = async () => {
    await expectDerivedTables(pool);
    expect(await verifyEvents(pool, organisation, TEST_KEY)).toMatchObject({ broken: null });
  };
  return {
    ctx,
    clock,
    database,
    async importReport(report, options = {}, name = 'report.json') {
      texts.set(name, typeof report === 'string' ? report : JSON.stringify(report));
      const [result] = await importReports(ctx, {
        files: [{ path: name, name }],
        options: { ...NO_OPTIONS, ...options },
      });
      if (result === undefined) throw new Error('an import of one file answers one result');
      return result;
    },
    importReports(reports, options = {}) {
      const files = reports.map((report, index) => {
        const name = `report-${index + 1}.json`;
        texts.set(name, typeof report === 'string' ? report : JSON.stringify(report));
        return { path: name, name };
      });
      return importReports(ctx, { files, options: { ...NO_OPTIONS, ...options } });
    },
    importFiles(paths, options = {}) {
      return importReports(ctx, {
        files: paths.map((path) => ({ path, name: path })),
        options: { ...NO_OPTIONS, ...options },
      });
    },
    async list({ all = true } = {}) {
      return ctx.inbox.list({
        all,
        ...UNNARROWED,
        condition: null,
        after: null,
        limit: 100_000,
      });
    },
    check,
    async close() {
      try {
        await check();
      } finally {
        await database.drop();
      }
    },
  };
}

/** The result of a file that was read; fails the test otherwise. */
export function imported(result: ImportResult | undefined): ImportedFile {
  if (result === undefined || !isImported(result)) throw new Error(`not imported: ${JSON.stringify(result)}`);
  return result;
}
