import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import { describeHead } from '../reading/describe-head.ts';
import { cyclonedx } from './cyclonedx.ts';

async function read(text: string): Promise<ReportItem[]> {
  const input = {
    name: 'bom',
    open: async function* () {
      yield Buffer.from(text);
    },
  };
  const items: ReportItem[] = [];
  for await (const item of cyclonedx.read(input, { root: null, account: null, region: null, cluster: null }))
    items.push(JSON.parse(JSON.stringify(item)));
  return items;
}

async function findings(
  vulnerability: JsonObject,
  rest: JsonObject = {},
): Promise<readonly FindingObservation[]> {
  const items = await read(
    JSON.stringify({
      bomFormat: 'CycloneDX',
      vulnerabilities: [{ id: 'CVE-2025-0001', ...vulnerability }],
      ...rest,
    }),
  );
  return items.flatMap((item) =>
    item.kind === 'record' ? item.observations.filter((each) => each.kind === 'finding') : [],
  );
}

async function scan(bom: JsonObject) {
  const [first] = await read(JSON.stringify({ bomFormat: 'CycloneDX', ...bom }));
  return first?.kind === 'scan' ? first.scan : null;
}

test.each([
  ['not_affected', { is: 'ended', why: 'code not reachable: because', passed: false }],
  ['resolved', { is: 'ended', why: 'code not reachable: because', passed: false }],
  ['resolved_with_pedigree', { is: 'ended', why: 'code not reachable: because', passed: false }],
  ['false_positive', { is: 'suppressed', reason: 'code not reachable: because' }],
  ['exploitable', { is: 'open' }],
  ['in_triage', { is: 'open' }],
  ['unheard_of', { is: 'open' }],
  [7, { is: 'open' }],
])('analysis %s', async (state, expected) => {
  expect(
    await findings({ analysis: { state, justification: 'code_not_reachable', detail: 'because' } }),
  ).toMatchObject([{ state: expected }]);
});

test.each([
  ['not_affected', 'not_affected'],
  ['false_positive', 'not_affected'],
  ['resolved', 'fixed'],
  ['exploitable', 'affected'],
  ['in_triage', null],
  ['unheard_of', null],
])('analysis %s is the statement %s', async (state, status) => {
  const items = await read(
    JSON.stringify({
      bomFormat: 'CycloneDX',
      metadata: {
        component: { 'bom-ref': 'root', name: 'registry.example.com/shop:1.0', type: 'container' },
      },
      components: [{ 'bom-ref': 'a', name: 'a', purl: 'pkg:deb/debian/a' }],
      vulnerabilities: [
        {
          id: 'CVE-2025-0001',
          affects: [{ ref: 'a' }, { ref: 'root' }],
          analysis: {
            state,
            justification: 'code_not_reachable',
            detail: 'because',
            lastUpdated: '2026-09-30T00:00:00Z',
          },
        },
      ],
    }),
  );
  const shared = {
    justification: 'vulnerable_code_not_in_execute_path',
    statement: 'because',
    statedAt: Date.UTC(2026, 8, 30),
    status,
  };
  expect(
    items.flatMap((item) =>
      item.kind === 'record' ? item.observations.filter(({ kind }) => kind === 'vex') : [],
    ),
  ).toMatchObject(
    status === null
      ? []
      : [
          { product: 'pkg:deb/debian/a', within: 'registry.example.com/shop:1.0', ...shared },
          { product: 'registry.example.com/shop:1.0', ...shared },
        ],
  );
});

test.each([
  ['CVSSv31', 'AV:N/AC:L', 'CVSS:3.1/AV:N/AC:L'],
  ['CVSSv3', 'AV:N/AC:L', 'CVSS:3.0/AV:N/AC:L'],
  ['CVSSv4', 'AV:N/AC:L', 'CVSS:4.0/AV:N/AC:L'],
  ['CVSSv2', 'AV:N/AC:L', 'AV:N/AC:L'],
  ['CVSSv31', 'CVSS:3.1/AV:N', 'CVSS:3.1/AV:N'],
  [undefined, 'CVSS:3.1/AV:N', 'CVSS:3.1/AV:N'],
])('a vector by %s', async (method, vector, expected) => {
  expect(await findings({ ratings: [{ source: { name: 'NVD' }, method, vector }] })).toMatchObject([
    { vectors: [{ provider: 'nvd', vector: expected, word: null }] },
  ]);
});

test("other methods are no vectors, and the severity is that of the entry's own source", async () => {
  const ratings = [
    { severity: 'high', method: 'OWASP', vector: 'SL:1' },
    { source: { name: 'acme' }, severity: 'low' },
    { severity: 'unknown' },
  ];
  expect(await findings({ source: { name: 'acme' }, ratings })).toMatchObject([
    { severity: 'low', vectors: [] },
  ]);
  expect(await findings({ ratings })).toMatchObject([{ severity: 'high' }]);
  expect(await findings({ ratings: [{ severity: 'unknown' }] })).toMatchObject([{ severity: null }]);
});

test.each([
  ['code_not_present', 'vulnerable_code_not_present'],
  ['code_not_reachable', 'vulnerable_code_not_in_execute_path'],
  ['protected_by_compiler', 'inline_mitigations_already_exist'],
  ['protected_at_runtime', 'inline_mitigations_already_exist'],
  ['protected_at_perimeter', 'inline_mitigations_already_exist'],
  ['protected_by_mitigating_control', 'inline_mitigations_already_exist'],
  // Words that VEX elsewhere has none for stay as they are.
  ['requires_configuration', 'requires_configuration'],
  ['requires_dependency', 'requires_dependency'],
  ['requires_environment', 'requires_environment'],
  [undefined, undefined],
])('the justification %s is told as %s', async (justification, told) => {
  const items = await read(
    JSON.stringify({
      bomFormat: 'CycloneDX',
      vulnerabilities: [
        {
          id: 'CVE-2025-0001',
          affects: [{ ref: 'pkg:npm/a@1' }],
          analysis: { state: 'not_affected', justification },
        },
      ],
    }),
  );
  expect(
    items.flatMap((item) =>
      item.kind === 'record'
        ? item.observations.flatMap((each) => (each.kind === 'vex' ? [each.justification] : []))
        : [],
    ),
  ).toEqual([told]);
});

