import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { expose, group, instance, listed, NETWORK, resource, tcp } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/**
 * What stands behind a front is as open as the front, as far as it lets it in: logins, references to groups, fronts of
 * which not all is told (attack-paths §2.1, §2.3, §2.6). Each with all that is told of it.
 */
type Row = readonly [
  title: string,
  state: 'yes' | 'no' | 'unknown',
  of: EstateResource,
  ...others: EstateResource[],
];
const open = group('sg-web', tcp(443, '0.0.0.0/0'));
const check = ([, state, of, ...others]: Row): void => {
  expect(expose([...NETWORK, open, ...others], of).state).toBe(state);
};

const OUTER = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/net/outer/1';
const INNER = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/inner/1';
function balancer(arn: string, facts: JsonObject = {}): EstateResource {
  return resource('load-balancer', arn === OUTER ? 'outer' : 'inner', {
    LoadBalancerArn: arn,
    DNSName: arn === OUTER ? 'outer.elb.amazonaws.com' : 'inner.elb.amazonaws.com',
    Type: 'application',
    Scheme: 'internet-facing',
    VpcId: 'vpc-1',
    SecurityGroups: ['sg-web'],
    AvailabilityZones: [{ SubnetId: 'subnet-1' }],
    ...facts,
  });
}
function listener(arn: string, facts: JsonObject = {}): EstateResource {
  const ListenerArn = `${arn.replace(':loadbalancer/', ':listener/')}/1`;
  return resource('listener', ListenerArn, {
    ListenerArn,
    LoadBalancerArn: arn,
    Port: 443,
    Protocol: 'HTTPS',
    DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn:tg' }],
    ...facts,
  });
}
function rule(arn: string, ...Actions: JsonObject[]): EstateResource {
  return resource('listener-rule', 'r', {
    RuleArn: `${arn.replace(':loadbalancer/', ':listener-rule/')}/1/1`,
    Actions,
  });
}
function targets(arn: string, facts: JsonObject = {}): EstateResource {
  return resource('target-group', 'tg', {
    TargetGroupArn: 'arn:tg',
    Protocol: 'HTTPS',
    Port: 443,
    VpcId: 'vpc-1',
    LoadBalancerArns: [arn],
    ...facts,
  });
}
function health(Id: string): EstateResource {
  return resource('target-health', Id, { TargetGroup: 'arn:tg', Id, Port: 443 });
}
const ELSEWHERE = { Type: 'forward', TargetGroupArn: 'arn:other' };
const LOGIN = { Type: 'authenticate-oidc' };
const FORWARD = { Type: 'forward', TargetGroupArn: 'arn:tg' };

describe('a function behind a load balancer', () => {
  const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:resize';
  const lambda = resource('lambda-function', 'resize', {
    FunctionName: 'resize',
    FunctionArn: FUNCTION,
    Policy: { Statement: [] },
    Url: {},
  });
  const toFunction = targets(OUTER, { TargetType: 'lambda' });
  const outer = balancer(OUTER);

  it.each<Row>([
    ['by an alias', 'yes', lambda, outer, listener(OUTER), toFunction, health(`${FUNCTION}:live`)],
    ['called otherwise', 'no', lambda, outer, listener(OUTER), toFunction, health(`${FUNCTION}2:live`)],
    [
      'whose rules forward elsewhere',
      'no',
      lambda,
      outer,
      listener(OUTER, { DefaultActions: [ELSEWHERE] }),
      rule(OUTER, ELSEWHERE),
      toFunction,
      health(FUNCTION),
    ],
    [
      'whose rules nobody told',
      'unknown',
      lambda,
      outer,
      listener(OUTER, { DefaultActions: [ELSEWHERE] }),
      toFunction,
      health(FUNCTION),
    ],
    [
      'that nobody reaches, whatever its rules',
      'no',
      lambda,
      balancer(OUTER, { Scheme: 'internal' }),
      listener(OUTER, { DefaultActions: [ELSEWHERE] }),
      toFunction,
      health(FUNCTION),
    ],
    [
      'that asks for a login',
      'no',
      lambda,
      outer,
      listener(OUTER, { DefaultActions: [LOGIN, FORWARD] }),
      rule(OUTER, LOGIN, FORWARD),
      toFunction,
      health(FUNCTION),
    ],
    [
      'that asks for a certificate',
      'no',
      lambda,
      outer,
      listener(OUTER, { MutualAuthentication: { Mode: 'verify' } }),
      rule(OUTER, FORWARD),
      toFunction,
      health(FUNCTION),
    ],
  ])('%s', (...row) => check(row as unknown as Row));
});

