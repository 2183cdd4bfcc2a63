import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  BALANCED_NETWORK,
  BALANCED_WEB,
  balancer,
  FORWARD,
  LB,
  LISTENER,
  listener,
} from '../../../test/support/aws-balancer.ts';
import {
  group,
  instance,
  listed,
  recordsOf,
  resource,
  stateOf,
  tcp,
} from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** Whom fronts ask, and what they then pass on (attack-paths §2.1, §2.3, §2.6). */

describe('what a listener passes on', () => {
  const machine = instance('i-1', {}, { Association: null });
  const rules = resource('listener-rule', 'd', {
    RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/d`,
    IsDefault: true,
    Priority: 'default',
    Actions: [FORWARD],
  });
  const oidc = (asked: string | null): JsonObject => ({
    Type: 'authenticate-oidc',
    ...(asked === null ? {} : { AuthenticateOidcConfig: { OnUnauthenticatedRequest: asked } }),
  });
  const cognito = (asked: string): JsonObject => ({
    Type: 'authenticate-cognito',
    AuthenticateCognitoConfig: { OnUnauthenticatedRequest: asked },
  });
  const weighted = (own: number | null, other: number): JsonObject => ({
    Type: 'forward',
    ForwardConfig: {
      TargetGroups: [
        { TargetGroupArn: FORWARD['TargetGroupArn'] as string, ...(own === null ? {} : { Weight: own }) },
        { TargetGroupArn: 'other', Weight: other },
      ],
    },
  });

  it.each<[string, string, readonly JsonObject[]]>([
    ['everybody after a login', 'no', [oidc(null), FORWARD]],
    ['whoever signs in', 'no', [oidc('authenticate'), FORWARD]],
    ['nobody without a login', 'no', [oidc('deny'), FORWARD]],
    ['whoever has no login too', 'yes', [oidc('allow'), FORWARD]],
    ['whoever brings a token', 'no', [{ Type: 'jwt-validation' }, FORWARD]],
    ['whoever signs in at Cognito', 'no', [cognito('authenticate'), FORWARD]],
    ['whoever has no login at Cognito too', 'yes', [cognito('allow'), FORWARD]],
    ['a part of the requests', 'yes', [weighted(1, 99)]],
    ['requests without a weight that was told', 'yes', [weighted(null, 1)]],
    ['no request beside a group with all of them', 'no', [weighted(0, 100)]],
    ['what nobody knows where no group has a weight', 'yes', [weighted(0, 0)]],
  ])('%s: %s', (_, state, actions) => {
    expect(stateOf([...BALANCED_WEB, rules, listener(443, 'HTTPS', ...actions)], machine)).toBe(state);
  });

  it('is said without hosts and paths where another condition is all that it asks', () => {
    const byHeader = resource('listener-rule', 'h', {
      RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/1`,
      Priority: '1',
      Conditions: [{ Field: 'http-header' }],
      Actions: [FORWARD],
    });
    const refused = listener(443, 'HTTPS', { Type: 'fixed-response' });
    const ways = recordsOf([...BALANCED_WEB, refused, byHeader], machine);
    const open = ways.filter(({ verdict, audience }) => verdict === 'yes' && audience === 'internet');
    expect(open.map(({ surface }) => surface)).toEqual(['tcp/8080 through web']);
  });
});

