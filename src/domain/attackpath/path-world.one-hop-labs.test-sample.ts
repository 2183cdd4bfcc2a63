import type { JsonObject } from '#base/json-value.ts';
import {
  ACCOUNT,
  allow,
  group,
  iam,
  policy,
  role,
  user,
} from '../privilege/aws/iam-principal.test-sample.ts';
import type { EstateResource } from '../risk/estate.ts';
import {
  data,
  EC2,
  EVERYTHING,
  LAMBDA,
  type Lab,
  lambda,
  machine,
  profiled,
  reads,
  regional,
  type Scenario,
  starts,
} from './path-world.labs.test-sample.ts';

const start = (statements: readonly JsonObject[], others: readonly EstateResource[], more = {}): Lab => {
  const who = user('starting', statements, more);
  return { resources: [who, ...others], credentials: [starts(who)], sensitive: [data.key] };
};

const by = (service: string): JsonObject => ({ Service: `${service}.amazonaws.com` });
const WAY = 'internet: leaked-credential starting,';
const ADMINISTERS = 'administrator account';
const HARMLESS = [allow('s3:ListAllMyBuckets')];
const PASSES = allow('iam:PassRole', { Resource: iam('role', 'target') });

/** A role that may do everything is passed to what is new; hardened, the role that may be passed trusts another service. */
const passed = (
  service: string,
  actions: readonly string[],
  ...others: readonly EstateResource[]
): Scenario => ({
  lab: start([PASSES, allow(actions)], [...others, role('target', by(service), EVERYTHING)]),
  expected: [`${WAY} iam-escalation target, ${ADMINISTERS}`],
  hardened: start([PASSES, allow(actions)], [...others, role('target', by('backup'), EVERYTHING)]),
});

/** Something that exists runs as a role that may do everything; hardened, the role may do nothing. */
const existing = (
  service: string,
  actions: readonly string[],
  others: readonly EstateResource[],
  step = 'iam-escalation target',
): Scenario => {
  const target = (rights: readonly JsonObject[]) =>
    role('target', by(service), rights, service === 'ec2' ? profiled('target') : {});
  return {
    lab: start([allow(actions)], [...others, target(EVERYTHING)]),
    expected: [`${WAY} ${step}, ${ADMINISTERS}`],
    hardened: start([allow(actions)], [...others, target(HARMLESS)]),
  };
};

/** Rights over another identity; hardened, whoever starts has none of them, and nobody trusts them. */
const over = (
  actions: readonly string[],
  target: EstateResource,
  step: string,
  instead: EstateResource = target,
): Scenario => ({
  lab: start([allow(actions, { Resource: target.key.slice('aws:'.length) })], [target]),
  expected: [`${WAY} ${step}`],
  hardened: start(HARMLESS, [instead]),
});

