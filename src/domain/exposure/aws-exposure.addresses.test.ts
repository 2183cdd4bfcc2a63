import { expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { expose, group, instance, listed, NETWORK, resource, tcp } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** Where the address of a machine is told, and what may stand in front of it (attack-paths §2.2 step 1, §2.3). */
const OPEN = group('sg-web', tcp(443, '0.0.0.0/0'));
const LISTS = listed('load-balancer', 'classic-load-balancer', 'target-group', 'network-interface');

it.each<[title: string, state: string, nic: JsonObject]>([
  ['an address of its interface', 'yes', { Association: { PublicIp: '3.3.3.3' } }],
  ['an address of a carrier', 'yes', { Association: { CarrierIp: '3.3.3.3' } }],
  [
    'an address of its second private address',
    'yes',
    {
      Association: null,
      PrivateIpAddresses: [
        { PrivateIpAddress: '10.0.0.10' },
        { PrivateIpAddress: '10.0.0.11', Association: { PublicIp: '3.3.3.4' } },
      ],
    },
  ],
  [
    'a carrier’s address of its second private address',
    'yes',
    {
      Association: null,
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.11', Association: { CarrierIp: '3.3.3.4' } }],
    },
  ],
  [
    'private addresses alone',
    'no',
    { Association: null, PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.10' }] },
  ],
])('a machine with %s is public: %s', (_title, state, nic) => {
  expect(expose([...NETWORK, OPEN, ...LISTS], instance('i-1', {}, nic)).state).toBe(state);
});

const listedSave = (type: string): readonly EstateResource[] =>
  [...NETWORK, ...LISTS].filter(({ facts }) => facts['Of'] !== type);

it.each<[title: string, missing: string | null, estate: readonly EstateResource[]]>([
  ['where all lists are known', null, listedSave('nothing')],
  [
    'where nobody listed target groups',
    'target groups: aws elbv2 describe-target-groups',
    listedSave('target-group'),
  ],
  [
    'where nobody listed classic load balancers',
    'classic load balancers: aws elb describe-load-balancers',
    listedSave('classic-load-balancer'),
  ],
])('a machine beside a load balancer that faces the internet, %s, lacks: %s', (_title, missing, estate) => {
  const facing = resource('load-balancer', 'web', {
    LoadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/1',
    LoadBalancerName: 'web',
    Type: 'application',
    Scheme: 'internet-facing',
    VpcId: 'vpc-1',
    SecurityGroups: ['sg-web'],
    AvailabilityZones: [{ SubnetId: 'subnet-1' }],
  });
  const listener = resource('listener', 'l', {
    ListenerArn: `${facing.facts['LoadBalancerArn']}/l`,
    LoadBalancerArn: facing.facts['LoadBalancerArn'] as string,
    Port: 443,
    Protocol: 'HTTPS',
  });
  const { state, missing: told } = expose(
    [...estate, OPEN, facing, listener],
    instance('i-1', {}, { Association: null }),
  );
  expect(state).toBe(missing === null ? 'no' : 'unknown');
  expect(told).toEqual(missing === null ? [] : [missing]);
});
