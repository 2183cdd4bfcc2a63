import { expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { openBytes } from '../reading/open-input.ts';
import { awsCli } from './aws-cli.ts';

async function resourcesOf(answer: unknown, name: string): Promise<ResourceObservation[]> {
  const found: ResourceObservation[] = [];
  const context = { root: null, account: null, region: null, cluster: null };
  for await (const input of openBytes(Buffer.from(JSON.stringify(answer)), name))
    for await (const item of awsCli.read(input, context))
      for (const each of item.kind === 'record' || item.kind === 'beside' ? item.observations : [])
        if (each.kind === 'resource' && each.type !== 'inventory-listing') found.push(each);
  return found;
}

it.each<[string, unknown, string, readonly unknown[]]>([
  [
    'by what each principal says',
    {
      AllowedPrincipals: [{ Principal: '*', ServiceId: 'vpce-svc-1' }, { Principal: 'arn:aws:iam::1:root' }],
    },
    'a.json',
    [{ Of: 'vpce-svc-1', AllowedPrincipals: ['*', 'arn:aws:iam::1:root'] }],
  ],
  [
    'by the name of the file, of nobody too',
    { AllowedPrincipals: [] },
    'ec2-describe-vpc-endpoint-service-permissions-vpce-svc-2.json',
    [{ Of: 'vpce-svc-2', AllowedPrincipals: [] }],
  ],
  [
    'not by one page of several',
    { AllowedPrincipals: [{ Principal: '*', ServiceId: 'vpce-svc-1' }], NextToken: 't' },
    'a.json',
    [],
  ],
  ['not where nothing says of which service', { AllowedPrincipals: [] }, 'a.json', []],
])('tells who may connect to an endpoint service, %s', async (_, answer, name, expected) => {
  const parts = (await resourcesOf(answer, name)).map(({ facts }) => facts);
  expect(
    parts.map((facts) => ({
      Of: facts['Of'],
      AllowedPrincipals: (facts['Facts'] as JsonObject)['AllowedPrincipals'],
    })),
  ).toEqual(expected);
});

it.each([
  ['s3api-get-object-acl-shop.json', { Bucket: 'shop' }],
  ['dump/s3api-get-object-acl-shop/a.json', { Bucket: 'shop', Key: 'a' }],
  ['dump.zip!s3api-get-object-acl-shop/b.txt', { Bucket: 'shop', Key: 'b' }],
])('tells of one object of a bucket who may read it: %s', async (name, about) => {
  const grant = { Permission: 'READ', Grantee: { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' } };
  const answer = { Owner: { ID: 'x' }, Grants: [grant] };
  const [found, ...others] = await resourcesOf(answer, name);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ type: 's3-object-acl', facts: { ...about, Grants: [grant] } });
});
