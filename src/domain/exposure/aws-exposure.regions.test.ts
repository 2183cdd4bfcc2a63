import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  ALLOW_ALL,
  acl,
  expose,
  group,
  instance,
  listed,
  NETWORK,
  NO_BALANCERS,
  PUBLIC_ROUTES,
  resource,
  routes,
  stateOf,
  TO_INTERNET,
  tcp,
  without,
} from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { AwsEstate } from './aws-estate.ts';

/**
 * What one region says is nothing about another, although both call their networks alike; and a list of one region proves
 * no absence in another (attack-paths §1.5, coverage record).
 */
const ELSEWHERE = 'us-east-1';
const elsewhere = (each: EstateResource): EstateResource => ({
  ...each,
  key: each.key.replace('eu-west-1', ELSEWHERE),
  region: ELSEWHERE,
});
const nowhere = (each: EstateResource): EstateResource => ({ ...each, key: `${each.key}/`, region: null });
const ssh = group('sg-web', tcp(22, '0.0.0.0/0'));
const CLOSED = routes('rtb-1', [{ SubnetId: 'subnet-1' }]);
const SHUT = acl({
  RuleNumber: 1,
  Protocol: '-1',
  RuleAction: 'deny',
  Egress: false,
  CidrBlock: '0.0.0.0/0',
});
const BLOCKED = resource('vpc-block-public-access', 'option', {
  InternetGatewayBlockMode: 'block-ingress',
  ExclusionsAllowed: 'allowed',
});
const excluded = (region: string): EstateResource =>
  resource(
    'vpc-block-public-access-exclusion',
    region,
    {
      ResourceArn: `arn:aws:ec2:${region}:111111111111:subnet/subnet-1`,
      InternetGatewayExclusionMode: 'allow-bidirectional',
    },
    region,
  );
const listRule = group('sg-web', { ...tcp(22), PrefixListIds: [{ PrefixListId: 'pl-1' }] });
const entry = (region: string, Cidr: string): EstateResource =>
  resource('prefix-list-entry', `${region} ${Cidr}`, { PrefixListId: 'pl-1', Cidr }, region);
const EDGE = routes('rtb-edge', [{ GatewayId: 'igw-1' }], {
  DestinationCidrBlock: '10.0.0.0/24',
  GatewayId: 'vpce-1',
  State: 'active',
});
const INSPECTED = routes('rtb-1', [{ SubnetId: 'subnet-1' }], {
  DestinationCidrBlock: '0.0.0.0/0',
  GatewayId: 'vpce-1',
  State: 'active',
});
const mainOf = (...entries: readonly JsonObject[]): EstateResource =>
  routes('rtb-main', [{ Main: true }], ...entries);

type Row = readonly [
  title: string,
  state: 'yes' | 'no' | 'unknown',
  estate: readonly EstateResource[],
  of?: EstateResource,
];

