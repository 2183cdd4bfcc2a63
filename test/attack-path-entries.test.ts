import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mapPath } from '../src/app/map-path.ts';
import { HOUR_MS } from '../src/base/instant.ts';
import { PIPELINE_CHECKS } from '../src/domain/attackpath/pipeline-flaw.ts';
import { inspectorReport } from './support/inspector-report.ts';
import { deployerAccount, pipelineAlert } from './support/pipeline-alert.ts';
import { prowlerFinding } from './support/prowler-finding.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
let hour = 0;
beforeEach(async () => {
  inbox = await openTestInbox();
  hour = 0;
});
afterEach(() => inbox.close());

const next = (): number => {
  const at = START + hour++ * HOUR_MS;
  inbox.clock.set(at);
  return at;
};

/** Open attack paths as `list` shows them. */
async function open(): Promise<readonly string[]> {
  const issues = await inbox.list({ all: false });
  return issues.filter(({ type }) => type === 'attack_path').map(({ title }) => title);
}

test('a flaw of a machine that everybody reaches leads on for as long as it is found there', async () => {
  const state = readFileSync(
    join(import.meta.dirname, '../src/formats/terraform/samples/state-own.json'),
    'utf8',
  );
  const machine = 'arn:aws:ec2:eu-west-1:111111111111:instance/i-0123456789abcdef0';
  const found = (status: 'ACTIVE' | 'CLOSED', vector: string) => {
    const report = JSON.stringify(inspectorReport(next(), machine, status));
    return inbox.importReport(
      report.replace('AV:L/AC:L/PR:L', vector),
      { source: 'inspector' },
      'inspector.json',
    );
  };
  await inbox.importReport(state, {}, 'envs/prod/network.json');
  await found('ACTIVE', 'AV:L/AC:L/PR:L');
  expect(await open()).toEqual([]);
  await found('ACTIVE', 'AV:N/AC:L/PR:N');
  expect(await open()).not.toEqual([]);
  await found('CLOSED', 'AV:N/AC:L/PR:N');
  expect(await open()).toEqual([]);
});

describe('a pipeline that strangers run', () => {
  const account = () =>
    inbox.importReport(deployerAccount(), { account: '111111111111' }, `account-${next()}.json`);
  const alerts = (isPrivate: boolean | undefined) =>
    inbox.importReport([pipelineAlert(isPrivate)], { source: 'github' }, `alerts-${next()}.json`);

  test.each<[string, boolean | undefined, number]>([
    ['a public repository', false, 1],
    ['a private one', true, 0],
    ['one of which nobody tells', undefined, 0],
  ])('of %s, whose role administers the account', async (_what, isPrivate, paths) => {
    await account();
    await alerts(isPrivate);
    expect(await open()).toHaveLength(paths);
    if (paths === 0) return;
    expect((await open())[0]).toMatch(/acme\/shop/i);
    await alerts(true);
    expect(await open()).toEqual([]);
  });

  test('is let in by each check that is known to tell such a flaw', async () => {
    await account();
    await inbox.importReport(
      PIPELINE_CHECKS.map((check, index) => pipelineAlert(false, check, index + 1)),
      { source: 'github' },
      `alerts-${next()}.json`,
    );
    const { facts } = await inbox.ctx.paths.facts('outside');
    const ways = facts.steps.filter(({ rule }) => rule === 'pipeline-flaw');
    expect(ways).toHaveLength(PIPELINE_CHECKS.length);
  });

  test('is a way to the applications of Entra ID that trust it', async () => {
    const application = (subject: string) =>
      inbox.importReport(
        {
          value: [
            {
              id: 'eeeeeeee-0000-0000-0000-000000000001',
              appId: 'dddddddd-0000-0000-0000-000000000012',
              displayName: 'releaser',
              federatedIdentityCredentials: [
                { name: 'main', issuer: 'https://token.actions.githubusercontent.com', subject },
              ],
            },
            {
              id: 'dddddddd-0000-0000-0000-000000000011',
              appId: 'dddddddd-0000-0000-0000-000000000012',
              displayName: 'releaser',
              servicePrincipalType: 'Application',
            },
            {
              id: 'assigned-1',
              principalId: 'dddddddd-0000-0000-0000-000000000011',
              appRoleId: '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8',
            },
          ],
        },
        { source: 'entra' },
        `graph-${next()}.json`,
      );
    await application('repo:Acme/Shop:ref:refs/heads/main');
    await alerts(false);
    const [path, ...others] = (await inbox.ctx.paths.list()).paths;
    expect(others).toEqual([]);
    expect(path?.path.paths[0]?.steps.map(({ rule }) => rule)).toEqual([
      'pipeline-flaw',
      'pipeline-role',
      'tenant-right',
    ]);
    await application('repo:Acme/Shop-Legacy:ref:refs/heads/main');
    expect((await inbox.ctx.paths.list()).paths).toEqual([]);
  });
});

