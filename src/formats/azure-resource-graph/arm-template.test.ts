import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { openBytes } from '../reading/open-input.ts';
import { readTemplate } from './arm-template.ts';

const SUBSCRIPTION = '00000000-0000-0000-0000-000000000001';
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/shop/providers`;

async function read(text: string, name: string, account: string | null = SUBSCRIPTION) {
  const items = [];
  for await (const input of openBytes(Buffer.from(text), name))
    for await (const item of readTemplate(input, { root: null, account, region: null, cluster: null }))
      items.push(item);
  return items;
}

const sample = () => readFile(`${import.meta.dirname}/samples/group-export-shop-own.json`, 'utf8');

test('what az group export writes has the ids of the resources, as far as they can be told', async () => {
  const items = await read(await sample(), 'az/group-export-shop.json');
  const resources = items.flatMap((item) =>
    item.kind === 'record' ? (item.observations as ResourceObservation[]) : [],
  );
  expect(resources.map(({ resource }) => ('id' in resource ? resource.id : ''))).toEqual([
    `${GROUP}/Microsoft.Network/networkSecurityGroups/web`,
    `${GROUP}/Microsoft.Storage/storageAccounts/acmeshop`,
    `${GROUP}/Microsoft.Storage/storageAccounts/acmeshop/blobServices/default`,
    `${GROUP}/Microsoft.Storage/storageAccounts/acmeshop/blobServices/default/containers/images`,
  ]);
  expect(resources.every(({ isSecondHand }) => isSecondHand)).toBe(true);
  expect(resources[0]).toMatchObject({
    type: 'azure-nsg',
    tags: { env: 'prod' },
    facts: { securityRules: [{ access: 'Allow', destinationPortRange: '443' }] },
  });
  expect(items.at(-1)).toMatchObject({
    kind: 'reject',
    message: expect.stringContaining('only a deployment'),
  });
});

test.each([
  ['no subscription', 'group-export-shop.json', null],
  ['no group', 'export.json', SUBSCRIPTION],
])('without them (%s) it says how to give them', async (_, name, account) => {
  const items = await read(await sample(), name, account);
  expect(items.map(({ kind }) => kind)).toEqual(['reject', 'reject', 'reject', 'reject']);
  expect(items[0]).toMatchObject({ message: expect.stringContaining('--account SUBSCRIPTION') });
});
