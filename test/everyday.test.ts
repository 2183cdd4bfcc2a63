import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import type { ImportedFile } from '../src/app/import/import-result.ts';
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '../src/base/instant.ts';
import { heldSightings, openFindings, openSubjects } from './support/open-findings.ts';
import { podsReport, prowlerReport, sarifReport } from './support/other-reports.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { digestOf, filesReport, flaws, imageReport, type Vulnerability } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

/** Imports a report at a time of its own: as many days after the start. */
async function importOn(day: number, report: unknown, options: Partial<ImportOptions> = {}): Promise<ImportedFile> {
  inbox.clock.set(START + day * DAY_MS);
  return imported(await inbox.importReport(report, options));
}

const on = (day: number): Instant => START + day * DAY_MS;
const SHOP = 'registry.example.com/shop:1.0';
const flaw = (id: string, more: Partial<Vulnerability> = {}): Vulnerability => ({ id, pkg: id.toLowerCase(), ...more });
const shop = (day: number, digest: string, vulnerabilities: readonly Vulnerability[], image = SHOP) => imageReport({ image, digest, at: on(day), vulnerabilities });

describe('what a report may close', () => {
  test('an account that is scanned region by region: no region closes another', async () => {
    await importOn(0, prowlerReport([{ region: 'eu-west-1', bucket: 'west' }, { region: 'eu-west-1', bucket: 'kept', status: 'PASS' }]));
    const second = await importOn(1, prowlerReport([{ region: 'us-east-1', bucket: 'east' }, { region: 'us-east-1', bucket: 'kept', status: 'PASS' }]));
    expect(second).toMatchObject({ complete: true, created: 1, closed: 0, held: 0 });
    expect(await openFindings(inbox)).toHaveLength(2);
    const third = await importOn(2, prowlerReport([{ region: 'us-east-1', bucket: 'kept', status: 'PASS' }]));
    expect(third).toMatchObject({ closed: 1 });
    expect(await openFindings(inbox)).toEqual([expect.stringContaining('west')]);
  });

  test('a check that did not run is untouched', async () => {
    await importOn(0, prowlerReport([{ check: 's3_bucket_public_access' }, { check: 's3_bucket_object_versioning' }]));
    const second = await importOn(1, prowlerReport([{ check: 's3_bucket_object_versioning', status: 'PASS' }]));
    expect(second).toMatchObject({ closed: 1, passed: 1 });
    expect(await openFindings(inbox)).toHaveLength(1);
  });

  test('a report of failures alone closes nothing, and with --complete everything of its account and region that it lacks', async () => {
    await importOn(0, prowlerReport([{ bucket: 'a' }, { bucket: 'b' }, { bucket: 'c', region: 'us-east-1' }, { bucket: 'd', check: 's3_bucket_object_versioning' }]));
    const failures = prowlerReport([{ bucket: 'a' }]);
    const partial = await importOn(1, failures);
    expect(partial).toMatchObject({ complete: false, closed: 0 });
    expect(partial.sentences.join(' ')).toContain('--complete');
    expect(await importOn(2, failures, { complete: true })).toMatchObject({ complete: true, closed: 2 });
    expect((await openFindings(inbox)).map((line) => line.split(' ')[1])).toEqual(['a', 'c']);
  });

  test('pages of one export in one folder are one scan', async () => {
    inbox.clock.set(on(0));
    const page = (bucket: string) => prowlerReport([{ bucket }, { bucket: 'kept', status: 'PASS' }]);
    const [first, second] = await importTogether([page('a'), page('b')]);
    expect(first).toMatchObject({ created: 1, closed: 0 });
    expect(second).toMatchObject({ created: 1, closed: 0 });
    expect(await openFindings(inbox)).toHaveLength(2);
    inbox.clock.set(on(1));
    expect(await importTogether([page('a'), page('c')])).toMatchObject([{ unchanged: 1 }, { created: 1, closed: 1 }]);
  });

  test('with --separate each file is a scan of its own', async () => {
    inbox.clock.set(on(0));
    const page = (bucket: string) => prowlerReport([{ bucket }, { bucket: 'kept', status: 'PASS' }]);
    expect(await importTogether([page('a'), page('b')], { separate: true })).toMatchObject([{ created: 1 }, { created: 1, closed: 1 }]);
    expect(await openFindings(inbox)).toHaveLength(1);
  });

  test('files whose times lie within an hour are one scan, others are not', async () => {
    const scanAt = (minutes: number, id: string) => sarifReport({ repository: 'https://git.example.com/acme/shop', at: START + minutes * MINUTE_MS, results: [{ rule: id, path: `${id}.py` }] });
    inbox.clock.set(START + DAY_MS);
    expect(await importTogether([scanAt(0, 'A'), scanAt(60, 'B')])).toMatchObject([{ closed: 0 }, { closed: 0 }]);
    expect(await openFindings(inbox)).toHaveLength(2);
    expect(await importTogether([scanAt(120, 'A'), scanAt(181, 'B')])).toMatchObject([{ unchanged: 1, closed: 1 }, { created: 0, closed: 1, regressed: 1 }]);
    expect(await openFindings(inbox)).toHaveLength(1);
  });

  test('a scan of several files has the time of the latest, in whatever order they are named', async () => {
    const scanAt = (minutes: number, id: string) => sarifReport({ repository: 'https://git.example.com/acme/shop', at: START + minutes * MINUTE_MS, results: [{ rule: id, path: `${id}.py` }] });
    inbox.clock.set(START + DAY_MS);
    await importTogether([scanAt(0, 'A'), scanAt(40, 'B')]);
    expect(imported(await inbox.importReport(scanAt(20, 'C')))).toMatchObject({ created: 0, closed: 0 });
    expect(await openSubjects(inbox)).toEqual(['bandit:A', 'bandit:B']);
  });

  test('two folders of a monorepo into one source: neither closes the other', async () => {
    const options = { source: 'monorepo' };
    await importOn(0, filesReport('.', on(0), { 'web/package-lock.json': [flaw('CVE-2026-1')] }), options);
    expect(await importOn(1, filesReport('.', on(1), { 'api/package-lock.json': [flaw('CVE-2026-2')] }), options)).toMatchObject({ complete: true, created: 1, closed: 0 });
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
    expect(await importOn(2, filesReport('.', on(2), { 'web/package-lock.json': [] }), options)).toMatchObject({ closed: 1 });
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-2']);
  });

  test('what is borrowed from a default source is partial: it closes nothing and says what would make it complete', async () => {
    await importOn(0, filesReport('.', on(0), { 'package-lock.json': [flaw('CVE-2026-1'), flaw('CVE-2026-2')] }));
    const second = await importOn(1, filesReport('.', on(1), { 'package-lock.json': [flaw('CVE-2026-2')] }));
    expect(second).toMatchObject({ complete: false, closed: 0, held: 0 });
    expect(second.sentences.join(' ')).toContain('--source NAME');
    expect(await openFindings(inbox)).toHaveLength(2);
  });

  test('relative paths of two sources never meet', async () => {
    const results = [{ rule: 'B104' }];
    await importOn(0, sarifReport({ results }), { source: 'shop' });
    await importOn(0, sarifReport({ results }), { source: 'bank' });
    expect(await openFindings(inbox)).toHaveLength(2);
    await importOn(1, sarifReport({ results: [] }), { source: 'shop' });
    expect(await openFindings(inbox)).toEqual([expect.stringContaining('bank')]);
  });

  test('two clusters without a name in one source are partial and close nothing', async () => {
    const cluster = (names: readonly string[]) => ({
      ClusterName: '',
      Resources: names.map((Name) => ({
        Namespace: 'shop',
        Kind: 'Deployment',
        Name,
        Results: [{ Target: `Deployment/${Name}`, Class: 'config', Type: 'kubernetes', Misconfigurations: [{ ID: 'KSV001', Title: 'Privilege', Severity: 'HIGH', Status: 'FAIL', Message: Name }] }],
      })),
    });
    await importOn(0, cluster(['cart', 'pay']), { source: 'laptops' });
    const second = await importOn(1, cluster(['search']), { source: 'laptops' });
    expect(second).toMatchObject({ complete: false, created: 1, closed: 0 });
    expect(second.sentences.join(' ')).toContain('--scope cluster=NAME');
    expect(await importOn(2, cluster(['search']), { source: 'laptops', scope: { cluster: 'prod-eu' } })).toMatchObject({ complete: true });
  });

  test('a record that carries its own end closes its finding, in a partial scan too', async () => {
    const record = (state: Record<string, unknown>) => ({
      Findings: [
        {
          SchemaVersion: '2018-10-08',
          Id: 'one',
          ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub',
          GeneratorId: 'security-control/S3.8',
          AwsAccountId: '123456789012',
          Title: 'Public access',
          Severity: { Label: 'HIGH' },
          Compliance: { Status: 'FAILED', SecurityControlId: 'S3.8' },
          Resources: [{ Type: 'AwsS3Bucket', Id: 'arn:aws:s3:::data', Region: 'eu-west-1' }],
          RecordState: 'ACTIVE',
          Workflow: { Status: 'NEW' },
          ...state,
        },
      ],
    });
    for (const [day, end] of [{ RecordState: 'ARCHIVED' }, { Workflow: { Status: 'RESOLVED' } }, { Compliance: { Status: 'PASSED', SecurityControlId: 'S3.8' } }].entries()) {
      expect(await importOn(2 * day, record({}))).toMatchObject({ complete: false, [day === 0 ? 'created' : 'regressed']: 1 });
      expect(await importOn(2 * day + 1, record(end))).toMatchObject({ complete: false, closed: 1 });
      expect(await openFindings(inbox)).toEqual([]);
    }
  });

  test('events never close anything', async () => {
    await importOn(0, shop(0, 'a', flaws(1)));
    const event = { rule: 'Shell', priority: 'Critical', time: '2026-10-01T08:00:00Z', source: 'syscall', output: 'Shell', hostname: 'h', output_fields: { 'k8s.ns.name': 'shop', 'k8s.pod.name': 'cart-0' } };
    expect(await importOn(1, event, { complete: true, confirm: true })).toMatchObject({ signals: 1, closed: 0 });
    expect(await openFindings(inbox)).toHaveLength(1);
  });

  test('a report that breaks off closes nothing, --complete or not', async () => {
    await importOn(0, shop(0, 'a', flaws(3)));
    const text = JSON.stringify(shop(1, 'a', flaws(2)));
    expect(await importOn(1, text.slice(0, -10), { complete: true })).toMatchObject({ complete: false, closed: 0, error: { code: 'report_broken' } });
    expect(await openFindings(inbox)).toHaveLength(3);
  });
});

