import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { changeAutomation } from '../src/app/change-automation.ts';
import { type ExportRequest, exportInbox } from '../src/app/export-inbox.ts';
import { UNNARROWED } from '../src/app/unnarrowed.ts';
import type { ExportFormat } from '../src/contract/export.ts';
import { FINDINGS_OF, writeExport } from '../src/contract/from-domain/export/write-export.ts';
import { presentIssue } from '../src/contract/from-domain/present-issue.ts';
import { flaw, importOnDay, on, SHOP, shop } from './support/days.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { act } from './support/triage.ts';
import { filesReport } from './support/trivy-report.ts';

/** A list as other programs read it: each form by its specification, and read again by our own reader of it. */
let inbox: TestInbox;
const issueOf = async (end: string) =>
  (
    await inbox.ctx.inbox.list({
      ...UNNARROWED,
      condition: null,
      all: true,
      muted: 'any',
      after: null,
      limit: 100,
    })
  ).find(({ title }) => title.endsWith(end))?.id ?? '';
const textOf = async (format: ExportFormat, more: Partial<ExportRequest> = {}, from = inbox) => {
  const parts = exportInbox(from.ctx, {
    ...UNNARROWED,
    all: true,
    query: null,
    findings: FINDINGS_OF[format],
    ...more,
  });
  let text = '';
  for await (const piece of writeExport(format, parts, { now: inbox.clock.now(), version: '1.2.3' }))
    text += piece;
  return text;
};

beforeAll(async () => {
  inbox = await openTestInbox();
  await importOnDay(
    inbox,
    0,
    shop(0, 'a', [
      flaw('CVE-2026-1', {
        severity: 'CRITICAL',
        title: '=HYPERLINK("http://evil.example";"x"),\n"CVE-2026-1',
        fixed: '2.0',
      }),
      ...[2, 3, 4, 5, 6, 7, 8].map((number) => flaw(`CVE-2026-${number}`)),
    ]),
  );
  const sast = {
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Own', rules: [{ id: 'R1' }] } },
        results: [
          {
            ruleId: 'R1',
            level: 'error',
            message: { text: 'Bad' },
            locations: [
              { physicalLocation: { artifactLocation: { uri: 'src/a b.ts' }, region: { startLine: 7 } } },
            ],
          },
        ],
      },
    ],
  };
  imported(await inbox.importReport(sast, { source: 'own', scope: { repository: 'acme/shop' } }));
  const mute = async (
    end: string,
    because: 'false_positive' | 'risk_accepted' | 'duplicate',
    reason: string,
  ) =>
    act(inbox.ctx, await issueOf(end), {
      do: 'mute',
      because,
      reason,
      until: because === 'risk_accepted' ? on(90) : null,
    });
  await mute('-2', 'false_positive', 'Only in tests.');
  await mute('-3', 'risk_accepted', 'Behind a wall.');
  await mute('-4', 'duplicate', 'See the other.');
  const vex = {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'urn:x',
    author: 'Vendor',
    timestamp: '2026-09-30T00:00:00Z',
    version: 1,
    statements: [
      {
        vulnerability: { name: 'CVE-2026-5' },
        products: [{ '@id': 'pkg:deb/debian/cve-2026-5' }],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
        status_notes: 'Nobody calls it.',
      },
      {
        vulnerability: { name: 'CVE-2026-6' },
        products: [{ '@id': 'pkg:deb/debian/cve-2026-6' }],
        status: 'fixed',
      },
    ],
  };
  imported(await inbox.importReport(vex));
  await changeAutomation(inbox.ctx, {
    what: 'file',
    text: `mute:\n  - { id: wait, name: Wait, for: [infrastructure_vulnerability], when: "cve:CVE-2026-8", reason: pending_fix, until: 2026-11-20, description: In the next release. }\n`,
  });
});
afterAll(() => inbox.close());