const trusted = role('target', { AWS: iam('user', 'starting') }, EVERYTHING);
const distrusted = role('target', { AWS: iam('user', 'somebody') }, EVERYTHING);
const other = user('other', HARMLESS);
const harmless = role('target', LAMBDA, HARMLESS);

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${rest}`;
const stack = regional('cloudformation-stack', 'cloudformation', 'stack/app/1', {
  StackId: arn('cloudformation', 'stack/app/1'),
  StackName: 'app',
  RoleARN: iam('role', 'target'),
});
const project = regional('codebuild-project', 'codebuild', 'project/build', {
  name: 'build',
  serviceRole: iam('role', 'target'),
});
const endpoint = regional('glue-dev-endpoint', 'glue', 'devEndpoint/d', {
  EndpointName: 'd',
  RoleArn: iam('role', 'target'),
});
const job = regional('glue-job', 'glue', 'job/nightly', { Name: 'nightly', Role: iam('role', 'other') });
const cluster = regional('ecs-cluster', 'ecs', 'cluster/lab', {
  clusterArn: arn('ecs', 'cluster/lab'),
  clusterName: 'lab',
});
const notebook = regional('sagemaker-notebook', 'sagemaker', 'notebook-instance/n', {
  NotebookInstanceName: 'n',
  NotebookInstanceArn: arn('sagemaker', 'notebook-instance/n'),
  RoleArn: iam('role', 'target'),
});
const instance = machine('i-target', { role: 'target', isPublic: false });
const managed = regional('ssm-managed-instance', 'ssm', 'managed-instance/i-target', {
  InstanceId: 'i-target',
  PingStatus: 'Online',
});

/** The same over a principal that reads a bucket alone. */
const toBucket = (
  actions: readonly string[],
  target: (rights: readonly JsonObject[]) => EstateResource,
  name: string,
  more: { readonly others?: readonly EstateResource[]; readonly step?: string } = {},
): Scenario => ({
  lab: start([allow(actions)], [...(more.others ?? []), target([reads(data)]), data]),
  expected: [`${WAY} ${more.step ?? `iam-escalation ${name}`}, reads-data cardholder-data`],
  hardened: start([allow(actions)], [...(more.others ?? []), target(HARMLESS), data]),
});

const self = (
  actions: readonly string[],
  more: JsonObject = {},
  ...others: readonly EstateResource[]
): Scenario => ({
  lab: start([allow(actions)], others, more),
  expected: [`${WAY} iam-escalation account`],
  hardened: start([allow('s3:ListAllMyBuckets')], others, more),
});

/** The labs of ways in one hop, to an administrator and to a bucket, each from a user whose key leaked. */
export const ONE_HOP_LABS: Readonly<Record<string, Scenario>> = {
  'bedrock-001': passed('bedrock-agentcore', [
    'bedrock-agentcore:CreateCodeInterpreter',
    'bedrock-agentcore:StartCodeInterpreterSession',
    'bedrock-agentcore:InvokeCodeInterpreter',
  ]),
  'cloudformation-003': passed('cloudformation', [
    'cloudformation:CreateStackSet',
    'cloudformation:CreateStackInstances',
  ]),
  'cloudformation-005': existing(
    'cloudformation',
    ['cloudformation:CreateChangeSet', 'cloudformation:ExecuteChangeSet'],
    [stack],
  ),
  'codebuild-002': existing('codebuild', ['codebuild:StartBuild'], [project]),
  'datapipeline-001': passed('datapipeline', [
    'datapipeline:CreatePipeline',
    'datapipeline:PutPipelineDefinition',
    'datapipeline:ActivatePipeline',
  ]),
  'ec2-002': existing(
    'ec2',
    ['ec2:ModifyInstanceAttribute', 'ec2:StopInstances', 'ec2:StartInstances'],
    [instance],
  ),
  'ecs-001': passed('ecs-tasks', ['ecs:CreateCluster', 'ecs:RegisterTaskDefinition', 'ecs:CreateService']),
  'ecs-003': passed('ecs-tasks', ['ecs:RegisterTaskDefinition', 'ecs:CreateService'], cluster),
  'ecs-005': passed('ecs-tasks', ['ecs:RegisterTaskDefinition', 'ecs:StartTask'], cluster),
  'glue-002': existing('glue', ['glue:UpdateDevEndpoint'], [endpoint]),
  'glue-006': passed('glue', ['glue:UpdateJob', 'glue:CreateTrigger'], job),
  'iam-015': over(['iam:AttachUserPolicy', 'iam:CreateAccessKey'], other, 'iam-escalation account'),
  'iam-017': over(
    ['iam:PutRolePolicy', 'sts:AssumeRole'],
    role('target', { AWS: iam('user', 'starting') }, HARMLESS),
    'iam-escalation account',
    harmless,
  ),
  'iam-019': over(['iam:AttachRolePolicy', 'iam:UpdateAssumeRolePolicy'], harmless, 'iam-escalation account'),
  'iam-021': over(['iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy'], harmless, 'iam-escalation account'),
  'lambda-002': passed('lambda', ['lambda:CreateFunction', 'lambda:CreateEventSourceMapping']),
  'lambda-004': existing(
    'lambda',
    ['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'],
    [lambda('f', 'target')],
  ),
  'lambda-004-to-iam-002': {
    lab: start(
      [allow(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'])],
      [
        lambda('f', 'target'),
        role('target', LAMBDA, [allow('iam:CreateAccessKey', { Resource: iam('user', 'admin') })]),
        user('admin', EVERYTHING),
      ],
    ),
    expected: [`${WAY} iam-escalation target, iam-escalation admin, ${ADMINISTERS}`],
    hardened: start(
      [allow(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'])],
      [lambda('f', 'target'), role('target', LAMBDA, HARMLESS), user('admin', EVERYTHING)],
    ),
  },
  'sagemaker-004': existing('sagemaker', ['sagemaker:CreatePresignedNotebookInstanceUrl'], [notebook]),
  'ssm-001': existing('ec2', ['ssm:StartSession'], [instance, managed]),
  'sts-001': over(['sts:AssumeRole'], trusted, `assume-role target, ${ADMINISTERS}`, distrusted),
  'sts-001-to-ecs-002': {
    lab: start(
      [allow('sts:AssumeRole', { Resource: iam('role', 'middle') })],
      [
        role('middle', { AWS: iam('user', 'starting') }, [
          PASSES,
          allow(['ecs:CreateCluster', 'ecs:RegisterTaskDefinition', 'ecs:RunTask']),
        ]),
        role('target', by('ecs-tasks'), EVERYTHING),
      ],
    ),
    expected: [`${WAY} assume-role middle, iam-escalation target, ${ADMINISTERS}`],
    hardened: start(
      [allow('sts:AssumeRole', { Resource: iam('role', 'middle') })],
      [
        role('middle', { AWS: iam('user', 'starting') }, HARMLESS),
        role('target', by('ecs-tasks'), EVERYTHING),
      ],
    ),
  },
  'glue-001 to a bucket': {
    lab: start([PASSES, allow('glue:CreateDevEndpoint')], [role('target', by('glue'), [reads(data)]), data]),
    expected: [`${WAY} iam-escalation target, reads-data cardholder-data`],
    hardened: start(
      [PASSES, allow('glue:CreateDevEndpoint')],
      [role('target', by('backup'), [reads(data)]), data],
    ),
  },
  'iam-002 to a bucket': toBucket(['iam:CreateAccessKey'], (rights) => user('reader', rights), 'reader'),
  'iam-004 to a bucket': toBucket(['iam:CreateLoginProfile'], (rights) => user('reader', rights), 'reader'),
  'iam-012 to a bucket': toBucket(
    ['iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'],
    (rights) => role('reader', LAMBDA, rights),
    'reader',
  ),
  'ssm-002 to a bucket': toBucket(
    ['ssm:SendCommand'],
    (rights) => role('target', EC2, rights, profiled('target')),
    'target',
    { others: [instance, managed] },
  ),
  'iam-001': self(
    ['iam:CreatePolicyVersion'],
    { AttachedManagedPolicies: [{ PolicyArn: iam('policy', 'own') }] },
    policy('own', HARMLESS),
  ),
  'iam-007': self(['iam:PutUserPolicy']),
  'iam-011': self(['iam:PutGroupPolicy'], { GroupList: ['team'] }, group('team', [])),
};
