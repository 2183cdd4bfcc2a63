import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { rateAdvisory } from '../src/app/rate-advisory.ts';
import { retireSource } from '../src/app/retire-source.ts';
import { loadSamePaths, loadSamePathsOf } from '../src/store/attackpath/load-same-paths.ts';
import { organisationOf } from '../src/store/organisation.ts';
import { flaw, SHOP } from './support/days.ts';
import { SHOP_CLUSTER, shopCluster } from './support/shop-cluster.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { imageReport } from './support/trivy-report.ts';

const FORMATS = join(import.meta.dirname, '../src/formats');

let inbox: TestInbox;
let hour = 0;
beforeEach(async () => {
  hour = 0;
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

async function read(report: unknown, name: string): Promise<void> {
  inbox.clock.set(START + hour++ * 3_600_000);
  const { rejects } = (await inbox.importReport(report, {}, name)) as { rejects: readonly unknown[] };
  expect(rejects).toEqual([]);
}

/** Open attack paths by title, each with those beside it: their titles and sources. */
async function besides(): Promise<Readonly<Record<string, readonly string[]>>> {
  const rows = (await inbox.list()).filter(({ type }) => type === 'attack_path');
  const told = await Promise.all(
    rows.map(async ({ id, title }) => {
      const beside = (await inbox.ctx.inbox.view(id))?.alsoFoundBy ?? [];
      return [title, beside.map((each) => `${each.title} (${each.sources.join(', ')})`).sort()] as const;
    }),
  );
  return Object.fromEntries(told);
}

const GROUP = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/shop';
const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/exports`;

/** A storage account with a container that everybody reads, as the Azure Resource Graph answers it. */
const storage = (publicAccess: 'Blob' | 'None') => [
  {
    id: ACCOUNT,
    name: 'exports',
    type: 'microsoft.storage/storageaccounts',
    location: 'westeurope',
    tags: { env: 'prod', 'data-classification': 'restricted' },
    properties: {
      allowBlobPublicAccess: true,
      publicNetworkAccess: 'Enabled',
      networkAcls: { defaultAction: 'Allow' },
    },
  },
  {
    id: `${ACCOUNT}/blobServices/default/containers/customers`,
    name: 'customers',
    type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
    properties: { publicAccess },
  },
];

test('a path of Defender stands beside our own about the same storage account, and alone once ours is gone', async () => {
  await read(storage('Blob'), 'resources.json');
  await inbox.importFiles([join(FORMATS, 'azure-attack-paths/samples/many.json')], { source: 'defender' });
  const theirs = 'Internet exposed storage account holds sensitive data';
  const elsewhere =
    'Internet exposed VM with high severity vulnerabilities has read permission to a Key Vault';
  expect(await besides()).toEqual({
    'Sensitive data that anybody may read: customers in exports': [`${theirs} (defender)`],
    [theirs]: ['Sensitive data that anybody may read: customers in exports (Attack paths)'],
    [elsewhere]: [],
  });
  await read(storage('None'), 'resources.json');
  expect(await besides()).toEqual({ [theirs]: [], [elsewhere]: [] });
});

test('a path of Defender that its source no longer tells stands beside nothing', async () => {
  await read(storage('Blob'), 'resources.json');
  await inbox.importFiles([join(FORMATS, 'azure-attack-paths/samples/many.json')], { source: 'defender' });
  await retireSource(inbox.ctx, { id: 'defender', keys: {} });
  const own = 'Sensitive data that anybody may read: customers in exports';
  expect((await besides())[own]).toEqual([]);
  const { paths } = await inbox.ctx.paths.list();
  expect(paths.map(({ path, alsoFoundBy }) => [path.title, alsoFoundBy])).toEqual([[own, []]]);
});

/** A machine that asks everybody for a password and reads the storage account. */
const machine = () => {
  const id = (type: string, name: string) => `${GROUP}/providers/${type}/${name}`;
  const NETWORK = 'Microsoft.Network';
  const [vm, nic, nsg, ip, net] = [
    id('Microsoft.Compute/virtualMachines', 'jump'),
    id(`${NETWORK}/networkInterfaces`, 'jump-nic'),
    id(`${NETWORK}/networkSecurityGroups`, 'jump-nsg'),
    id(`${NETWORK}/publicIPAddresses`, 'jump-ip'),
    id(`${NETWORK}/virtualNetworks`, 'net'),
  ];
  const principalId = 'aaaaaaaa-0000-0000-0000-000000000001';
  const READER = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';
  return [
    {
      id: vm,
      location: 'westeurope',
      identity: { type: 'SystemAssigned', principalId },
      networkProfile: { networkInterfaces: [{ id: nic }] },
      storageProfile: { osDisk: { osType: 'Windows' } },
    },
    {
      id: nic,
      networkSecurityGroup: { id: nsg },
      ipConfigurations: [
        {
          id: `${nic}/ipConfigurations/one`,
          privateIPAddress: '10.0.1.4',
          publicIPAddress: { id: ip },
          subnet: { id: `${net}/subnets/web` },
        },
      ],
    },
    {
      id: nsg,
      securityRules: [
        {
          name: 'rdp',
          access: 'Allow',
          direction: 'Inbound',
          priority: 100,
          protocol: 'Tcp',
          sourceAddressPrefix: 'Internet',
          sourcePortRange: '*',
          destinationAddressPrefix: '*',
          destinationPortRange: '3389',
        },
      ],
    },
    { id: ip, ipAddress: '20.50.2.14', publicIPAddressVersion: 'IPv4', sku: { name: 'Standard' } },
    {
      id: net,
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [{ id: `${net}/subnets/web`, addressPrefix: '10.0.1.0/24' }],
    },
    {
      id: `${GROUP}/providers/Microsoft.Authorization/roleAssignments/one`,
      principalId,
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
      scope: GROUP,
    },
  ];
};

test('a path of another engine stands beside our own that goes over its resource on the way, wherever ours begins', async () => {
  await read([...storage('None'), ...machine()], 'resources.json');
  await inbox.importFiles([join(FORMATS, 'azure-attack-paths/samples/many.json')], { source: 'defender' });
  const own = Object.entries(await besides()).filter(([title]) =>
    title.includes('asks anybody for a password'),
  );
  expect(own).toEqual([
    [
      expect.stringContaining('exports'),
      ['Internet exposed storage account holds sensitive data (defender)'],
    ],
  ]);
});

test('pairs beyond those that a list shows are told, and one issue shows all of its own', async () => {
  await read([...storage('Blob'), ...machine()], 'resources.json');
  await inbox.importFiles([join(FORMATS, 'azure-attack-paths/samples/many.json')], { source: 'defender' });
  const { pool } = inbox.database;
  const { shard } = organisationOf(1n);
  const all = await loadSamePaths(pool, shard);
  const theirs = 'Internet exposed storage account holds sensitive data';
  const [id] = [...all.byIssue].flatMap(([key, others]) => (others.length === 2 ? [key] : []));
  expect(all).toMatchObject({ notes: [] });
  expect(all.byIssue.size).toBe(3);
  const one = await loadSamePaths(pool, shard, 1);
  expect(one.notes).toEqual([
    'Of pairs of attack paths that stand beside each other the first 1 are looked at, the others are left out.',
  ]);
  expect(one.byIssue.size).toBe(2);
  expect(await loadSamePathsOf(pool, shard, id as string)).toEqual(all.byIssue.get(id as string));
  const beside = (await besides())[theirs];
  expect(beside).toHaveLength(2);
  expect((await loadSamePaths(pool, shard, 2)).notes).toEqual([]);
});

const PROJECT = '//cloudresourcemanager.googleapis.com/projects/shop';
const COMPUTE = '//compute.googleapis.com/projects/shop';
const MACHINE = `${COMPUTE}/zones/europe-west1-b/instances/web`;
const ANCESTORS = ['projects/1', 'organizations/3'];

const assets = [
  ['cloudresourcemanager.googleapis.com/Project', PROJECT, { projectId: 'shop', projectNumber: '1' }],
  ['compute.googleapis.com/Network', `${COMPUTE}/global/networks/net`, { name: 'net' }],
  [
    'compute.googleapis.com/Firewall',
    `${COMPUTE}/global/firewalls/https`,
    {
      name: 'https',
      network: 'https://www.googleapis.com/compute/v1/projects/shop/global/networks/net',
      direction: 'INGRESS',
      priority: 1000,
      sourceRanges: ['0.0.0.0/0'],
      allowed: [{ IPProtocol: 'tcp', ports: ['443'] }],
    },
  ],
  [
    'compute.googleapis.com/Instance',
    MACHINE,
    {
      name: 'web',
      status: 'RUNNING',
      networkInterfaces: [
        {
          network: 'https://www.googleapis.com/compute/v1/projects/shop/global/networks/net',
          networkIP: '10.0.0.2',
          accessConfigs: [{ natIP: '34.1.1.1' }],
        },
      ],
      serviceAccounts: [
        {
          email: 'web@shop.iam.gserviceaccount.com',
          scopes: ['https://www.googleapis.com/auth/cloud-platform'],
        },
      ],
    },
  ],
] as const;

test('a path of Security Command Center stands beside our own that goes over the same machine', async () => {
  const lines = assets.map(([assetType, name, data]) =>
    JSON.stringify({
      name,
      assetType,
      resource: { version: 'v1', data, location: 'europe-west1-b' },
      ancestors: ANCESTORS,
      updateTime: '2026-10-01T00:00:00Z',
    }),
  );
  await read(lines.join('\n'), 'resource.ndjson');
  const bindings = [{ role: 'roles/owner', members: ['serviceAccount:web@shop.iam.gserviceaccount.com'] }];
  const policy = { assetType: assets[0][0], name: PROJECT, iamPolicy: { bindings }, ancestors: ANCESTORS };
  await read(JSON.stringify(policy), 'iam-policy.ndjson');
  const flaw = {
    finding: {
      name: 'organizations/1/sources/3/locations/global/findings/a',
      parent: 'organizations/1/sources/3/locations/global',
      resourceName: MACHINE,
      state: 'ACTIVE',
      category: 'OS_VULNERABILITY',
      severity: 'CRITICAL',
      findingClass: 'VULNERABILITY',
      eventTime: '2026-10-01T00:00:00Z',
      vulnerability: { cve: { id: 'CVE-2026-0001' } },
    },
    resource: { name: MACHINE, type: 'google.compute.Instance' },
  };
  await read([flaw], 'vulnerabilities.json');
  await rateAdvisory(inbox.ctx, {
    advisory: 'CVE-2026-0001',
    vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    reason: 'Somebody looked at it.',
  });
  await inbox.importFiles([join(FORMATS, 'gcp-scc/samples/paths.json')], { source: 'scc' });
  const theirs = 'Exposed VM with a flaw may act as a service account that owns the project';
  const own = 'What runs as an administrator of project shop has a flaw that outsiders reach: web';
  expect(await besides()).toEqual({
    [own]: [`${theirs} (scc)`],
    [theirs]: [`${own} (Attack paths)`],
    'Service account in many ways of attackers': [],
  });
});

const SHOP_PATH = 'A flaw in registry.example.com/shop lets outsiders administer cluster shop';

/** A scan of the image of a shop that outsiders reach, with flaws by which they run code. */
async function scanShop(...ids: readonly string[]): Promise<void> {
  const vulnerabilities = ids.map((id) =>
    flaw(id, {
      severity: 'CRITICAL',
      purlType: 'npm',
      vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    }),
  );
  await read(imageReport({ image: SHOP, at: START + hour * 3_600_000, vulnerabilities }), 'image.json');
}

test('paths of other engines stand in the inbox beside our own, with their sources', async () => {
  imported(
    await inbox.importReport(shopCluster({ image: SHOP, isOpen: true }), SHOP_CLUSTER, 'cluster.json'),
  );
  await scanShop('CVE-2026-0001');
  await inbox.importFiles([`${FORMATS}/azure-attack-paths/samples/many.json`], { source: 'defender' });
  await inbox.importFiles([`${FORMATS}/gcp-scc/samples/paths.json`], { source: 'scc' });
  const paths = (await inbox.list({ all: false })).filter(({ type }) => type === 'attack_path');
  expect(paths.map(({ severity, title }) => `${severity} ${title}`).sort()).toEqual(
    [
      'critical Exposed VM with a flaw may act as a service account that owns the project',
      'critical Internet exposed storage account holds sensitive data',
      'high Internet exposed VM with high severity vulnerabilities has read permission to a Key Vault',
      'high Service account in many ways of attackers',
      `high ${SHOP_PATH}`,
    ].sort(),
  );
  expect(paths.every(({ admittedBy }) => admittedBy.includes('default.attack_path'))).toBe(true);
  // One about a resource that a path of our own goes through stands beside it, and it beside that one.
  const own = paths.find(({ title }) => title === SHOP_PATH)?.id ?? '';
  const theirs = paths.find(({ title }) => title.startsWith('Exposed VM'))?.id ?? '';
  const beside = async (id: string) =>
    (await inbox.ctx.inbox.view(id))?.alsoFoundBy.map(({ issueId, sources }) => [issueId, ...sources]);
  expect([await beside(own), await beside(theirs)]).toEqual([[], []]);
  await inbox.database.pool.query(
    "update finding set resource_key = (select body -> 'resources' ->> 0 from attack_path limit 1) where issue_id = $1",
    [theirs],
  );
  expect([await beside(own), await beside(theirs)]).toEqual([[[theirs, 'scc']], [[own, 'Attack paths']]]);
  // What has the flaw may be no resource that anybody holds.
  await inbox.database.pool.query(
    "update finding set resource_key = (select body -> 'pivot' ->> 'key' from attack_path limit 1) where issue_id = $1",
    [theirs],
  );
  expect([await beside(own), await beside(theirs)]).toEqual([[[theirs, 'scc']], [[own, 'Attack paths']]]);
  const listed = (await inbox.ctx.paths.list()).paths.find(({ issueId }) => issueId === own);
  expect(listed?.alsoFoundBy.map(({ issueId }) => issueId)).toEqual([theirs]);
  // They are told by their sources alone, and our own search neither closes nor plans them.
  await scanShop('CVE-2026-0001', 'CVE-2026-0002');
  expect(Object.keys(await besides())).toHaveLength(5);
  const sources = new Set<string>();
  for (const { id } of paths)
    for (const { summary } of (await inbox.ctx.inbox.view(id))?.findings ?? [])
      for (const each of summary.sources) sources.add(each);
  expect([...sources].sort()).toEqual(['Attack paths', 'defender', 'scc']);
});