describe('an instance behind a load balancer', () => {
  const hidden = instance('i-1', {}, { Association: null });
  const outer = balancer(OUTER);
  const doubtful = balancer(OUTER, { SecurityGroups: ['sg-untold'] });

  it.each<Row>([
    [
      'that asks for a certificate',
      'no',
      hidden,
      outer,
      listener(OUTER, { MutualAuthentication: { Mode: 'verify' } }),
      rule(OUTER, FORWARD),
      targets(OUTER),
      health('i-1'),
    ],
    [
      'of which it is not told whether anybody reaches it, and that forwards elsewhere',
      'no',
      hidden,
      doubtful,
      listener(OUTER, { DefaultActions: [ELSEWHERE] }),
      rule(OUTER, ELSEWHERE),
      targets(OUTER),
      health('i-1'),
    ],
    [
      'of which neither is told',
      'unknown',
      hidden,
      doubtful,
      listener(OUTER, { DefaultActions: [ELSEWHERE] }),
      targets(OUTER),
      health('i-1'),
    ],
  ])('%s', (...row) => check(row as unknown as Row));
});

describe('a load balancer behind another front', () => {
  const inner = (SecurityGroups: string[] = ['sg-web']) =>
    balancer(INNER, { Scheme: 'internal', SecurityGroups });
  const before = [
    balancer(OUTER, { Type: 'network', SecurityGroups: ['sg-nlb'] }),
    group('sg-nlb', tcp(443, '0.0.0.0/0')),
    listener(OUTER, { Protocol: 'TCP' }),
    targets(OUTER, { TargetType: 'alb' }),
    health(INNER),
  ];
  const named = (GroupId: string, port = 443) =>
    group('sg-inner', tcp(22, '10.1.0.0/16'), { ...tcp(port), UserIdGroupPairs: [{ GroupId }] });
  const accelerator = [
    resource('global-accelerator', 'fast', { AcceleratorArn: 'arn:ga', Enabled: true }, null),
    resource(
      'accelerator-endpoint-group',
      'g',
      { EndpointGroupArn: 'arn:ga/l/g', EndpointDescriptions: [{ EndpointId: INNER }] },
      null,
    ),
  ];
  const distribution = resource(
    'cloudfront-distribution',
    'E1',
    {
      DomainName: 'd1.cloudfront.net',
      Enabled: true,
      Origins: { Items: [{ Id: 'o', DomainName: 'inner.elb.amazonaws.com' }] },
      DefaultCacheBehavior: { TargetOriginId: 'o' },
    },
    null,
  );

  it.each<Row>([
    ['a network load balancer, by its addresses', 'yes', inner(), listener(INNER), ...before],
    [
      'a network load balancer, by its group',
      'yes',
      inner(['sg-inner']),
      listener(INNER),
      named('sg-nlb'),
      ...before,
    ],
    [
      'a network load balancer of another group',
      'no',
      inner(['sg-inner']),
      listener(INNER),
      named('sg-x'),
      ...before,
    ],
    [
      'a network load balancer, by its group on another port',
      'no',
      inner(['sg-inner']),
      listener(INNER),
      named('sg-nlb', 80),
      ...before,
    ],
    ['an accelerator whose listeners nobody told', 'unknown', inner(), listener(INNER), ...accelerator],
    ['a distribution', 'yes', inner(), listener(INNER), distribution],
    [
      'a distribution, by a group that lets nobody in',
      'no',
      inner(['sg-inner']),
      listener(INNER),
      group('sg-inner', tcp(80, '0.0.0.0/0')),
      distribution,
    ],
    [
      'a distribution, by a group of its own',
      'yes',
      inner(['sg-inner']),
      listener(INNER),
      named('sg-cloudfront'),
      distribution,
    ],
    [
      'a distribution, by a group that nobody described',
      'yes',
      inner(['sg-untold']),
      listener(INNER),
      distribution,
    ],
  ])('%s', (...row) => check(row as unknown as Row));

  it('an instance that an accelerator names whose listeners nobody told', () => {
    const endpoints = resource(
      'accelerator-endpoint-group',
      'g',
      { EndpointGroupArn: 'arn:ga/l/g', EndpointDescriptions: [{ EndpointId: 'i-1' }] },
      null,
    );
    const hidden = instance('i-1', {}, { Association: null });
    expect(expose([...NETWORK, open, accelerator[0] as EstateResource, endpoints], hidden)).toMatchObject({
      state: 'unknown',
      missing: [
        'listeners of fast: aws globalaccelerator list-listeners --accelerator-arn arn:ga --region us-west-2',
      ],
    });
  });
});

