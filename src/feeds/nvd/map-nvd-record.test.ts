import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '#base/json-value.ts';
import type { RecordFact } from '#domain/ports/intelligence-feed.ts';
import { mapNvdRecord } from './map-nvd-record.ts';

const PAGE = JSON.parse(readFileSync(new URL('samples/page.json', import.meta.url), 'utf8')) as {
  vulnerabilities: JsonValue[];
};

function sample(id: string): RecordFact {
  const all = PAGE.vulnerabilities.flatMap((element) => mapNvdRecord(element, 'here'));
  const fact = all.find((item) => item.kind === 'record' && item.advisory === id);
  if (fact?.kind !== 'record') throw new Error(`no record ${id}`);
  return fact;
}

test('a record in KEV with an exploit reference and two scores, all of it', () => {
  expect(sample('CVE-2020-15415')).toEqual({
    kind: 'record',
    advisory: 'CVE-2020-15415',
    rejected: false,
    status: 'Analyzed',
    title: 'DrayTek Multiple Vigor Routers OS Command Injection Vulnerability',
    // This record has a Spanish text only.
    description: '',
    publishedAt: Date.parse('2020-06-30T14:15:11.953Z'),
    modifiedAt: Date.parse('2025-11-07T19:32:15.237Z'),
    claims: [
      {
        provider: 'nvd',
        version: '3.1',
        vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
        score: 9.8,
        source: 'nvd@nist.gov',
      },
      {
        provider: 'cna',
        version: '3.1',
        vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
        score: 9.8,
        source: '134c704f-9b21-4f2e-91b3-4a467353bcc0',
      },
    ],
    exploitReferences: ['https://github.com/CLP-team/Vigor-Commond-Injection'],
    kev: { dateAdded: Date.UTC(2024, 8, 30), dueDate: Date.UTC(2024, 9, 21) },
    cwes: [78],
  });
});

test.each<[string, string, string[]]>([
  ['CVE-1999-1341', 'Analyzed', ['nvd 2.0 4.6']],
  ['CVE-2018-5487', 'Analyzed', ['cna 4.0 7.5', 'nvd 3.0 9.8', 'nvd 2.0 7.5']],
  ['CVE-2021-3881', 'Analyzed', ['nvd 3.1 9.8', 'cna 3.0 7.1', 'nvd 2.0 7.5']],
  ['CVE-2022-22375', 'Analyzed', ['nvd 3.1 8.8', 'cna 3.1 7.2']],
  // NVD calls the score of this CNA primary; it is the CNA's all the same.
  ['CVE-2022-34668', 'Modified', ['cna 3.1 9.8']],
  ['CVE-2023-46009', 'Awaiting Analysis', []],
  ['CVE-2024-3094', 'Modified', ['cna 3.1 10', 'nvd 3.1 10']],
])('the claims of %s (%s)', (id, status, claims) => {
  const fact = sample(id);
  expect(fact.status).toBe(status);
  expect(fact.claims.map(({ provider, version, score }) => `${provider} ${version} ${score}`)).toEqual(
    claims,
  );
});

test('the English text', () => {
  expect(sample('CVE-2021-3881').description).toBe('libmobi is vulnerable to Out-of-bounds Read');
});

test('times of the nineties are known', () => {
  expect(sample('CVE-1999-1341').publishedAt).toBe(Date.UTC(1999, 9, 22, 4));
});

const minimal = (cve: JsonObject): JsonValue => ({ cve: { id: 'CVE-2024-0001', ...cve } });

describe('a record that NVD rejected', () => {
  test('raises nothing', () => {
    expect(sample('CVE-2022-0094')).toMatchObject({
      rejected: true,
      claims: [],
      exploitReferences: [],
      kev: null,
    });
  });

  test('even if it still carries scores, exploits and dates', () => {
    const [fact] = mapNvdRecord(
      minimal({
        vulnStatus: 'Rejected',
        cisaExploitAdd: '2024-01-01',
        references: [{ url: 'https://example.org/x', tags: ['Exploit'] }],
        metrics: {
          cvssMetricV2: [
            { source: 'nvd@nist.gov', cvssData: { vectorString: 'AV:N/AC:L/Au:N/C:P/I:P/A:P' } },
          ],
        },
      }),
      'here',
    );
    expect(fact).toMatchObject({ rejected: true, claims: [], exploitReferences: [], kev: null });
  });
});

