import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { expose, group, listed, NETWORK, resource, tcp } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/**
 * APIs, and what stands behind APIs, accelerators, distributions and events (attack-paths §2.3, §2.6), each with all that is
 * told of it (`aws-exposure.fronts.expected.snap`).
 */
type Row = readonly [
  title: string,
  state: 'yes' | 'no' | 'unknown',
  of: EstateResource,
  ...others: EstateResource[],
];

const open = group('sg-web', tcp(443, '0.0.0.0/0'), tcp(9094, '0.0.0.0/0'), tcp(5439, '0.0.0.0/0'));
const EVERYBODY: JsonObject = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
const OFF: JsonObject = { IgnorePublicAcls: false, RestrictPublicBuckets: false };
const check = ([, state, of, ...others]: Row): void => {
  expect(expose([...NETWORK, open, ...others], of).state).toBe(state);
};

describe('APIs', () => {
  const rest = (facts: JsonObject = {}) => resource('rest-api', 'shop', { id: 'a1', ...facts });
  const http = (facts: JsonObject = {}) => resource('http-api', 'shop', { ApiId: 'a1', ...facts });
  const route = (name: string, facts: JsonObject = {}) =>
    resource('api-route', name, { Api: 'a1', Route: name, AuthorizationType: 'NONE', ...facts });
  const stage = (facts: JsonObject = {}) =>
    resource('api-stage', 'prod', { Api: 'a1', Stage: 'prod', ...facts });
  const mapping = resource('api-mapping', 'm', { Api: 'a1', DomainName: 'shop.example' });
  const domain = (facts: JsonObject) => resource('api-domain', 'd', { DomainName: 'shop.example', ...facts });
  const invoke = (statement: JsonObject): JsonObject => ({
    policy: {
      Statement: [
        { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*', ...statement },
      ],
    },
  });

  it.each<Row>([
    ['methods for everybody', 'yes', rest(), route('GET /'), stage()],
    [
      'methods behind every kind of login',
      'no',
      rest(),
      route('GET /a', { AuthorizationType: 'AWS_IAM' }),
      route('GET /b', { AuthorizationType: 'custom' }),
      route('GET /c', { AuthorizationType: 'COGNITO_USER_POOLS' }),
      stage(),
    ],
    ['that has no methods', 'no', rest(), resource('api-route', 'all', { Api: 'a1' }), stage()],
    ['that has no routes', 'no', http(), resource('api-route', 'all', { Api: 'a1' }), stage()],
    [
      'a method behind a login that is told alone',
      'unknown',
      rest(),
      route('GET /', { AuthorizationType: 'AWS_IAM', IsAlone: true }),
      stage(),
    ],
    ['a method for everybody that is told alone', 'yes', rest(), route('GET /', { IsAlone: true }), stage()],
    [
      'a method told alone behind a policy for an office',
      'no',
      rest(invoke({ Condition: { IpAddress: { 'aws:SourceIp': '1.1.1.1/32' } } })),
      route('GET /', { IsAlone: true }),
      stage(),
    ],
    [
      'methods told alone beside a list',
      'no',
      rest(),
      route('GET /', { AuthorizationType: 'AWS_IAM', IsAlone: true }),
      resource('api-route', 'all', { Api: 'a1' }),
      stage(),
    ],
    ['methods with a key', 'yes', rest(), route('GET /', { ApiKeyRequired: true }), stage()],
    ['methods with a token', 'no', http(), route('GET /', { AuthorizationType: 'JWT' }), stage()],
    [
      'routes for everybody',
      'yes',
      http(),
      route('$default'),
      stage({ webAclArn: 'arn:aws:wafv2:eu-west-1:1:regional/webacl/front/1' }),
    ],
    [
      'of two stages one without a web ACL',
      'yes',
      http(),
      route('$default'),
      stage({ webAclArn: 'acl' }),
      resource('api-stage', 'test', { Api: 'a1', Stage: 'test' }),
    ],
    [
      'an API that is private',
      'no',
      rest({ endpointConfiguration: { types: ['PRIVATE'] } }),
      route('GET /'),
      stage(),
    ],
    ...(
      [
        ['for everybody', 'yes', {}],
        ['for our own account', 'no', { Principal: { AWS: 'arn:aws:iam::111111111111:root' } }],
        ['for one VPC endpoint', 'no', { Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }],
        ['for our organisation', 'no', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }],
        ['by an unknown condition', 'unknown', { Condition: { StringEquals: { 'custom:key': 'x' } } }],
      ] as const
    ).map(
      ([whom, state, statement]): Row => [
        `a private API with a policy ${whom}`,
        state,
        rest({ ...invoke(statement), endpointConfiguration: { types: ['PRIVATE'] } }),
        route('GET /'),
        stage(),
      ],
    ),
    [
      'a private API with a policy for everybody and signed methods',
      'yes',
      rest({ ...invoke({}), endpointConfiguration: { types: ['PRIVATE'] } }),
      route('GET /', { AuthorizationType: 'AWS_IAM' }),
      stage(),
    ],
    [
      'an API that is deployed nowhere',
      'no',
      rest(),
      route('GET /'),
      resource('api-stage', 'none', { Api: 'a1' }),
    ],
    ['an API whose stages nobody told', 'unknown', rest(), route('GET /')],
    ['an API whose methods nobody told', 'unknown', rest(), stage()],
    ['an API whose routes nobody told', 'unknown', http(), stage()],
    [
      'an API with its endpoint off and no domain',
      'no',
      rest({ disableExecuteApiEndpoint: true }),
      route('GET /'),
      stage(),
      ...listed('api-domain'),
    ],
    [
      'an API with its endpoint off whose domains nobody told',
      'unknown',
      http({ DisableExecuteApiEndpoint: true }),
      route('GET /'),
      stage(),
    ],
    [
      'an API at a domain alone',
      'yes',
      http({ DisableExecuteApiEndpoint: true }),
      route('GET /'),
      stage(),
      mapping,
    ],
    [
      'an API at a domain that asks for certificates',
      'no',
      rest({ disableExecuteApiEndpoint: true }),
      route('GET /'),
      stage(),
      mapping,
      domain({ mutualTlsAuthentication: { truststoreUri: 's3://x' } }),
    ],
    [
      'the same in the other spelling, beside its own endpoint',
      'yes',
      http(),
      route('GET /'),
      stage(),
      mapping,
      domain({ MutualTlsAuthentication: { TruststoreUri: 's3://x' } }),
    ],
    [
      'a policy for an office',
      'no',
      rest(invoke({ Condition: { IpAddress: { 'aws:SourceIp': '1.1.1.1/32' } } })),
      route('GET /'),
      stage(),
    ],
    [
      'a policy for nobody outside',
      'no',
      rest(invoke({ Principal: { AWS: 'arn:aws:iam::111111111111:root' } })),
      route('GET /'),
      stage(),
    ],
    ['a policy for everybody', 'yes', rest(invoke({})), route('GET /'), stage()],
    [
      'a policy by an unknown condition',
      'unknown',
      rest(invoke({ Condition: { StringEquals: { 'custom:key': 'x' } } })),
      route('GET /'),
      stage(),
    ],
    ['an empty policy', 'yes', rest({ policy: { Statement: [] } }), route('GET /'), stage()],
  ])('%s', (...row) => check(row as unknown as Row));
});

