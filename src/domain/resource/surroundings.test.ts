import { expect, it } from 'vitest';
import { instance, resource } from '../../../test/support/aws-world.ts';
import { ORGANISATION_NAME_TYPES, SURROUNDING_TYPES, Surroundings } from './surroundings.ts';

const TAGS = { 'aws:ec2launchtemplate:id': 'lt-1', 'aws:ec2launchtemplate:version': '2' };
const template = (version: number, name: string) =>
  resource('launch-template-version', `lt-1/${version}`, {
    LaunchTemplateId: 'lt-1',
    LaunchTemplateName: name,
    VersionNumber: version,
  });

it('names the launch template that an instance was made from, by its version', () => {
  const machine = { ...instance('i-1', { VpcId: null }), tags: TAGS };
  const of = new Surroundings([machine, template(1, 'web-dev'), template(2, 'web-prod')], 'aws:1').of(
    machine,
  );
  expect(of).toEqual([{ what: 'launch template', name: 'web-prod', tags: {} }]);
});

it('names none where the template was not described, or the instance was made by hand', () => {
  const machine = { ...instance('i-1', { VpcId: null }), tags: TAGS };
  expect(new Surroundings([machine, template(1, 'web-dev')], 'aws:1').of(machine)).toEqual([]);
  const plain = { ...machine, tags: {} };
  expect(new Surroundings([plain, template(2, 'web-prod')], 'aws:1').of(plain)).toEqual([]);
});

it('names the account of AWS by its alias where the organisation gives it no name, and the units above it', () => {
  const queue = resource('sqs-queue', 'orders', {});
  const told = [
    resource('account-alias', '1', { Id: '1', Name: 'shop-alias' }),
    resource('organization-name', 'ou-a', { Id: 'ou-a', Name: 'Workloads' }),
    resource('organization-parent', '1', { Child: '1', Parent: 'ou-a' }),
    resource('organization-parent', 'ou-a', { Child: 'ou-a', Parent: 'ou-b' }),
    resource('organization-parent', 'ou-b', { Child: 'ou-b', Parent: 'ou-a' }),
    { ...resource('organization-tags', 'ou-b', { Id: 'ou-b' }), tags: { env: 'prod' } },
  ];
  const units = [
    { what: 'organisational unit', name: 'Workloads', tags: {} },
    { what: 'organisational unit', name: null, tags: { env: 'prod' } },
  ];
  const of = new Surroundings([queue, ...told], 'aws:1').of(queue);
  expect(of.slice(0, 3)).toEqual([{ what: 'account', name: 'shop-alias', tags: {} }, ...units]);
  expect(of).toHaveLength(8);
  const named = resource('organization-name', '1', { Id: '1', Name: 'Shop' });
  expect(new Surroundings([queue, named, ...told], 'aws:1').of(queue)[0]?.name).toBe('Shop');
  expect(new Surroundings([queue, named, ...told], 'aws:2').of(queue)).toEqual([]);
});

const AZURE = 'azure:/subscriptions/s-1';
const GCP = 'gcp://cloudresourcemanager.googleapis.com';

