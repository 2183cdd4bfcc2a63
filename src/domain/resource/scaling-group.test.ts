import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '../finding/observation.ts';
import { identifyResource, type Naming } from './resource-key.ts';
import { mayHaveMembers, membershipsOf } from './scaling-group.ts';

const NAMING: Naming = { sourceId: 'aws', cluster: null, repository: null, artifact: null };
const INSTANCE = 'arn:aws:ec2:eu-west-1:123456789012:instance/i-0aaaaaaaaaaaaaa01';
const GROUP = 'arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:0b6b-1:autoScalingGroupName/web';
const TAGGED = { 'aws:autoscaling:groupName': 'web' };
const SET = '/subscriptions/s1/resourceGroups/Shop/providers/Microsoft.Compute/virtualMachineScaleSets/Web';
const VM = '/subscriptions/s1/resourceGroups/shop/providers/Microsoft.Compute/virtualMachines/web_1';
const GCE = '//compute.googleapis.com/projects/shop/zones/europe-west1-b/instances/web-x2x9';

function told(
  provider: 'aws' | 'azure' | 'gcp',
  type: string,
  id: string,
  more: { readonly facts?: JsonObject; readonly tags?: Readonly<Record<string, string>> } = {},
): readonly string[] {
  const observed: ResourceObservation = {
    kind: 'resource',
    resource: { kind: 'cloud', provider, id, type },
    type,
    name: 'web',
    facts: {},
    ...more,
  };
  return membershipsOf(observed).map(({ member, group }) =>
    [member, group].map((each) => identifyResource(each, NAMING).key).join(' in '),
  );
}

const IN_WEB = `aws:${INSTANCE} in aws:${GROUP.replace('0b6b-1', '')}`;

describe('a machine is a member of the group', () => {
  test('that its tag names, in its own account and region', () => {
    expect(told('aws', 'ec2-instance', INSTANCE, { tags: TAGGED })).toEqual([IN_WEB]);
  });

  test('that lists it', () => {
    const Instances = [{ InstanceId: 'i-0aaaaaaaaaaaaaa01' }, { InstanceId: 'x' }, {}];
    expect(told('aws', 'auto-scaling-group', GROUP, { facts: { Instances } })).toEqual([IN_WEB]);
  });

  test('that made it, of Azure and Google Cloud', () => {
    expect(told('azure', 'azure-vm', VM, { facts: { virtualMachineScaleSet: { id: SET } } })).toEqual([
      `azure:${VM.toLowerCase()} in azure:${SET.toLowerCase()}`,
    ]);
    const createdBy = 'projects/1234/zones/europe-west1-b/instanceGroupManagers/web';
    expect(told('gcp', 'gcp-instance', GCE, { facts: { createdBy } })).toEqual([
      `gcp:${GCE} in gcp:${GCE.replace('instances/web-x2x9', 'instanceGroupManagers/web')}`,
    ]);
  });

  test.each<[string, string, Parameters<typeof told>[3]]>([
    ['ec2-instance', INSTANCE, {}],
    ['ec2-instance', 'i-0aaaaaaaaaaaaaa01', { tags: TAGGED }],
    ['ec2-instance', INSTANCE, { tags: { 'aws:autoscaling:groupName': '' } }],
    ['ec2-volume', INSTANCE, { tags: TAGGED }],
    ['auto-scaling-group', 'web', { facts: { Instances: [{ InstanceId: 'i-0aaaaaaaaaaaaaa01' }] } }],
    ['auto-scaling-group', GROUP, {}],
    ['azure-vm', VM, { facts: { virtualMachineScaleSet: { id: `${SET}/virtualMachines/1` } } }],
    ['gcp-instance', GCE, { facts: { createdBy: 'projects/1/terraform' } }],
  ])('and of none where that is not told: %s %s', (type, id, more) => {
    expect(told(type.startsWith('a') ? 'azure' : 'aws', type, id, more)).toEqual([]);
  });
});

test.each([
  [`aws:${GROUP}`, true],
  [`azure:${SET.toLowerCase()}`, true],
  [`gcp:${GCE.replace('instances/', 'instanceGroupManagers/')}`, true],
  [`aws:${INSTANCE}`, false],
  [`azure:${VM.toLowerCase()}`, false],
  [`gcp:${GCE}`, false],
])('%s may have members: %s', (key, expected) => {
  expect(mayHaveMembers(key)).toBe(expected);
});
