import { expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { mapCall } from './map-call.ts';
import { TECHNIQUES } from './techniques.ts';

const USER = { type: 'IAMUser', userName: 'eve', arn: 'arn:aws:iam::111122223333:user/eve' };
const OWN = 'arn:aws:iam::111122223333:root';
const FOREIGN = 'arn:aws:iam::999988887777:root';
const trust = (principal: string) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { AWS: principal } }] });

function ruleOf(
  service: string,
  eventName: string,
  requestParameters: JsonObject,
  more: JsonObject = {},
): string | null {
  const item = mapCall(
    {
      eventSource: `${service}.amazonaws.com`,
      eventName,
      eventTime: '2026-11-20T10:00:00Z',
      awsRegion: 'eu-west-1',
      recipientAccountId: '111122223333',
      userIdentity: USER,
      requestParameters,
      ...more,
    },
    '[0]',
  );
  const [signal] = item.kind === 'record' ? item.observations : [];
  return signal?.kind === 'signal' ? signal.rule : null;
}

it('each technique has a name and a number of its own', () => {
  expect(new Set(TECHNIQUES.map(({ id }) => id)).size).toBe(TECHNIQUES.length);
  expect(TECHNIQUES.filter(({ attack }) => !/^T\d{4}(\.\d{3})?$/.test(attack))).toEqual([]);
});

it.each<[string, string, JsonObject, JsonObject, string | null]>([
  [
    'iam',
    'UpdateAssumeRolePolicy',
    { roleName: 'r', policyDocument: trust(FOREIGN) },
    {},
    'aws.persistence.iam-backdoor-role',
  ],
  ['iam', 'UpdateAssumeRolePolicy', { roleName: 'r', policyDocument: trust(OWN) }, {}, null],
  ['iam', 'UpdateAssumeRolePolicy', { roleName: 'r', policyDocument: '{broken' }, {}, null],
  ['iam', 'CreateAccessKey', { userName: 'eve' }, {}, null],
  ['iam', 'CreateAccessKey', { userName: 'bob' }, {}, 'aws.persistence.iam-backdoor-user'],
  [
    'iam',
    'AttachRolePolicy',
    { roleName: 'r', policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    {},
    null,
  ],
  [
    'iam',
    'AttachRolePolicy',
    { roleName: 'r', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    {},
    'aws.persistence.iam-create-admin-user',
  ],
  ['ssm', 'StartSession', { target: 'i-1' }, {}, 'aws.execution.ssm-start-session'],
  [
    'ssm',
    'StartSession',
    { target: 'i-1' },
    { userIdentity: { ...USER, sessionContext: { attributes: { mfaAuthenticated: 'true' } } } },
    null,
  ],
  ['ssm', 'SendCommand', { documentName: 'AWS-RunPatchBaseline', instanceIds: ['i-1'] }, {}, null],
  [
    'ssm',
    'SendCommand',
    { documentName: 'AWS-RunShellScript', instanceIds: ['i-1'] },
    {},
    'aws.execution.ssm-send-command',
  ],
  ['secretsmanager', 'BatchGetSecretValue', { secretIdList: ['a'] }, {}, null],
  [
    'lambda',
    'AddPermission20150331v2',
    { functionName: 'f', principal: '*' },
    {},
    'aws.persistence.lambda-backdoor-function',
  ],
  ['lambda', 'AddPermission20150331v2', { functionName: 'f', principal: 's3.amazonaws.com' }, {}, null],
  [
    'ec2',
    'RunInstances',
    { instanceType: 't3.micro', instancesSet: { items: [{ maxCount: 20 }] } },
    {},
    null,
  ],
  [
    'ec2',
    'ModifyImageAttribute',
    { imageId: 'ami-1', launchPermission: { add: { items: [{ userId: '111122223333' }] } } },
    {},
    null,
  ],
  [
    'cloudtrail',
    'StopLogging',
    { name: 't' },
    { errorCode: 'AccessDenied' },
    'aws.defense-evasion.cloudtrail-stop',
  ],
  [
    'cloudtrail',
    'StopLogging',
    { name: 't' },
    { userIdentity: { type: 'AWSService', invokedBy: 'x.amazonaws.com' } },
    null,
  ],
  ['ec2', 'DescribeInstances', {}, {}, null],
])('%s %s %j %j: %s', (service, name, parameters, more, rule) => {
  expect(ruleOf(service, name, parameters, more)).toBe(rule);
});
