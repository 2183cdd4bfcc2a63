import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import type { ImportedFile } from '../src/app/import/import-result.ts';
import { DAY_MS, MINUTE_MS } from '../src/base/instant.ts';
import { flaw, importOnDay, on, shop } from './support/days.ts';
import { heldSightings, openFindings, openSubjects } from './support/open-findings.ts';
import { prowlerReport, sarifReport } from './support/other-reports.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { filesReport, flaws, type Vulnerability } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const importOn = (day: number, report: unknown, options?: Partial<ImportOptions>): Promise<ImportedFile> =>
  importOnDay(inbox, day, report, options);

/** Imports several reports with one command. */
async function importTogether(
  reports: readonly unknown[],
  options: Partial<ImportOptions> = {},
): Promise<readonly ImportedFile[]> {
  return (await inbox.importReports(reports, options)).map(imported);
}

test('what passed is neither listed nor counted, also where its tool calls it open', async () => {
  const path = new URL('../src/formats/datadog-api/samples/evaluations-own.json', import.meta.url);
  const read = imported(await inbox.importReport(JSON.parse(await readFile(path, 'utf8')), {}, 'd.json'));
  expect(read).toMatchObject({ records: 5, findings: 1, passed: 3, created: 1 });
  expect((await inbox.list()).map(({ title }) => title)).toEqual(['Rule that says fail']);
});