describe('an internal network load balancer behind an endpoint service', () => {
  const own = balancer({ Type: 'network', Scheme: 'internal', SecurityGroups: [] });
  const service = (facts: JsonObject): EstateResource =>
    resource('vpc-endpoint-service', 'vpce-svc-1', {
      ServiceId: 'vpce-svc-1',
      NetworkLoadBalancerArns: [LB],
      ...facts,
    });
  const asked = { AcceptanceRequired: true };
  const unasked = { AcceptanceRequired: false };

  it.each<[string, string, JsonObject]>([
    ['that accepts by hand', 'no', { ...asked, AllowedPrincipals: ['*'] }],
    ['that accepts by hand whom nobody told', 'no', asked],
    ['for every account', 'yes', { ...unasked, AllowedPrincipals: ['arn:aws:iam::1:root', '*'] }],
    ['for one account', 'no', { ...unasked, AllowedPrincipals: ['arn:aws:iam::222222222222:root'] }],
    ['for its own account', 'no', { ...unasked, AllowedPrincipals: [] }],
    ['for whom nobody told', 'unknown', unasked],
    ['of which nobody told whether it asks', 'unknown', { AllowedPrincipals: ['*'] }],
    ['of another load balancer', 'no', { ...unasked, AllowedPrincipals: ['*'], NetworkLoadBalancerArns: [] }],
  ])('%s: %s', (_, state, facts) => {
    const world = [...BALANCED_NETWORK, own, listener(443, 'TCP', FORWARD), service(facts)];
    expect(stateOf(world, own)).toBe(state);
  });

  it('sees its own network whoever asks, so a group that admits that one admits everybody', () => {
    const guarded = balancer({ Type: 'network', Scheme: 'internal', SecurityGroups: ['sg-lb'] });
    const state = (...permissions: readonly JsonObject[]) =>
      stateOf(
        [
          ...BALANCED_NETWORK,
          guarded,
          listener(443, 'TCP', FORWARD),
          service({ ...unasked, AllowedPrincipals: ['*'] }),
          group('sg-lb', ...permissions),
        ],
        guarded,
      );
    expect([state(tcp(443, '10.0.0.0/8')), state(tcp(80, '10.0.0.0/8'))]).toEqual(['yes', 'no']);
  });

  it('is asked for by its id, whatever people call it', () => {
    const named = { ...service(unasked), name: 'payments' };
    const missing = recordsOf([...BALANCED_NETWORK, own, listener(443, 'TCP', FORWARD), named], own).flatMap(
      (way) => way.missing,
    );
    expect(missing).toEqual([expect.stringContaining('--service-id vpce-svc-1 ')]);
  });

  it('assumes that there is none where nobody listed them, of network load balancers alone', () => {
    const lists = listed('global-accelerator', 'cloudfront-distribution');
    const said = (of: EstateResource, ...more: readonly EstateResource[]) =>
      recordsOf([...BALANCED_NETWORK, ...lists, of, listener(443, 'TCP', FORWARD), ...more], of)
        .flatMap(({ evidence }) => evidence.map(({ sentence }) => sentence))
        .filter((sentence) => sentence.includes('Assumed'));
    expect(said(own)).toEqual([expect.stringContaining('no endpoint service shares it')]);
    expect(said(own, ...listed('vpc-endpoint-service'))).toEqual([]);
    expect(said(balancer({ Scheme: 'internal' }))).toEqual([]);
  });
});

describe('an interface of a network load balancer', () => {
  const nlb = balancer({
    LoadBalancerArn: LB.replace('/app/', '/net/'),
    LoadBalancerName: 'web',
    Type: 'network',
    SecurityGroups: [],
  });
  const port = resource('listener', 'l', {
    ListenerArn: 'l',
    LoadBalancerArn: LB.replace('/app/', '/net/'),
    Port: 443,
    Protocol: 'TCP',
    DefaultActions: [FORWARD],
  });
  const eni = (facts: JsonObject): EstateResource =>
    resource('network-interface', 'eni-1', {
      NetworkInterfaceId: 'eni-1',
      InterfaceType: 'network_load_balancer',
      Description: 'ELB net/web/1',
      SubnetId: 'subnet-1',
      VpcId: 'vpc-1',
      Groups: [],
      Association: { PublicIp: '34.1.1.1' },
      ...facts,
    });

  it.each<[string, string, EstateResource, readonly EstateResource[]]>([
    ['without groups', 'yes', eni({}), [nlb, port]],
    ['of one that nobody described', 'unknown', eni({}), []],
    ['without a public address', 'no', eni({ Association: null }), [nlb, port]],
    [
      'with a group that admits nobody',
      'no',
      eni({ Groups: [{ GroupId: 'sg-1' }] }),
      [nlb, port, group('sg-1')],
    ],
    ['of a NAT gateway', 'no', eni({ InterfaceType: 'nat_gateway' }), [nlb, port]],
  ])('%s: %s', (_, state, of, more) => {
    expect(stateOf([...BALANCED_NETWORK, of, ...more], of)).toBe(state);
  });
});