describe('who is asked', () => {
  const route = (name: string, facts: JsonObject = {}) =>
    resource('api-route', name, { Api: 'a1', Route: name, ...facts });
  const stage = resource('api-stage', 'prod', { Api: 'a1', Stage: 'prod' });
  const socket = resource('http-api', 'chat', { ApiId: 'a1', ProtocolType: 'WEBSOCKET' });
  const http = resource('http-api', 'shop', { ApiId: 'a1', ProtocolType: 'HTTP' });
  const rest = resource('rest-api', 'shop', { id: 'a1' });
  const off = resource('http-api', 'shop', { ApiId: 'a1', DisableExecuteApiEndpoint: true });
  const NONE = { AuthorizationType: 'NONE' };
  const IAM = { AuthorizationType: 'AWS_IAM' };
  const domain = resource('api-domain', 'd', { DomainName: 'shop.example' });
  const mapping = (Api: string) => resource('api-mapping', Api, { Api, DomainName: 'shop.example' });

  it.each<Row>([
    [
      'by a WebSocket: whoever connects',
      'no',
      socket,
      route('$connect', IAM),
      route('$default', NONE),
      stage,
    ],
    ['by a WebSocket: nobody', 'yes', socket, route('$connect', NONE), route('$default', NONE), stage],
    ['by a WebSocket of which that is not told', 'yes', socket, route('$default', NONE), stage],
    [
      'by an HTTP API: each route by itself',
      'yes',
      http,
      route('$connect', IAM),
      route('$default', NONE),
      stage,
    ],
    ['by methods that were only named', 'unknown', rest, route('GET /'), stage],
    [
      'by methods of which one was told to ask nobody',
      'yes',
      rest,
      route('GET /'),
      route('GET /a', NONE),
      stage,
    ],
    ['by methods of which one was told to ask', 'unknown', rest, route('GET /'), route('GET /a', IAM), stage],
    [
      'at a domain that leads elsewhere',
      'no',
      off,
      route('GET /', NONE),
      stage,
      ...listed('api-domain'),
      domain,
      mapping('a2'),
    ],
    [
      'at a domain of which nobody told where it leads',
      'unknown',
      off,
      route('GET /', NONE),
      stage,
      ...listed('api-domain'),
      domain,
    ],
  ])('%s', (...row) => check(row as unknown as Row));

  const grant = (Action: string, Condition: JsonObject): JsonObject => ({
    Effect: 'Allow',
    Principal: '*',
    Action,
    Resource: '*',
    Condition,
  });
  const lambda = (AuthType: string, asked: string): EstateResource =>
    resource('lambda-function', 'resize', {
      FunctionName: 'resize',
      Policy: {
        Statement: [
          grant('lambda:InvokeFunctionUrl', { StringEquals: { 'lambda:FunctionUrlAuthType': asked } }),
          grant('lambda:InvokeFunction', { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }),
        ],
      },
      Url: { FunctionUrl: 'https://x.on.aws/', AuthType },
    });

  it.each<Row>([
    ['by a URL that asks nobody, as its policy says', 'yes', lambda('NONE', 'NONE')],
    ['by a URL that asks nobody, and whose policy is for signed calls', 'no', lambda('NONE', 'AWS_IAM')],
    ['by a URL for signed calls, as its policy says', 'yes', lambda('AWS_IAM', 'AWS_IAM')],
    ['by a URL for signed calls whose policy is for others', 'no', lambda('AWS_IAM', 'NONE')],
  ])('%s', (...row) => check(row as unknown as Row));

  it.each<Row>([
    [
      'by a search domain that one account may use, and others by a condition that nobody can judge',
      'unknown',
      resource('opensearch-domain', 'logs', {
        Endpoint: 'search-logs.es.amazonaws.com',
        AccessPolicies: {
          Statement: [
            { ...grant('es:*', {}), Principal: { AWS: 'arn:aws:iam::222222222222:root' } },
            grant('es:*', { StringEquals: { 'custom:key': 'x' } }),
          ],
        },
      }),
    ],
    [
      'by a search domain that everybody may fill',
      'yes',
      resource('opensearch-domain', 'logs', {
        Endpoint: 'search-logs.es.amazonaws.com',
        AccessPolicies: { Statement: [grant('es:ESHttpPut', {})] },
      }),
    ],
    [
      'by a vault of Glacier: an account, as it takes signed requests alone',
      'yes',
      resource('glacier-vault', 'archive', { Policy: { Statement: [grant('glacier:InitiateJob', {})] } }),
    ],
  ])('%s', (...row) => check(row as unknown as Row));
});

