import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { observationsOf } from '../../../test/support/read-report.ts';
import { azureAttackPaths } from './azure-attack-paths.ts';

const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
const entity = (name: string, type: string, subscription = SUBSCRIPTION) => ({
  entityInternalID: name,
  entityName: name,
  entityType: type,
  entityIdentifiers: {
    azureResourceId: `/subscriptions/${subscription}/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/${name}`,
  },
});

async function pathOf(more: JsonObject, properties: JsonObject = {}) {
  const row = {
    type: 'microsoft.security/attackpaths',
    ...more,
    properties: {
      displayName: 'A path',
      graphComponent: { entities: [entity('web', 'virtualMachine'), entity('db', 'sqlServer')] },
      ...properties,
    },
  };
  const [found] = await observationsOf(azureAttackPaths, { data: [row] });
  if (found?.kind !== 'finding') throw new Error('a finding was expected');
  return found;
}

test('a path that names neither end is about the first thing, and leads to the last', async () => {
  expect(await pathOf({})).toMatchObject({ resource: { name: 'web' }, place: { path: 'sqlServer' } });
  const ends = { entryPointEntityInternalID: 'db', targetEntityInternalID: 'web' };
  expect(await pathOf({}, ends)).toMatchObject({
    resource: { name: 'db' },
    place: { path: 'virtualMachine' },
  });
});

test('a path is of the subscription that its row names, else of that of where it begins', async () => {
  const own = '22222222-2222-2222-2222-222222222222';
  expect(await pathOf({ subscriptionId: own })).toMatchObject({ cover: `attack-paths@${own}` });
  expect(await pathOf({})).toMatchObject({ cover: `attack-paths@${SUBSCRIPTION}` });
});