describe('a function whose URL a distribution asks', () => {
  const distribution = (origin: JsonObject): EstateResource =>
    resource('cloudfront-distribution', 'E1', {
      ARN: 'arn:aws:cloudfront::111111111111:distribution/E1',
      DomainName: 'd1.cloudfront.net',
      Enabled: true,
      Origins: { Items: [{ Id: 'fn', DomainName: 'x.lambda-url.eu-west-1.on.aws', ...origin }] },
      DefaultCacheBehavior: { TargetOriginId: 'fn' },
    });
  const signing = distribution({ OriginAccessControlId: 'E2OAC' });
  const CALLS = ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'];
  const grants = (principal: JsonObject | string, calls = CALLS): JsonObject => ({
    Statement: calls.map((Action) => ({ Effect: 'Allow', Principal: principal, Action, Resource: '*' })),
  });
  const cloudFront = { Service: 'cloudfront.amazonaws.com' };
  const own = { AWS: 'arn:aws:iam::111111111111:role/runs' };
  const called = (Policy: JsonObject | null, AuthType = 'AWS_IAM', CreationTime = '2026-01-10T10:00:00Z') =>
    resource('lambda-function', 'resize', {
      FunctionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:resize',
      Url: { FunctionUrl: 'https://x.lambda-url.eu-west-1.on.aws/', AuthType, CreationTime },
      ...(Policy === null ? {} : { Policy }),
    });

  it.each<[string, string, EstateResource, EstateResource]>([
    ['that signs, and may', 'yes', called(grants(cloudFront)), signing],
    ['of which nobody told that it signs, and might', 'no', called(grants(cloudFront)), distribution({})],
    [
      'that does not sign, and might',
      'no',
      called(grants(cloudFront)),
      distribution({ OriginAccessControlId: '' }),
    ],
    ['that signs, and may not', 'no', called(grants(own)), signing],
    [
      'that signs, where another account may',
      'no',
      called(grants({ AWS: 'arn:aws:iam::222222222222:role/theirs' })),
      signing,
    ],
    ['that signs, and may half', 'no', called(grants(cloudFront, ['lambda:InvokeFunctionUrl'])), signing],
    [
      'that signs, and may by the old rule',
      'yes',
      called(grants(cloudFront, ['lambda:InvokeFunctionUrl']), 'AWS_IAM', '2025-09-01T10:00:00Z'),
      signing,
    ],
    ['that signs, by a policy that nobody told', 'unknown', called(null), signing],
    ['where it asks nobody and answers everybody', 'yes', called(grants('*'), 'NONE'), distribution({})],
    ['where it asks nobody and answers its own role', 'no', called(grants(own), 'NONE'), distribution({})],
    ['where it asks nobody and answers signatures', 'no', called(grants(cloudFront), 'NONE'), signing],
  ])('%s: %s', (_, state, of, front) => {
    expect(stateOf([of, front], of)).toBe(state);
  });
});

