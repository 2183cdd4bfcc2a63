import { afterEach, beforeEach, expect, test } from 'vitest';
import { rateAdvisory } from '../src/app/rate-advisory.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { updateFeed } from '../src/app/update-feed.ts';
import { DAY_MS, HOUR_MS, instantText } from '../src/base/instant.ts';
import { kev } from '../src/feeds/kev/kev.ts';
import { expectFreshPaths } from './support/fresh-paths.ts';
import { kevCatalogue } from './support/other-reports.ts';
import { SHOP_CLUSTER, scanOfImage, shopCluster } from './support/shop-cluster.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

// A change that moves findings alone, or no finding at all, and is known to matter to attack paths by one thing.

let inbox: TestInbox;
let hour = 0;
beforeEach(async () => {
  hour = 0;
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

async function read(report: unknown, name: string, options: object = {}): Promise<void> {
  inbox.clock.set(START + hour++ * HOUR_MS);
  imported(await inbox.importReport(report, options, `${hour}-${name}`));
  await expectFreshPaths(inbox);
}

/** Which flaws are known to be exploited, of all that there are. */
async function exploited(...ids: readonly string[]): Promise<void> {
  inbox.clock.set(START + hour++ * HOUR_MS);
  async function* open() {
    yield Buffer.from(JSON.stringify(kevCatalogue(ids)));
  }
  await updateFeed(inbox.ctx, { feed: kev, files: [{ name: 'kev.json', open }], origin: 'test' });
}

const likelihoods = async () => (await inbox.ctx.paths.list()).paths.map(({ path }) => path.likelihood);

/** What Wiz tells of a package of the system on a machine or an application. */
function wiz(id: string, advisory: string, name: string): string {
  const cells = {
    ID: '1',
    Name: advisory,
    CVSSSeverity: 'High',
    FindingStatus: 'Open',
    VendorSeverity: 'High',
    DetailedName: name,
    Version: '6.1.0-1~deb12u2',
    DetectionMethod: 'Package',
    AssetID: 'a-1',
    ProviderUniqueId: id,
  };
  return `${Object.keys(cells).join(',')}\n${Object.values(cells).join(',')}\n`;
}

const rate = (advisory: string, vector: string) =>
  rateAdvisory(inbox.ctx, { advisory, vector, reason: 'Wiz tells none' });
const LOCAL = 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H';
const REMOTE = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';

const GOOGLE = 'projects/shop/zones/europe-west1-b/instances/node-1';
const SUBSCRIPTION = '/subscriptions/5b000000-0000-4000-8000-000000000001';
const VM = `${SUBSCRIPTION}/resourceGroups/nodes/providers/Microsoft.Compute/virtualMachines/node-1`;
const SET = VM.replace('virtualMachines/node-1', 'virtualMachineScaleSets/nodes');

test.each<[cloud: string, providerID: string, machine: string, inventory: unknown]>([
  [
    'a machine of Google Cloud',
    'gce://shop/europe-west1-b/node-1',
    `https://www.googleapis.com/compute/v1/${GOOGLE}`,
    {
      name: `//compute.googleapis.com/${GOOGLE}`,
      assetType: 'compute.googleapis.com/Instance',
      resource: { version: 'v1', location: 'europe-west1-b', data: { name: 'node-1', status: 'RUNNING' } },
      ancestors: ['projects/77', 'organizations/9'],
    },
  ],
  [
    'a machine of Azure',
    `azure://${VM}`,
    VM,
    [
      {
        id: VM,
        name: 'node-1',
        type: 'microsoft.compute/virtualmachines',
        location: 'westeurope',
        properties: {},
      },
    ],
  ],
  [
    'a scale set of Azure',
    `azure://${SET}/virtualMachines/0`,
    SET,
    [
      {
        id: SET,
        name: 'nodes',
        type: 'microsoft.compute/virtualmachinescalesets',
        location: 'westeurope',
        properties: {},
      },
    ],
  ],
])(
  'a flaw of the kernel of %s that is a node is likelier to be used once somebody uses it',
  async (_, providerID, machine, inventory) => {
    const image = 'registry.example.com/shop:1.0';
    const { items } = shopCluster({ image, isOpen: true }) as {
      readonly items: readonly { readonly kind: string }[];
    };
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, spec: { providerID } };
    const rest = items.filter(({ kind }) => kind !== 'ClusterRoleBinding');
    await read({ apiVersion: 'v1', kind: 'List', items: [...rest, node] }, 'cluster.json', SHOP_CLUSTER);
    await read(inventory, 'machine.json');
    await rate('CVE-2026-0007', LOCAL);
    await read(scanOfImage(image, inbox.clock.now(), ['CVE-2026-0001']), 'image.json', { source: 'trivy' });
    expect(await likelihoods()).toEqual([]);
    await read(wiz(machine, 'CVE-2026-0007', 'linux-image-6.1'), 'wiz.csv', { source: 'wiz' });
    const [before = 0, ...others] = await likelihoods();
    expect([before > 0, others]).toEqual([true, []]);
    await exploited('CVE-2026-0007');
    await expectFreshPaths(inbox);
    expect((await likelihoods())[0]).toBeGreaterThan(before);
  },
);

test('a flaw of an application itself that anybody reaches is likelier to be used once somebody uses it', async () => {
  const site = `${SUBSCRIPTION}/resourceGroups/web/providers/Microsoft.Web/sites/shop`;
  const owner = 'aaaaaaaa-0000-0000-0000-000000000001';
  const row = (id: string, type: string, properties: object, more: object = {}) => ({
    id,
    name: id.slice(id.lastIndexOf('/') + 1),
    type,
    location: 'westeurope',
    properties,
    ...more,
  });
  await read(
    [
      row(
        site,
        'microsoft.web/sites',
        {
          state: 'Running',
          enabled: true,
          publicNetworkAccess: 'Enabled',
          defaultHostName: 'shop.azurewebsites.net',
        },
        { kind: 'app,linux', identity: { type: 'SystemAssigned', principalId: owner } },
      ),
      row(`${site}/config/web`, 'microsoft.web/sites/config', {
        ipSecurityRestrictions: [
          { ipAddress: 'Any', action: 'Allow', priority: 2147483647, name: 'Allow all' },
        ],
      }),
      row(`${site}/config/authsettingsV2`, 'microsoft.web/sites/config', { platform: { enabled: false } }),
      row(
        `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/one`,
        'microsoft.authorization/roleassignments',
        {
          principalId: owner,
          roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635`,
          scope: SUBSCRIPTION,
        },
      ),
    ],
    'azure.json',
    { source: 'azure' },
  );
  await rate('CVE-2026-0009', REMOTE);
  await read(wiz(site, 'CVE-2026-0009', 'nginx'), 'wiz.csv', { source: 'wiz' });
  const [before = 0, ...others] = await likelihoods();
  expect([before > 0, others]).toEqual([true, []]);
  await exploited('CVE-2026-0009');
  await expectFreshPaths(inbox);
  expect((await likelihoods())[0]).toBeGreaterThan(before);
});

test('an address that was signed until a day opens nothing from then on', async () => {
  const account = `${SUBSCRIPTION}/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/acmeexports`;
  const end = START + 3 * DAY_MS;
  await read(
    [
      {
        id: account,
        name: 'acmeexports',
        type: 'microsoft.storage/storageaccounts',
        location: 'westeurope',
        tags: { env: 'production', 'data-classification': 'restricted' },
        properties: { allowBlobPublicAccess: false },
      },
    ],
    'resources.json',
  );
  await read(
    [
      {
        number: 1,
        state: 'open',
        secret_type: 'azure_sas',
        secret_type_display_name: 'Azure SAS',
        secret: `https://acmeexports.blob.core.windows.net/?sp=rl&se=${instantText(end)}&sig=abc`,
        publicly_leaked: true,
        validity: 'active',
        html_url: 'https://github.com/acme/shop/security/secret-scanning/1',
        first_location_detected: { path: 'a.env', start_line: 3 },
      },
    ],
    'secrets.json',
    { source: 'github' },
  );
  const sweepAt = async (at: number) => {
    inbox.clock.set(at);
    await sweepIssues(inbox.ctx);
    await expectFreshPaths(inbox);
    return (await likelihoods()).length;
  };
  expect(await sweepAt(end - 1)).toBe(1);
  expect(await sweepAt(end)).toBe(0);
  // It ran out once.
  const searched = async () => (await inbox.database.pool.query('select at from attack_path_search')).rows;
  const then = await searched();
  expect(await sweepAt(end + HOUR_MS)).toBe(0);
  expect(await searched()).toEqual(then);
});