describe('two regions that call their networks alike', () => {
  it.each<Row>([
    ['the routes of the other one, told later', 'yes', [...NETWORK, ssh, elsewhere(CLOSED)]],
    ['the routes of the other one, told first', 'yes', [elsewhere(CLOSED), ...NETWORK, ssh]],
    [
      'the open routes of the other one',
      'no',
      [elsewhere(PUBLIC_ROUTES), ...without(NETWORK, PUBLIC_ROUTES), CLOSED, ssh],
    ],
    [
      'the main table of the other one',
      'no',
      [elsewhere(mainOf(TO_INTERNET)), ...without(NETWORK, PUBLIC_ROUTES), mainOf(), ssh],
    ],
    ['the network ACL of the other one, told later', 'yes', [...NETWORK, ssh, elsewhere(SHUT)]],
    ['the network ACL of the other one, told first', 'yes', [elsewhere(SHUT), ...NETWORK, ssh]],
    [
      'the open network ACL of the other one',
      'no',
      [elsewhere(acl(...ALLOW_ALL)), ...NETWORK.filter(({ type }) => type !== 'network-acl'), SHUT, ssh],
    ],
    [
      'an exclusion from Block Public Access in the other one',
      'no',
      [...NETWORK, ssh, BLOCKED, excluded(ELSEWHERE), ...listed('vpc-block-public-access-exclusion')],
    ],
    ['an exclusion of its own', 'yes', [...NETWORK, ssh, BLOCKED, excluded('eu-west-1')]],
    [
      'a prefix list of which the other one has entries',
      'no',
      [...NETWORK, listRule, entry(ELSEWHERE, '0.0.0.0/0'), entry('eu-west-1', '8.8.8.8/32')],
    ],
    [
      'a firewall at the gateway of the other one',
      'no',
      [...without(NETWORK, PUBLIC_ROUTES), INSPECTED, elsewhere(EDGE), ssh],
    ],
    ['a firewall at its own gateway', 'unknown', [...without(NETWORK, PUBLIC_ROUTES), INSPECTED, EDGE, ssh]],
    [
      'a policy of a repository of the other one',
      'no',
      [
        resource('resource-part', 'policy of shop', {
          OfType: 'ecr-repository',
          Of: 'shop',
          Facts: { Policy: { Statement: [] } },
        }),
        elsewhere(
          resource('resource-part', 'policy of shop', {
            OfType: 'ecr-repository',
            Of: 'shop',
            Facts: {
              Policy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'ecr:*', Resource: '*' }] },
            },
          }),
        ),
      ],
      resource('ecr-repository', 'shop', { Name: 'shop' }),
    ],
  ])('%s: %s', (...row) => {
    const [, state, estate, of = instance('i-1')] = row as unknown as Row;
    expect(stateOf(estate, of)).toBe(state);
  });

  const SHOP_TASK = { group: 'service:shop', lastStatus: 'STOPPED', clusterArn: 'c-1' };
  const running = {
    ...SHOP_TASK,
    lastStatus: 'RUNNING',
    attachments: [{ details: [{ name: 'networkInterfaceId', value: 'eni-7' }] }],
  };
  const nic = resource('network-interface', 'eni-7', {
    NetworkInterfaceId: 'eni-7',
    SubnetId: 'subnet-1',
    VpcId: 'vpc-1',
    Association: { PublicIp: '3.3.3.7' },
    Groups: [{ GroupId: 'sg-web' }],
  });
  const service = resource('ecs-service', 'shop', { serviceName: 'shop', clusterArn: 'c-1' });

  it.each<Row>([
    ['its own task', 'yes', [resource('ecs-task', 't', running)]],
    [
      'a task of a service of this name in another cluster',
      'no',
      [resource('ecs-task', 't', { ...running, clusterArn: 'c-2' }), resource('ecs-task', 's', SHOP_TASK)],
    ],
    [
      'a task of a service of this name in another region',
      'no',
      [elsewhere(resource('ecs-task', 't', running)), resource('ecs-task', 's', SHOP_TASK)],
    ],
  ])('a service of ECS and %s: %s', (...row) => {
    const [, state, tasks] = row as unknown as Row;
    expect(stateOf([...NETWORK, ssh, nic, elsewhere(nic), ...tasks], service)).toBe(state);
  });

  const domain = (region: string, trust: string | null): EstateResource =>
    resource(
      'api-domain',
      'api.shop.example',
      {
        DomainName: 'api.shop.example',
        ...(trust === null ? {} : { MutualTlsAuthentication: { TruststoreUri: trust } }),
      },
      region,
    );

  it('a domain stands in both, and asks for certificates in one', () => {
    const estate = [
      resource('api-route', 'r', { Api: 'a1', Route: 'GET /', AuthorizationType: 'NONE' }),
      resource('api-stage', 's', { Api: 'a1', Stage: 'prod' }),
      resource('api-mapping', 'm', { Api: 'a1', DomainName: 'api.shop.example' }),
    ];
    const api = resource('http-api', 'shop', { ApiId: 'a1', DisableExecuteApiEndpoint: true });
    const here = [domain(ELSEWHERE, null), domain('eu-west-1', 's3://trust')];
    expect(stateOf([...estate, ...here], api)).toBe('no');
    expect(stateOf([...estate, ...here.toReversed()], api)).toBe('no');
    expect(stateOf([...estate, domain(ELSEWHERE, 's3://trust'), domain('eu-west-1', null)], api)).toBe('yes');
  });

  it('an address of a target group is that of a machine of its own region', () => {
    const balancer = resource('load-balancer', 'web', {
      LoadBalancerArn: 'arn:lb',
      Type: 'application',
      Scheme: 'internet-facing',
      VpcId: 'vpc-1',
      SecurityGroups: ['sg-web'],
      AvailabilityZones: [{ SubnetId: 'subnet-1' }],
    });
    const balanced = [
      balancer,
      resource('listener', 'l', {
        ListenerArn: 'arn:l',
        LoadBalancerArn: 'arn:lb',
        Port: 22,
        Protocol: 'TCP',
        DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn:tg' }],
      }),
      resource('target-group', 'tg', {
        TargetGroupArn: 'arn:tg',
        TargetType: 'ip',
        Protocol: 'HTTP',
        VpcId: 'vpc-1',
        LoadBalancerArns: ['arn:lb'],
      }),
      resource('target-health', 'h', { TargetGroup: 'arn:tg', Id: '10.0.0.10', Port: 22 }),
    ];
    const hidden = instance('i-1', {}, { Association: null });
    const here = [...NETWORK, ssh, ...listed('listener')];
    expect(stateOf([...here, ...balanced], hidden)).toBe('yes');
    expect(stateOf([...here, ...NETWORK.map(elsewhere), ...balanced.map(elsewhere)], hidden)).toBe('no');
  });
});

