import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { identifyResource } from '#domain/resource/resource-key.ts';
import { observationsOf } from '../../../test/support/read-report.ts';
import { azureResourceGraph } from './azure-resource-graph.ts';

async function resourceOf(row: JsonObject): Promise<ResourceObservation | undefined> {
  return (await observationsOf(azureResourceGraph, [row])).find((each) => each.kind === 'resource');
}

const GROUP = '/subscriptions/00000000-0000-0000-0000-00000000000A/resourceGroups/Shop/providers';
const NIC = {
  id: `${GROUP}/Microsoft.Network/networkInterfaces/Web`,
  name: 'Web',
  properties: { ipConfigurations: [] },
};

describe('a page is not the whole', () => {
  test.each<[title: string, answer: object, isListed: boolean]>([
    ['a query', { count: 1, total_records: 1, data: [NIC] }, true],
    ['a query whose token is null', { count: 1, total_records: 1, skip_token: null, data: [NIC] }, true],
    ['a query with a token', { count: 1, skip_token: 'x', data: [NIC] }, false],
    ['a query with a token of the API', { count: 1, $skipToken: 'x', data: [NIC] }, false],
    ['a query that found more than it tells', { count: 1, total_records: 2, data: [NIC] }, false],
    ['a query that was cut', { count: 1, resultTruncated: 'true', data: [NIC] }, false],
    ['a list of the API', { value: [NIC] }, true],
    ['a list of the API with a next page', { value: [NIC], nextLink: 'https://x' }, false],
    ['a list of the command line', [NIC], true],
    ['one object', NIC, false],
  ])('%s', async (_title, answer, isListed) => {
    const observations = await observationsOf(azureResourceGraph, answer);
    expect(observations.some((each) => each.kind === 'coverage')).toBe(isListed);
    expect(observations.some((each) => each.kind === 'resource')).toBe(true);
  });
});

test('an id is the same in every case', async () => {
  const key = async (id: string) => {
    const found = await resourceOf({ ...NIC, id });
    const naming = { sourceId: 's', cluster: null, repository: null, artifact: null };
    return [found?.type, found?.account, found && identifyResource(found.resource, naming).key];
  };
  const id = '/subscriptions/00000000-0000-0000-0000-00000000000a/resourcegroups/shop/providers';
  const expected = [
    'azure-nic',
    '00000000-0000-0000-0000-00000000000a',
    `azure:${id}/microsoft.network/networkinterfaces/web`,
  ];
  expect(await key(NIC.id)).toEqual(expected);
  expect(await key(NIC.id.toUpperCase())).toEqual(expected);
  expect(await key(NIC.id.toLowerCase())).toEqual(expected);
});

describe('a row of which a query kept names alone describes nothing', () => {
  const id = `${GROUP}/Microsoft.ContainerInstance/containerGroups/job`;
  const row = {
    id,
    name: 'job',
    type: 'microsoft.containerinstance/containergroups',
    location: 'westeurope',
  };
  test.each<[title: string, more: JsonObject, isDescribed: boolean]>([
    ['names', {}, false],
    ['names and tags', { tags: { team: 'shop' }, resourceGroup: 'shop', sku: { name: 'Standard' } }, false],
    ['what it runs as', { identity: null }, true],
    ['its properties', { properties: { provisioningState: 'Succeeded' } }, true],
    ['properties of the command line', { provisioningState: 'Succeeded' }, true],
  ])('%s', async (_title, more, isDescribed) => {
    const found = await resourceOf({ ...row, ...more });
    expect(Object.keys(found?.facts ?? {}).length > 0).toBe(isDescribed);
    expect(found).toMatchObject({ name: 'job', region: 'westeurope' });
  });
});