/** Imports several reports with one command. */
async function importTogether(reports: readonly unknown[], options: Partial<ImportOptions> = {}): Promise<readonly ImportedFile[]> {
  return (await inbox.importReports(reports, options)).map(imported);
}

describe('what is held for a person', () => {
  const kept = flaws(30, { severity: 'CRITICAL' });

  test('everything at and below a severity, until it is confirmed', async () => {
    const lower = flaws(6, { severity: 'LOW' }, 100);
    await importOn(0, shop(0, 'a', [...kept, ...lower]));
    const filtered = await importOn(1, shop(1, 'a', kept));
    expect(filtered).toMatchObject({ closed: 0, held: 6, unchanged: 30 });
    expect(filtered.sentences[0]).toContain('--confirm');
    expect(await openFindings(inbox)).toHaveLength(36);
    expect(await heldSightings(inbox)).toBe(6);
    const confirmed = await importOn(2, shop(1, 'a', kept), { confirm: true });
    expect(confirmed).toMatchObject({ closed: 6, held: 0 });
    expect(await openFindings(inbox)).toHaveLength(30);
  });

  test('what is held and seen again is let go of', async () => {
    const lower = flaws(6, { severity: 'LOW' }, 100);
    await importOn(0, shop(0, 'a', [...kept, ...lower]));
    await importOn(1, shop(1, 'a', kept));
    expect(await importOn(2, shop(2, 'a', [...kept, ...lower]))).toMatchObject({ created: 0, changed: 0, unchanged: 36, held: 0 });
    expect(await heldSightings(inbox)).toBe(0);
  });

  test('all without a fix, and a class that the report does not list', async () => {
    const unfixed = flaws(5, { severity: 'CRITICAL', fixed: null }, 100);
    await importOn(0, shop(0, 'a', [...kept, ...unfixed]));
    expect(await importOn(1, shop(1, 'a', kept))).toMatchObject({ closed: 0, held: 5 });

    const libraries = flaws(5, { severity: 'CRITICAL', purlType: 'npm' }, 200);
    const bank = (day: number, found: readonly Vulnerability[]) => shop(day, 'b', found, 'registry.example.com/bank:1');
    await importOn(2, bank(2, [...kept, ...libraries]));
    const without = bank(3, kept) as { Results: { Class: string }[] };
    without.Results = without.Results.filter((result) => result.Class === 'os-pkgs');
    expect(await importOn(3, without)).toMatchObject({ closed: 0, held: 5 });
    // A class that is listed without findings is a look.
    expect(await importOn(4, bank(4, kept))).toMatchObject({ closed: 5, held: 0 });
  });

  test('fixing the only critical closes it; four of a kind are no group', async () => {
    const found = [...flaws(1, { severity: 'CRITICAL' }), ...flaws(9, { severity: 'MEDIUM' }, 10), ...flaws(4, { severity: 'LOW' }, 100)];
    await importOn(0, shop(0, 'a', found));
    expect(await importOn(1, shop(1, 'a', found.slice(1, 10)))).toMatchObject({ closed: 5, held: 0 });
  });

  test('more than 30 % and more than 20 of a scope, even with --complete; not 20', async () => {
    const found = [...flaws(21), ...flaws(30, {}, 100)];
    await importOn(0, shop(0, 'a', found));
    expect(await importOn(1, shop(1, 'a', found.slice(21)), { complete: true })).toMatchObject({ closed: 0, held: 21 });
    expect(await importOn(2, shop(2, 'a', found.slice(20)), { complete: true })).toMatchObject({ closed: 20, held: 0 });
    expect(await openFindings(inbox)).toHaveLength(31);
  });

  test('--complete switches the group rule off', async () => {
    await importOn(0, shop(0, 'a', [...kept, ...flaws(6, { severity: 'LOW' }, 100)]));
    expect(await importOn(1, shop(1, 'a', kept), { complete: true })).toMatchObject({ closed: 6, held: 0 });
  });

  test('a renamed rule of an upgraded scanner: five or more of an unknown name are held', async () => {
    const report = (rule: string, day: number) => sarifReport({ repository: 'https://git.example.com/acme/shop', at: on(day), results: Array.from({ length: 5 }, (_, index) => ({ rule, path: `${index}.py` })) });
    await importOn(0, report('old-name', 0));
    expect(await importOn(1, report('new-name', 1))).toMatchObject({ created: 5, closed: 0, held: 5 });
  });
});