it.each<[string, ReturnType<typeof resource>, readonly ReturnType<typeof resource>[], string, number]>([
  [
    'an instance of AWS',
    {
      ...instance('i-1', { VpcId: 'vpc-1' }),
      tags: {
        ...TAGS,
        'aws:autoscaling:groupName': 'web',
        'eks:nodegroup-name': 'workers',
        'aws:cloudformation:stack-name': 'shop',
      },
    },
    [
      { ...resource('auto-scaling-group', 'web', {}), tags: { env: 'a' } },
      { ...resource('eks-nodegroup', 'workers', {}), tags: { env: 'b' } },
      { ...resource('cloudformation-stack', 'shop', {}), tags: { env: 'c' } },
      template(2, 'web-prod'),
      { ...resource('vpc', 'vpc-1', { VpcId: 'vpc-1' }), tags: { Name: 'prod-net' } },
      resource('account-alias', '1', { Id: '1', Name: 'shop-alias' }),
      resource('organization-parent', '1', { Child: '1', Parent: 'ou-a' }),
      resource('organization-name', 'ou-a', { Id: 'ou-a', Name: 'Workloads' }),
      { ...resource('organization-tags', 'ou-a', { Id: 'ou-a' }), tags: { env: 'd' } },
      resource('subnet', 'subnet-1', {}),
    ],
    'aws:1',
    7,
  ],
  [
    'a machine of Azure',
    {
      ...resource('azure-vm', 'vm', {}),
      key: `${AZURE}/resourcegroups/g/providers/microsoft.compute/virtualmachines/vm`,
    },
    [
      { ...resource('azure-resource-group', 'g', {}), key: `${AZURE}/resourcegroups/g`, tags: { env: 'a' } },
      { ...resource('azure-subscription', 's', {}), key: AZURE, tags: { env: 'b' } },
    ],
    AZURE,
    2,
  ],
  ...(
    [
      ['sql/servers', 'azure-sql-server'],
      ['dbforpostgresql/flexibleservers', 'azure-postgresql-server'],
      ['dbformysql/flexibleservers', 'azure-mysql-server'],
      ['dbformariadb/servers', 'azure-mariadb-server'],
    ] as const
  ).map(
    ([path, type]): [string, ReturnType<typeof resource>, ReturnType<typeof resource>[], string, number] => {
      const server = `${AZURE}/resourcegroups/g/providers/microsoft.${path}/main`;
      return [
        `a database on a server of Azure (${path})`,
        { ...resource('azure-database', 'orders', {}), key: `${server}/databases/orders` },
        [
          { ...resource(type, 'main', {}), key: server, tags: { env: 'a' } },
          { ...resource('azure-resource-group', 'g', {}), key: `${AZURE}/resourcegroups/g`, tags: {} },
        ],
        AZURE,
        2,
      ];
    },
  ),
  [
    'an instance of Google Cloud',
    {
      ...resource('gcp-instance', 'vm', { ancestors: ['projects/1', 'folders/2', 'organizations/3'] }),
      key: 'gcp://compute/vm',
    },
    [
      { ...resource('gcp-project', 'shop', {}), key: `${GCP}/projects/1`, tags: { env: 'a' } },
      { ...resource('gcp-folder', 'prod', {}), key: `${GCP}/folders/2`, tags: { env: 'b' } },
      { ...resource('gcp-organization', 'acme', {}), key: `${GCP}/organizations/3`, tags: { env: 'c' } },
    ],
    'gcp:shop',
    2,
  ],
  [
    'a workload',
    { ...resource('workload', 'cart', { namespace: 'shop' }), key: 'k8s:prod/apps/Deployment/shop/cart' },
    [{ ...resource('namespace', 'shop', {}), key: 'k8s:prod//Namespace//shop', tags: { env: 'a' } }],
    'k8s:prod',
    2,
  ],
])('what %s is in is all among the types that are looked at for it', (_title, of, around, estate, count) => {
  const found = new Surroundings([of, ...around], estate).of(of);
  expect(found).toHaveLength(count);
  const looked = around.filter(({ type }) =>
    [...SURROUNDING_TYPES, ...ORGANISATION_NAME_TYPES].includes(type),
  );
  expect(new Surroundings([of, ...looked], estate).of(of)).toEqual(found);
});

it.each([
  ['k8s:prod-eu', 'prod-eu'],
  ['k8s:@scan:arn:aws:eks:eu-west-1:1:cluster/prod-eu', 'prod-eu'],
  ['k8s:@scan:prod-eu', 'prod-eu'],
  ['k8s:@scan', undefined],
  ['k8s:arn:aws:eks:eu-west-1:1:cluster/shop@prod:eu', 'eu'],
  ['k8s:7d9f1c1e-1b0e-4c55-9c3e-2a7a5b6c7d8e', undefined],
  ['k8s:7D9F1C1E-1b0e-4c55-9c3e-2a7a5b6c7d8e', undefined],
  ['k8s:eu-7d9f1c1e-1b0e-4c55-9c3e-2a7a5b6c7d8e', 'eu-7d9f1c1e-1b0e-4c55-9c3e-2a7a5b6c7d8e'],
  ['k8s:7d9f1c1e-1b0e-4c55-9c3e-2a7a5b6c7d8e-eu', '7d9f1c1e-1b0e-4c55-9c3e-2a7a5b6c7d8e-eu'],
  ['k8s:', undefined],
  ['aws:1', undefined],
])('of the estate %s the cluster is called %s', (estate, name) => {
  const node = resource('node', 'n', {});
  const cluster = name === undefined ? [] : [{ what: 'cluster', name, tags: {} }];
  expect(new Surroundings([node], estate).of(node)).toEqual(cluster);
});

it.each([
  ['prod-net', 'prod-net'],
  ['vpc-0a1b', null],
  ['my-vpc-0a1b', 'my-vpc-0a1b'],
  ['vpc-0a1b-prod', 'vpc-0a1b-prod'],
  ['123-45', null],
  [undefined, null],
])('a network whose tag is called %s has the name %s', (Name, name) => {
  const vpc = { ...resource('vpc', 'vpc-1', { VpcId: 'vpc-1' }), tags: Name === undefined ? {} : { Name } };
  const machine = instance('i-1', { VpcId: 'vpc-1' });
  expect(new Surroundings([machine, vpc], 'aws:1').of(machine)).toEqual([
    { what: 'VPC', name, tags: vpc.tags },
  ]);
});