describe('a database in the groups of its cluster', () => {
  const database = resource('rds-instance', 'orders-1', {
    DBInstanceIdentifier: 'orders-1',
    DBClusterIdentifier: 'orders',
    PubliclyAccessible: true,
    Endpoint: { Port: 443 },
    DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-1' }] },
  });
  const cluster = (name: string, facts: JsonObject) =>
    resource('rds-cluster', name, { DBClusterIdentifier: name, ...facts });
  const groups = (VpcSecurityGroupId: string) => ({ VpcSecurityGroups: [{ VpcSecurityGroupId }] });

  it.each<Row>([
    ['that are open', 'yes', database, cluster('orders', groups('sg-web'))],
    ['that are not', 'no', database, cluster('orders', groups('sg-shut')), group('sg-shut')],
    ['of which nobody told', 'unknown', database, cluster('orders', {}), cluster('other', groups('sg-web'))],
    [
      'beside its own',
      'no',
      { ...database, facts: { ...database.facts, ...groups('sg-shut') } },
      cluster('orders', groups('sg-web')),
      group('sg-shut'),
    ],
  ])('%s', (...row) => check(row as unknown as Row));
});

describe('a bucket', () => {
  const OFF = { IgnorePublicAcls: true, RestrictPublicBuckets: false };
  const account = resource('s3-account-public-access-block', 'account', { PublicAccessBlock: OFF }, null);
  const bucket = (isRestricted: boolean, ...Statement: JsonObject[]): EstateResource =>
    resource(
      's3-bucket',
      'shop',
      {
        Name: 'shop',
        PublicAccessBlock: { ...OFF, RestrictPublicBuckets: isRestricted },
        Policy: { Statement },
      },
      null,
    );
  const gives = (Action: string, Principal: JsonObject | string): JsonObject => ({
    Effect: 'Allow',
    Principal,
    Action,
    Resource: ['arn:aws:s3:::shop', 'arn:aws:s3:::shop/*', 'arn:aws:s3:::logs/*'],
  });
  const logs = (...Statement: JsonObject[]): EstateResource =>
    resource('s3-bucket', 'logs', { Name: 'logs', PublicAccessBlock: OFF, Policy: { Statement } }, null);
  const PARTNER = { AWS: 'arn:aws:iam::222222222222:root' };

  it.each<Row>([
    [
      'for a partner, which RestrictPublicBuckets leaves alone',
      'no',
      bucket(true, gives('s3:GetObject', PARTNER)),
      account,
    ],
    [
      'for a partner and everybody, which it takes away from both',
      'no',
      bucket(true, gives('s3:GetObject', PARTNER), gives('s3:ListBucket', '*')),
      account,
    ],
    [
      'whose log everybody may read',
      'yes',
      { ...bucket(false), facts: { ...bucket(false).facts, LogsTo: 'logs' } },
      account,
      logs(gives('s3:GetObject', '*')),
    ],
    [
      'whose log nobody knows about',
      'no',
      { ...bucket(false), facts: { ...bucket(false).facts, LogsTo: 'logs' } },
      account,
      resource('s3-bucket', 'logs', { Name: 'logs' }, null),
    ],
    ['of which everybody may read labels', 'yes', bucket(false, gives('s3:GetObjectTagging', '*')), account],
    [
      'of which everybody may see uploads',
      'yes',
      bucket(false, gives('s3:ListBucketMultipartUploads', '*')),
      account,
    ],
    [
      'whose objects everybody may share',
      'yes',
      bucket(false, gives('s3:PutObjectVersionAcl', '*')),
      account,
    ],
    [
      'that everybody may empty by rules',
      'yes',
      bucket(false, gives('s3:PutLifecycleConfiguration', '*')),
      account,
    ],
    [
      'whose labels everybody may change',
      'yes',
      bucket(false, gives('s3:DeleteObjectTagging', '*')),
      account,
    ],
    [
      'of which everybody may ask for a report',
      'no',
      bucket(false, gives('s3:GetBucketLocation', '*')),
      account,
    ],
  ])('%s', (...row) => check(row as unknown as Row));
});
