import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rateAdvisory } from '../src/app/rate-advisory.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { updateFeed } from '../src/app/update-feed.ts';
import { DAY_MS, HOUR_MS, instantText } from '../src/base/instant.ts';
import type { IntelligenceFeed } from '../src/domain/ports/intelligence-feed.ts';
import { ghsa } from '../src/feeds/ghsa/ghsa.ts';
import { kev } from '../src/feeds/kev/kev.ts';
import { expectFreshPaths } from './support/fresh-paths.ts';
import { grypeReport } from './support/grype-report.ts';
import { inspectorReport } from './support/inspector-report.ts';
import { kevCatalogue } from './support/other-reports.ts';
import { deployerAccount } from './support/pipeline-alert.ts';
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

async function readFeed(feed: IntelligenceFeed, content: unknown): Promise<void> {
  async function* open() {
    yield Buffer.from(JSON.stringify(content));
  }
  await updateFeed(inbox.ctx, { feed, files: [{ name: 'feed.json', open }], origin: 'test' });
}

/** Which flaws are known to be exploited, of all that there are. */
async function exploited(...ids: readonly string[]): Promise<void> {
  inbox.clock.set(START + hour++ * HOUR_MS);
  await readFeed(kev, kevCatalogue(ids));
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

const ACCOUNT = '111111111111';
const PLACE = { account: ACCOUNT, region: 'eu-west-1' };
const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:jobs`;
const TAKER = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:taker`;
const INSTANCE = 'i-0123456789abcdef0';
const TAKER_IMAGE = `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/taker:1`;

/**
 * A queue to which anybody writes; a function inside takes what it holds, and reaches a machine of a scaling group. The
 * role of one of the two may do everything.
 */
async function readInside(administrator: 'taker' | 'machine'): Promise<void> {
  const allow = (Action: string, more: object) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, ...more }],
  });
  const role = (name: string, service: string) => ({
    RoleName: name,
    Arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    AssumeRolePolicyDocument: allow('sts:AssumeRole', { Principal: { Service: service } }),
    AttachedManagedPolicies: [],
    RolePolicyList: [
      {
        PolicyName: 'own',
        PolicyDocument: allow(name === administrator ? '*' : 'logs:PutLogEvents', { Resource: '*' }),
      },
    ],
    InstanceProfileList:
      name === 'machine'
        ? [
            {
              InstanceProfileName: 'machine',
              Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/machine`,
              Roles: [
                {
                  RoleName: 'machine',
                  Arn: `arn:aws:iam::${ACCOUNT}:role/machine`,
                  AssumeRolePolicyDocument: allow('sts:AssumeRole', {
                    Principal: { Service: service },
                  }),
                },
              ],
            },
          ]
        : [],
  });
  const functionOf = {
    FunctionName: 'taker',
    FunctionArn: TAKER,
    Role: `arn:aws:iam::${ACCOUNT}:role/taker`,
    PackageType: 'Image',
    VpcConfig: { VpcId: 'vpc-1', SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-taker'] },
  };
  const answers: Readonly<Record<string, object>> = {
    'iam-get-account-authorization-details.json': {
      UserDetailList: [],
      GroupDetailList: [],
      Policies: [],
      RoleDetailList: [role('taker', 'lambda.amazonaws.com'), role('machine', 'ec2.amazonaws.com')],
    },
    'sqs-list-queues.json': { QueueUrls: [`https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/jobs`] },
    'sqs-get-queue-attributes.json': {
      Attributes: {
        QueueArn: QUEUE,
        Policy: JSON.stringify(allow('sqs:SendMessage', { Principal: '*', Resource: '*' })),
      },
    },
    'lambda-list-functions.json': { Functions: [functionOf] },
    'lambda-get-function-taker.json': {
      Configuration: functionOf,
      Code: { RepositoryType: 'ECR', ImageUri: TAKER_IMAGE, ResolvedImageUri: TAKER_IMAGE },
    },
    'lambda-list-event-source-mappings.json': {
      EventSourceMappings: [{ UUID: 'm-1', EventSourceArn: QUEUE, FunctionArn: TAKER, State: 'Enabled' }],
    },
    'ec2-describe-subnets.json': {
      Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: '10.0.0.0/24' }],
    },
    'ec2-describe-security-groups.json': {
      SecurityGroups: [
        {
          GroupId: 'sg-machine',
          GroupName: 'machine',
          VpcId: 'vpc-1',
          IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-taker' }] }],
        },
      ],
    },
    'ec2-describe-instances.json': {
      Reservations: [
        {
          OwnerId: ACCOUNT,
          Instances: [
            {
              InstanceId: INSTANCE,
              State: { Name: 'running' },
              VpcId: 'vpc-1',
              SubnetId: 'subnet-1',
              SecurityGroups: [{ GroupId: 'sg-machine' }],
              IamInstanceProfile: { Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/machine` },
              Tags: [{ Key: 'aws:autoscaling:groupName', Value: 'web' }],
            },
          ],
        },
      ],
    },
  };
  for (const [name, answer] of Object.entries(answers))
    imported(await inbox.importReport(answer, PLACE, name));
}