describe('images', () => {
  test('the base image is renewed and 200 of 240 are gone: closes at once, as replaced', async () => {
    const found = flaws(240);
    await importOn(0, shop(0, 'old', found));
    const renewed = await importOn(1, shop(1, 'new', found.slice(200), 'registry.example.com/shop:1.1'));
    expect(renewed).toMatchObject({ created: 0, closed: 200, held: 0 });
    expect(await openFindings(inbox)).toHaveLength(40);
    const closed = await inbox.database.pool.query('select distinct closed_why from finding where not is_open');
    expect(closed.rows).toEqual([{ closed_why: 'replaced by registry.example.com/shop:1.1' }]);
    expect(renewed.sentences[0]).toContain('200 closed (replaced by registry.example.com/shop:1.1)');
  });

  test('an older image that is scanned again is kept beside the newer one', async () => {
    await importOn(0, shop(0, 'old', [flaw('CVE-2026-1')]));
    await importOn(1, shop(1, 'new', [flaw('CVE-2026-2')], 'registry.example.com/shop:1.1'));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-2']);
    const back = await importOn(2, shop(2, 'old', [flaw('CVE-2026-1')]));
    expect(back).toMatchObject({ created: 0, regressed: 1, unchanged: 0 });
    expect(back.sentences[0]).toContain('1 regressed');
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
  });

  test('rolled back: the findings of the bad image go after 14 days', async () => {
    await importOn(0, shop(0, 'good', [flaw('CVE-2026-1')]));
    await importOn(1, shop(1, 'bad', [flaw('CVE-2026-2')], 'registry.example.com/shop:1.1'));
    await importOn(15, shop(15, 'good', [flaw('CVE-2026-1')]));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
    expect(await importOn(16, shop(16, 'good', [flaw('CVE-2026-1')]))).toMatchObject({ closed: 1 });
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1']);
  });

  test('one tag for two platforms, both nightly: two lines, both count', async () => {
    const nightly = (day: number, platform: 'amd64' | 'arm64', id: string) => imageReport({ image: SHOP, digest: `${platform}${day}`, platform, at: on(day), vulnerabilities: [flaw('CVE-2026-1'), flaw(id)] });
    for (const day of [0, 1]) {
      await importOn(day, nightly(day, 'amd64', 'CVE-2026-2'));
      await importOn(day, nightly(day, 'arm64', 'CVE-2026-3'));
    }
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2', 'CVE-2026-3']);
  });

  test('one digest under three tags: three scopes, one finding, open until all are clean', async () => {
    const tags = ['1.0', 'stable', 'latest'].map((tag) => `registry.example.com/shop:${tag}`);
    const scopes = () => inbox.database.pool.query('select id from scope');
    for (const tag of tags) await importOn(0, shop(0, 'same', [flaw('CVE-2026-1')], tag));
    expect(await openFindings(inbox)).toHaveLength(1);
    expect((await scopes()).rows).toHaveLength(3);
    for (const [index, tag] of tags.entries()) {
      const result = await importOn(index + 1, shop(index + 1, 'same', [], tag));
      expect(result.closed).toBe(index === 2 ? 1 : 0);
    }
    expect(await openFindings(inbox)).toEqual([]);
  });

  test('a line that was not scanned for 30 days while another was is no longer scanned', async () => {
    const branch = (day: number, name: string, id: string) => imageReport({ image: `registry.example.com/shop:${name}`, digest: `${name}${day}`, at: on(day), vulnerabilities: [flaw(id)] });
    await importOn(0, branch(0, 'feature', 'CVE-2026-1'));
    await importOn(30, branch(30, 'main', 'CVE-2026-2'));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
    expect(await importOn(31, branch(31, 'main', 'CVE-2026-2'))).toMatchObject({ closed: 1 });
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-2']);
    const closed = await inbox.database.pool.query('select closed_why from finding where not is_open');
    expect(closed.rows).toEqual([{ closed_why: 'no longer scanned' }]);
  });

  test('where the inventory says which images run, it decides', async () => {
    const pods = (digest: string) => podsReport([{ name: 'shop-0', image: SHOP, digest }]);
    await importOn(0, shop(0, 'old', [flaw('CVE-2026-1')]));
    await importOn(1, shop(1, 'new', [flaw('CVE-2026-2')], 'registry.example.com/shop:1.1'));
    await importOn(2, pods('old'));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1']);
    await importOn(3, pods('new'));
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-2']);
  });

  test('a workload that moves to another repository takes its risks with it', async () => {
    const run = (image: string, digest: string) => podsReport([{ name: 'shop-0', image, digest, labels: { env: 'production' } }]);
    await importOn(0, shop(0, 'a', [flaw('CVE-2026-1')]));
    await importOn(1, run(SHOP, 'a'));
    expect((await inbox.list())[0]).toMatchObject({ riskStates: { in_production: 'yes' } });
    await importOn(2, run('registry.example.com/other:1', 'b'));
    expect((await inbox.list())[0]).toMatchObject({ riskStates: { in_production: 'unknown' } });
  });

  test('an older image whose report arrives late is closed from the start, and can be looked at', async () => {
    await importOn(5, shop(4, 'new', [flaw('CVE-2026-1', { pkg: 'a' })], 'registry.example.com/shop:1.1'));
    await importOn(5, shop(3, 'old', [flaw('CVE-2026-1', { pkg: 'a' }), flaw('CVE-2026-1', { pkg: 'b' })]));
    expect(await openFindings(inbox)).toHaveLength(1);
    const view = await inbox.ctx.inbox.view((await inbox.list())[0]?.id ?? '');
    expect(view?.findings.map((each) => [each.isOpen, each.summary.title, each.closedWhy])).toEqual([
      [true, 'Flaw CVE-2026-1', null],
      [false, 'Flaw CVE-2026-1', 'replaced by registry.example.com/shop:1.1'],
    ]);
  });

  test('builds of branches that share a line are told apart by a key of their own', async () => {
    const build = (day: number, branch: string, id: string) => importOn(day, shop(day, `${branch}${day}`, [flaw(id)], `registry.example.com/shop:${day}`), { scope: { branch } });
    await build(0, 'main', 'CVE-2026-1');
    await build(1, 'next', 'CVE-2026-2');
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
    await build(2, 'main', 'CVE-2026-3');
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-2', 'CVE-2026-3']);
  });
});

