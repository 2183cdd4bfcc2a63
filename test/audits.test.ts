import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import type { ImportedFile } from '../src/app/import/import-result.ts';
import { importOnDay, on } from './support/days.ts';
import { openFindings } from './support/open-findings.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { filesReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const importOn = (day: number, report: unknown, options?: Partial<ImportOptions>): Promise<ImportedFile> =>
  importOnDay(inbox, day, report, options);

const SHOP = { scope: { artifact: 'shop' } };

/** What `npm audit --json` writes of npm 6's shape, of packages of the names of their advisories. */
function npmReport(...cves: readonly string[]): unknown {
  const advisories = cves.map((cve, index) => [
    String(index + 1),
    {
      id: index + 1,
      module_name: cve.toLowerCase(),
      cves: [cve],
      severity: 'high',
      title: `Flaw ${cve}`,
      findings: [{ version: '1.0.0', paths: [cve.toLowerCase()] }],
    },
  ]);
  return { actions: [], advisories: Object.fromEntries(advisories), runId: 'r' };
}

const trivyReport = (day: number, ...cves: readonly string[]): unknown =>
  filesReport('.', on(day), {
    'package-lock.json': cves.map((id) => ({ id, pkg: id.toLowerCase(), purlType: 'npm' as const })),
  });

async function sourcesOfOpen(): Promise<readonly string[]> {
  const { rows } = await inbox.database.pool.query<{ name: string }>(
    `select distinct source.name from sighting
       join scope on scope.id = sighting.scope_id join source on source.id = scope.source_id
      where sighting.gone_at is null`,
  );
  return rows.map(({ name }) => name).sort();
}

describe('an audit of packages', () => {
  test('and Trivy on one project: one finding with the word of both, open until both are clean', async () => {
    await importOn(0, trivyReport(0, 'CVE-2026-1111'), SHOP);
    expect(await importOn(0, npmReport('CVE-2026-1111'), SHOP)).toMatchObject({ format: 'npm-audit' });
    expect(await openFindings(inbox)).toHaveLength(1);
    expect(await sourcesOfOpen()).toEqual(['npm-audit', 'trivy']);
    await importOn(1, npmReport(), SHOP);
    expect(await openFindings(inbox)).toHaveLength(1);
    expect(await sourcesOfOpen()).toEqual(['trivy']);
    await importOn(2, trivyReport(2), SHOP);
    expect(await openFindings(inbox)).toEqual([]);
  });

  test('of a project that a person names is complete; of any other it closes nothing and says what would', async () => {
    await importOn(0, npmReport('CVE-2026-1111', 'CVE-2026-2222'), SHOP);
    expect(await importOn(1, npmReport('CVE-2026-2222'), SHOP)).toMatchObject({ complete: true, closed: 1 });
    const monorepo = { source: 'monorepo' };
    await importOn(0, npmReport('CVE-2026-3333'), monorepo);
    const other = await importOn(1, npmReport('CVE-2026-4444'), monorepo);
    expect(other).toMatchObject({ complete: false, created: 1, closed: 0 });
    expect(other.sentences.join(' ')).toContain('--complete');
    expect(await openFindings(inbox)).toHaveLength(3);
  });
});

describe('a report of code', () => {
  const gosecReport = (rules: readonly string[], errors: object = {}): unknown => ({
    'Golang errors': errors,
    Issues: rules.map((rule) => ({
      rule_id: rule,
      details: rule,
      file: 'main.go',
      code: rule,
      line: '3',
      severity: 'HIGH',
    })),
    Stats: { files: 1 },
  });
  const options = { scope: { repository: 'github.com/acme/shop' } };

  test('closes what it does not show any more, unless a part of it failed', async () => {
    await importOn(0, gosecReport(['G101', 'G401']), options);
    const failed = await importOn(
      1,
      gosecReport(['G101'], { 'b.go': [{ error: 'expected package' }] }),
      options,
    );
    expect(failed).toMatchObject({ complete: false, closed: 0 });
    expect(await importOn(2, gosecReport(['G101']), options)).toMatchObject({ complete: true, closed: 1 });
  });

  test('and a value of a secret reaches no table', async () => {
    const value = 'invented-value-0042';
    const leak = { RuleID: 'generic-api-key', Description: 'd', File: 'a.env', StartLine: 3 };
    await importOn(0, [{ ...leak, Secret: value, Match: `KEY=${value}` }], options);
    const lines = { SourceMetadata: { Data: { Filesystem: { file: 'b.env', line: 1 } } }, DetectorName: 'X' };
    await importOn(0, { ...lines, DecoderName: 'PLAIN', Raw: value, Verified: true }, options);
    const { pool } = inbox.database;
    const tables = await pool.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'`,
    );
    for (const { name } of tables.rows) {
      const found = await pool.query(`select 1 from "${name}" t where t::text like $1 limit 1`, [
        `%${value}%`,
      ]);
      expect([name, found.rowCount]).toEqual([name, 0]);
    }
    const issues = await pool.query('select distinct issue_id from finding where is_open');
    expect(issues.rowCount).toBe(1);
  });
});
