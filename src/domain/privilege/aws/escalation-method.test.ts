import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { cataloguedAction } from './action-catalogue.ts';
import { ESCALATION_METHODS, type EscalationMethod } from './escalation-method.ts';
import { IamIndex } from './iam-index.ts';
import {
  ACCOUNT,
  allow,
  attached,
  bounded,
  deny,
  document,
  group,
  iam,
  listing,
  policy,
  resource,
  role,
  SEEN,
  user,
} from './iam-principal.test-sample.ts';

/** How each account is made worse for the method than the one in which it works. */
interface Change {
  readonly without?: string;
  readonly passedTo?: string;
  readonly trusted?: readonly string[];
  readonly denied?: string;
  readonly isBounded?: boolean;
}

const SERVICES = [...new Set(ESCALATION_METHODS.flatMap(({ service }) => service ?? []))];
const SCALING_ROLE = 'aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling';
const ADMIN = iam('role', 'admin');
const PROVIDERS = [
  `arn:aws:iam::${ACCOUNT}:saml-provider/corp`,
  `arn:aws:iam::${ACCOUNT}:oidc-provider/gone.example.com`,
  'cognito-identity.amazonaws.com',
];

/** What somebody nobody described would decide: the method is possible, and never more. */
const OPEN = new Set([
  'reaches-ssh',
  'connect-endpoint-exists',
  'job-queue-exists',
  'trusts-oidc-provider-by-issuer',
]);

const SHAPED = /^own-(?:deny|tag|boundary)|^org-/;

/** Everything that a method could be tried on, all of it running as an administrator. */
function estate(method: EscalationMethod, change: Change): readonly EstateResource[] {
  const trusted = change.trusted ?? SERVICES;
  const arn = (type: string, name: string): string => `arn:aws:${type}:eu-west-1:${ACCOUNT}:${name}`;
  return [
    role(
      'admin',
      { Service: [...trusted], ...(change.trusted ? {} : { AWS: [iam('user', 'u')] }) },
      [allow('*')],
      {
        InstanceProfileList: [{ Arn: iam('instance-profile', 'admin') }],
        ...attached('of-admin'),
        AssumeRolePolicyDocument: document(
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: {
              Service: [...trusted],
              ...(change.trusted === undefined ? { AWS: iam('user', 'u') } : {}),
            },
          },
          ...(change.trusted === undefined
            ? [{ Effect: 'Allow', Action: 'sts:AssumeRoleWithSAML', Principal: { Federated: PROVIDERS } }]
            : []),
        ),
      },
    ),
    role(SCALING_ROLE, { Service: 'autoscaling.amazonaws.com' }, []),
    user('boss', [allow('*')], { PasswordEnabled: method.preconditions.includes('target-has-password') }),
    group('bosses', [allow('*')]),
    policy('of-admin', [allow('s3:ListBucket')]),
    policy('own', [allow('s3:ListBucket')], {
      VersionCount: method.id === 'iam-001-full' ? 5 : 2,
      OtherVersions: Array.from({ length: method.id === 'iam-001-full' ? 4 : 1 }, () => document(allow('*'))),
    }),
    policy('denying', [deny(HIDING)]),
    policy('boundary', [
      allow([
        's3:ListBucket',
        ...(method.preconditions.includes('unbounded-is-admin') && change.isBounded !== true
          ? [method.requires[0]?.name as string]
          : []),
      ]),
    ]),
    resource('ec2-instance', arn('ec2', 'instance/i-1'), {
      InstanceId: 'i-1',
      State: { Name: 'running' },
      IamInstanceProfile: { Arn: iam('instance-profile', 'admin') },
    }),
    resource('ssm-managed-instance', arn('ssm', 'managed-instance/i-1'), {
      InstanceId: 'i-1',
      PingStatus: 'Online',
    }),
    resource('auto-scaling-group', arn('autoscaling', 'autoScalingGroup:x:autoScalingGroupName/a'), {
      LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '$Latest' },
      Instances: [{ InstanceId: 'i-1' }],
    }),
    resource('lambda-function', arn('lambda', 'function:f'), { FunctionName: 'f', Role: ADMIN }),
    resource('ecs-cluster', arn('ecs', 'cluster/c'), {}),
    resource('ecs-task-definition', arn('ecs', 'task-definition/t:1'), { family: 't', taskRoleArn: ADMIN }),
    resource('ecs-service', arn('ecs', 'service/c/s'), {
      taskDefinition: arn('ecs', 'task-definition/t:1'),
      enableExecuteCommand: true,
    }),
    resource('glue-job', arn('glue', 'job/j'), { Name: 'j', Role: 'admin' }),
    resource('glue-dev-endpoint', arn('glue', 'devEndpoint/d'), { EndpointName: 'd', RoleArn: ADMIN }),
    resource('cloudformation-stack', arn('cloudformation', 'stack/s/1'), {
      StackName: 's',
      StackStatus: 'CREATE_COMPLETE',
      RoleARN: ADMIN,
    }),
    resource('codebuild-project', arn('codebuild', 'project/p'), { name: 'p', serviceRole: ADMIN }),
    resource('sagemaker-notebook', arn('sagemaker', 'notebook-instance/n'), { RoleArn: ADMIN }),
    resource('app-runner-service', arn('apprunner', 'service/s/1'), {
      ServiceId: '1',
      InstanceConfiguration: { InstanceRoleArn: ADMIN },
    }),
    resource('state-machine', arn('states', 'stateMachine:m'), { name: 'm', roleArn: ADMIN }),
    resource('bedrock-code-interpreter', arn('bedrock-agentcore', 'code-interpreter-custom/b'), {
      executionRoleArn: ADMIN,
    }),
    listing('iam-role'),
    listing('oidc-provider'),
    ...(method.target === 'account'
      ? [resource('organization', 'organization/o-1', { Id: 'o-1', MasterAccountId: ACCOUNT })]
      : []),
    ...(method.id === 'org-detach-policy'
      ? [
          resource('organization-policy', 'organization-policy/p-1', {
            Id: 'p-1',
            Type: 'SERVICE_CONTROL_POLICY',
            Document: document(allow('*'), deny(HIDING)),
          }),
          resource('organization-policy-target', 'organization-policy-target/p-1', {
            PolicyId: 'p-1',
            TargetId: ACCOUNT,
          }),
        ]
      : []),
    caller(method, change),
  ];
}

