import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rateAdvisory } from '../src/app/rate-advisory.ts';
import { showResources } from '../src/app/show-resources.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const FORMATS = join(import.meta.dirname, '../src/formats');

function sample(format: string, name: string): string {
  return readFileSync(join(FORMATS, format, 'samples', name), 'utf8');
}

async function shown(key: string) {
  const [view] = await showResources(inbox.ctx, { ids: [key] });
  return view;
}

describe('Azure', () => {
  const SUBSCRIPTION = '/subscriptions/11111111-2222-3333-4444-555555555555';
  const WEB = `azure:${SUBSCRIPTION}/resourcegroups/shop-prod/providers/microsoft.compute/virtualmachines/web`;

  test('an export and the role assignments of another file give a machine its ways in, its privilege and its place', async () => {
    await inbox.importReport(sample('azure-resource-graph', 'graph-resources.json'), {}, 'resources.json');
    expect(await shown(WEB)).toMatchObject({
      environment: 'production',
      services: ['shop'],
      team: 'storefront',
      publiclyAccessible: { state: 'yes' },
      exposure: [{ audience: 'internet', surface: 'tcp/443', verdict: 'yes' }],
      privilege: { level: 'unknown' },
    });
    await inbox.importReport(sample('azure-resource-graph', 'role-assignments.json'), {}, 'roles.json');
    expect(await shown(WEB)).toMatchObject({
      privilege: { level: 'P2' },
      privilegedAccess: { state: 'yes' },
    });
  });

  test('a principal of the directory has what a management group gives it', async () => {
    await inbox.importReport(sample('azure-resource-graph', 'role-assignments.json'), {}, 'roles.json');
    await inbox.importReport(sample('azure-resource-graph', 'entra.json'), {}, 'entra.json');
    expect(await shown('azure:entra:bbbbbbbb-0000-0000-0000-000000000001')).toMatchObject({
      privilege: { level: 'P0' },
    });
  });
});