test('a name that points to nothing is a way in for as long as a scanner says so', async () => {
  const record = {
    uid: 'arn:aws:route53:::hostedzone/Z1',
    name: 'old.example.com',
    type: 'AwsRoute53HostedZone',
  };
  const said = (isFailed: boolean) =>
    inbox.importReport([prowlerFinding(next(), record, 'route53_dangling_ip_subdomain_takeover', isFailed)], {
      source: 'prowler',
    });
  await said(true);
  expect(await open()).toEqual([
    'A name that points to nothing can be taken: what people load from old.example.com',
  ]);
  await said(false);
  expect(await open()).toEqual([]);
});

test('names that point to nothing beyond a number are told to be left out', async () => {
  const said = (count: number) =>
    inbox.importReport(
      Array.from({ length: count }, (_, at) => {
        const record = {
          uid: `arn:aws:route53:::hostedzone/Z${at}`,
          name: `old-${at}.example.com`,
          type: 'AwsRoute53HostedZone',
        };
        return prowlerFinding(START, record, 'route53_dangling_ip_subdomain_takeover', true);
      }),
      { source: 'prowler' },
      `dangling-${next()}.json`,
    );
  await said(1_000);
  expect((await inbox.ctx.paths.list()).notes).toEqual([]);
  await said(1_001);
  expect((await inbox.ctx.paths.list()).notes).toEqual([
    'Of names that point to nothing the first 1000 are looked at, the others are left out.',
  ]);
});

test('a pool of Google Cloud that takes tokens of anybody at GitHub is a way in until it asks whose they are', async () => {
  const IAM = '//iam.googleapis.com/projects/shop';
  const PROJECT = '//cloudresourcemanager.googleapis.com/projects/shop';
  const EMAIL = 'deployer@shop.iam.gserviceaccount.com';
  const POOL = 'projects/1/locations/global/workloadIdentityPools/ci';
  const ancestors = ['projects/1', 'organizations/3'];
  const asset = (assetType: string, name: string, data: object) =>
    JSON.stringify({
      name,
      assetType,
      resource: { version: 'v1', data },
      ancestors,
      updateTime: '2026-10-01T00:00:00Z',
    });
  const assets = (attributeCondition?: string) =>
    [
      asset('cloudresourcemanager.googleapis.com/Project', PROJECT, {
        projectId: 'shop',
        projectNumber: '1',
      }),
      asset('iam.googleapis.com/ServiceAccount', `${IAM}/serviceAccounts/7`, { email: EMAIL, uniqueId: '7' }),
      asset(
        'iam.googleapis.com/WorkloadIdentityPoolProvider',
        `//iam.googleapis.com/${POOL}/providers/github`,
        {
          name: `${POOL}/providers/github`,
          state: 'ACTIVE',
          oidc: { issuerUri: 'https://token.actions.githubusercontent.com' },
          ...(attributeCondition === undefined ? {} : { attributeCondition }),
        },
      ),
    ].join('\n');
  const policy = (name: string, assetType: string, role: string, member: string) =>
    JSON.stringify({ name, assetType, iamPolicy: { bindings: [{ role, members: [member] }] }, ancestors });
  await inbox.importReport(assets(), { source: 'gcp' }, `resource-${next()}.ndjson`);
  await inbox.importReport(
    [
      policy(
        `${IAM}/serviceAccounts/7`,
        'iam.googleapis.com/ServiceAccount',
        'roles/iam.workloadIdentityUser',
        `principalSet://iam.googleapis.com/${POOL}/*`,
      ),
      policy(
        PROJECT,
        'cloudresourcemanager.googleapis.com/Project',
        'roles/owner',
        `serviceAccount:${EMAIL}`,
      ),
    ].join('\n'),
    { source: 'gcp-policies' },
    `iam-policy-${next()}.ndjson`,
  );
  expect(await open()).toEqual([
    'A role that any user of an identity provider may take administers project shop: github',
  ]);
  await inbox.importReport(
    assets("assertion.repository_owner == 'acme'"),
    { source: 'gcp' },
    `resource-${next()}.ndjson`,
  );
  expect(await open()).toEqual([]);
});