/** What Inspector tells of a flaw by which whoever reaches something runs code on it. */
async function inspect(resource: string, type: string, status: 'ACTIVE' | 'CLOSED'): Promise<void> {
  const report = JSON.stringify(inspectorReport(inbox.clock.now(), resource, status))
    .replace(LOCAL, REMOTE)
    .replace('AWS_EC2_INSTANCE', type)
    .replaceAll('finding/f1', `finding/${type}`)
    .replaceAll('CVE-2026-7', type === 'AWS_EC2_INSTANCE' ? 'CVE-2026-7' : 'CVE-2026-8');
  await read(report, 'inspector.json', { source: `inspector ${type}` });
}

test.each<
  [what: string, administrator: 'taker' | 'machine', find: (status: 'ACTIVE' | 'CLOSED') => Promise<void>]
>([
  ['a function', 'taker', (status) => inspect(`${TAKER}:$LATEST`, 'AWS_LAMBDA_FUNCTION', status)],
  [
    'the image of a function',
    'taker',
    (status) =>
      read(
        scanOfImage(TAKER_IMAGE, inbox.clock.now(), status === 'ACTIVE' ? ['CVE-2026-0001'] : []),
        'image.json',
        {
          source: 'trivy',
          confirm: true,
        },
      ),
  ],
  [
    'a scaling group of machines',
    'machine',
    (status) => inspect(`arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/${INSTANCE}`, 'AWS_EC2_INSTANCE', status),
  ],
])(
  'a flaw of %s inside is on a way from outside for as long as it is found',
  async (_what, administrator, find) => {
    await readInside(administrator);
    if (administrator === 'machine') await inspect(`${TAKER}:$LATEST`, 'AWS_LAMBDA_FUNCTION', 'ACTIVE');
    expect(await likelihoods()).toEqual([]);
    await find('ACTIVE');
    expect(await likelihoods()).toHaveLength(1);
    await find('CLOSED');
    expect(await likelihoods()).toEqual([]);
  },
);

test('a package of a repository that is known to be malicious leads to the role of its pipeline while it is found', async () => {
  await read(deployerAccount(), 'account.json', PLACE);
  const scan = (...ids: readonly string[]) =>
    read(
      {
        SchemaVersion: 2,
        CreatedAt: instantText(inbox.clock.now()),
        ArtifactName: 'https://github.com/Acme/Shop',
        ArtifactType: 'repository',
        Results: [
          {
            Target: 'package-lock.json',
            Class: 'lang-pkgs',
            Type: 'npm',
            Vulnerabilities: ids.map((VulnerabilityID) => ({
              VulnerabilityID,
              PkgName: 'left-padd',
              InstalledVersion: '1.0.0',
              Severity: 'CRITICAL',
            })),
          },
        ],
      },
      'files.json',
      { source: 'trivy', confirm: true },
    );
  await scan();
  expect(await likelihoods()).toEqual([]);
  await scan('MAL-2026-1');
  expect(await likelihoods()).toHaveLength(1);
  await scan();
  expect(await likelihoods()).toEqual([]);
});

test('a flaw of the kernel of a node leads out of its pods for as long as it is found', async () => {
  const image = 'registry.example.com/shop:1.0';
  const { items } = shopCluster({ image, isOpen: true }) as {
    readonly items: readonly { readonly kind: string }[];
  };
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } };
  const rest = items.filter(({ kind }) => kind !== 'ClusterRoleBinding');
  await read({ apiVersion: 'v1', kind: 'List', items: [...rest, node] }, 'cluster.json', SHOP_CLUSTER);
  await read(scanOfImage(image, inbox.clock.now(), ['CVE-2026-0001']), 'image.json', { source: 'trivy' });
  const scan = (...ids: readonly string[]) =>
    read(
      {
        ClusterName: 'shop',
        Resources: [
          {
            Kind: 'Node',
            Name: 'node-1',
            Results: [
              {
                Target: 'node-1',
                Class: 'os-pkgs',
                Type: 'debian',
                Vulnerabilities: ids.map((VulnerabilityID) => ({
                  VulnerabilityID,
                  PkgName: 'linux-image-6.1',
                  InstalledVersion: '6.1.0',
                  Severity: 'HIGH',
                  CVSS: { nvd: { V3Vector: LOCAL, V3Score: 7.8 } },
                })),
              },
            ],
          },
        ],
      },
      'nodes.json',
      { source: 'trivy-cluster', scope: { cluster: 'shop' }, confirm: true },
    );
  expect(await likelihoods()).toEqual([]);
  await scan('CVE-2026-0007');
  expect(await likelihoods()).toHaveLength(1);
  await scan();
  expect(await likelihoods()).toEqual([]);
});