describe('a group of a directory', () => {
  const GROUP = 'cccccccc-0000-0000-0000-000000000001';
  const ADA = 'bbbbbbbb-0000-0000-0000-000000000009';
  const BOB = 'bbbbbbbb-0000-0000-0000-000000000008';
  const SUBSCRIPTION = '/subscriptions/11111111-2222-3333-4444-555555555555';
  const levels = async (...keys: readonly string[]) =>
    (await showResources(inbox.ctx, { ids: keys })).map((view) => view?.privilege.level);
  const later = () => inbox.clock.set(inbox.clock.now() + 3_600_000);

  test('of Entra gives nothing to who left it', async () => {
    const assignment = {
      id: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/0e0e0e0e-0000-0000-0000-000000000007`,
      name: '0e0e0e0e-0000-0000-0000-000000000007',
      type: 'Microsoft.Authorization/roleAssignments',
      principalId: GROUP,
      principalType: 'Group',
      roleDefinitionId:
        '/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
      roleDefinitionName: 'Owner',
      scope: SUBSCRIPTION,
    };
    const user = (id: string) => ({
      id,
      displayName: id,
      userPrincipalName: `${id}@example.com`,
    });
    const both = [`azure:entra:${ADA}`, `azure:entra:${BOB}`];
    const members = async (...ids: readonly string[]) => {
      later();
      await inbox.importReport(ids.map(user), {}, `ad-group-member-list-${GROUP}.json`);
    };
    const directoryRole = {
      id: 'reader',
      principalId: 'bbbbbbbb-0000-0000-0000-000000000007',
      roleDefinitionId: '88d8e3e3-8f55-4a1e-953a-9b9898b8876b',
      directoryScopeId: '/',
      roleDefinition: { displayName: 'Directory Readers' },
    };
    await inbox.importReport([assignment], {}, 'role-assignments.json');
    await inbox.importReport({ value: [directoryRole] }, {}, 'directory-roles.json');
    await inbox.importReport([user(ADA), user(BOB)], {}, 'ad-user-list.json');
    expect(await levels(...both)).toEqual(['unknown', 'unknown']);
    await members(ADA, BOB);
    expect(await levels(...both)).toEqual(['P0', 'P0']);
    // The list of another group is about its own members only.
    later();
    await inbox.importReport([user(ADA)], {}, `ad-group-member-list-${GROUP.replaceAll('c', 'd')}.json`);
    expect(await levels(...both)).toEqual(['P0', 'P0']);
    await members(BOB);
    expect(await levels(...both)).toEqual(['none', 'P0']);
    await members();
    expect(await levels(...both)).toEqual(['none', 'none']);
  });

  test('of Google gives nothing to who left it, with and without --account', async () => {
    const asset = {
      name: '//cloudresourcemanager.googleapis.com/projects/123',
      assetType: 'cloudresourcemanager.googleapis.com/Project',
      iamPolicy: {
        bindings: [
          { role: 'roles/owner', members: ['group:ops@example.com', 'user:eve@example.com'] },
          { role: 'roles/viewer', members: ['user:ada@example.com', 'user:bob@example.com'] },
        ],
      },
      ancestors: ['projects/123'],
    };
    const both = ['gcp:user:ada@example.com', 'gcp:user:bob@example.com'];
    for (const options of [{}, { account: 'shop' }]) {
      const members = async (...names: readonly string[]) => {
        later();
        await inbox.importReport(
          names.map((name, index) => ({
            name: `groups/03abc/memberships/${index}`,
            preferredMemberKey: { id: `${name}@example.com` },
            type: 'USER',
          })),
          options,
          'memberships-ops@example.com.json',
        );
      };
      later();
      await inbox.importReport([asset], {}, 'iam-policy.json');
      await members('ada', 'bob');
      expect(await levels(...both)).toEqual(['P0', 'P0']);
      await members('bob');
      expect(await levels(...both)).toEqual(['none', 'P0']);
      await members();
      expect(await levels(...both)).toEqual(['none', 'none']);
    }
  });
});

describe('AWS', () => {
  const PLACE = { account: '111111111111', region: 'eu-west-1' };
  const BALANCER =
    'aws:arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/shop/0123456789abcdef';
  const balancer = {
    LoadBalancerArn: BALANCER.slice('aws:'.length),
    LoadBalancerName: 'shop',
    Type: 'application',
    Scheme: 'internal',
  };
  const assumption = async () =>
    (await shown(BALANCER))?.exposure
      .flatMap((way) => way.evidence)
      .some(({ sentence }) => sentence.includes('Assumed: no Global Accelerator'));
  const page = (name: string, more: object) => ({
    Accelerators: [
      { AcceleratorArn: `arn:aws:globalaccelerator::111111111111:accelerator/${name}`, Name: name },
    ],
    ...more,
  });
  const DISTRIBUTIONS = { DistributionList: { Items: [], Quantity: 0 } };

  test('a page of several proves no absence until somebody says that it is all', async () => {
    await inbox.importReport({ LoadBalancers: [balancer] }, PLACE, 'elbv2.json');
    await inbox.importReport(DISTRIBUTIONS, PLACE, 'cloudfront-list-distributions.json');
    // The last page looks like the whole list.
    await inbox.importReports([page('one', { NextToken: 'more' }), page('two', {})], PLACE);
    expect(await assumption()).toBe(true);
    await inbox.importReports([page('one', { NextToken: 'more' }), page('two', {})], {
      ...PLACE,
      complete: true,
    });
    expect(await assumption()).toBe(false);
  });
});

describe('Google Cloud', () => {
  const WEB = 'gcp://compute.googleapis.com/projects/shop-prod/zones/europe-west1-b/instances/web';
  const BUCKET = 'gcp://storage.googleapis.com/shop-assets';

  test('exports of resources and of policies meet, whichever comes first', async () => {
    await inbox.importReport(sample('gcp-asset-inventory', 'export-iam-policy.ndjson'), {}, 'iam.json');
    await inbox.importReport(sample('gcp-asset-inventory', 'export-resource.ndjson'), {}, 'resources.json');
    expect(await shown(WEB)).toMatchObject({
      environment: 'production',
      team: 'storefront',
      publiclyAccessible: { state: 'yes' },
      exposure: [{ audience: 'internet', surface: 'tcp/443', verdict: 'yes' }],
      // Its role holds until 2030.
      privilege: { level: 'P2' },
    });
    expect(await shown('gcp:user:ada@example.com')).toMatchObject({ privilege: { level: 'P0' } });
  });

  test('a binding on a bucket and the constraint above it come from three files', async () => {
    await inbox.importReport(sample('gcp-asset-inventory', 'search-iam-policies.json'), {}, 'search.json');
    const bucket = {
      name: '//storage.googleapis.com/shop-assets',
      assetType: 'storage.googleapis.com/Bucket',
      resource: { data: { iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } } },
      ancestors: ['projects/1234', 'folders/2', 'organizations/3'],
    };
    await inbox.importReport([bucket], {}, 'buckets.json');
    expect(await shown(BUCKET)).toMatchObject({ publiclyAccessible: { state: 'unknown' } });
    await inbox.importReport(sample('gcp-asset-inventory', 'org-policy.json'), {}, 'org.json');
    // The project takes back what the organisation enforces.
    expect(await shown(BUCKET)).toMatchObject({ publiclyAccessible: { state: 'yes' } });
  });
});

describe('a project of Google Cloud', () => {
  const NUMBERED = '//cloudresourcemanager.googleapis.com/projects/123456';
  const SPELLED = '//cloudresourcemanager.googleapis.com/projects/shop-prod';
  const asset = (assetType: string, name: string, data: object) =>
    JSON.stringify({ name, assetType, ancestors: ['projects/123456'], resource: { data } });
  const bucket = asset('storage.googleapis.com/Bucket', '//storage.googleapis.com/exports', {
    name: 'exports',
  });
  const network = asset(
    'compute.googleapis.com/Network',
    '//compute.googleapis.com/projects/shop-prod/global/networks/net',
    { name: 'net' },
  );
  const project = (name: string) =>
    asset('cloudresourcemanager.googleapis.com/Project', name, {
      projectId: 'shop-prod',
      projectNumber: '123456',
    });
  const setting = (name: string) => ({
    finding: {
      name: 'organizations/1/sources/2/findings/audit',
      category: 'AUDIT_LOGGING_DISABLED',
      resourceName: name,
      state: 'ACTIVE',
      severity: 'HIGH',
      eventTime: new Date(START).toISOString(),
      findingClass: 'MISCONFIGURATION',
    },
    resource: { name, type: 'google.cloud.resourcemanager.Project' },
  });
  const accounts = async () => {
    const found = await inbox.database.pool.query<{ account: string; estate: string; count: number }>(
      "select account, estate, count(*)::integer as count from resource where key like 'gcp:%' group by 1, 2 order by 1",
    );
    return found.rows.map(({ account, estate, count }) => `${account} ${estate} ${count}`);
  };

  test.each([
    ['which is told first', [project(NUMBERED), `${bucket}\n${network}`]],
    ['which is told last', [`${bucket}\n${network}`, project(NUMBERED)]],
    ['which is told by its id', [`${bucket}\n${network}`, project(SPELLED)]],
  ])('is one account, under its id, %s', async (_title, assets) => {
    for (const [index, each] of assets.entries()) await inbox.importReport(each, {}, `${index}.json`);
    expect(await accounts()).toEqual(['shop-prod gcp:shop-prod 3']);
    const coverage = await inbox.database.pool.query(
      'select distinct estate from inventory_coverage order by estate',
    );
    expect(coverage.rows).toEqual([{ estate: 'gcp:shop-prod' }]);
  });

  test.each([
    ['the project last', [setting(NUMBERED), setting(SPELLED), project(NUMBERED)]],
    ['the project first, by its id', [project(SPELLED), setting(SPELLED), setting(NUMBERED)]],
    ['the project between', [setting(SPELLED), project(NUMBERED), setting(NUMBERED)]],
  ])('is one resource, by its number and by its id: %s', async (_title, order) => {
    for (const [index, each] of order.entries())
      await inbox.importReport(typeof each === 'string' ? each : [each], {}, `${index}.json`);
    const found = await inbox.database.pool.query<{ key: string }>(
      'select resource_key as key from finding where is_open',
    );
    expect(found.rows).toEqual([{ key: `gcp:${NUMBERED}` }]);
    expect(await shown(SPELLED)).toMatchObject({ key: `gcp:${NUMBERED}`, issues: [expect.any(String)] });
    const request = { types: [], risks: [], text: 'resourcemanager', owner: null, isGone: false };
    const { rows } = await inbox.ctx.explorer.resources({ ...request, after: null, limit: 10 });
    expect(rows.map(({ key, issues }) => [key, issues])).toEqual([[`gcp:${NUMBERED}`, 1]]);
  });
});

describe('a time in a condition of Google Cloud', () => {
  const UNTIL = START + 3 * 86_400_000;
  const BUCKET = '//storage.googleapis.com/exports';
  const condition = {
    title: 'for a while',
    expression: `request.time < timestamp("${new Date(UNTIL).toISOString()}")`,
  };
  const project = {
    name: '//cloudresourcemanager.googleapis.com/projects/123',
    assetType: 'cloudresourcemanager.googleapis.com/Project',
    ancestors: ['projects/123'],
    resource: { data: { projectId: 'shop', projectNumber: '123', lifecycleState: 'ACTIVE' } },
    iamPolicy: { bindings: [{ role: 'roles/owner', members: ['user:ada@example.com'], condition }] },
    orgPolicy: [
      { constraint: 'constraints/storage.publicAccessPrevention', booleanPolicy: { enforced: false } },
    ],
  };
  const bucket = {
    name: BUCKET,
    assetType: 'storage.googleapis.com/Bucket',
    ancestors: ['projects/123'],
    resource: { data: { name: 'exports', iamConfiguration: { publicAccessPrevention: 'inherited' } } },
    iamPolicy: { bindings: [{ role: 'roles/storage.objectViewer', members: ['allUsers'], condition }] },
  };
  const states = async () => [
    (await shown(`gcp:${BUCKET}`))?.publiclyAccessible.state,
    (await shown('gcp:user:ada@example.com'))?.privilege.level,
  ];

  test('changes who may what when it has come, without a scan', async () => {
    await inbox.importReport(
      [project, bucket].map((each) => JSON.stringify(each)).join('\n'),
      {},
      'assets.json',
    );
    expect(await states()).toEqual(['yes', 'P0']);
    inbox.clock.set(UNTIL - 1);
    expect(await sweepIssues(inbox.ctx)).toBe(0);
    inbox.clock.set(UNTIL);
    expect(await sweepIssues(inbox.ctx)).toBeGreaterThan(0);
    expect(await states()).toEqual(['no', 'none']);
  });

  test('ends the attack path that goes by it', async () => {
    const compute = '//compute.googleapis.com/projects/shop';
    const link = 'https://www.googleapis.com/compute/v1/projects/shop/global/networks/net';
    const asset = (kind: string, name: string, data: object) => ({
      name: `${compute}/${name}`,
      assetType: `compute.googleapis.com/${kind}`,
      ancestors: ['projects/123'],
      resource: { data },
    });
    const email = 'sa@shop.iam.gserviceaccount.com';
    const assets = [
      {
        ...project,
        iamPolicy: { bindings: [{ role: 'roles/owner', members: [`serviceAccount:${email}`], condition }] },
      },
      asset('Network', 'global/networks/net', { name: 'net', selfLink: link }),
      asset('Firewall', 'global/firewalls/open', {
        name: 'open',
        network: link,
        direction: 'INGRESS',
        priority: 1000,
        sourceRanges: ['0.0.0.0/0'],
        allowed: [{ IPProtocol: 'tcp', ports: ['443'] }],
      }),
      asset('Instance', 'zones/europe-west1-b/instances/web', {
        id: '4711',
        name: 'web',
        status: 'RUNNING',
        networkInterfaces: [{ network: link, accessConfigs: [{ natIP: '34.1.1.1' }] }],
        serviceAccounts: [{ email, scopes: ['https://www.googleapis.com/auth/cloud-platform'] }],
      }),
    ];
    await inbox.importReport(assets.map((each) => JSON.stringify(each)).join('\n'), {}, 'assets.json');
    const WEB = `gcp:${compute}/zones/europe-west1-b/instances/web`;
    expect(await shown(WEB)).toMatchObject({
      publiclyAccessible: { state: 'yes' },
      privilege: { level: 'P0' },
    });
    const resource = { name: WEB.slice('gcp:'.length), type: 'google.compute.Instance' };
    const finding = {
      name: 'organizations/1/sources/2/findings/b',
      category: 'OS_VULNERABILITY',
      resourceName: resource.name,
      state: 'ACTIVE',
      severity: 'CRITICAL',
      eventTime: new Date(START).toISOString(),
      findingClass: 'VULNERABILITY',
      vulnerability: { cve: { id: 'CVE-2026-1000' } },
    };
    await inbox.importReport([{ finding, resource }], {}, 'findings.json');
    await rateAdvisory(inbox.ctx, {
      advisory: 'CVE-2026-1000',
      vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
      reason: 'It listens',
    });
    const open = async () =>
      (await inbox.list({ all: false }))
        .filter(({ type }) => type === 'attack_path')
        .map(({ title }) => title);
    const path = await open();
    expect(path).toEqual([
      expect.stringMatching(/an administrator .* has a flaw that outsiders reach: web$/),
    ]);
    inbox.clock.set(UNTIL - 1);
    await sweepIssues(inbox.ctx);
    expect(await open()).toEqual(path);
    inbox.clock.set(UNTIL);
    await sweepIssues(inbox.ctx);
    expect(await open()).toEqual([]);
  });
});
