import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
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
export interface Change {
  readonly without?: string;
  readonly passedTo?: string;
  readonly trusted?: readonly string[];
  readonly denied?: string;
  readonly isBounded?: boolean;
  /** A precondition of the method that does not hold. */
  readonly lacks?: string;
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
export const OPEN = new Set([
  'reaches-ssh',
  'connect-endpoint-exists',
  'job-queue-exists',
  'trusts-oidc-provider-by-issuer',
]);

export const SHAPED = /^own-(?:deny|tag|boundary)|^org-/;

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

export function found(method: EscalationMethod, change: Change): 'certain' | 'possible' | 'no' {
  const whole = [...estate(method, change), ...mine(method)];
  const index = new IamIndex(change.lacks === undefined ? whole : lacking(change.lacks, method, whole), SEEN);
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

/** The same account, in which a precondition of the method does not hold. */
function lacking(
  precondition: string,
  method: EscalationMethod,
  whole: readonly EstateResource[],
): readonly EstateResource[] {
  const change = LACKING[precondition];
  if (change === undefined) throw new Error(`nothing says how ${precondition} does not hold`);
  return whole.flatMap((each) => change(each, method)).concat(COMPLETE.map((type) => listing(type)));
}

const COMPLETE = ['ecs-cluster', 'ecs-task-definition', 'batch-job-queue', 'instance-connect-endpoint'];

type Changed = (each: EstateResource, method: EscalationMethod) => EstateResource | readonly EstateResource[];

/** Another fact of what has the name. */
function facts(name: string, more: JsonObject): Changed {
  return (each) => (each.name === name ? { ...each, facts: { ...each.facts, ...more } } : each);
}

/** Of all users, as whoever may change another may change themselves. */
function ofUsers(more: JsonObject): Changed {
  return (each) => (each.type === 'iam-user' ? { ...each, facts: { ...each.facts, ...more } } : each);
}

function none(type: string): Changed {
  return (each) => (each.type === type ? [] : each);
}

/** An administrator's role that trusts no provider whose name has the word. */
function withoutProvider(word: string): Changed {
  const providers = PROVIDERS.filter((each) => !each.includes(word));
  const federated = {
    Effect: 'Allow',
    Action: 'sts:AssumeRoleWithSAML',
    Principal: { Federated: providers },
  };
  return facts('admin', { AssumeRolePolicyDocument: document(federated) });
}

/** The caller may do what the method requires, and would be nobody without its guards either. */
const powerless: Changed = (each, method) => {
  if (each.name !== 'u') return each;
  const names = [...new Set(method.requires.map(({ name }) => name))];
  const inlined = [{ PolicyName: 'inline', PolicyDocument: document(allow(names)) }];
  return { ...each, facts: { ...each.facts, UserPolicyList: inlined, RolePolicyList: inlined } };
};

const fixedVersion: Changed = (each) =>
  each.type === 'auto-scaling-group'
    ? { ...each, facts: { ...each.facts, LaunchTemplate: { LaunchTemplateId: 'lt-1', Version: '1' } } }
    : each;

const ELSEWHERE_ADMINISTERED = [
  resource('organization', 'organization/o-1', { Id: 'o-1', MasterAccountId: '222222222222' }),
  resource('organization-delegated-administrator', 'organization/333333333333', { Id: '333333333333' }),
];

const LACKING: Readonly<Record<string, Changed>> = {
  'caller-is-user': (each) =>
    each.name === 'u'
      ? role('u', { Service: 'x.amazonaws.com' }, [], { RolePolicyList: each.facts['UserPolicyList'] ?? [] })
      : each,
  'free-policy-version': (each) =>
    each.type === 'iam-policy'
      ? {
          ...each,
          facts: {
            ...each.facts,
            VersionCount: 5,
            OtherVersions: Array.from({ length: 4 }, () => document(allow('s3:ListBucket'))),
          },
        }
      : each,
  'older-version-is-admin': facts('own', { OtherVersions: [document(allow('s3:ListBucket'))] }),
  'unbounded-is-admin': powerless,
  'attached-deny-hides-admin': powerless,
  'inline-deny-hides-admin': powerless,
  'group-deny-hides-admin': powerless,
  'tags-make-admin': powerless,
  'scp-hides-admin': powerless,
  'target-has-a-free-key': ofUsers({ AccessKeyCount: 2 }),
  'target-has-no-password': ofUsers({ PasswordEnabled: true }),
  'target-has-password': ofUsers({ PasswordEnabled: false }),
  'trusts-caller': facts('admin', {
    AssumeRolePolicyDocument: document({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: SERVICES },
    }),
  }),
  'trusts-saml-provider': withoutProvider(':saml-provider/'),
  'trusts-missing-oidc-provider': (each) =>
    each.name === 'admin'
      ? [each, resource('oidc-provider', `arn:aws:iam::${ACCOUNT}:oidc-provider/gone.example.com`, {})]
      : each,
  'trusts-oidc-provider-by-issuer': withoutProvider(':oidc-provider/'),
  'trusts-cognito': withoutProvider('cognito'),
  'delegated-administrator': (each) => {
    if (each.type === 'organization') return [];
    return each.name === 'u' ? [each, ...ELSEWHERE_ADMINISTERED] : each;
  },
  'instance-profile': facts('admin', { InstanceProfileList: [] }),
  'autoscaling-role-exists': (each) => (each.name === 'AWSServiceRoleForAutoScaling' ? [] : each),
  'group-launches-default': fixedVersion,
  'group-launches-latest': fixedVersion,
  'group-takes-default': fixedVersion,
  'group-takes-latest': fixedVersion,
  'cluster-exists': none('ecs-cluster'),
  'task-definition-exists': none('ecs-task-definition'),
  'job-queue-exists': none('batch-job-queue'),
  'instance-runs': (each) =>
    each.type === 'ec2-instance' ? { ...each, facts: { ...each.facts, State: { Name: 'stopped' } } } : each,
  'ssm-managed': (each) =>
    each.type === 'ssm-managed-instance'
      ? { ...each, facts: { ...each.facts, PingStatus: 'Inactive' } }
      : each,
  'connect-endpoint-exists': (each) => each,
  'exec-enabled': (each) =>
    each.type === 'ecs-service' ? { ...each, facts: { ...each.facts, enableExecuteCommand: false } } : each,
};