test('a record with nothing but its id', () => {
  expect(mapNvdRecord(minimal({}), 'here')).toEqual([
    {
      kind: 'record',
      advisory: 'CVE-2024-0001',
      rejected: false,
      status: '',
      title: null,
      description: '',
      publishedAt: null,
      modifiedAt: null,
      claims: [],
      exploitReferences: [],
      kev: null,
      cwes: [],
    },
  ]);
});

test('wrong types anywhere are as good as absent', () => {
  const [fact] = mapNvdRecord(
    minimal({
      vulnStatus: 7,
      descriptions: 'text',
      published: {},
      metrics: [],
      references: [
        null,
        'x',
        { url: 5, tags: ['Exploit'] },
        { url: 'javascript:alert(1)', tags: ['Exploit'] },
        { url: 'https://a', tags: 5 },
      ],
      weaknesses: [{ description: [{ value: 'NVD-CWE-noinfo' }, { value: 79 }] }],
    }),
    'here',
  );
  expect(fact).toMatchObject({
    status: '',
    description: '',
    claims: [],
    exploitReferences: [],
    cwes: [],
    kev: null,
  });
});

test('of references tagged as exploits the repository of a scanner is none', () => {
  const reference = (url: string, tag = 'Exploit') => ({ url, tags: ['Third Party Advisory', tag] });
  const references = [
    reference('https://github.com/someone/CVE-2024-0001-scanner'),
    reference('https://github.com/someone/CVE-2024-0001'),
    reference('https://github.com/other/CVE-2024-0001', 'Mitigation'),
  ];
  const [fact] = mapNvdRecord(minimal({ references }), 'here');
  expect(fact).toMatchObject({ exploitReferences: ['https://github.com/someone/CVE-2024-0001'] });
});

test('long texts and lists are cut', () => {
  const references = Array.from({ length: 80 }, (_, i) => ({
    url: `https://example.org/${i}`,
    tags: ['Exploit'],
  }));
  const [fact] = mapNvdRecord(
    minimal({ descriptions: [{ lang: 'en', value: 'x'.repeat(10_000) }], references }),
    'here',
  );
  if (fact?.kind !== 'record') throw new Error('no record');
  expect(fact.description).toHaveLength(300);
  expect(fact.exploitReferences).toHaveLength(50);
});

test('a vector that cannot be read is a reject beside the record', () => {
  const bad = { source: 'nvd@nist.gov', cvssData: { vectorString: 'CVSS:3.1/AV:Q' } };
  const good = {
    source: 'cna@example.org',
    cvssData: { vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' },
  };
  expect(
    mapNvdRecord(minimal({ metrics: { cvssMetricV31: [bad, good] } }), 'vulnerabilities[3]'),
  ).toMatchObject([
    { kind: 'record', claims: [{ provider: 'cna', score: 9.8 }] },
    {
      kind: 'reject',
      at: 'vulnerabilities[3].cve.metrics.cvssMetricV31[0]',
      code: 'unknown_value',
      message: 'Expected a CVSS vector; found "CVSS:3.1/AV:Q".',
    },
  ]);
});

test.each([null, 'x', {}, { cve: null }, { cve: { id: 'GHSA-1' } }])('%o is a reject', (element) => {
  expect(mapNvdRecord(element, 'vulnerabilities[1]')).toEqual([
    {
      kind: 'reject',
      at: 'vulnerabilities[1]',
      code: 'missing_field',
      message: 'Expected `cve.id` to be a CVE id.',
    },
  ]);
});