describe('what a report may close', () => {
  test('an account that is scanned region by region: no region closes another', async () => {
    await importOn(
      0,
      prowlerReport([
        { region: 'eu-west-1', bucket: 'west' },
        { region: 'eu-west-1', bucket: 'kept', status: 'PASS' },
      ]),
    );
    const second = await importOn(
      1,
      prowlerReport([
        { region: 'us-east-1', bucket: 'east' },
        { region: 'us-east-1', bucket: 'kept', status: 'PASS' },
      ]),
    );
    expect(second).toMatchObject({ complete: true, created: 1, closed: 0, held: 0 });
    expect(await openFindings(inbox)).toHaveLength(2);
    const third = await importOn(2, prowlerReport([{ region: 'us-east-1', bucket: 'kept', status: 'PASS' }]));
    expect(third).toMatchObject({ closed: 1 });
    expect(await openFindings(inbox)).toEqual([expect.stringContaining('west')]);
  });

  test('a check that did not run is untouched', async () => {
    await importOn(
      0,
      prowlerReport([{ check: 's3_bucket_public_access' }, { check: 's3_bucket_object_versioning' }]),
    );
    const second = await importOn(
      1,
      prowlerReport([{ check: 's3_bucket_object_versioning', status: 'PASS' }]),
    );
    expect(second).toMatchObject({ closed: 1, passed: 1 });
    expect(await openFindings(inbox)).toHaveLength(1);
  });

  test('a report of failures alone closes nothing, and with --complete everything of its account and region that it lacks', async () => {
    await importOn(
      0,
      prowlerReport([
        { bucket: 'a' },
        { bucket: 'b' },
        { bucket: 'c', region: 'us-east-1' },
        { bucket: 'd', check: 's3_bucket_object_versioning' },
      ]),
    );
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
    expect(await importTogether([page('a'), page('c')])).toMatchObject([
      { unchanged: 1 },
      { created: 1, closed: 1 },
    ]);
  });

  test('with --separate each file is a scan of its own', async () => {
    inbox.clock.set(on(0));
    const page = (bucket: string) => prowlerReport([{ bucket }, { bucket: 'kept', status: 'PASS' }]);
    expect(await importTogether([page('a'), page('b')], { separate: true })).toMatchObject([
      { created: 1 },
      { created: 1, closed: 1 },
    ]);
    expect(await openFindings(inbox)).toHaveLength(1);
  });

  test('files whose times lie within an hour are one scan, others are not', async () => {
    const scanAt = (minutes: number, id: string) =>
      sarifReport({
        repository: 'https://git.example.com/acme/shop',
        at: START + minutes * MINUTE_MS,
        results: [{ rule: id, path: `${id}.py` }],
      });
    inbox.clock.set(START + DAY_MS);
    expect(await importTogether([scanAt(0, 'A'), scanAt(60, 'B')])).toMatchObject([
      { closed: 0 },
      { closed: 0 },
    ]);
    expect(await openFindings(inbox)).toHaveLength(2);
    expect(await importTogether([scanAt(120, 'A'), scanAt(181, 'B')])).toMatchObject([
      { unchanged: 1, closed: 1 },
      { created: 0, closed: 1, regressed: 1 },
    ]);
    expect(await openFindings(inbox)).toHaveLength(1);
  });

  test('a scan of several files has the time of the latest, in whatever order they are named', async () => {
    const scanAt = (minutes: number, id: string) =>
      sarifReport({
        repository: 'https://git.example.com/acme/shop',
        at: START + minutes * MINUTE_MS,
        results: [{ rule: id, path: `${id}.py` }],
      });
    inbox.clock.set(START + DAY_MS);
    await importTogether([scanAt(0, 'A'), scanAt(40, 'B')]);
    expect(imported(await inbox.importReport(scanAt(20, 'C')))).toMatchObject({ created: 0, closed: 0 });
    expect(await openSubjects(inbox)).toEqual(['bandit:A', 'bandit:B']);
  });

  test('two folders of a monorepo into one source: neither closes the other', async () => {
    const options = { source: 'monorepo' };
    await importOn(0, filesReport('.', on(0), { 'web/package-lock.json': [flaw('CVE-2026-1')] }), options);
    expect(
      await importOn(1, filesReport('.', on(1), { 'api/package-lock.json': [flaw('CVE-2026-2')] }), options),
    ).toMatchObject({ complete: true, created: 1, closed: 0 });
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
    expect(
      await importOn(2, filesReport('.', on(2), { 'web/package-lock.json': [] }), options),
    ).toMatchObject({ closed: 1 });
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-2']);
  });

  test('reports of two folders in reverse order: the older tells of what only it lists', async () => {
    const options = { source: 'monorepo' };
    const both = (day: number, web: string, api: string) =>
      filesReport('.', on(day), {
        'web/package-lock.json': [flaw(web)],
        'api/package-lock.json': [flaw(api)],
      });
    await importOn(5, filesReport('.', on(5), { 'web/package-lock.json': [flaw('CVE-2026-1')] }), options);
    // The lock file of web was looked at later, that of api was not.
    expect(await importOn(6, both(3, 'CVE-2026-9', 'CVE-2026-2'), options)).toMatchObject({
      created: 1,
      closed: 0,
    });
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
    // Of api this one is older still, and of web too.
    expect(await importOn(7, both(2, 'CVE-2026-7', 'CVE-2026-8'), options)).toMatchObject({ created: 0 });
    expect(await importOn(8, both(4, 'CVE-2026-9', 'CVE-2026-3'), options)).toMatchObject({
      created: 1,
      closed: 1,
    });
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1', 'CVE-2026-3']);
  });

  test('what is borrowed from a default source is partial: it closes nothing and says what would make it complete', async () => {
    await importOn(
      0,
      filesReport('.', on(0), { 'package-lock.json': [flaw('CVE-2026-1'), flaw('CVE-2026-2')] }),
    );
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
        Results: [
          {
            Target: `Deployment/${Name}`,
            Class: 'config',
            Type: 'kubernetes',
            Misconfigurations: [
              { ID: 'KSV001', Title: 'Privilege', Severity: 'HIGH', Status: 'FAIL', Message: Name },
            ],
          },
        ],
      })),
    });
    await importOn(0, cluster(['cart', 'pay']), { source: 'laptops' });
    const second = await importOn(1, cluster(['search']), { source: 'laptops' });
    expect(second).toMatchObject({ complete: false, created: 1, closed: 0 });
    expect(second.sentences.join(' ')).toContain('--scope cluster=NAME');
    expect(
      await importOn(2, cluster(['search']), { source: 'laptops', scope: { cluster: 'prod-eu' } }),
    ).toMatchObject({ complete: true });
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
    for (const [day, end] of [
      { RecordState: 'ARCHIVED' },
      { Workflow: { Status: 'RESOLVED' } },
      { Compliance: { Status: 'PASSED', SecurityControlId: 'S3.8' } },
    ].entries()) {
      expect(await importOn(2 * day, record({}))).toMatchObject({
        complete: false,
        [day === 0 ? 'created' : 'regressed']: 1,
      });
      expect(await importOn(2 * day + 1, record(end))).toMatchObject({ complete: false, closed: 1 });
      expect(await openFindings(inbox)).toEqual([]);
    }
  });

  test('events never close anything', async () => {
    await importOn(0, shop(0, 'a', flaws(1)));
    const event = {
      rule: 'Shell',
      priority: 'Critical',
      time: '2026-10-01T08:00:00Z',
      source: 'syscall',
      output: 'Shell',
      hostname: 'h',
      output_fields: { 'k8s.ns.name': 'shop', 'k8s.pod.name': 'cart-0' },
    };
    expect(await importOn(1, event, { complete: true, confirm: true })).toMatchObject({
      signals: 1,
      closed: 0,
    });
    expect(await openFindings(inbox)).toHaveLength(1);
  });

  test('a report that breaks off closes nothing, --complete or not', async () => {
    await importOn(0, shop(0, 'a', flaws(3)));
    const text = JSON.stringify(shop(1, 'a', flaws(2)));
    expect(await importOn(1, text.slice(0, -10), { complete: true })).toMatchObject({
      complete: false,
      closed: 0,
      error: { code: 'report_broken' },
    });
    expect(await openFindings(inbox)).toHaveLength(3);
  });
});

test('an import names some of what it moved, in the order of the inbox', async () => {
  const severities = ['LOW', 'CRITICAL', 'MEDIUM', 'HIGH'] as const;
  const moved = severities.map((severity, index) => flaw(`CVE-2026-${index}`, { severity }));
  await importOn(0, shop(0, 'a', [...moved, ...flaws(10)]));
  const gone = await importOn(1, shop(1, 'a', flaws(10)));
  const named = 'Flaw CVE-2026-1; Flaw CVE-2026-3; Flaw CVE-2026-2 and 1 more.';
  expect(gone.sentences[0]).toBe(`4 closed (no longer reported). Closed: ${named}`);
  const back = await importOn(2, shop(2, 'a', [...moved, ...flaws(10)]));
  expect(back.sentences[0]).toBe(`4 regressed. Regressed: ${named}`);
});

