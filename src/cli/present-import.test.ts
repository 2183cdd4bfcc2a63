import { expect, test } from 'vitest';
import type { FailedReport, ReadReport } from './inbox-access.ts';
import { paintFor } from './paint.ts';
import { importJson, presentImport } from './present-import.ts';

const PLAIN = paintFor({ isColourWanted: false });
const READ: ReadReport = {
  file: 'reports/nginx.json',
  format: 'trivy',
  source: 'nightly',
  scope: { image: 'nginx', cluster: 'shop' },
  complete: true,
  records: 120,
  findings: 118,
  passed: 2,
  resources: 1,
  relations: 0,
  signals: 0,
  rejects: [],
  created: 3,
  changed: 1,
  unchanged: 114,
  closed: 2,
  held: 0,
  regressed: 1,
  error: null,
  sentences: ['3 new, 2 closed (no longer reported).'],
};

const MEMBERS = [
  'file',
  'format',
  'source',
  'scope',
  'complete',
  'records',
  'findings',
  'passed',
  'resources',
  'relations',
  'signals',
  'rejects',
  'created',
  'changed',
  'unchanged',
  'closed',
  'held',
  'regressed',
];

test('a report that was read', () => {
  expect(presentImport(READ, PLAIN)).toEqual([
    'reports/nginx.json  trivy, source nightly, image=nginx, cluster=shop, complete',
    '  120 records: 118 findings, 2 passed, 1 resource, 0 relations, 0 signals, 0 rejected',
    '  3 new, 1 changed, 114 unchanged, 2 closed, 0 held, 1 regressed',
    '  3 new, 2 closed (no longer reported).',
  ]);
});

test('rejects and the break of a report that broke off', () => {
  const rejects = Array.from({ length: 7 }, (_, index) => ({
    at: `Results[${index}]`,
    code: 'wrong_type',
    message: 'Expected\u001b a list.',
  }));
  const broken: ReadReport = {
    ...READ,
    source: null,
    scope: {},
    complete: false,
    rejects,
    sentences: [],
    error: { code: 'report_broken', message: 'It ends in the middle.' },
  };
  expect(presentImport(broken, PLAIN)).toEqual([
    'reports/nginx.json  trivy, no source, partial',
    '  120 records: 118 findings, 2 passed, 1 resource, 0 relations, 0 signals, 7 rejected',
    '  3 new, 1 changed, 114 unchanged, 2 closed, 0 held, 1 regressed',
    '  rejected at Results[0]: Expected a list.',
    '  rejected at Results[1]: Expected a list.',
    '  rejected at Results[2]: Expected a list.',
    '  rejected at Results[3]: Expected a list.',
    '  rejected at Results[4]: Expected a list.',
    '  and 2 more rejected; --json has all of them.',
    '  broke off, what stood before was kept: It ends in the middle. (report_broken)',
  ]);
});

test.each<[FailedReport, readonly string[]]>([
  [
    { file: 'x.bin', format: null, error: { code: 'format_unknown', message: 'No format claims it.' } },
    ['x.bin  not read', '  No format claims it. (format_unknown)'],
  ],
  [
    { file: 'x.json', format: 'trivy', error: { code: 'report_broken', message: 'Cut off.' } },
    ['x.json  trivy, not read', '  Cut off. (report_broken)'],
  ],
])('%j', (failed, lines) => {
  expect(presentImport(failed, PLAIN)).toEqual(lines);
});

test('JSON has exactly the members of the design, in its order', () => {
  expect(Object.keys(importJson(READ))).toEqual(MEMBERS);
  expect(importJson({ ...READ, source: null })).toMatchObject({
    source: null,
    scope: { image: 'nginx', cluster: 'shop' },
    rejects: [],
    regressed: 1,
  });
});

test('JSON of a report that broke off has its error as well', () => {
  const error = { code: 'report_broken', message: 'Cut off.' };
  expect(Object.keys(importJson({ ...READ, error }))).toEqual([...MEMBERS, 'error']);
  expect(importJson({ ...READ, error })).toMatchObject({ error });
});

test('JSON of a file that was not read', () => {
  const failed: FailedReport = {
    file: 'x.bin',
    format: null,
    error: { code: 'format_unknown', message: 'No format claims it.' },
  };
  expect(JSON.stringify(importJson(failed))).toBe(
    '{"file":"x.bin","format":null,"error":{"code":"format_unknown","message":"No format claims it."}}',
  );
});
