import { expect, test } from 'vitest';
import { sampleSummary } from '../finding/finding-state.test-sample.ts';
import type { FindingSummary } from '../finding/finding-state.ts';
import { credentialOf, type SecretFinding } from './credential-of-finding.ts';

const found = (more: Partial<SecretFinding>, summary: Partial<FindingSummary> = {}) =>
  credentialOf({
    fingerprint: 'f',
    issueId: 'i',
    summary: sampleSummary({ title: 'AWS access key', severity: 'high', sources: ['gitleaks'], ...summary }),
    place: { key: 'repo:shop', kind: 'repository', name: 'shop' },
    type: null,
    on: [],
    opens: ['aws:arn:aws:iam::111111111111:user/ci'],
    ...more,
  });

test.each<[string, Partial<SecretFinding>, Partial<FindingSummary>, number | null]>([
  ['that somebody tried works', {}, { secretState: 'active' }, 0.95],
  ['that is in force, and nobody tried, mostly works', { isInForce: true }, {}, 0.6],
  ['of which nobody knows may work', {}, {}, 0.3],
  ['that is dead does not', { isInForce: true }, { secretState: 'inactive' }, null],
  ['that opens nothing known is none', { opens: [] }, { secretState: 'active' }, null],
])('a credential %s', (_what, more, summary, probability) => {
  expect(found(more, summary)?.probability ?? null).toBe(probability);
});

test.each<[string, Partial<SecretFinding>, Partial<FindingSummary>]>([
  ['terraform-state', { type: 's3-bucket' }, { locations: [{ path: 'prod/terraform.tfstate' }] }],
  ['front-end', { type: 's3-bucket' }, { locations: [{ path: 'assets/app.js' }] }],
  ['front-end', { type: 's3-bucket' }, { locations: [{ path: 'notes.txt' }, { path: 'INDEX.HTML' }] }],
  ['s3-bucket', { type: 's3-bucket' }, { locations: [{ path: 'notes.txt' }] }],
  ['front-end', { type: 's3-bucket' }, { locations: [{ path: 'app.wasm' }] }],
  ['s3-bucket', { type: 's3-bucket' }, { locations: [] }],
  ['storage-token', { opens: ['azure:/subscriptions/s/providers/microsoft.storage/storageaccounts/a'] }, {}],
  ['repository', {}, { locations: [{ path: 'app.js' }] }],
])('one that lies in a %s is called so', (kind, more, summary) => {
  expect(found(more, summary)?.kind).toBe(kind);
});

test("one in code that everybody reads is everybody's, and one in an image of it is not", () => {
  expect(found({}, { inPublicRepository: true })?.isLeaked).toBe(true);
  expect(found({})?.isLeaked).toBe(false);
  expect(found({}, { isLeaked: true })?.isLeaked).toBe(true);
  const image = { key: 'image:shop', kind: 'image', name: 'shop' } as const;
  expect(found({ place: image }, { inPublicRepository: true })?.isLeaked).toBe(false);
});

test('it tells where it lies, since when, who said so, and whether it works', () => {
  const told = (summary: Partial<FindingSummary>) => found({}, { publishedAt: 12, ...summary })?.evidence;
  expect(told({})).toEqual([{ sentence: 'AWS access key lies in shop.', provenance: 'gitleaks', at: 12 }]);
  expect(told({ secretState: 'active' })?.[0]?.sentence).toBe('AWS access key lies in shop, and it works.');
});

test('where it is taken to be by a tag alone, that is told of it', () => {
  const assumedJoins = new Map([['web', 'It runs some image of that tag.']]);
  expect(found({ assumedJoins })?.assumedJoins).toBe(assumedJoins);
  expect(found({})).not.toHaveProperty('assumedJoins');
});