it('what makes an instance is called by its tag and has the tags of its own description', () => {
  const tags = {
    'aws:autoscaling:groupName': 'web',
    'eks:nodegroup-name': 'workers',
    'aws:cloudformation:stack-name': 'shop',
  };
  const machine = { ...instance('i-1', { VpcId: null }), tags };
  const group = { ...resource('auto-scaling-group', 'web', {}), tags: { env: 'a' } };
  const nodes = { ...resource('eks-nodegroup', 'workers', {}), tags: { env: 'b' } };
  const stack = { ...resource('cloudformation-stack', 'shop', {}), tags: { env: 'c' } };
  expect(new Surroundings([machine, group, nodes, stack], 'aws:1').of(machine)).toEqual([
    { what: 'scaling group', name: 'web', tags: { env: 'a' } },
    { what: 'node group', name: 'workers', tags: { env: 'b' } },
    { what: 'stack', name: 'shop', tags: { env: 'c' } },
  ]);
  expect(new Surroundings([machine], 'aws:1').of(machine).map(({ name }) => name)).toEqual([
    'web',
    'workers',
    'shop',
  ]);
});

it('a network is found by its id, whatever it is called', () => {
  const machine = instance('i-1', { VpcId: 'vpc-1' });
  const vpc = { ...resource('vpc', 'shop', { VpcId: 'vpc-1' }), tags: { env: 'prod' } };
  expect(new Surroundings([machine, vpc], 'aws:1').of(machine)).toEqual([
    { what: 'VPC', name: 'shop', tags: { env: 'prod' } },
  ]);
});

it('a namespace has its own tags', () => {
  const pod = { ...resource('pod', 'p', { namespace: 'shop' }), key: 'k8s:@scan//Pod/shop/p' };
  const namespace = {
    ...resource('namespace', 'shop', {}),
    key: 'k8s:@scan//Namespace//shop',
    tags: { env: 'prod' },
  };
  expect(new Surroundings([pod, namespace], 'k8s:@scan').of(pod)).toEqual([
    { what: 'namespace', name: 'shop', tags: { env: 'prod' } },
  ]);
});

it('only objects of Kubernetes are in a namespace, and no object is in an empty one', () => {
  const bus = resource('sqs-queue', 'orders', { namespace: 'shop' });
  expect(new Surroundings([bus, resource('namespace', 'shop', {})], 'aws:1').of(bus)).toEqual([]);
  const node = { ...resource('node', 'n', { namespace: '' }), key: 'k8s:@scan//Node//n' };
  const nameless = { ...resource('namespace', '', {}), key: 'k8s:@scan//Namespace//x' };
  expect(new Surroundings([node, nameless], 'k8s:@scan').of(node)).toEqual([]);
});

it('containers of Azure and ancestors in Google Cloud are told by the whole of their ids', () => {
  const bare = { ...resource('azure-subscription', 's', {}), key: `${AZURE}/providers/x` };
  const subscription = { ...resource('azure-subscription', 'shop', {}), key: AZURE };
  expect(new Surroundings([bare, subscription], AZURE).of(bare)).toEqual([
    { what: 'subscription', name: 'shop', tags: {} },
  ]);
  const inGroup = { ...bare, key: `${AZURE}/resourcegroups/g/providers/x` };
  const group = { ...resource('azure-resource-group', 'g', {}), key: `${AZURE}/resourcegroups/g` };
  expect(new Surroundings([inGroup, group, subscription], AZURE).of(inGroup).map(({ what }) => what)).toEqual(
    ['resource group', 'subscription'],
  );
  const other = { ...bare, key: `x${AZURE}/providers/x` };
  expect(new Surroundings([other, subscription], AZURE).of(other)).toEqual([]);
  const machine = {
    ...resource('gcp-instance', 'vm', { ancestors: ['x/projects/1'] }),
    key: 'gcp://compute/vm',
  };
  const project = { ...resource('gcp-project', 'shop', {}), key: `${GCP}/x/projects/1` };
  expect(new Surroundings([machine, project], 'gcp:shop').of(machine)).toEqual([]);
  const folder = { ...resource('gcp-folder', 'prod', {}), key: `${GCP}/folders/2` };
  const filed = { ...machine, facts: { ancestors: ['folders/2'] } };
  expect(new Surroundings([filed, folder], 'gcp:shop').of(filed)).toEqual([
    { what: 'folder', name: 'prod', tags: {} },
  ]);
  const queue = resource('sqs-queue', 'orders', { ancestors: ['projects/1'] });
  const known = { ...project, key: `${GCP}/projects/1` };
  expect(new Surroundings([queue, known], 'aws:1').of(queue)).toEqual([]);
});

it('a network is not in itself', () => {
  const vpc = { ...resource('vpc', 'vpc-1', { VpcId: 'vpc-1' }), tags: { Name: 'prod-net' } };
  expect(new Surroundings([vpc], 'aws:1').of(vpc)).toEqual([]);
});

it('a database of Azure is in its server first, and the server in its group alone', () => {
  const group = { ...resource('azure-resource-group', 'g', {}), key: `${AZURE}/resourcegroups/g` };
  const at = `${group.key}/providers/microsoft.sql/servers/main`;
  const server = { ...resource('azure-sql-server', 'main', {}), key: at };
  const database = { ...resource('azure-database', 'orders', {}), key: `${at}/databases/orders` };
  const around = new Surroundings([group, server, database], AZURE);
  expect(around.of(database).map(({ what }) => what)).toEqual(['database server', 'resource group']);
  expect(around.of(server).map(({ what }) => what)).toEqual(['resource group']);
});
