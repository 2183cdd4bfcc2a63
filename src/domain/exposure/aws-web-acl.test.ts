import { expect, it } from 'vitest';
import { group, instance, NETWORK, recordsOf, resource, tcp } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/front/1';
const ASSOCIATION = resource('web-acl-association', 'a', { WebAcl: 'edge', ResourceArn: ARN });
const BALANCER = resource('load-balancer', 'front', {
  LoadBalancerArn: ARN,
  Type: 'application',
  Scheme: 'internet-facing',
  VpcId: 'vpc-1',
  SecurityGroups: ['sg-lb'],
  AvailabilityZones: [{ SubnetId: 'subnet-1' }],
});
const BEHIND: readonly EstateResource[] = [
  ...NETWORK,
  group('sg-lb', tcp(443, '0.0.0.0/0')),
  group('sg-web', tcp(8080, '10.0.0.0/16')),
  resource('listener', 'l', {
    ListenerArn: `${ARN}/l`,
    LoadBalancerArn: ARN,
    Port: 443,
    Protocol: 'TCP',
    DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn:tg' }],
  }),
  resource('target-group', 'tg', {
    TargetGroupArn: 'arn:tg',
    VpcId: 'vpc-1',
    TargetType: 'instance',
    Protocol: 'HTTP',
    Port: 8080,
    LoadBalancerArns: [ARN],
  }),
  resource('target-health', 'h', { TargetGroup: 'arn:tg', Id: 'i-1', Port: 8080 }),
];
const open = (records: ReturnType<typeof recordsOf>) =>
  records.filter(({ verdict, audience }) => verdict === 'yes' && audience === 'internet');

it('a web ACL is told of a load balancer and of what stands behind it, and closes neither', () => {
  const target = instance('i-1', {}, { Association: null });
  for (const [of, more] of [
    [BALANCER, []],
    [target, [BALANCER]],
  ] as const) {
    const filtered = open(recordsOf([...BEHIND, ...more, ASSOCIATION], of));
    const plain = open(recordsOf([...BEHIND, ...more], of));
    expect(plain.length).toBeGreaterThan(0);
    expect(plain.every(({ filteredBy }) => filteredBy === undefined)).toBe(true);
    expect(filtered).toEqual(plain.map((way) => ({ ...way, filteredBy: 'edge' })));
  }
});

it('a distribution names its own, by an ARN or by an old id', () => {
  const acl = 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/edge/6d1a2533';
  for (const [WebACLId, filteredBy] of [
    [acl, 'edge'],
    ['473e64fd-f30b-4765-81a0-62ad96dd167a', '473e64fd-f30b-4765-81a0-62ad96dd167a'],
    ['', undefined],
  ] as const) {
    const distribution = resource('cloudfront-distribution', 'E1', {
      Id: 'E1',
      Enabled: true,
      DomainName: 'd1.cloudfront.net',
      WebACLId,
      Origins: { Items: [{ Id: 'o', DomainName: 'shop.example' }] },
      DefaultCacheBehavior: { TargetOriginId: 'o' },
    });
    expect(open(recordsOf([], distribution)).map((way) => way.filteredBy)).toEqual([filteredBy]);
  }
});

it('an API has one where all of its stages have it', () => {
  const acl = 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/edge/6d1a2533';
  const api = resource('rest-api', 'shop', { id: 'a1', endpointConfiguration: { types: ['REGIONAL'] } });
  const route = resource('api-route', 'r', { Api: 'a1', Route: 'GET /', AuthorizationType: 'NONE' });
  const stage = (name: string, webAclArn?: string): EstateResource =>
    resource('api-stage', name, {
      Api: 'a1',
      Stage: name,
      ...(webAclArn === undefined ? {} : { webAclArn }),
    });
  const filters = (...stages: readonly EstateResource[]) =>
    open(recordsOf([route, ...stages], api)).map((way) => way.filteredBy);
  expect(filters(stage('live', acl), stage('test', acl))).toEqual(['edge']);
  expect(filters(stage('live', acl), stage('test'))).toEqual([undefined]);
  expect(filters(stage('live'))).toEqual([undefined]);
});