test('csv has a line for each issue, and no cell that a sheet takes for a formula', async () => {
  const text = await textOf('csv');
  const lines = text.split('\r\n');
  expect(lines[0]).toMatch(/^id,key,title,type,severity,score,/);
  expect(lines.at(-1)).toBe('');
  expect(text).toContain(`,"'=HYPERLINK(""http://evil.example"";""x""),`);
  expect(lines.length - 2).toBe((await inbox.list()).length);
  expect(text).not.toMatch(/(?:^|,)"?[=+@-]/m);
});

test('json is the list as it stands, and a query narrows it', async () => {
  expect(JSON.parse(await textOf('json'))).toEqual((await inbox.list()).map(presentIssue));
  const some = JSON.parse(await textOf('json', { query: 'severity:critical' })) as readonly object[];
  expect(some).toHaveLength(1);
  expect(JSON.parse(await textOf('json', { query: 'title:nothing-of-that' }))).toEqual([]);
});

describe('the schemas that their authors give out', () => {
  const schemaOf = (name: string) => {
    const {
      $schema: _,
      id: __,
      ...schema
    } = JSON.parse(
      readFileSync(
        new URL(`../src/contract/from-domain/export/samples/${name}.json`, import.meta.url),
        'utf8',
      ),
    );
    return schema;
  };
  const faultsOf = (name: string, value: unknown) => {
    const ajv = new Ajv2020({ allErrors: true, strict: false, unicodeRegExp: false });
    addFormats.default(ajv);
    const validate = ajv.compile(schemaOf(name));
    validate(value);
    return validate.errors ?? [];
  };

  test('hold of sarif, with muted ones too', async () => {
    const value = JSON.parse(await textOf('sarif', { muted: 'any' }));
    expect(value.runs[0].results).toHaveLength(9);
    expect(faultsOf('sarif-schema', value)).toEqual([]);
  });

  test('hold of openvex, of images, of whatever else, and of a word with a sentence beside it', async () => {
    const other = await openTestInbox();
    const report = filesReport('my shop [old]', on(0), { 'package-lock.json': [flaw('CVE-2026-1')] });
    imported(await other.importReport(report));
    const [issue] = await other.list();
    await act(other.ctx, issue?.id ?? '', { do: 'mute', because: 'no_fix', reason: 'x', until: null });
    try {
      const value = JSON.parse(await textOf('openvex', {}, other));
      expect(value.statements).toMatchObject([
        { products: [{ '@id': expect.stringContaining('my%20shop%20%5Bold%5D') }] },
      ]);
      expect(faultsOf('openvex-schema', value)).toEqual([]);
    } finally {
      await other.close();
    }
    const value = JSON.parse(await textOf('openvex'));
    expect(value.statements).toHaveLength(5);
    expect(faultsOf('openvex-schema', value)).toEqual([]);
  });
});

const sarifSchema = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.strictObject({
      columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string().min(1),
          version: z.string(),
          rules: z.array(
            z.strictObject({
              id: z.string().min(1),
              shortDescription: z.strictObject({ text: z.string().min(1) }),
              defaultConfiguration: z.strictObject({ level: z.enum(['none', 'note', 'warning', 'error']) }),
              properties: z.object({
                'security-severity': z.string().regex(/^\d+\.\d$/),
                tags: z.array(z.string()),
              }),
            }),
          ),
        }),
      }),
      results: z.array(
        z.strictObject({
          ruleId: z.string().min(1),
          ruleIndex: z.int().min(0),
          level: z.enum(['none', 'note', 'warning', 'error']),
          rank: z.number().min(0).max(100),
          message: z.strictObject({ text: z.string().min(1) }),
          locations: z.array(
            z.strictObject({
              physicalLocation: z
                .strictObject({
                  artifactLocation: z.strictObject({ uri: z.string().regex(/^[^ \\]+$/) }),
                  region: z.strictObject({ startLine: z.int().min(1) }).optional(),
                })
                .optional(),
              logicalLocations: z.array(
                z.strictObject({ name: z.string(), fullyQualifiedName: z.string(), kind: z.string() }),
              ),
            }),
          ),
          partialFingerprints: z.record(z.string(), z.string()),
          suppressions: z
            .array(
              z.strictObject({
                kind: z.enum(['inSource', 'external']),
                status: z.enum(['accepted', 'underReview', 'rejected']),
              }),
            )
            .optional(),
          properties: z.record(z.string(), z.unknown()),
        }),
      ),
    }),
  ]),
});

test('sarif is of version 2.1.0, with the rule and the place of each finding', async () => {
  const { runs } = sarifSchema.parse(JSON.parse(await textOf('sarif')));
  const [{ results, tool }] = runs;
  expect(results).toHaveLength(3);
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  expect(
    results.flatMap(({ locations }) => locations.flatMap(({ physicalLocation }) => physicalLocation ?? [])),
  ).toContainEqual({
    artifactLocation: { uri: 'src/a%20b.ts' },
    region: { startLine: 7 },
  });
});

