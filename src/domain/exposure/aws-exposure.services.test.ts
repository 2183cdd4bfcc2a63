import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { expose, resource, stateOf } from '../../../test/support/aws-world.ts';

describe('a policy of its own', () => {
  const all: JsonObject = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
  it.each<[string, string, string, JsonObject, string | undefined]>([
    ['a queue for everybody', 'yes', 'sqs-queue', { Policy: { Statement: [all] } }, 'internet'],
    [
      'a queue for one topic',
      'no',
      'sqs-queue',
      {
        Policy: {
          Statement: [
            { ...all, Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111111111111:t' } } },
          ],
        },
      },
      undefined,
    ],
    [
      'a topic for everybody',
      'yes',
      'sns-topic',
      { Policy: { Statement: [{ ...all, Action: 'SNS:Publish' }] } },
      'any-aws-account',
    ],
    [
      'a topic for its owner',
      'no',
      'sns-topic',
      {
        Policy: {
          Statement: [{ ...all, Condition: { StringEquals: { 'AWS:SourceOwner': '111111111111' } } }],
        },
      },
      undefined,
    ],
    [
      'a repository that everybody may pull',
      'yes',
      'ecr-repository',
      { Policy: { Statement: [{ ...all, Action: 'ecr:BatchGetImage' }] } },
      'any-aws-account',
    ],
    [
      'a repository that everybody may describe',
      'no',
      'ecr-repository',
      { Policy: { Statement: [{ ...all, Action: 'ecr:DescribeRepositories' }] } },
      undefined,
    ],
    [
      'a secret',
      'yes',
      'secret',
      { Policy: { Statement: [{ ...all, Action: 'secretsmanager:GetSecretValue' }] } },
      'any-aws-account',
    ],
    [
      'a key that an account uses through one service',
      'no',
      'kms-key',
      {
        Policy: {
          Statement: [
            {
              ...all,
              Principal: { AWS: '*' },
              Condition: {
                StringEquals: {
                  'kms:CallerAccount': '111111111111',
                  'kms:ViaService': 's3.eu-west-1.amazonaws.com',
                },
              },
            },
          ],
        },
      },
      undefined,
    ],
    ['no policy', 'no', 'sqs-queue', { Policy: { Statement: [] } }, undefined],
    ['a policy that nobody described', 'unknown', 'sqs-queue', {}, undefined],
    [
      'a role for every account',
      'yes',
      'iam-role',
      {
        AssumeRolePolicyDocument: {
          Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
        },
      },
      'any-aws-account',
    ],
    [
      'a role for a service',
      'no',
      'iam-role',
      {
        AssumeRolePolicyDocument: {
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
      },
      undefined,
    ],
    ['a snapshot for all', 'yes', 'snapshot', { CreateVolumePermissions: ['all'] }, 'any-aws-account'],
    [
      'a snapshot for one account',
      'no',
      'snapshot',
      { CreateVolumePermissions: ['222222222222'] },
      undefined,
    ],
    ['a snapshot of a database for all', 'yes', 'rds-snapshot', { Restore: ['all'] }, 'any-aws-account'],
    ['an image that is not shared', 'no', 'ami', { Public: false }, undefined],
    [
      'an API server for all',
      'yes',
      'eks-cluster',
      { resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] } },
      'internet',
    ],
    [
      '38 an API server for an office',
      'no',
      'eks-cluster',
      { resourcesVpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ['1.1.1.1/32'] } },
      undefined,
    ],
    [
      'an API server without a public endpoint',
      'no',
      'eks-cluster',
      { resourcesVpcConfig: { endpointPublicAccess: false } },
      undefined,
    ],
    ['a cluster of which only the name is known', 'unknown', 'eks-cluster', { name: 'shop' }, undefined],
  ])('%s: %s', (_, state, type, facts, audience) => {
    const exposure = expose([], resource(type, 'it', facts));
    expect(exposure.state).toBe(state);
    expect(exposure.surfaces[0]?.audience).toBe(audience);
  });
});

describe('a key that was granted', () => {
  const granted = {
    GranteePrincipal: 'arn:aws:iam::222222222222:role/other',
    Operations: ['Decrypt', 'Encrypt'],
  };
  const key = (facts: JsonObject) => expose([], resource('kms-key', 'it', facts));

  // Who exactly is told stands in the golden records.
  it.each([
    ['a role of another account', granted],
    ['a service', { ...granted, GranteePrincipal: 'rds.amazonaws.com' }],
    ['a role of its own account', { ...granted, GranteePrincipal: 'arn:aws:iam::111111111111:role/own' }],
  ])('to %s is not public', (_, grant) => {
    expect(key({ Policy: { Statement: [] }, Grants: [grant] }).state).toBe('no');
  });

  it('is not known where nobody described its policy', () => {
    expect(key({ Grants: [granted] }).state).toBe('unknown');
  });
});

describe('a function', () => {
  const url: JsonObject = {
    Effect: 'Allow',
    Principal: '*',
    Action: 'lambda:InvokeFunctionUrl',
    Resource: '*',
    Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
  };
  const through: JsonObject = {
    Effect: 'Allow',
    Principal: '*',
    Action: 'lambda:InvokeFunction',
    Resource: '*',
    Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
  };
  const open: JsonObject = {
    Url: { FunctionUrl: 'https://x.lambda-url.eu-west-1.on.aws/', AuthType: 'NONE' },
  };
  it.each<[string, string, JsonObject]>([
    ['URL with both grants', 'yes', { ...open, Policy: { Statement: [url, through] } }],
    [
      'in a network, which does not matter for who calls it',
      'yes',
      {
        ...open,
        VpcConfig: { VpcId: 'vpc-1', SubnetIds: ['subnet-2'], SecurityGroupIds: ['sg-web'] },
        Policy: { Statement: [url, through] },
      },
    ],
    ['32 URL without a grant', 'no', { ...open, Policy: { Statement: [] } }],
    ['33 URL with one grant of two', 'no', { ...open, Policy: { Statement: [url] } }],
    ['grants, and nobody says whether there is a URL', 'unknown', { Policy: { Statement: [url, through] } }],
    [
      'everybody may invoke it with the API',
      'yes',
      {
        Policy: {
          Statement: [{ Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunction', Resource: '*' }],
        },
      },
    ],
    ...(['UpdateFunctionCode', 'AddPermission'] as const).map((name): [string, string, JsonObject] => [
      `everybody may call ${name}`,
      'yes',
      {
        Policy: {
          Statement: [{ Effect: 'Allow', Principal: '*', Action: `lambda:${name}`, Resource: '*' }],
        },
      },
    ]),
    [
      'everybody may see what it is',
      'no',
      {
        Policy: {
          Statement: [{ Effect: 'Allow', Principal: '*', Action: 'lambda:GetFunction', Resource: '*' }],
        },
      },
    ],
    [
      'a service with its account',
      'no',
      {
        Policy: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 'lambda:InvokeFunction',
              Resource: '*',
              Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
            },
          ],
        },
      },
    ],
    ['policy not described', 'unknown', open],
  ])('%s: %s', (_, state, facts) => {
    expect(stateOf([], resource('lambda-function', 'resize', { FunctionName: 'resize', ...facts }))).toBe(
      state,
    );
  });
});