describe('several entries of one report about one finding', () => {
  // One advisory in two versions of one package: two entries, one finding.
  const entry = (version: string, severity: string, fixed: string | null = null) => flaw('CVE-2026-1234', { pkg: 'lib', version, severity, fixed });
  const A = entry('1.0', 'LOW', '1.1');
  const B = entry('2.0', 'CRITICAL');
  const sighting = async () => (await inbox.database.pool.query('select severity, is_fixable, occurrences, content from sighting where gone_at is null')).rows;

  test('are one sighting: the worst of them, with all locations', async () => {
    expect(await importOn(0, shop(0, 'a', [A, B]))).toMatchObject({ findings: 2, created: 1, changed: 0, unchanged: 0 });
    expect(await sighting()).toMatchObject([{ severity: 4, is_fixable: false, occurrences: 2, content: { severity: 'critical', locations: [{ version: '1.0' }, { version: '2.0' }] } }]);
  });

  test('are the same in another order, and on the next import', async () => {
    await importOn(0, shop(0, 'a', [A, B]));
    const stored = await sighting();
    expect(await importOn(1, shop(1, 'a', [B, A]))).toMatchObject({ changed: 0, unchanged: 1 });
    expect(await importOn(2, shop(2, 'a', [A, B, A]))).toMatchObject({ changed: 0, unchanged: 1 });
    expect((await sighting()).map(({ content }) => content)).toEqual(stored.map(({ content }) => content));
  });

  test.each([
    ['behind', [A, B]],
    ['before', [B, A]],
  ])('where one comes %s that was stored alone, both are kept', async (_where, entries) => {
    await importOn(0, shop(0, 'a', [A]));
    expect(await importOn(1, shop(1, 'a', entries))).toMatchObject({ created: 0, changed: 1, unchanged: 0 });
    expect(await sighting()).toMatchObject([{ content: { locations: [{ version: '1.0' }, { version: '2.0' }] } }]);
    expect(await importOn(2, shop(2, 'a', [B]))).toMatchObject({ changed: 1 });
    expect(await sighting()).toMatchObject([{ occurrences: 1, content: { locations: [{ version: '2.0' }] } }]);
  });

  test('know nothing of what was closed long ago', async () => {
    await importOn(0, shop(0, 'a', [entry('0.1', 'CRITICAL')]));
    await importOn(1, shop(1, 'a', []));
    await importOn(2, shop(2, 'a', [A, A, B]));
    expect(await sighting()).toMatchObject([{ content: { locations: [{ version: '1.0' }, { version: '2.0' }] } }]);
  });

  test('in two files of one scan are counted at the first file', async () => {
    inbox.clock.set(on(0));
    await importTogether([shop(0, 'a', [A])]);
    inbox.clock.set(on(1));
    expect(await importTogether([shop(1, 'a', [A]), shop(1, 'a', [B])])).toMatchObject([
      { created: 0, changed: 1, unchanged: 0 },
      { created: 0, changed: 0, unchanged: 0 },
    ]);
  });
});

