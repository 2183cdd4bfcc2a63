import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addNetwork, removeNetwork } from '../src/app/change-networks.ts';
import { listNetworks } from '../src/app/list-networks.ts';
import { showResources } from '../src/app/show-resources.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const ACCOUNT = { account: '111111111111', region: 'eu-west-1' };
const QUEUE = 'aws:arn:aws:sqs:eu-west-1:111111111111:orders';
const SUBSCRIPTION = '/subscriptions/11111111-2222-3333-4444-555555555555';
const VAULT = `azure:${SUBSCRIPTION}/resourcegroups/shop/providers/microsoft.keyvault/vaults/keys`;
const SQL = 'gcp://cloudsql.googleapis.com/projects/shop/instances/orders';
const SERVICE = 'k8s:live//Service/shop/web';

async function importAll(): Promise<void> {
  await inbox.importReport(
    { QueueUrls: ['https://sqs.eu-west-1.amazonaws.com/111111111111/orders'] },
    ACCOUNT,
    'sqs-list-queues.json',
  );
  await inbox.importReport(
    {
      Attributes: {
        QueueArn: QUEUE.slice('aws:'.length),
        Policy: JSON.stringify({
          Statement: [
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 'sqs:*',
              Resource: '*',
              Condition: { IpAddress: { 'aws:SourceIp': '52.0.0.0/7' } },
            },
          ],
        }),
      },
    },
    ACCOUNT,
    'sqs-get-queue-attributes.json',
  );
  await inbox.importReport(
    [
      {
        id: VAULT.slice('azure:'.length),
        name: 'keys',
        type: 'microsoft.keyvault/vaults',
        subscriptionId: SUBSCRIPTION.split('/').at(-1),
        properties: {
          publicNetworkAccess: 'Enabled',
          networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '52.0.0.0/7' }] },
        },
      },
    ],
    {},
    'azure.json',
  );
  await inbox.importReport(
    [
      {
        name: SQL.slice('gcp:'.length),
        assetType: 'sqladmin.googleapis.com/Instance',
        resource: {
          data: {
            databaseVersion: 'POSTGRES_17',
            settings: {
              ipConfiguration: { ipv4Enabled: true, authorizedNetworks: [{ value: '52.0.0.0/7' }] },
            },
          },
        },
        ancestors: ['projects/1234'],
      },
    ],
    {},
    'gcp.json',
  );
  await inbox.importReport(
    {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'web', namespace: 'shop' },
          spec: {
            type: 'LoadBalancer',
            loadBalancerSourceRanges: ['52.0.0.0/7'],
            ports: [{ port: 443, protocol: 'TCP' }],
          },
          status: { loadBalancer: { ingress: [{ ip: '139.59.204.142' }] } },
        },
      ],
    },
    { scope: { cluster: 'live' } },
    'services.json',
  );
}

async function states(): Promise<readonly string[]> {
  const views = await showResources(inbox.ctx, { ids: [QUEUE, VAULT, SQL, SERVICE] });
  return views.map((view) => view?.publiclyAccessible.state ?? 'none');
}

const all = (state: string) => [state, state, state, state];

async function audit(): Promise<unknown[]> {
  const result = await inbox.database.pool.query(
    `select verb, subject, actor from event where subject like 'network:%' order by id`,
  );
  return result.rows;
}

describe('a range that the organisation calls its own', () => {
  test('makes no strangers of who comes from there, in every cloud, at once', async () => {
    await importAll();
    expect(await states()).toEqual(all('yes'));
    await addNetwork(inbox.ctx, { label: 'Berlin', cidr: '52.0.0.0/7' });
    // Whether an Ingress leads to the service as well, nobody described.
    expect(await states()).toEqual(['no', 'no', 'no', 'unknown']);
    await removeNetwork(inbox.ctx, { cidr: '52.0.0.0/7' });
    expect(await states()).toEqual(all('yes'));
    expect((await audit()).length).toBe(2);
  });

  test('has one spelling and one label', async () => {
    await addNetwork(inbox.ctx, { label: 'old', cidr: ' 2A00:1450::/32 ' });
    await addNetwork(inbox.ctx, { label: 'VPN', cidr: '2a00:1450::/32' });
    await addNetwork(inbox.ctx, { label: 'door', cidr: '52.1.2.3' });
    await addNetwork(inbox.ctx, { label: 'wide', cidr: '52.1.2.3/7' });
    await addNetwork(inbox.ctx, { label: 'office', cidr: '2A00:1451:0:1::7/32' });
    expect((await listNetworks(inbox.ctx)).map(({ cidr, label }) => `${label} ${cidr}`)).toEqual([
      'VPN 2a00:1450::/32',
      'door 52.1.2.3/32',
      'office 2a00:1451::/32',
      'wide 52.0.0.0/7',
    ]);
    await removeNetwork(inbox.ctx, { cidr: '53.9.9.9/7' });
    expect((await listNetworks(inbox.ctx)).map(({ label }) => label)).toEqual(['VPN', 'door', 'office']);
  });

  test('that was stored as it was typed is taken away as it is listed', async () => {
    await inbox.database.pool.query(
      `insert into network (organisation, cidr, label, actor, at)
       select id, '52.1.2.3/7', 'old', 'alex', now() from organisation`,
    );
    await removeNetwork(inbox.ctx, { cidr: '52.1.2.3/7' });
    expect(await listNetworks(inbox.ctx)).toEqual([]);
  });

  test.each([
    ['', '52.0.0.0/8'],
    ['all', '0.0.0.0/0'],
    ['all', '::/0'],
    ['x', '52.0.0.0/33'],
    ['x', 'office'],
  ])('is none: %s %s', async (label, cidr) => {
    await expect(addNetwork(inbox.ctx, { label, cidr })).rejects.toMatchObject({ code: 'usage' });
    expect(await listNetworks(inbox.ctx)).toEqual([]);
  });

  test('is changed by administrators only, and taken away only where it is', async () => {
    const ctx = { ...inbox.ctx, actor: { name: 'alex', role: 'triage' as const } };
    await expect(addNetwork(ctx, { label: 'x', cidr: '52.0.0.0/8' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(removeNetwork(ctx, { cidr: '52.0.0.0/8' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(removeNetwork(inbox.ctx, { cidr: '52.0.0.0/8' })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await audit()).toEqual([]);
  });
});
