import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { observationsOf } from '../../../test/support/read-report.ts';
import { describeHead } from '../reading/describe-head.ts';
import { gcpAssetInventory } from './gcp-asset-inventory.ts';

const NAME = '//storage.googleapis.com/shop-assets';
const BUCKET = {
  name: NAME,
  assetType: 'storage.googleapis.com/Bucket',
  ancestors: ['projects/42', 'organizations/1'],
  resource: { location: 'EU', data: { name: 'shop-assets' } },
} satisfies JsonObject;

describe('how much an answer lists', () => {
  const complete = async (text: string) =>
    (await observationsOf(gcpAssetInventory, text)).flatMap((each) =>
      each.kind === 'coverage' ? [each.listing?.complete] : [],
    );
  const line = `${JSON.stringify(BUCKET)}\n`;
  test.each<[title: string, text: string, expected: readonly string[]]>([
    ['an export holds all of its types', line + line, ['yes']],
    ['a list may have been filtered', JSON.stringify([BUCKET]), ['partial']],
    ['so may an answer of the API', JSON.stringify({ assets: [BUCKET] }), ['partial']],
    ['one with a next page is a part', JSON.stringify({ assets: [BUCKET], nextPageToken: 'x' }), []],
    ['an asset alone is one that somebody asked for', JSON.stringify(BUCKET, null, 1), []],
  ])('%s', async (_title, text, expected) => {
    expect(await complete(text)).toEqual(expected);
  });
});

test.each(['iamPolicy', 'iam_policy'])(
  'a policy is about the asset of its name, in a file of its own: %s',
  async (member) => {
    const bindings = [{ role: 'roles/storage.objectViewer', members: ['allUsers'] }];
    const { resource: _, ...named } = BUCKET;
    const [policy, ...others] = await observationsOf(
      gcpAssetInventory,
      `${JSON.stringify({ ...named, [member]: { bindings } })}\n`,
    );
    expect(policy).toMatchObject({ type: 'gcp-iam-policy', account: '42', facts: { of: NAME, bindings } });
    expect(others.filter((each) => each.kind === 'resource')).toEqual([]);
    const [bucket] = await observationsOf(gcpAssetInventory, `${JSON.stringify(BUCKET)}\n`);
    expect(bucket).toMatchObject({ type: 'gcp-bucket', account: '42', facts: { id: NAME } });
  },
);

test.each<readonly [string, string, JsonObject, Record<string, number>]>([
  [
    'a service account, by its unique id and its address',
    'iam.googleapis.com/ServiceAccount',
    { email: 'web@shop.iam.gserviceaccount.com', uniqueId: '1001' },
    {
      '1001': 1,
      'web@shop.iam.gserviceaccount.com': 1,
      '//a.googleapis.com/projects/shop/things/1001': 1,
      '//a.googleapis.com/projects/shop/things/web@shop.iam.gserviceaccount.com': 1,
    },
  ],
  [
    'a machine, by its number and its addresses',
    'compute.googleapis.com/Instance',
    { id: '4711', networkInterfaces: [{ networkIP: '10.0.0.4', accessConfigs: [{ natIP: '34.1.1.1' }] }] },
    { '4711': 1, '10.0.0.4': 0.6, '34.1.1.1': 0.6 },
  ],
  [
    'a forwarding rule, by its address',
    'compute.googleapis.com/ForwardingRule',
    { IPAddress: '34.1.1.2' },
    { '34.1.1.2': 0.6 },
  ],
  [
    'a project, by its id',
    'cloudresourcemanager.googleapis.com/Project',
    { projectId: 'shop', projectNumber: '123' },
    { '//cloudresourcemanager.googleapis.com/projects/shop': 1 },
  ],
])('other names of %s', async (_title, assetType, data, expected) => {
  const asset = { name: '//a.googleapis.com/projects/shop/things/x', assetType, resource: { data } };
  const [found] = await observationsOf(gcpAssetInventory, `${JSON.stringify(asset)}\n`);
  const aliases = found?.kind === 'resource' ? (found.aliases ?? []) : [];
  expect(Object.fromEntries(aliases.map(({ text, confidence }) => [text, confidence]))).toEqual(expected);
});

describe('the answer about one place of Identity-Aware Proxy', () => {
  const POLICY = {
    bindings: [{ role: 'roles/iap.httpsResourceAccessor', members: ['allUsers', 'user:ada@example.com'] }],
    etag: 'BwX',
    version: 1,
  };
  const named = (place: string) => `out/iap-web-get-iam-policy-${encodeURIComponent(place)}.json`;
  const claims = (name: string, answer: object) =>
    gcpAssetInventory.claims(describeHead(name, Buffer.from(JSON.stringify(answer))));
  const told = async (name: string, answer: object) =>
    (await observationsOf(gcpAssetInventory, answer, { name })).flatMap((each) =>
      each.kind === 'resource' && each.type === 'gcp-iam-policy' ? [each] : [],
    );

  test.each([
    'projects/shop/iap_web',
    'projects/shop/iap_web/compute',
    'projects/shop/iap_web/compute/services/web',
    'projects/1/iap_web/compute-europe-west1/services/4711',
    'projects/1/iap_web/cloud_run-europe-west1/services/api',
    'projects/shop/iap_web/appengine-shop/services/default',
    'organizations/1/iap_web',
  ])('is known by its file: %s', async (place) => {
    expect(claims(named(place), POLICY)).toBe(true);
    const of = `//iap.googleapis.com/${place}`;
    expect(await told(named(place), POLICY)).toMatchObject([
      { resource: { id: `${of}#iam-policy` }, facts: { of, isAlone: true, bindings: POLICY.bindings } },
    ]);
  });

  test('binds nobody where it holds an etag alone', async () => {
    const [policy] = await told(named('projects/shop/iap_web'), { etag: 'ACAB' });
    expect(policy?.facts).toMatchObject({ isAlone: true, bindings: [] });
    expect(policy?.account).toBe('shop');
  });

  test.each<[string, object]>([
    ['policy.json', POLICY],
    [named('projects/shop'), POLICY],
    [named('projects/shop/iap_web/compute/services/web/versions/1'), POLICY],
    [named('projects/shop/iap_web'), { ...POLICY, name: 'x' }],
    [named('projects/shop/iap_web'), { bindings: [] }],
    [named('projects/shop/iap_web'), { etag: 'x', bindings: 'none' }],
  ])('is nobody’s otherwise: %s %j', (name, answer) => {
    expect(claims(name, answer)).toBe(false);
  });
});