describe('decisions', () => {
  const report = (day: number, digest: string, more: Partial<Vulnerability> = {}) => shop(day, digest, [flaw('CVE-2026-1', more)], `registry.example.com/shop:${day}`);
  const issueId = async () => (await inbox.database.pool.query<{ id: string; is_muted: boolean }>('select id, is_muted from issue')).rows[0];
  const mute = async (isMuted: boolean) => inbox.ctx.inbox.decide((await issueId())?.id ?? '', { kind: 'mute', isMuted, reason: 'accepted', until: null }, 'anna');

  test('survive the re-import, the next image, the next version and the next scanner', async () => {
    await importOn(0, report(0, 'a'));
    await mute(true);
    await importOn(1, report(1, 'a', { title: 'Another title', severity: 'CRITICAL' }));
    await importOn(2, report(2, 'b', { version: '2.0' }));
    await importOn(3, report(3, 'c'), { source: 'another scanner' });
    expect(await openFindings(inbox)).toHaveLength(1);
    expect(await issueId()).toMatchObject({ is_muted: true });
    expect(await inbox.list()).toEqual([]);
  });

  test('survive a new line number, and a closing', async () => {
    const code = (day: number, line: number | null) => sarifReport({ repository: 'https://git.example.com/acme/shop', at: on(day), results: line === null ? [] : [{ rule: 'B104', line }] });
    await importOn(0, code(0, 10));
    await mute(true);
    await importOn(1, code(1, 90));
    expect(await issueId()).toMatchObject({ is_muted: true });
    await importOn(2, code(2, null));
    await importOn(3, code(3, 91));
    expect(await issueId()).toMatchObject({ is_muted: true });
  });

  test('what is suppressed in the tool arrives muted with its reason, once; a decision made here wins', async () => {
    const code = (day: number, suppressed?: string) => sarifReport({ repository: 'https://git.example.com/acme/shop', at: on(day), results: [{ rule: 'B104', line: day, ...(suppressed === undefined ? {} : { suppressed }) }] });
    await importOn(0, code(0, 'known and harmless'));
    expect(await openFindings(inbox)).toHaveLength(1);
    const decisions = await inbox.database.pool.query<{ value: unknown }>('select value from decision');
    expect(decisions.rows).toEqual([{ value: { isMuted: true, reason: 'known and harmless', until: null } }]);
    expect(await issueId()).toMatchObject({ is_muted: true });
    await mute(false);
    await importOn(1, code(1, 'another reason'));
    expect(await issueId()).toMatchObject({ is_muted: false });
  });

  test('two scanners: one finding, two pieces of evidence, open until both no longer show it', async () => {
    await importOn(0, shop(0, 'a', [flaw('CVE-2026-1')]), { source: 'nightly' });
    await importOn(0, shop(0, 'a', [flaw('CVE-2026-1', { severity: 'LOW' })]), { source: 'build' });
    const [row] = await inbox.list();
    const view = await inbox.ctx.inbox.view(row?.id ?? '');
    expect(view?.findings).toHaveLength(1);
    expect(view?.findings[0]?.sightings.map((each) => each.source)).toEqual(['build', 'nightly']);
    await importOn(1, shop(1, 'a', []), { source: 'nightly' });
    expect(await openFindings(inbox)).toHaveLength(1);
    await importOn(2, shop(2, 'a', []), { source: 'build' });
    expect(await openFindings(inbox)).toEqual([]);
  });

  test('the word of another source changes nothing on a re-import', async () => {
    const nightly = (day: number) => shop(day, 'a', [flaw('CVE-2026-1')]);
    await importOn(0, nightly(0), { source: 'nightly' });
    await importOn(1, shop(1, 'a', [flaw('CVE-2026-1', { severity: 'LOW', title: 'Other' })]), { source: 'build' });
    expect(await importOn(2, nightly(2), { source: 'nightly' })).toMatchObject({ created: 0, changed: 0, unchanged: 1 });
  });
});

