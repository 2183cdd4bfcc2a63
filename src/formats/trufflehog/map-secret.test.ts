import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import { mapSecret } from './map-secret.ts';

function read(data: JsonObject, more: JsonObject = {}): FindingObservation {
  const result = { SourceMetadata: { Data: data }, DetectorName: 'AWS', Raw: 'value', ...more };
  const [finding] = mapSecret(result, (path) => path ?? '');
  return finding as FindingObservation;
}

test.each<[JsonObject, unknown]>([
  [
    { Git: { repository: 'https://github.com/acme/shop' } },
    { kind: 'repository', name: 'https://github.com/acme/shop' },
  ],
  [{ Git: { repository: 'file:///home/me/shop' } }, { kind: 'repository', name: null }],
  [{ Git: { repository: '.' } }, { kind: 'repository', name: null }],
  [{ Filesystem: { file: 'a' } }, { kind: 'repository', name: null }],
  [
    { S3: { bucket: 'logs', file: 'a' } },
    { kind: 'cloud', provider: 'aws', id: 'arn:aws:s3:::logs', type: 's3-bucket' },
  ],
  [{ Docker: { image: 'shop', tag: '1.2' } }, { kind: 'image', reference: 'shop:1.2' }],
  [{ Docker: { image: 'shop@sha256:1', tag: '1.2' } }, { kind: 'image', reference: 'shop@sha256:1' }],
])('a secret in %j is on %j', (data, resource) => {
  expect(read(data).resource).toEqual(resource);
});

test.each([
  [true, 0.95],
  [false, 0.8],
])('a bucket with a secret (verified: %s) holds credentials', (verified, confidence) => {
  const result = {
    SourceMetadata: { Data: { S3: { bucket: 'logs', file: 'a' } } },
    DetectorName: 'AWS',
    Raw: 'value',
    Verified: verified,
  };
  expect(mapSecret(result, () => 'a')).toMatchObject([
    { kind: 'finding' },
    { kind: 'data', clue: { dataClass: 'restricted', types: ['credentials'], confidence } },
  ]);
});

test('a bucket of Google Cloud with a secret holds credentials, a repository with one is no store of data', () => {
  const told = (Data: JsonObject) =>
    mapSecret({ SourceMetadata: { Data }, DetectorName: 'AWS', Raw: 'value' }, () => 'a');
  expect(told({ GCS: { bucket: 'acme-lake', filename: 'a.env' } })).toMatchObject([
    { kind: 'finding', resource: { kind: 'repository', name: null } },
    { kind: 'data', resource: { provider: 'gcp', id: '//storage.googleapis.com/acme-lake' } },
  ]);
  expect(told({ Git: { repository: 'https://github.com/acme/shop' } })).toHaveLength(1);
});

test.each<[JsonObject, string]>([
  [{ Raw: 'QUtJQUVYQU1QTEVLRVk=' }, 'AKIAEXAMPLEKEY'],
  [{ Raw: 'QUtJQUVYQU1QTEVLRVk=', DecoderName: 'PLAIN' }, 'QUtJQUVYQU1QTEVLRVk='],
  // A key that happens to be spelled like base64 is no text underneath.
  [{ Raw: 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00' }, 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY00'],
])('the value in %j is unwrapped once', (more, value) => {
  expect(read({ Git: {} }, more).place).toMatchObject({ value });
});

test.each([
  [true, 'active'],
  [false, 'unknown'],
  [undefined, 'unknown'],
])('Verified %s is %s', (verified, state) => {
  expect(read({ Git: {} }, { Verified: verified }).secretState).toBe(state);
});

test('what is no result says what it lacks', () => {
  const pathOf = () => '';
  expect(mapSecret({}, pathOf)).toMatch(/DetectorName/);
  expect(mapSecret({ DetectorName: 'AWS' }, pathOf)).toMatch(/SourceMetadata/);
});