const ocsfSchema = z.object({
  activity_id: z.literal(1),
  category_uid: z.literal(2),
  class_uid: z.union([z.literal(2002), z.literal(2003), z.literal(2004)]),
  type_uid: z.int(),
  severity_id: z.int().min(1).max(5),
  status_id: z.int().min(1).max(4),
  time: z.int(),
  metadata: z.object({
    version: z.literal('1.3.0'),
    product: z.object({ name: z.string(), vendor_name: z.string() }),
  }),
  finding_info: z.object({ uid: z.string(), title: z.string().min(1), first_seen_time: z.int() }),
  resources: z.array(z.object({ uid: z.string(), name: z.string() })).min(1),
  vulnerabilities: z
    .array(
      z.object({
        cve: z.object({ uid: z.string() }).optional(),
        severity: z.string(),
        affected_packages: z.array(z.object({ name: z.string(), version: z.string() })),
      }),
    )
    .optional(),
});

test('ocsf has an event of the right class for each finding', async () => {
  const events = z.array(ocsfSchema).parse(JSON.parse(await textOf('ocsf')));
  expect(events.map((event) => event.class_uid).sort()).toEqual([2002, 2002, 2004]);
  for (const event of events) {
    expect(event.type_uid).toBe(event.class_uid * 100 + 1);
    expect(event.vulnerabilities !== undefined).toBe(event.class_uid === 2002);
  }
});

describe('openvex', () => {
  const statementSchema = z
    .strictObject({
      vulnerability: z.strictObject({ name: z.string() }),
      timestamp: z.iso.datetime(),
      products: z
        .array(
          z.strictObject({
            '@id': z.string(),
            subcomponents: z.array(z.strictObject({ '@id': z.string() })).optional(),
          }),
        )
        .min(1),
      status: z.enum(['not_affected', 'affected', 'fixed', 'under_investigation']),
      justification: z
        .enum([
          'component_not_present',
          'vulnerable_code_not_present',
          'vulnerable_code_not_in_execute_path',
          'vulnerable_code_cannot_be_controlled_by_adversary',
          'inline_mitigations_already_exist',
        ])
        .optional(),
      impact_statement: z.string().min(1).optional(),
      status_notes: z.string().min(1).optional(),
      action_statement: z.string().min(1).optional(),
    })
    // What the specification asks for beside the status.
    .refine(
      ({ status, justification, impact_statement }) =>
        status !== 'not_affected' || (justification ?? impact_statement) !== undefined,
    )
    .refine(({ status, action_statement }) => status !== 'affected' || action_statement !== undefined);
  const documentSchema = z.strictObject({
    '@context': z.literal('https://openvex.dev/ns/v0.2.0'),
    '@id': z.string().min(1),
    author: z.string().min(1),
    timestamp: z.iso.datetime(),
    version: z.int().min(1),
    tooling: z.string(),
    statements: z.array(statementSchema).min(1),
  });

  test('says what was muted and why, each reason by its word', async () => {
    const { statements } = documentSchema.parse(JSON.parse(await textOf('openvex')));
    const said = Object.fromEntries(
      statements.map(({ vulnerability, status, justification, impact_statement, action_statement }) => [
        vulnerability.name,
        [status, justification ?? impact_statement ?? action_statement],
      ]),
    );
    expect(said).toEqual({
      'CVE-2026-2': ['not_affected', 'Only in tests.'],
      'CVE-2026-3': ['affected', 'The risk is accepted until 2026-12-30: Behind a wall.'],
      'CVE-2026-5': ['not_affected', 'vulnerable_code_not_in_execute_path'],
      'CVE-2026-6': ['fixed', undefined],
      'CVE-2026-8': ['affected', 'A fix is on its way until 2026-11-20: In the next release.'],
    });
    expect(statements[0]?.products[0]).toMatchObject({
      '@id': 'pkg:oci/shop?repository_url=registry.example.com%2Fshop',
      subcomponents: [{ '@id': expect.stringMatching(/^pkg:deb\/cve-2026-\d(@|$)/) }],
    });
  });

  test('is refused where nothing is muted: a document has a statement', async () => {
    await expect(textOf('openvex', { query: 'cve:CVE-2026-1' })).rejects.toMatchObject({ code: 'not_found' });
    expect(JSON.parse(await textOf('sarif', { query: 'cve:CVE-2026-999' })).runs[0].results).toEqual([]);
  });

  test('mutes the same elsewhere', async () => {
    const text = await textOf('openvex');
    const other = await openTestInbox();
    try {
      await importOnDay(
        other,
        0,
        shop(
          0,
          'a',
          [2, 3, 5, 6].map((number) => flaw(`CVE-2026-${number}`)),
          SHOP,
        ),
      );
      other.clock.set(on(1));
      expect(imported(await other.importReport(text))).toMatchObject({ format: 'openvex', rejects: [] });
      expect((await other.list()).map(({ title }) => title.slice(-1))).toEqual(['3']);
    } finally {
      await other.close();
    }
  });
});
