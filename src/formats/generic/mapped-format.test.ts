import { describe, expect, test } from 'vitest';
import type { FindingObservation } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import { openBytes } from '../reading/open-input.ts';
import { mappedFormat } from './mapped-format.ts';
import { parseMapping } from './parse-mapping.ts';

const CONTEXT = { root: null, account: null, region: null, cluster: null };

async function readMapped(mapping: string, report: string): Promise<readonly ReportItem[]> {
  const items: ReportItem[] = [];
  for await (const input of openBytes(Buffer.from(report), 'report'))
    for await (const item of mappedFormat(parseMapping(mapping)).read(input, CONTEXT)) items.push(item);
  return items;
}

async function findingsOf(mapping: string, report: string): Promise<readonly FindingObservation[]> {
  return (await readMapped(mapping, report)).flatMap((item) =>
    item.kind === 'record' ? item.observations.filter((each) => each.kind === 'finding') : [],
  );
}

const CODE = `
tool: acme
fields:
  title: message
  severity: level
  check: rule.id
  path: at.file
  line: at.line
  cwe: rule.cwe
severities: { 3: critical }
state: { from: status, ended: [fixed], suppressed: [ignored] }
`;
const ISSUE = { message: 'Bad', level: 3, rule: { id: 'r1', cwe: 'CWE-79' }, at: { file: 'a.js', line: 7 } };

describe('the same entries in each wrapping', () => {
  test.each([
    ['an array', JSON.stringify([ISSUE, { ...ISSUE, at: { file: 'b.js', line: 1 } }])],
    ['lines', `${JSON.stringify(ISSUE)}\n${JSON.stringify({ ...ISSUE, at: { file: 'b.js', line: 1 } })}\n`],
  ])('%s', async (_, report) => {
    const findings = await findingsOf(CODE, report);
    expect(
      findings.map(({ type, severity, subject, place }) => ({ type, severity, subject, place })),
    ).toEqual(
      ['a.js', 'b.js'].map((path, index) => ({
        type: 'code_vulnerability',
        severity: 'critical',
        subject: { is: 'check', tool: 'acme', check: 'r1', cwes: [79] },
        place: expect.objectContaining({ is: 'code', path, line: [7, 1][index] }),
      })),
    );
  });

  test('somewhere in a document, by a path', async () => {
    const report = JSON.stringify({ runs: [{ issues: [ISSUE] }, { issues: [ISSUE, 'x'] }] });
    const items = await readMapped(`entries: runs.*.issues.*${CODE}`, report);
    expect(
      items.map((item) => (item.kind === 'scan' ? item.kind : `${item.kind} ${'at' in item && item.at}`)),
    ).toEqual(['scan', 'record runs[0].issues[0]', 'record runs[1].issues[0]', 'reject runs[1].issues[1]']);
  });

  test('a table, whose columns may have any name', async () => {
    const mapping = 'tool: acme\nfields: { title: Issue Title, severity: Sev., host: Host, check: ID }';
    const findings = await findingsOf(mapping, 'ID;Issue Title;Sev.;Host\n7;"Old; TLS";High;web1\n8;;;\n');
    expect(findings.map(({ title, severity, resource }) => ({ title, severity, resource }))).toEqual([
      { title: 'Old; TLS', severity: 'high', resource: { kind: 'host', name: 'web1' } },
      { title: '8', severity: null, resource: { kind: 'artifact', name: null } },
    ]);
  });
});

test('an entry without a name is a reject that says where the name was looked for', async () => {
  expect(await readMapped(CODE, '[{"level":3}]')).toContainEqual({
    kind: 'reject',
    at: '[0]',
    code: 'missing_field',
    message: 'As an entry a text in message or rule.id was expected.',
  });
});

test.each([
  ['open', undefined, 'open'],
  ['Fixed', 'acme says "fixed".', 'ended'],
  ['ignored', 'acme says "ignored"', 'suppressed'],
])('a state %s', async (status, words, is) => {
  const [finding] = await findingsOf(CODE, JSON.stringify([{ ...ISSUE, status }]));
  expect(finding?.state).toEqual(
    is === 'open' ? { is } : is === 'ended' ? { is, why: words, passed: false } : { is, reason: words },
  );
});

const PACKAGES = `
tool: acme
fields:
  title: name
  advisory: [cves.*, id]
  package: lib.name
  ecosystem: lib.kind
  version: lib.version
  image: image
  references: links.*.url
`;

test('packages are named as in their ecosystem, and several advisories are several findings', async () => {
  const entry = {
    name: 'Flaw',
    cves: ['CVE-2024-1111', 'CVE-2024-2222'],
    lib: { name: '@babel/core', kind: 'NPM', version: '1.2' },
    image: 'redis:7',
    links: [{ url: 'https://a.example' }, { url: 'https://b.example' }],
  };
  const findings = await findingsOf(PACKAGES, JSON.stringify([entry, { ...entry, cves: [], id: 'ACME-1' }]));
  expect(findings.map(({ subject }) => subject.is === 'advisory' && subject.id)).toEqual([
    'CVE-2024-1111',
    'CVE-2024-2222',
    'ACME-1',
  ]);
  for (const finding of findings)
    expect(finding).toMatchObject({
      type: 'library_vulnerability',
      place: { is: 'package', purlType: 'npm', namespace: '@babel', name: 'core' },
      resource: { kind: 'image', reference: 'redis:7' },
      references: ['https://a.example', 'https://b.example'],
      locations: [{ version: '1.2' }],
    });
});

test.each([
  ['arn:aws:s3:::b', 'aws'],
  ['/subscriptions/1/x', 'azure'],
  ['//storage.googleapis.com/b', 'gcp'],
  ['thing', 'other'],
])('the cloud of %s is told by its spelling: %s', async (id, provider) => {
  const [finding] = await findingsOf(
    'tool: a\nfields: { title: t, cloud: id }',
    JSON.stringify([{ t: 'x', id }]),
  );
  expect(finding?.resource).toMatchObject({ kind: 'cloud', provider, id });
});