const NAMED = { metadata: { component: { name: 'shop', type: 'application' } } };

test.each([
  [
    'scanned',
    { ...NAMED, vulnerabilities: [{ id: 'CVE-2025-0001', analysis: { state: 'in_triage' } }] },
    'all',
  ],
  ['without a name', { vulnerabilities: [{ id: 'CVE-2025-0001' }] }, 'none'],
  ['never scanned', { ...NAMED, components: [] }, 'none'],
  ['of an empty list', { ...NAMED, vulnerabilities: [] }, 'none'],
  [
    'VEX',
    {
      ...NAMED,
      vulnerabilities: [
        { id: 'CVE-2025-0001' },
        { id: 'CVE-2025-0002', analysis: { state: 'not_affected' } },
      ],
    },
    'none',
  ],
])('a file %s covers', async (_what, bom, coverage) => {
  expect((await scan(bom))?.coverage).toBe(coverage);
});

test.each([
  [
    { tools: [{ vendor: 'x' }, { name: 'OWASP Dependency-Track', version: '4' }] },
    'owasp-dependency-track',
    '4',
  ],
  [{ tools: { components: [{ name: 'trivy', version: '0.5' }] } }, 'trivy', '0.5'],
  [{ tools: { services: [{ name: 'scan.example' }] } }, 'scan-example', undefined],
  [{ tools: 'x' }, 'cyclonedx', undefined],
  [undefined, 'cyclonedx', undefined],
])('tools %j', async (metadata, tool, version) => {
  const description = await scan({ metadata });
  expect([description?.tool, description?.toolVersion]).toEqual([tool, version]);
});

test('an image in a bill of materials is the image that a scan of it names', async () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const component = {
    type: 'container',
    name: 'acme/web:1',
    purl: `pkg:oci/web@${encodeURIComponent(digest)}?arch=amd64&repository_url=ghcr.io%2Facme%2Fweb`,
  };
  expect((await scan({ metadata: { component } }))?.scope).toEqual({
    is: 'image',
    image: { kind: 'image', reference: 'acme/web:1', digest, platform: 'linux/amd64', inRegistry: true },
  });
});

test('XML gives what JSON gives', async () => {
  const json = await findings(
    {
      source: { name: 'NVD', url: 'https://nvd.example' },
      ratings: [{ source: { name: 'NVD' }, severity: 'high', method: 'CVSSv31', vector: 'AV:N' }],
      analysis: { state: 'exploitable' },
      affects: [{ ref: 'c' }],
      recommendation: 'Upgrade',
      published: '2025-01-01T00:00:00Z',
      references: [{ id: 'GHSA-2222-3333-4444' }],
      advisories: [{ url: 'https://a.example' }],
    },
    {
      components: [
        {
          'bom-ref': 'outer',
          components: [
            { 'bom-ref': 'c', type: 'library', name: 'core', version: '2', purl: 'pkg:npm/core@2' },
          ],
        },
      ],
    },
  );
  const xml =
    await read(`<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5"><vulnerabilities><vulnerability><id>CVE-2025-0001</id><source><name>NVD</name><url>https://nvd.example</url></source>
    <references><reference><id>GHSA-2222-3333-4444</id></reference></references><ratings><rating><source><name>NVD</name></source><severity>high</severity><method>CVSSv31</method><vector>AV:N</vector></rating></ratings>
    <recommendation>Upgrade</recommendation><advisories><advisory><url>https://a.example</url></advisory></advisories><published>2025-01-01T00:00:00Z</published><analysis><state>exploitable</state></analysis>
    <affects><target><ref>c</ref></target></affects></vulnerability></vulnerabilities>
    <components><component bom-ref="outer"><components><component type="library" bom-ref="c"><name>core</name><version>2</version><purl>pkg:npm/core@2</purl></component></components></component></components></bom>`);
  const observed = xml.flatMap((item) => (item.kind === 'record' ? item.observations : []));
  expect(observed.filter(({ kind }) => kind === 'finding')).toEqual(json);
  expect(observed.filter(({ kind }) => kind === 'vex')).toMatchObject([
    { product: 'pkg:npm/core@2', status: 'affected' },
  ]);
  expect(json).toHaveLength(1);
});

test('what cannot be expanded is refused', async () => {
  await expect(
    read(
      '<!DOCTYPE bom [<!ENTITY f SYSTEM "file:///etc/hostname">]><bom xmlns="http://cyclonedx.org/schema/bom/1.5">&f;</bom>',
    ),
  ).rejects.toThrow(expect.objectContaining({ code: 'report_broken' }));
});

test.each([
  ['{"bomFormat":"CycloneDX","specVersion":"1.6"}', true],
  ['{"bomFormat":"SPDX"}', false],
  ['<bom xmlns="http://cyclonedx.org/schema/bom/1.2"/>', true],
  ['<c:bom xmlns:c="http://cyclonedx.org/schema/bom/1.6">', true],
  ['<bom/>', false],
  ['<project xmlns="http://cyclonedx.org/schema/bom/1.6"/>', false],
])('claims %s: %s', (text, claimed) => {
  expect(cyclonedx.claims(describeHead('x', Buffer.from(text)))).toBe(claimed);
});
