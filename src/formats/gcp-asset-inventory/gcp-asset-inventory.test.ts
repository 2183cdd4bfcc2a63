import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { observationsOf } from '../../../test/support/read-report.ts';
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