test('a machine of Azure that asks everybody for a password is a way in until it takes keys alone', async () => {
  const SUBSCRIPTION = '/subscriptions/11111111-1111-1111-1111-111111111111';
  const id = (type: string, name: string) => `${SUBSCRIPTION}/resourceGroups/shop/providers/${type}/${name}`;
  const NETWORK = 'Microsoft.Network';
  const [vm, nic, nsg, ip, net] = [
    id('Microsoft.Compute/virtualMachines', 'jump'),
    id(`${NETWORK}/networkInterfaces`, 'jump-nic'),
    id(`${NETWORK}/networkSecurityGroups`, 'jump-nsg'),
    id(`${NETWORK}/publicIPAddresses`, 'jump-ip'),
    id(`${NETWORK}/virtualNetworks`, 'net'),
  ];
  const PRINCIPAL = 'aaaaaaaa-0000-0000-0000-000000000001';
  const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
  const row = (rowId: string, properties: object, more: object = {}) => ({
    id: rowId,
    name: rowId.slice(rowId.lastIndexOf('/') + 1),
    location: 'westeurope',
    properties,
    ...more,
  });
  const subscription = (disablePasswordAuthentication: boolean) => {
    const data = [
      row(
        vm,
        {
          networkProfile: { networkInterfaces: [{ id: nic }] },
          storageProfile: { osDisk: { osType: 'Linux' } },
          osProfile: { linuxConfiguration: { disablePasswordAuthentication } },
        },
        { identity: { type: 'SystemAssigned', principalId: PRINCIPAL } },
      ),
      row(nic, {
        networkSecurityGroup: { id: nsg },
        virtualMachine: { id: vm },
        ipConfigurations: [
          {
            id: `${nic}/ipConfigurations/one`,
            properties: {
              privateIPAddress: '10.0.1.4',
              publicIPAddress: { id: ip },
              subnet: { id: `${net}/subnets/web` },
            },
          },
        ],
      }),
      row(nsg, {
        securityRules: [
          {
            name: 'ssh',
            properties: {
              access: 'Allow',
              direction: 'Inbound',
              priority: 100,
              protocol: 'Tcp',
              sourceAddressPrefix: 'Internet',
              sourcePortRange: '*',
              destinationAddressPrefix: '*',
              destinationPortRange: '22',
            },
          },
        ],
      }),
      row(ip, { ipAddress: '20.50.2.14', publicIPAddressVersion: 'IPv4' }, { sku: { name: 'Standard' } }),
      row(net, {
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
        subnets: [{ id: `${net}/subnets/web`, properties: { addressPrefix: '10.0.1.0/24' } }],
      }),
      row(`${SUBSCRIPTION}/providers/Microsoft.Authorization/roleAssignments/one`, {
        principalId: PRINCIPAL,
        roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${OWNER}`,
        scope: SUBSCRIPTION,
      }),
    ];
    return inbox.importReport(
      { count: data.length, total_records: data.length, data },
      { source: 'azure' },
      `azure-${next()}.json`,
    );
  };
  const titles = async () =>
    (await inbox.list({ all: true })).filter(({ type }) => type === 'attack_path').map(({ title }) => title);
  await subscription(true);
  expect(await titles()).toEqual([]);
  await subscription(false);
  expect(await titles()).toEqual([
    expect.stringContaining('A machine that asks anybody for a password leads to'),
  ]);
  const [path] = (await inbox.ctx.paths.list()).paths;
  expect(path?.path.paths[0]?.steps.map(({ rule, sentence }) => [rule, sentence])).toEqual([
    ['public-endpoint', expect.stringContaining('jump answers on tcp/22 from any internet address')],
    ['guessed-password', 'jump asks whoever reaches tcp/22 for a password, and somebody may guess one'],
    ['workload-role', expect.stringContaining('can obtain tokens of the identity of jump')],
    ['administrator', expect.stringContaining('has Owner over subscription')],
  ]);
  const { map } = await mapPath(inbox.ctx, { issue: null });
  expect(
    map.nodes.flatMap(({ kind, layer, name }) => (kind === 'network' ? `${layer} ${name}` : [])),
  ).toEqual(['1 public address jump-ip']);
  expect(map.edges.flatMap(({ rule, sentence }) => (rule === 'lets-in' ? sentence : []))).toEqual([
    'public address jump-ip lets it in to jump through jump-nsg',
  ]);
  await subscription(true);
  expect(await titles()).toEqual([]);
});

describe('a secret that leaked', () => {
  const APP = 'dddddddd-0000-0000-0000-000000000012';
  const SERVICE_PRINCIPAL = 'dddddddd-0000-0000-0000-000000000011';
  const leak = (secret: string, publicly_leaked = true) =>
    inbox.importReport(
      [
        {
          number: 1,
          state: 'open',
          resolution: null,
          secret_type: 'credentials',
          secret_type_display_name: 'Credentials',
          secret,
          publicly_leaked,
          validity: 'active',
          html_url: 'https://github.com/acme/shop/security/secret-scanning/1',
          first_location_detected: { path: 'a.env', start_line: 3 },
        },
      ],
      { source: 'github' },
      `secrets-${next()}.json`,
    );
  const tenant = (appRoleId: string) =>
    inbox.importReport(
      {
        value: [
          {
            id: SERVICE_PRINCIPAL,
            appId: APP,
            displayName: 'archiver',
            servicePrincipalType: 'Application',
          },
          { id: 'assigned-1', principalId: SERVICE_PRINCIPAL, appRoleId },
        ],
      },
      { source: 'entra' },
      `graph-${next()}.json`,
    );
  const titles = async () =>
    (await inbox.list({ all: true })).filter(({ type }) => type === 'attack_path').map(({ title }) => title);

  test('of an application opens what the application may do in its tenant', async () => {
    await tenant('e2a3a72e-5f79-4c64-b1b1-878b674786c9');
    await leak(`AZURE_CLIENT_ID=${APP} AZURE_CLIENT_SECRET=x8Q~abc`, false);
    expect(await titles()).toEqual([]);
    await leak(`AZURE_CLIENT_ID=${APP} AZURE_CLIENT_SECRET=x8Q~abc`);
    expect(await titles()).toEqual([
      'An application with rights in a whole tenant leads to every mailbox of the tenant: archiver',
    ]);
    const { map } = await mapPath(inbox.ctx, { issue: null });
    expect(map.nodes.map(({ name }) => name)).toEqual([
      'any internet address',
      'archiver',
      'every mailbox of the tenant',
    ]);
    await tenant('df021288-bdef-4463-88db-98f22de89214');
    expect(await titles()).toEqual([]);
  });

  test('of a service that keeps data elsewhere opens that data, and of any other host nothing', async () => {
    await leak('postgres://loader:s3cr3t@acme.snowflakecomputing.com.example/shop');
    expect(await titles()).toEqual([]);
    await leak('snowflake://loader:s3cr3t@acme.snowflakecomputing.com/shop');
    expect(await titles()).toEqual([
      'A login of another service leads to what acme.snowflakecomputing.com keeps: acme.snowflakecomputing.com',
    ]);
    const { path, map } = await mapPath(inbox.ctx, { issue: null });
    expect(map.nodes.map(({ name }) => name)).toEqual([
      'any internet address',
      'acme.snowflakecomputing.com',
    ]);
    expect(path).toMatchObject({ shape: 'saas-token', targetClass: 'service-data', severity: 'high' });
  });
});

describe('a function of AWS that everybody calls, and code of its service', () => {
  const PLACE = { account: '111111111111', region: 'eu-west-1' };
  const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:shop';
  const ROLE = 'arn:aws:iam::111111111111:role/shop';
  const KEY = 'AKIAIOSFODNN7EXAMPLE';
  const allow = (Action: string, more: object) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, ...more }],
  });
  const principal = (name: string, rights: string, more: object) => ({
    AttachedManagedPolicies: [],
    [`${'RoleName' in more ? 'Role' : 'User'}PolicyList`]: [
      { PolicyName: name, PolicyDocument: allow(rights, { Resource: '*' }) },
    ],
    ...more,
  });
  /** The account, in which the role of the function may do one thing, and a user who has a key everything. */
  async function account(rights: string, status = 'Active') {
    const users = [
      principal('all', '*', { UserName: 'ops', GroupList: [], Arn: 'arn:aws:iam::111111111111:user/ops' }),
    ];
    const roles = [
      principal('some', rights, {
        RoleName: 'shop',
        Arn: ROLE,
        AssumeRolePolicyDocument: allow('sts:AssumeRole', { Principal: { Service: 'lambda.amazonaws.com' } }),
      }),
    ];
    const answers: readonly (readonly [string, object])[] = [
      [
        'iam-get-account-authorization-details.json',
        { UserDetailList: users, GroupDetailList: [], Policies: [], RoleDetailList: roles },
      ],
      [
        'iam-list-access-keys.json',
        { AccessKeyMetadata: [{ UserName: 'ops', AccessKeyId: KEY, Status: status }] },
      ],
      [
        'lambda-list-functions.json',
        { Functions: [{ FunctionName: 'shop', FunctionArn: FUNCTION, Role: ROLE }] },
      ],
      [
        'lambda-list-function-url-configs-shop.json',
        {
          FunctionUrlConfigs: [
            {
              FunctionUrl: 'https://abc.lambda-url.eu-west-1.on.aws/',
              FunctionArn: FUNCTION,
              AuthType: 'NONE',
            },
          ],
        },
      ],
      [
        'lambda-get-policy-shop.json',
        {
          Policy: JSON.stringify({
            Statement: ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'].map((Action) => ({
              Effect: 'Allow',
              Principal: '*',
              Action,
              Resource: FUNCTION,
            })),
          }),
          RevisionId: '1',
        },
      ],
    ];
    for (const [name, answer] of answers) {
      next();
      await inbox.importReport(answer, { ...PLACE, services: ['shop'] }, name);
    }
  }
  const code = (...results: readonly { readonly cwe: number; readonly text?: string }[]) => {
    next();
    const rules = results.map(({ cwe }) => ({
      id: `cwe-${cwe}`,
      properties: { 'security-severity': '8.0', tags: ['security', `external/cwe/cwe-${cwe}`] },
    }));
    const found = results.map(({ cwe, text }, at) => ({
      ruleId: `cwe-${cwe}`,
      level: 'error',
      message: { text: `Flaw ${cwe}` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'src/app.ts' },
            region: { startLine: at + 1, ...(text === undefined ? {} : { snippet: { text } }) },
          },
        },
      ],
    }));
    return inbox.importReport(
      {
        version: '2.1.0',
        runs: [
          {
            tool: { driver: { name: 'CodeQL', rules } },
            versionControlProvenance: [{ repositoryUri: 'https://github.com/acme/shop' }],
            results: found,
          },
        ],
      },
      { source: 'codeql', services: ['shop'], confirm: true },
      'code.sarif',
    );
  };
  const rules = async () =>
    (await inbox.ctx.paths.list()).paths.flatMap(({ path }) =>
      path.paths.map(({ steps }) => steps.map(({ rule }) => rule)),
    );

  test('leads by a flaw that runs code to the role of the function, and no further by one that does not', async () => {
    await account('*');
    await code({ cwe: 79 });
    expect(await rules()).toEqual([]);
    await code({ cwe: 78 });
    expect(await rules()).toEqual([['public-endpoint', 'code-exploit', 'workload-role', 'administrator']]);
  });

  test('leads to the service itself where a catalogue calls that vital', async () => {
    await account('s3:ListAllMyBuckets');
    await code({ cwe: 78 });
    const catalogue = (tier: string) => {
      next();
      return inbox.importReport(
        `schema-version: v2.2\ndd-service: shop\nteam: shop\ntier: "${tier}"\n`,
        { source: 'catalogue' },
        'service.datadog.yaml',
      );
    };
    await catalogue('2');
    expect(await open()).toEqual([]);
    await catalogue('1');
    const [path, ...others] = (await inbox.ctx.paths.list()).paths;
    expect(others).toEqual([]);
    expect(path?.path).toMatchObject({ targetClass: 'vital-service', severity: 'high' });
    expect(path?.path.title).toContain('the service shop on shop');
    await catalogue('2');
    expect((await inbox.ctx.paths.list()).paths).toEqual([]);
  });

  test('leads by a flaw that reads files to whom the credential in the code is of, as long as that is in force', async () => {
    await account('s3:ListAllMyBuckets');
    const named = { cwe: 798, text: `const key = '${KEY}'` };
    await code({ cwe: 22 }, { cwe: 798, text: "const password = 'hunter2'" });
    expect(await rules()).toEqual([]);
    await code({ cwe: 22 }, named);
    expect(await rules()).toEqual([['public-endpoint', 'code-exploit', 'administrator']]);
    await code(named);
    expect(await rules()).toEqual([]);
    await code({ cwe: 78 }, named);
    expect(await rules()).toEqual([['public-endpoint', 'code-exploit', 'found-credential', 'administrator']]);
    await account('s3:ListAllMyBuckets', 'Inactive');
    expect(await rules()).toEqual([]);
  });
});