describe('a function behind an API that takes signatures', () => {
  const FN = 'arn:aws:lambda:eu-west-1:111111111111:function:resize';
  const called = resource('lambda-function', 'resize', { FunctionArn: FN, Policy: { Statement: [] } });
  const api = (statement: JsonObject | null): EstateResource =>
    resource('rest-api', 'shop', {
      id: 'a1',
      ...(statement === null
        ? {}
        : { policy: { Statement: [{ Action: 'execute-api:Invoke', Resource: '*', ...statement }] } }),
    });
  const stage = resource('api-stage', 'prod', { Api: 'a1', Stage: 'prod' });
  const route = (name: string, AuthorizationType: string, uri: string | null): EstateResource =>
    resource('api-route', name, {
      Api: 'a1',
      Route: name,
      AuthorizationType,
      ...(uri === null ? {} : { Integration: { type: 'AWS_PROXY', uri } }),
    });
  const signed = route('GET /orders', 'AWS_IAM', FN);
  const everybody = { Effect: 'Allow', Principal: '*' };
  const of = (statement: JsonObject | null, ...more: readonly EstateResource[]) =>
    recordsOf([api(statement), stage, signed, ...more], called);

  it.each<[string, string, JsonObject | null]>([
    ['without a policy', 'no', null],
    ['for everybody', 'yes', everybody],
    ['for one account', 'no', { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::222222222222:root' } }],
    ['for its own account', 'no', { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111111111111:root' } }],
    [
      'by a condition that nobody can judge',
      'unknown',
      { ...everybody, Condition: { StringEquals: { 'custom:key': 'x' } } },
    ],
  ])('%s: %s', (_, state, statement) => {
    expect(stateOf([api(statement), stage, signed], called)).toBe(state);
    expect(stateOf([stage, signed], api(statement))).toBe(state);
  });

  it('is what nobody can judge where signatures are, and the rest is for everybody unsigned', () => {
    const unsigned = { ...everybody, Condition: { Null: { 'aws:PrincipalArn': 'true' } } };
    const strange = { ...everybody, Condition: { StringEquals: { 'custom:key': 'x' } } };
    const both = resource('rest-api', 'shop', {
      id: 'a1',
      policy: {
        Statement: [unsigned, strange].map((each) => ({
          Action: 'execute-api:Invoke',
          Resource: '*',
          ...each,
        })),
      },
    });
    expect(stateOf([stage, signed], both)).toBe('unknown');
    expect(stateOf([both, stage, signed], called)).toBe('unknown');
  });

  it('is behind the login of its own method, whatever the policy is for', () => {
    const asked = resource('lambda-function', 'asked', { FunctionArn: `${FN}-2`, Policy: { Statement: [] } });
    const ways = recordsOf(
      [api(everybody), stage, signed, route('GET /own', 'COGNITO_USER_POOLS', `${FN}-2`)],
      asked,
    );
    expect(ways.map(({ verdict, auth }) => [verdict, auth])).toContainEqual(['no', 'oidc']);
    expect(ways.map(({ verdict }) => verdict)).not.toContain('yes');
  });

  it('is reached by its own method, not by one that asks nobody', () => {
    const health = route('GET /health', 'NONE', null);
    const open = of(everybody, health).filter(({ verdict }) => verdict === 'yes');
    expect(open.map(({ audience, auth }) => [audience, auth])).toEqual([['any-aws-account', 'iam']]);
    expect(of(null, health).map(({ verdict }) => verdict)).not.toContain('yes');
  });
});

describe('a service of ECS without tasks', () => {
  it.each<[string, string, JsonObject]>([
    ['that wants none', 'no', { desiredCount: 0, runningCount: 0 }],
    ['that wants some', 'unknown', { desiredCount: 1, runningCount: 0 }],
    ['of which one still runs', 'unknown', { desiredCount: 0, runningCount: 1 }],
    ['of which nobody told', 'unknown', {}],
  ])('%s: %s', (_, state, facts) => {
    const service = resource('ecs-service', 'shop', { serviceName: 'shop', ...facts });
    expect(stateOf([service], service)).toBe(state);
  });

  it('is what its tasks are where one is told all the same', () => {
    const service = resource('ecs-service', 'shop', {
      serviceName: 'shop',
      desiredCount: 0,
      runningCount: 0,
    });
    const task = resource('ecs-task', 't', { taskArn: 't', group: 'service:shop', lastStatus: 'RUNNING' });
    expect(stateOf([service, task], service)).toBe('unknown');
  });
});

describe('a role for guests of an identity pool', () => {
  const role = (aud: readonly string[], operator = 'StringEquals'): EstateResource =>
    resource('iam-role', 'guests', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Federated: 'cognito-identity.amazonaws.com' },
            Action: 'sts:AssumeRoleWithWebIdentity',
            Condition: {
              [operator]: { 'cognito-identity.amazonaws.com:aud': [...aud] },
              'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'unauthenticated' },
            },
          },
        ],
      },
    });
  const pool = (id: string, facts: JsonObject): EstateResource =>
    resource('cognito-identity-pool', 'people', { IdentityPoolId: id, ...facts });
  const [open, shut] = [true, false].map((is) => ({ AllowUnauthenticatedIdentities: is }));

  it.each<[string, string, EstateResource, readonly EstateResource[]]>([
    ['that takes guests', 'yes', role(['p-1']), [pool('p-1', { ...open })]],
    ['that takes none', 'no', role(['p-1']), [pool('p-1', { ...shut })]],
    ['of which nobody told that', 'yes', role(['p-1']), [pool('p-1', {})]],
    ['that nobody described', 'yes', role(['p-1']), [pool('p-2', { ...shut })]],
    ['of two, one of which nobody described', 'yes', role(['p-1', 'p-2']), [pool('p-1', { ...shut })]],
    ['whatever it is called', 'yes', role(['p-*'], 'StringLike'), [pool('p-1', { ...shut })]],
  ])('%s: %s', (_, state, of, more) => {
    expect(stateOf([of, ...more], of)).toBe(state);
  });
});