describe('what stands behind fronts', () => {
  const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:resize';
  const invoked = (facts: JsonObject = {}) =>
    resource('lambda-function', 'resize', {
      FunctionName: 'resize',
      FunctionArn: FUNCTION,
      Policy: { Statement: [] },
      Url: {},
      ...facts,
    });
  const api = resource('http-api', 'shop', { ApiId: 'a1' });
  const stage = resource('api-stage', 'prod', { Api: 'a1', Stage: 'prod' });
  const uri = `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;
  const route = (facts: JsonObject) =>
    resource('api-route', 'r', { Api: 'a1', Route: 'GET /', AuthorizationType: 'NONE', ...facts });
  const integration = (facts: JsonObject) =>
    resource('api-integration', 'n', { Api: 'a1', IntegrationId: 'n1', Integration: facts });
  const internal = resource('load-balancer', 'inner', {
    LoadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/inner/1',
    LoadBalancerName: 'inner',
    Type: 'application',
    Scheme: 'internal',
    VpcId: 'vpc-1',
    SecurityGroups: ['sg-web'],
    AvailabilityZones: [{ SubnetId: 'subnet-2' }],
  });
  const ARN = String(internal.facts['LoadBalancerArn']);
  const listener = resource('listener', 'l', {
    ListenerArn: `${ARN}/l`,
    LoadBalancerArn: ARN,
    Port: 443,
    Protocol: 'TCP',
  });
  const accelerator = (Enabled: boolean | null) =>
    resource('global-accelerator', 'fast', { AcceleratorArn: 'arn:ga', Enabled });
  const ports = resource('accelerator-listener', 'al', {
    ListenerArn: 'arn:ga/l',
    Protocol: 'TCP',
    PortRanges: [{ FromPort: 443, ToPort: 444 }, { FromPort: 80 }],
  });
  const udp = resource('accelerator-listener', 'au', {
    ListenerArn: 'arn:ga/u',
    Protocol: 'UDP',
    PortRanges: [{ FromPort: 53, ToPort: 53 }],
  });
  const endpoints = (keeps: boolean) =>
    resource('accelerator-endpoint-group', 'ag', {
      EndpointGroupArn: 'arn:ga/l/g',
      EndpointDescriptions: [{ EndpointId: ARN, ClientIPPreservationEnabled: keeps }, {}],
    });
  const distribution = (facts: JsonObject, behaviour: JsonObject = {}) =>
    resource('cloudfront-distribution', 'E1', {
      ARN: 'arn:aws:cloudfront::111111111111:distribution/E1',
      DomainName: 'd1.cloudfront.net',
      Enabled: true,
      Origins: {
        Items: [
          {
            Id: 'o',
            DomainName: 'internal-inner.elb.amazonaws.com',
            VpcOriginConfig: { VpcOriginId: 'vo-1' },
          },
        ],
      },
      DefaultCacheBehavior: { TargetOriginId: 'o', ...behaviour },
      ...facts,
    });
  const vpcOrigin = resource('cloudfront-vpc-origin', 'vo-1', { Id: 'vo-1', OriginEndpointArn: ARN });
  const signed = { TrustedKeyGroups: { Enabled: true } };
  const bucket = resource(
    's3-bucket',
    'drop',
    { Name: 'drop', PublicAccessBlock: OFF, Policy: { Statement: [EVERYBODY] } },
    null,
  );
  const account = resource('s3-account-public-access-block', 'account', { PublicAccessBlock: OFF }, null);
  const topic = resource('sns-topic', 'news', {
    Policy: { Statement: [{ ...EVERYBODY, Action: 'sns:Publish' }] },
  });
  const event = (Service: string, arn: string, Effect = 'Allow'): JsonObject => ({
    Policy: {
      Statement: [
        {
          Effect,
          Principal: { Service },
          Action: 'lambda:InvokeFunction',
          Resource: '*',
          Condition: { ArnLike: { 'aws:SourceArn': arn } },
        },
      ],
    },
  });

  const outer = {
    ...internal,
    facts: { ...internal.facts, Scheme: 'internet-facing', AvailabilityZones: [{ SubnetId: 'subnet-1' }] },
  };
  const forwarding = (TargetGroupArn: string) =>
    resource('listener', 'l', {
      ListenerArn: `${ARN}/l`,
      LoadBalancerArn: ARN,
      Port: 443,
      Protocol: 'HTTPS',
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    });
  const toFunction = resource('target-group', 'tg', {
    TargetGroupArn: 'arn:tg/f',
    TargetType: 'lambda',
    LoadBalancerArns: [ARN],
  });
  const health = resource('target-health', 'h', { TargetGroup: 'arn:tg/f', Id: FUNCTION });
  const forUrl = (more: JsonObject = {}): JsonObject => ({
    Policy: {
      Statement: ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'].map((Action) => ({
        Effect: 'Allow',
        Principal: '*',
        Action,
        Resource: '*',
        ...(Action.endsWith('Url')
          ? {}
          : { Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } }),
        ...more,
      })),
    },
  });

  it.each<Row>([
    ['a function behind an API', 'yes', invoked(), api, stage, route({ Integration: { uri } })],
    [
      'a function behind an API by its integration',
      'yes',
      invoked(),
      api,
      stage,
      route({ IntegrationId: 'n1' }),
      integration({ uri }),
    ],
    [
      'a function behind a login',
      'no',
      invoked(),
      api,
      stage,
      route({ AuthorizationType: 'JWT', Integration: { uri } }),
    ],
    [
      'a function behind an API whose stages nobody told',
      'unknown',
      invoked(),
      api,
      route({ Integration: { uri } }),
    ],
    ['a function without its policy', 'unknown', invoked({ Policy: null })],
    [
      'a function behind a distribution that signs',
      'no',
      invoked({ Url: { FunctionUrl: 'https://x.lambda-url.eu-west-1.on.aws/', AuthType: 'AWS_IAM' } }),
      distribution(
        { Origins: { Items: [{ Id: 'o', DomainName: 'x.lambda-url.eu-west-1.on.aws' }] } },
        signed,
      ),
    ],
    [
      'a function that a bucket for everybody invokes',
      'yes',
      invoked(event('s3.amazonaws.com', 'arn:aws:s3:::drop')),
      bucket,
      account,
    ],
    [
      'a function that a bucket may invoke of which the account is unknown',
      'unknown',
      invoked(event('s3.amazonaws.com', 'arn:aws:s3:::drop')),
      { ...bucket, facts: { ...bucket.facts, PublicAccessBlock: null } },
    ],
    [
      'a function that another bucket invokes',
      'no',
      invoked(event('s3.amazonaws.com', 'arn:aws:s3:::other')),
      bucket,
      account,
    ],
    [
      'a function that a bucket may not invoke',
      'no',
      invoked(event('s3.amazonaws.com', 'arn:aws:s3:::drop', 'Deny')),
      bucket,
      account,
    ],
    [
      'a function that a topic for everybody invokes',
      'yes',
      invoked(event('sns.amazonaws.com', topic.key.slice(4))),
      topic,
    ],
    [
      'a function that another service invokes',
      'no',
      invoked(event('events.amazonaws.com', topic.key.slice(4))),
      topic,
    ],
    [
      'a load balancer behind a VPC link',
      'yes',
      internal,
      listener,
      api,
      stage,
      route({ Integration: { connectionId: 'v1' } }),
      resource('vpc-link', 'v1', { id: 'v1', targetArns: [ARN] }),
    ],
    [
      'a load balancer behind a link to its listener',
      'yes',
      internal,
      listener,
      api,
      stage,
      route({ Integration: { uri: `${ARN.replace(':loadbalancer/', ':listener/')}/2` } }),
    ],
    [
      'a load balancer that a REST API names beside its link',
      'yes',
      internal,
      listener,
      api,
      stage,
      route({
        Integration: { uri: 'https://shop.example.com/', connectionId: 'v2', integrationTarget: ARN },
      }),
      resource('vpc-link', 'v2', { id: 'v2' }),
    ],
    ...(
      [
        ['over a link that nobody described', 'yes', 'VPC_LINK'],
        ['without a link, which reaches nothing private', 'no', 'INTERNET'],
      ] as const
    ).map(
      ([title, state, connectionType]): Row => [
        `a load balancer as HTTP backend ${title}`,
        state,
        { ...internal, facts: { ...internal.facts, DNSName: 'internal-inner.elb.amazonaws.com' } },
        listener,
        api,
        stage,
        route({
          Integration: {
            uri: 'http://internal-inner.elb.amazonaws.com:80/x',
            connectionType,
            connectionId: 'v3',
          },
        }),
      ],
    ),
    [
      'a load balancer behind a login',
      'no',
      internal,
      listener,
      api,
      stage,
      route({ AuthorizationType: 'AWS_IAM', Integration: { connectionId: 'v1' } }),
      resource('vpc-link', 'v1', { id: 'v1', targetArns: [ARN] }),
    ],
    [
      'a load balancer behind an accelerator',
      'yes',
      internal,
      listener,
      accelerator(true),
      ports,
      endpoints(true),
    ],
    [
      'a load balancer behind an accelerator that hides clients',
      'yes',
      internal,
      listener,
      group('sg-web', tcp(443, '10.0.0.0/16')),
      accelerator(true),
      ports,
      endpoints(false),
    ],
    [
      'a load balancer behind a disabled accelerator',
      'no',
      internal,
      listener,
      accelerator(false),
      ports,
      endpoints(true),
    ],
    ['a load balancer behind a distribution', 'yes', internal, listener, distribution({}), vpcOrigin],
    [
      'a load balancer behind a distribution that signs',
      'no',
      internal,
      listener,
      distribution({}, signed),
      vpcOrigin,
    ],
    [
      'a load balancer behind a disabled distribution',
      'no',
      internal,
      listener,
      distribution({ Enabled: false }),
      vpcOrigin,
    ],
    [
      'an internal load balancer where all fronts are known',
      'no',
      internal,
      listener,
      ...listed('global-accelerator', 'cloudfront-distribution'),
    ],
    ['an accelerator', 'yes', accelerator(true), ports, udp],
    ['an accelerator without listeners', 'unknown', accelerator(true)],
    ['an accelerator that is off', 'no', accelerator(false)],
    ['an accelerator of which nothing is told', 'unknown', accelerator(null)],
    [
      'an accelerator beside another one',
      'yes',
      accelerator(true),
      ports,
      resource('accelerator-listener', 'other', {
        ListenerArn: 'arn:other/l',
        PortRanges: [{ FromPort: 22, ToPort: 22 }],
      }),
    ],
    [
      'a function behind a load balancer',
      'yes',
      invoked(),
      outer,
      forwarding('arn:tg/f'),
      toFunction,
      health,
    ],
    [
      'a function behind a load balancer that forwards elsewhere, and whose rules nobody told',
      'unknown',
      invoked(),
      outer,
      forwarding('arn:tg/x'),
      toFunction,
      health,
    ],
    ['a function behind a load balancer that was not described', 'unknown', invoked(), toFunction, health],
    [
      'a function behind an internal load balancer',
      'no',
      invoked(),
      { ...outer, facts: { ...outer.facts, Scheme: 'internal' } },
      forwarding('arn:tg/f'),
      toFunction,
      health,
    ],
    [
      'a URL for everybody',
      'yes',
      invoked({ ...forUrl(), Url: { FunctionUrl: 'https://x/', AuthType: 'NONE' } }),
    ],
    [
      'a URL for every account',
      'yes',
      invoked({ ...forUrl(), Url: { FunctionUrl: 'https://x/', AuthType: 'AWS_IAM' } }),
    ],
    ['grants for a URL that is not there', 'no', invoked({ ...forUrl(), Url: {} })],
    ['grants for a URL that nobody told', 'unknown', invoked({ ...forUrl(), Url: null })],
    [
      'grants for a URL by an unknown condition',
      'unknown',
      invoked(forUrl({ Condition: { StringEquals: { 'custom:key': 'x' } } })),
    ],
    [
      'a distribution with paths',
      'yes',
      distribution({
        Aliases: { Items: ['shop.example'] },
        WebACLId: 'arn:aws:wafv2:us-east-1:1:global/webacl/edge/1',
        CacheBehaviors: {
          Items: [
            { PathPattern: 'paid/*', TargetOriginId: 'o', TrustedSigners: { Enabled: true } },
            { PathPattern: '/api/*', TargetOriginId: 'o' },
          ],
        },
      }),
    ],
    ['a distribution that is off', 'no', distribution({ Enabled: false })],
    ['a distribution of which nothing is told', 'unknown', distribution({ Enabled: null })],
  ])('%s', (...row) => check(row as unknown as Row));
});
