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
  ['k8s:7d9f1c1e-1b0e-4c55-9c3e-2a7a5b6c7d8e', undefined],
  ['k8s:', undefined],
  ['aws:1', undefined],
])('of the estate %s the cluster is called %s', (estate, name) => {
  const node = resource('node', 'n', {});
  expect(new Surroundings([node], estate).of(node)[0]?.name).toBe(name);
});

it('a network is not in itself', () => {
  const vpc = { ...resource('vpc', 'vpc-1', { VpcId: 'vpc-1' }), tags: { Name: 'prod-net' } };
  expect(new Surroundings([vpc], 'aws:1').of(vpc)).toEqual([]);
});