/** Denied, so that nobody is an administrator and no other method on oneself works. */
const HIDING = [
  'kms:*',
  'iam:Put*Policy',
  'iam:Attach*',
  'iam:CreatePolicyVersion',
  'iam:SetDefaultPolicyVersion',
  'iam:Tag*',
  'iam:AddUserToGroup',
  'iam:UpdateAssumeRolePolicy',
  'iam:PassRole',
  'iam:PutUserPolicy',
];

function caller(method: EscalationMethod, change: Change): EstateResource {
  const names = [...new Set(method.requires.map(({ name }) => name))].filter(
    (name) => name !== change.without,
  );
  const statements: JsonObject[] = [];
  if (names.length > 0 && !/^own-deny|^org-/.test(method.id))
    statements.push(
      ...names.map((name) =>
        allow(
          name,
          name === 'iam:PassRole' && change.passedTo !== undefined
            ? { Condition: { StringEquals: { 'iam:PassedToService': change.passedTo } } }
            : {},
        ),
      ),
    );
  if (/^own-deny|^org-/.test(method.id))
    statements.push(
      change.without === undefined
        ? allow('*')
        : { Effect: 'Allow', NotAction: change.without, Resource: '*' },
    );
  if (method.id.startsWith('own-boundary'))
    statements.push(
      change.without === undefined
        ? allow('*')
        : { Effect: 'Allow', NotAction: change.without, Resource: '*' },
    );
  if (method.id.startsWith('own-tag'))
    statements.push(allow('*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'admins' } } }));
  if (change.denied !== undefined) statements.push(deny(change.denied));
  const hides = method.preconditions.find((name) => name.endsWith('deny-hides-admin'));
  const more: JsonObject = {
    ...(method.requires.some(({ on }) => on === 'own-group') ? { GroupList: ['mine'] } : {}),
    ...attached('own', ...(hides === 'attached-deny-hides-admin' ? ['denying'] : [])),
    ...(change.isBounded === true || method.id.startsWith('own-boundary') ? bounded('boundary') : {}),
  };
  const inlined = hides === 'inline-deny-hides-admin' ? [...statements, deny(HIDING)] : statements;
  return method.requires[0]?.on === 'own-role'
    ? role('u', { Service: 'x.amazonaws.com' }, inlined, more)
    : user('u', inlined, more);
}

function mine(method: EscalationMethod): readonly EstateResource[] {
  return [group('mine', method.preconditions.includes('group-deny-hides-admin') ? [deny(HIDING)] : [])];
}

function found(method: EscalationMethod, change: Change): 'certain' | 'possible' | 'no' {
  const index = new IamIndex([...estate(method, change), ...mine(method)], SEEN);
  const judged = index.judged.find(({ principal }) => principal.caller.name === 'u');
  if (judged === undefined) throw new Error('no caller');
  const word = (certainty: number): 'certain' | 'possible' | 'no' =>
    certainty > 1 ? 'certain' : certainty === 1 ? 'possible' : 'no';
  if (method.target === 'self' || method.target === 'account')
    return judged.escalation?.method.id === method.id ? word(judged.escalation.certainty) : 'no';
  if (method.target === 'cluster' || method.target.startsWith('data:'))
    return word(
      Math.max(
        0,
        ...judged.class.own
          .filter(({ level }) => level === (method.target === 'cluster' ? 'P4' : 'P3'))
          .map(({ certainty }) => certainty),
      ),
    );
  if (method.preconditions.includes('trusts-caller')) {
    const reached = judged.assumptions.filter(
      ({ role: number }) => index.judged[number]?.principal.caller.name === 'admin',
    );
    if (reached.length === 0) return 'no';
    if (method.gains === 'target') return word(reached[0]?.certainty ?? 0);
    const rest = method.requires.filter(({ action }) => action !== 'sts:assumerole');
    return rest.every(({ action }) => judged.class.of.any(action) > 1) ? 'certain' : 'no';
  }
  const edge = judged.class.edges.edges.find((each) => each.method === method);
  return edge === undefined ? 'no' : edge.certain !== null ? 'certain' : 'possible';
}

describe('the table of escalation methods', () => {
  test('is keyed by what is required: no two records say the same', () => {
    const keys = ESCALATION_METHODS.map(({ target, requires, service, gains, preconditions }) =>
      JSON.stringify([
        target,
        service,
        gains,
        requires.map(({ action, on }) => `${action} ${on}`).sort(),
        [...preconditions].sort(),
      ]),
    );
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    expect(new Set(ESCALATION_METHODS.map(({ id }) => id)).size).toBe(ESCALATION_METHODS.length);
  });

  test('names actions of the catalogue, and targets only where statements can name them', () => {
    const wrong = ESCALATION_METHODS.flatMap(({ id, requires }) =>
      requires
        .filter(({ action, on }) => {
          const known = cataloguedAction(action);
          return known === undefined || (/^(?:target|existing:|own-)/.test(on) && known.on.length === 0);
        })
        .map(({ name }) => `${id} ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  test('has a way to mend and a technique for each', () => {
    expect(
      ESCALATION_METHODS.filter(({ mitre, fixHints }) => mitre.length === 0 || fixHints.length === 0).map(
        ({ id }) => id,
      ),
    ).toEqual([]);
  });
});

describe.each(ESCALATION_METHODS.map((method) => [method.id, method] as const))('%s', (_, method) => {
  test('works', () => {
    const isOpen = method.id === 'org-detach-policy' || method.preconditions.some((name) => OPEN.has(name));
    expect(found(method, {})).toBe(isOpen ? 'possible' : 'certain');
  });

  const names = [...new Set(method.requires.map(({ name }) => name))];
  const others = (name: string): boolean => {
    const left = names.filter((each) => each !== name);
    // What is left is another method over the same data.
    return ESCALATION_METHODS.some(
      (each) =>
        each !== method &&
        each.target === method.target &&
        each.target.startsWith('data:') &&
        each.requires.every((one) => left.includes(one.name)),
    );
  };
  // A role that names its caller needs no policy of the caller's.
  test.each(names.filter((name) => !others(name) && name !== 'sts:AssumeRole'))(
    'does not work without %s',
    (without) => {
      expect(found(method, { without })).toBe('no');
    },
  );

  test.each(names)('does not work where %s is denied', (denied) => {
    if (others(denied)) expect(SHAPED.test(method.id)).toBe(false);
    else expect(found(method, { denied })).toBe('no');
  });

  test('does not work within a boundary', () => {
    // A trust policy that names a user by ARN does not mind the user's boundary (attack-paths §3.1, step 4).
    expect(found(method, { isBounded: true })).toBe(method.id === 'sts-001' ? 'certain' : 'no');
  });

  if (method.service !== null && method.service !== 'cognito-identity.amazonaws.com')
    test('does not work where the role trusts another service', () => {
      expect(found(method, { trusted: ['other.amazonaws.com'] })).toBe('no');
    });
  if (method.target === 'passed-role')
    test('does not work where roles may be passed to another service only', () => {
      expect(found(method, { passedTo: 'other.amazonaws.com' })).toBe('no');
    });
});

test.each([
  [
    's3:GetObject',
    { is: 'unknown', missing: [expect.stringContaining('get-account-authorization-details')] },
  ],
  ['s3:PutObject', { is: 'deny' }],
  ['s3:DeleteObject', { is: 'deny' }],
])('in a boundary that nobody described, %s', (action, answer) => {
  const allowed = [allow(['s3:GetObject', 's3:DeleteObject']), deny('s3:DeleteObject')];
  const index = new IamIndex([user('u', allowed, bounded('lost'))], SEEN);
  const [judged] = index.judged;
  if (judged === undefined) throw new Error('no caller');
  expect(index.answer(judged, action.toLowerCase(), 'arn:aws:s3:::logs/a')).toMatchObject(answer);
  expect(judged.class.of.any(action.toLowerCase())).toBe(answer.is === 'unknown' ? 1 : 0);
});