describe('what a person says about a report', () => {
  const code = (day: number) => sarifReport({ repository: 'https://git.example.com/acme/shop', at: on(day), results: [{ rule: 'B104' }] });
  const row = async () => (await inbox.list())[0];

  test('an environment and a service that are told later reach the findings that did not change', async () => {
    await importOn(0, code(0));
    expect(await row()).toMatchObject({ services: 0, riskStates: { in_production: 'unknown' } });
    await importOn(1, code(1), { environment: 'production', services: ['shop'], team: 'web' });
    expect(await row()).toMatchObject({ services: 1, team: 'web', riskStates: { in_production: 'yes' } });
  });

  test('so do they with the same bytes', async () => {
    await importOn(0, code(0));
    await importOn(1, code(0), { environment: 'staging' });
    expect(await row()).toMatchObject({ riskStates: { in_production: 'no' } });
    expect(await importOn(2, code(0), { environment: 'staging' })).toMatchObject({ sentences: [expect.stringContaining('same bytes')] });
  });
});

describe('time', () => {
  const REPOSITORY = 'https://git.example.com/acme/shop';
  const code = (rules: readonly string[], at?: Instant) => sarifReport({ repository: REPOSITORY, ...(at === undefined ? {} : { at }), results: rules.map((rule) => ({ rule, path: `${rule}.py` })) });

  test('an older report is history only', async () => {
    await importOn(5, code(['B1'], on(5)));
    const old = await importOn(6, code(['B2'], on(4)));
    expect(old).toMatchObject({ created: 0, closed: 0 });
    expect(old.sentences[0]).toContain('Older');
    expect(await openSubjects(inbox)).toEqual(['bandit:B1']);
    const scans = await inbox.database.pool.query('select id from scan');
    expect(scans.rows).toHaveLength(2);
  });

  test('the same bytes change nothing, and store nothing', async () => {
    await importOn(0, code(['B1', 'B2']));
    const again = await importOn(1, code(['B1', 'B2']));
    expect(again).toMatchObject({ created: 0, changed: 0, unchanged: 2, closed: 0 });
    const scans = await inbox.database.pool.query('select id from scan');
    expect(scans.rows).toHaveLength(1);
  });

  test('a reverted commit gives the bytes of before, and its regression opens', async () => {
    await importOn(0, code(['B1']));
    expect(await importOn(1, code([]))).toMatchObject({ closed: 1 });
    expect(await importOn(2, code(['B1']))).toMatchObject({ created: 0, regressed: 1 });
    expect(await openSubjects(inbox)).toEqual(['bandit:B1']);
  });

  test('a time before 2000 is none, one after the arrival is the arrival', async () => {
    await importOn(0, code(['B1'], on(3)));
    expect(await importOn(1, code(['B2'], Date.UTC(1, 0, 1)))).toMatchObject({ created: 1, closed: 1 });
    const scans = await inbox.database.pool.query<{ report_at: number }>('select report_at from scan order by arrived_at');
    expect(scans.rows.map((each) => each.report_at)).toEqual([on(0), on(1)]);
  });

  test('a source that is renamed keeps its findings', async () => {
    await importOn(0, code(['B1']), { source: 'ci' });
    await inbox.ctx.sources.rename('ci', 'Build', 'anna');
    expect(await importOn(1, code(['B1', 'B2']), { source: 'ci' })).toMatchObject({ created: 1, unchanged: 1 });
    expect(await openFindings(inbox)).toHaveLength(2);
  });

  test('a source that was retired and reports again brings all of its findings back', async () => {
    await importOn(0, code(['B1', 'B2'], on(0)), { source: 'ci' });
    await inbox.ctx.sources.retire('ci', {}, 'anna');
    expect(await openFindings(inbox)).toEqual([]);
    await importOn(1, code(['B1', 'B2'], on(1)), { source: 'ci' });
    expect(await openFindings(inbox)).toHaveLength(2);
    await inbox.ctx.sources.retire('ci', {}, 'anna');
    expect(await importOn(2, code(['B1', 'B2'], on(1)), { source: 'ci' })).toMatchObject({ regressed: 2 });
    expect(await openFindings(inbox)).toHaveLength(2);
  });

  test('hours apart on one day are two scans of one scope', async () => {
    inbox.clock.set(on(0));
    await inbox.importReport(code(['B1', 'B2'], on(0) - 5 * HOUR_MS));
    expect(imported(await inbox.importReport(code(['B1'], on(0))))).toMatchObject({ closed: 1 });
  });
});