describe('a flaw that another report knew by a second name', () => {
  const IMAGE = 'registry.example.com/shop:1.0';
  const NAME = 'GHSA-2234-fmw7-43wr';
  const OTHER_NAME = 'CVE-2026-1001';
  const grype = (image: string, related: readonly string[] = []) =>
    grypeReport({ image, digest: 'some', at: START, matches: [{ id: NAME, related, pkg: 'lodash' }] });
  const told = async () => JSON.stringify((await inbox.ctx.paths.list()).paths);
  beforeEach(async () => {
    await read(shopCluster({ image: IMAGE, isOpen: true }), 'cluster.json', SHOP_CLUSTER);
    await rate(NAME, REMOTE);
  });

  test('is told of by the first on its paths once a feed says that they are one', async () => {
    await read(grype(IMAGE), 'grype.json');
    const before = await told();
    await readFeed(ghsa, {
      id: NAME,
      modified: '2026-09-01T00:00:00Z',
      published: '2026-09-01T00:00:00Z',
      affected: [{ package: { ecosystem: 'npm', name: 'lodash' } }],
      aliases: [OTHER_NAME],
    });
    await expectFreshPaths(inbox);
    expect(await told()).not.toBe(before);
  });

  test('is told of by the first once a newer program reads that in a report that it has', async () => {
    const elsewhere = grype('registry.example.com/nobody:1', [OTHER_NAME]);
    const again = () => read(elsewhere, 'elsewhere.json', { source: 'elsewhere' });
    await again();
    // What a program that reads no names of it leaves.
    for (const kept of ['alias', 'rekeyed', 'entry_memory'])
      await inbox.database.pool.query(`delete from ${kept}`);
    await read(grype(IMAGE), 'grype.json');
    const before = await told();
    await again();
    expect(await told()).not.toBe(before);
  });
});

test('a flaw of an image is told with who found it before it was pushed, once a scan without any tells that the two are one', async () => {
  const pushed = 'registry.example.com/shop:1.0';
  await read(shopCluster({ image: pushed, isOpen: true }), 'cluster.json', SHOP_CLUSTER);
  const scan = async (source: string, image: string, more: object, ...ids: readonly string[]) => {
    const report = scanOfImage(image, inbox.clock.now(), ids) as { readonly Metadata: object };
    await read({ ...report, Metadata: { ...report.Metadata, ...more } }, 'image.json', { source });
  };
  const same = { ImageID: `sha256:${'5'.repeat(64)}` };
  await scan('registry', pushed, {}, 'CVE-2026-0001');
  await scan('build', 'shop:1.0', same, 'CVE-2026-0001');
  const provenance = async () =>
    (await inbox.ctx.paths.list()).paths.flatMap(({ path }) =>
      path.paths.flatMap(({ steps }) =>
        steps.flatMap(({ rule, evidence }) =>
          rule === 'network-exploit' ? evidence.map((each) => each.provenance) : [],
        ),
      ),
    );
  expect(await provenance()).toEqual(['registry']);
  await scan('release', pushed, same);
  expect(await provenance()).toEqual(['build, registry']);
});

test('a role that everybody may become from a day on is a way in from then on', async () => {
  const from = START + 3 * DAY_MS;
  const allow = (Action: string, more: object) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, ...more }],
  });
  await read(
    {
      UserDetailList: [],
      GroupDetailList: [],
      Policies: [],
      RoleDetailList: [
        {
          RoleName: 'later',
          Arn: `arn:aws:iam::${ACCOUNT}:role/later`,
          AssumeRolePolicyDocument: allow('sts:AssumeRole', {
            Principal: { AWS: '*' },
            Condition: { DateGreaterThan: { 'aws:CurrentTime': instantText(from) } },
          }),
          AttachedManagedPolicies: [],
          RolePolicyList: [{ PolicyName: 'all', PolicyDocument: allow('*', { Resource: '*' }) }],
        },
      ],
    },
    'iam-get-account-authorization-details.json',
    PLACE,
  );
  expect(await likelihoods()).toEqual([]);
  inbox.clock.set(from + 1);
  await sweepIssues(inbox.ctx);
  await expectFreshPaths(inbox);
  expect(await likelihoods()).toHaveLength(1);
});
