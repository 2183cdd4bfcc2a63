import { expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import { openBytes } from '../reading/open-input.ts';
import { awsCli } from './aws-cli.ts';

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
  const found: Observation[] = [];
  const context = { root: null, account: null, region: null, cluster: null };
  for await (const input of openBytes(Buffer.from(JSON.stringify(answer)), name))
    for await (const item of awsCli.read(input, context))
      if (item.kind === 'record' || item.kind === 'beside') found.push(...item.observations);
  const parts = found.flatMap((each) => (each.kind === 'resource' ? [each.facts] : []));
  expect(
    parts.map((facts) => ({
      Of: facts['Of'],
      AllowedPrincipals: (facts['Facts'] as JsonObject)['AllowedPrincipals'],
    })),
  ).toEqual(expected);
});