describe('a complete list of one region', () => {
  const [TABLES] = listed('route-table') as [EstateResource];
  const lists = (...resources: readonly EstateResource[]): AwsEstate => new AwsEstate(resources);

  it('says nothing of another one', () => {
    const estate = lists(TABLES, elsewhere(ssh));
    expect(estate.isListed('route-table', 'eu-west-1')).toBe(true);
    expect(estate.isListed('route-table', ELSEWHERE)).toBe(false);
    expect(estate.isListed('route-table', null)).toBe(false);
  });

  it('is that of everything without a region where there is no other', () => {
    expect(lists(TABLES).isListed('route-table', null)).toBe(true);
    expect(lists(nowhere(TABLES), ssh).isListed('route-table', 'eu-west-1')).toBe(true);
    expect(lists(nowhere(TABLES)).isListed('route-table', null)).toBe(true);
  });

  it('of an unknown region is that of none where several are known', () => {
    const estate = lists(nowhere(TABLES), ssh, elsewhere(ssh));
    for (const region of ['eu-west-1', ELSEWHERE, null])
      expect(estate.isListed('route-table', region)).toBe(false);
  });

  it('of a type without regions is that of the account, and what tells of the organisation is in none', () => {
    const estate = lists(...listed('iam-role').map(elsewhere), TABLES);
    expect(estate.isListed('iam-role', null)).toBe(true);
    const told = resource('organization-policy', 'p', {}, ELSEWHERE);
    expect(lists(nowhere(TABLES), ssh, told).isListed('route-table', null)).toBe(true);
  });

  it('leaves it open what an instance of another one stands behind', () => {
    const shut = group('sg-web', tcp(22, '10.0.0.0/8'));
    const hidden = instance('i-1', {}, { Association: null });
    expect(stateOf([...NETWORK, shut], hidden)).toBe('no');
    const others = [...without(NETWORK, ...NO_BALANCERS), ...NO_BALANCERS.map(elsewhere)];
    expect(expose([...others, shut], hidden)).toMatchObject({
      state: 'unknown',
      missing: [
        'classic load balancers: aws elb describe-load-balancers',
        'load balancers: aws elbv2 describe-load-balancers',
      ],
    });
  });
});
