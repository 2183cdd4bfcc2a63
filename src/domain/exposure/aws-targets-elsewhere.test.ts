import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { resource } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evaluateAwsEstate } from '../risk/evaluate-aws-estate.ts';
import { targetsElsewhere } from './aws-targets-elsewhere.ts';

const NOW = resource('vpc', 'any', {}).seenAt;
const target = (Id: string) => resource('target-health', Id, { Id, TargetGroup: 'web' });
const groupOf = (...LoadBalancerArns: readonly string[]) =>
  resource('target-group', 'web', { TargetGroupName: 'web', LoadBalancerArns: [...LoadBalancerArns] });
const balancer = (Scheme: string) =>
  resource('load-balancer', 'front', { LoadBalancerArn: 'arn:front', LoadBalancerName: 'front', Scheme });
const vpc = (facts: JsonObject) => resource('vpc', 'vpc-1', { VpcId: 'vpc-1', ...facts });

describe('targets of an account that are elsewhere', () => {
  it.each([
    ['a machine by its id', [target('i-1')], []],
    ['a function', [target('arn:aws:lambda:eu-west-1:111111111111:function:f')], []],
    ['an address of a network of its own', [target('10.0.0.5'), vpc({ CidrBlock: '10.0.0.0/16' })], []],
    [
      'an address of a second block of its own',
      [
        target('10.9.0.5'),
        vpc({ CidrBlock: '10.0.0.0/16', CidrBlockAssociationSet: [{ CidrBlock: '10.9.0.0/16' }] }),
      ],
      [],
    ],
    ['an address of nobody, in a group that was not described', [target('10.1.0.5')], ['10.1.0.5 by web']],
    [
      'an address beside its own network',
      [
        target('10.1.0.5'),
        vpc({ CidrBlock: '10.0.0.0/16' }),
        groupOf('arn:front'),
        balancer('internet-facing'),
      ],
      ['10.1.0.5 by front'],
    ],
    [
      'behind a load balancer that is internal',
      [target('10.1.0.5'), groupOf('arn:front'), balancer('internal')],
      [],
    ],
    [
      'behind a load balancer that was not described',
      [target('10.1.0.5'), groupOf('arn:front')],
      ['10.1.0.5 by web'],
    ],
    [
      'behind two of which one is internal',
      [target('10.1.0.5'), groupOf('arn:front', 'arn:other'), balancer('internal')],
      ['10.1.0.5 by web'],
    ],
  ] as const)('%s', (_which, resources, expected) => {
    expect(targetsElsewhere(resources).map(({ address, by }) => `${address} by ${by}`)).toEqual(expected);
  });

  it('are told, and that they are none any more, where a later answer about their group lists them no longer', () => {
    const answer = (TargetGroup: string, seenAt: number) => ({
      ...resource('target-health', `all of ${TargetGroup}`, { TargetGroup }),
      seenAt,
    });
    const isRegistered = (...answers: readonly EstateResource[]) =>
      targetsElsewhere([target('10.1.0.5'), ...answers]).map((each) => each.isRegistered);
    expect(isRegistered(answer('web', NOW + 1))).toEqual([false]);
    expect(isRegistered(answer('web', NOW))).toEqual([true]);
    expect(isRegistered(answer('other', NOW + 1))).toEqual([true]);
    const group = resource('target-group', 'web', { TargetGroupName: 'web', TargetGroupArn: 'arn:tg' });
    expect(isRegistered(answer('arn:tg', NOW + 1), group)).toEqual([false]);
  });
});

describe('a machine without an address of its own', () => {
  const lists = ['load-balancer', 'classic-load-balancer', 'target-group'].map((Of) =>
    resource('inventory-listing', Of, { Of }),
  );
  const machine = resource('ec2-instance', 'i-1', {
    InstanceId: 'i-1',
    VpcId: 'vpc-1',
    State: { Name: 'running' },
    NetworkInterfaces: [
      {
        NetworkInterfaceId: 'eni-1',
        PrivateIpAddress: '10.1.0.5',
        SubnetId: 'subnet-1',
        Groups: [{ GroupId: 'sg-1' }],
      },
    ],
  });
  const group = (CidrIp: string) =>
    resource('security-group', 'sg-1', {
      GroupId: 'sg-1',
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp }] }],
    });
  const judged = (CidrIp: string, address: string) =>
    evaluateAwsEstate([machine, group(CidrIp), ...lists], {
      targetsElsewhere: [{ address, account: '222222222222', by: 'front' }],
    }).get(machine.key)?.publiclyAccessible;

  it('may stand behind a load balancer of another account that has its address as a target', () => {
    expect(judged('10.0.0.0/8', '10.1.0.6')).toMatchObject({ state: 'no' });
    expect(judged('10.0.0.0/8', '10.1.0.5')).toMatchObject({
      state: 'unknown',
      missing: [
        'whether front of account 222222222222, which has 10.1.0.5 as a target, means i-1; no inventory that is read here tells it',
      ],
    });
  });

  it('stands behind none where its groups let no load balancer in', () => {
    expect(judged('1.1.1.1/32', '10.1.0.5')).toMatchObject({ state: 'no' });
  });
});