describe('what is held for a person', () => {
  const kept = flaws(30, { severity: 'CRITICAL' });

  test('everything at and below a severity, until it is confirmed', async () => {
    const lower = flaws(6, { severity: 'LOW' }, 100);
    await importOn(0, shop(0, 'a', [...kept, ...lower]));
    const filtered = await importOn(1, shop(1, 'a', kept));
    expect(filtered).toMatchObject({ closed: 0, held: 6, unchanged: 30 });
    expect(filtered.sentences[0]).toMatch(
      /--confirm\. Held: (?:Flaw CVE-2026-110\d(?:; |(?= and))){3} and 3 more\.$/,
    );
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
    expect(await importOn(2, shop(2, 'a', [...kept, ...lower]))).toMatchObject({
      created: 0,
      changed: 0,
      unchanged: 36,
      held: 0,
    });
    expect(await heldSightings(inbox)).toBe(0);
  });

  test('all without a fix, and a class that the report does not list', async () => {
    const unfixed = flaws(5, { severity: 'CRITICAL', fixed: null }, 100);
    await importOn(0, shop(0, 'a', [...kept, ...unfixed]));
    expect(await importOn(1, shop(1, 'a', kept))).toMatchObject({ closed: 0, held: 5 });

    const libraries = flaws(5, { severity: 'CRITICAL', purlType: 'npm' }, 200);
    const bank = (day: number, found: readonly Vulnerability[]) =>
      shop(day, 'b', found, 'registry.example.com/bank:1');
    await importOn(2, bank(2, [...kept, ...libraries]));
    const without = bank(3, kept) as { Results: { Class: string }[] };
    without.Results = without.Results.filter((result) => result.Class === 'os-pkgs');
    expect(await importOn(3, without)).toMatchObject({ closed: 0, held: 5 });
    // A class that is listed without findings is a look.
    expect(await importOn(4, bank(4, kept))).toMatchObject({ closed: 5, held: 0 });
  });

  test('fixing the only critical closes it; four of a kind are no group', async () => {
    const found = [
      ...flaws(1, { severity: 'CRITICAL' }),
      ...flaws(9, { severity: 'MEDIUM' }, 10),
      ...flaws(4, { severity: 'LOW' }, 100),
    ];
    await importOn(0, shop(0, 'a', found));
    expect(await importOn(1, shop(1, 'a', found.slice(1, 10)))).toMatchObject({ closed: 5, held: 0 });
  });

  test('more than 30 % and more than 20 of a scope, even with --complete; not 20', async () => {
    const found = [...flaws(21), ...flaws(30, {}, 100)];
    await importOn(0, shop(0, 'a', found));
    expect(await importOn(1, shop(1, 'a', found.slice(21)), { complete: true })).toMatchObject({
      closed: 0,
      held: 21,
    });
    expect(await importOn(2, shop(2, 'a', found.slice(20)), { complete: true })).toMatchObject({
      closed: 20,
      held: 0,
    });
    expect(await openFindings(inbox)).toHaveLength(31);
  });

  test('--complete switches the group rule off', async () => {
    await importOn(0, shop(0, 'a', [...kept, ...flaws(6, { severity: 'LOW' }, 100)]));
    expect(await importOn(1, shop(1, 'a', kept), { complete: true })).toMatchObject({ closed: 6, held: 0 });
  });

  test('a check that its tool renamed is the same check, by the alias file', async () => {
    await importOn(0, prowlerReport([{ check: 'apigateway_logging_enabled' }]));
    const renamed = await importOn(1, prowlerReport([{ check: 'apigateway_restapi_logging_enabled' }]));
    expect(renamed).toMatchObject({ created: 0, closed: 0, held: 0 });
    expect(await openFindings(inbox)).toHaveLength(1);
  });

  test('a renamed rule of an upgraded scanner: five or more of an unknown name are held', async () => {
    const report = (rule: string, day: number) =>
      sarifReport({
        repository: 'https://git.example.com/acme/shop',
        at: on(day),
        results: Array.from({ length: 5 }, (_, index) => ({ rule, path: `${index}.py` })),
      });
    await importOn(0, report('old-name', 0));
    expect(await importOn(1, report('new-name', 1))).toMatchObject({ created: 5, closed: 0, held: 5 });
  });
});

describe('several apps in one repository of images', () => {
  test('told apart by tag alone they are one finding, and one mute', async () => {
    await importOn(0, shop(0, 'cart', [flaw('CVE-2026-1')], 'registry.example.com/apps:cart'));
    await importOn(0, shop(0, 'pay', [flaw('CVE-2026-1')], 'registry.example.com/apps:pay'));
    expect(await openFindings(inbox)).toHaveLength(1);
  });
});