describe('several apps in one repository of images', () => {
  test('told apart by tag alone they are one finding, and one mute', async () => {
    await importOn(0, shop(0, 'cart', [flaw('CVE-2026-1')], 'registry.example.com/apps:cart'));
    await importOn(0, shop(0, 'pay', [flaw('CVE-2026-1')], 'registry.example.com/apps:pay'));
    expect(await openFindings(inbox)).toHaveLength(1);
    expect(digestOf('cart')).not.toBe(digestOf('pay'));
  });
});

describe('timed reports', () => {
  const advisory = fc.subarray(['CVE-2026-1', 'CVE-2026-2', 'CVE-2026-3', 'CVE-2026-4']);
  const day = fc.integer({ min: 0, max: 60 });
  const ofImage = fc.record({ is: fc.constant('image'), day, tag: fc.constantFrom('1.0', '1.1', '2.0', 'feature'), digest: fc.constantFrom('a', 'b', 'c'), ids: advisory });
  const ofCode = fc.record({ is: fc.constant('code'), day, tag: fc.constantFrom('main', 'next'), digest: fc.constant(''), ids: advisory });
  // Of two reports of one scope and one instant nobody can say which is the later.
  const reports = fc.uniqueArray(fc.oneof({ weight: 3, arbitrary: ofImage }, ofCode), { minLength: 2, maxLength: 8, selector: ({ is, tag, digest, day }) => `${is} ${tag} ${digest} ${day}` });
  type Draft = typeof reports extends fc.Arbitrary<(infer T)[]> ? T : never;

  const written = ({ is, day, tag, digest, ids }: Draft) =>
    is === 'image'
      ? shop(day, digest, ids.map((id) => flaw(id)), `registry.example.com/shop:${tag}`)
      : sarifReport({ repository: 'https://git.example.com/acme/shop', branch: tag, at: on(day), results: ids.map((rule) => ({ rule })) });

  async function openAfter(drafts: readonly Draft[]): Promise<readonly string[]> {
    const fresh = await openTestInbox(on(61));
    try {
      for (const draft of drafts) imported(await fresh.importReport(written(draft)));
      return await openFindings(fresh);
    } finally {
      await fresh.close();
    }
  }

  test('give the same open findings in whatever order they arrive', async () => {
    const orders = reports.chain((drafts) => fc.shuffledSubarray(drafts, { minLength: drafts.length }).map((shuffled) => ({ drafts, shuffled })));
    await fc.assert(
      fc.asyncProperty(orders, async ({ drafts, shuffled }) => {
        const inTime = drafts.toSorted((a, b) => a.day - b.day);
        expect(await openAfter(shuffled)).toEqual(await openAfter(inTime));
      }),
      { numRuns: 20 },
    );
  });
});
