import type { AwsEstate } from '../../exposure/aws-estate.ts';
import { launchTemplateOf, versionOf } from '../../exposure/aws-launch-template.ts';
import { awsCall, nameInArn } from '../../resource/aws-call.ts';
import {
  ECS_SERVICE,
  ECS_TASK,
  EKS_CLUSTER,
  TASK_DEFINITION,
} from '../../resource/facts/aws-container-facts.ts';
import {
  APP_RUNNER_SERVICE,
  BEANSTALK_ENVIRONMENT,
  BUILD_PROJECT,
  CLOUDFORMATION_STACK,
  CODE_INTERPRETER,
  DB_CLUSTER,
  DB_INSTANCE,
  EMR_CLUSTER,
  FUNCTION,
  GLUE_DEV_ENDPOINT,
  GLUE_JOB,
  NOTEBOOK,
  REDSHIFT_CLUSTER,
  STATE_MACHINE,
} from '../../resource/facts/aws-facts.ts';
import { IAM_ROLE, INSTANCE_PROFILE } from '../../resource/facts/aws-identity-facts.ts';
import {
  AUTO_SCALING_GROUP,
  INSTANCE,
  LAUNCH_CONFIGURATION,
} from '../../resource/facts/aws-network-facts.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { arnOf } from './iam-principal.ts';

/** The role as which a resource acts: its ARN or bare name; null where it acts as none, undefined where nobody said. */
type RoleOf = (estate: AwsEstate, resource: EstateResource) => string | null | undefined;

interface Workload {
  /** The command that lists all of an account with their roles. */
  readonly command: string;
  /** The one about one of them, where no list tells its role. */
  readonly of?: (resource: EstateResource) => string;
  readonly role: RoleOf;
}

/** Lists that are asked for by name are never known to be all there is. */
const ALL_OF_THEM = ' (all of them: import with --complete)';

function byName(call: string, flag: string): (resource: EstateResource) => string {
  return ({ name }) => awsCall(call, [[flag, name]]);
}

function byArn(call: string, flag: string): (resource: EstateResource) => string {
  return ({ key }) => awsCall(call, [[flag, key.replace(/^aws:/, '')]]);
}

/** Types that act as a role, with the commands that show which. */
const WORKLOADS: Readonly<Record<string, Workload>> = {
  'ec2-instance': { command: 'aws ec2 describe-instances', role: roleOfInstance },
  'lambda-function': {
    command: 'aws lambda list-functions',
    role: (estate, resource) => estate.facts(FUNCTION, resource).Role,
  },
  'auto-scaling-group': {
    command: 'aws autoscaling describe-auto-scaling-groups',
    of: () =>
      "aws ec2 describe-launch-template-versions --versions '$Latest' '$Default', aws autoscaling describe-launch-configurations, aws ec2 describe-instances",
    role: roleOfGroup,
  },
  'ecs-task-definition': {
    command:
      'aws ecs list-task-definitions, and of each aws ecs describe-task-definition --task-definition ARN',
    of: byArn('ecs describe-task-definition', '--task-definition'),
    role: (estate, resource) =>
      described(
        estate.facts(TASK_DEFINITION, resource).family,
        estate.facts(TASK_DEFINITION, resource).taskRoleArn,
      ),
  },
  'ecs-service': {
    command: `aws ecs list-services, then aws ecs describe-services --cluster CLUSTER --services NAMES${ALL_OF_THEM}`,
    of: ({ key, name, facts }) =>
      definitionCall(facts['taskDefinition']) ??
      awsCall('ecs describe-services', [
        ['--cluster', key.split('/').at(-2) ?? 'CLUSTER'],
        ['--services', name],
      ]),
    role: (estate, resource) => roleOfDefinition(estate, estate.facts(ECS_SERVICE, resource).taskDefinition),
  },
  'ecs-task': {
    command: `aws ecs list-tasks --cluster CLUSTER, then aws ecs describe-tasks --cluster CLUSTER --tasks ARNS${ALL_OF_THEM}`,
    of: ({ key, facts }) =>
      definitionCall(facts['taskDefinitionArn']) ??
      awsCall('ecs describe-tasks', [
        ['--cluster', key.split('/').at(-2) ?? 'CLUSTER'],
        ['--tasks', nameInArn(key.replace(/^aws:/, ''))],
      ]),
    role: (estate, resource) => {
      const { overrides, taskDefinitionArn } = estate.facts(ECS_TASK, resource);
      return overrides?.taskRoleArn ?? roleOfDefinition(estate, taskDefinitionArn);
    },
  },
  'beanstalk-environment': {
    command:
      'aws elasticbeanstalk describe-environments, and of each aws elasticbeanstalk describe-environment-resources --environment-name NAME, aws ec2 describe-instances',
    of: byName('elasticbeanstalk describe-environment-resources', '--environment-name'),
    role: (estate, resource) =>
      roleOfAny(
        estate,
        estate.facts(BEANSTALK_ENVIRONMENT, resource).Instances?.map(({ Id }) => Id),
      ),
  },
  'emr-cluster': {
    command: 'aws emr list-clusters --active, and of each aws emr describe-cluster --cluster-id ID',
    of: ({ key }) => awsCall('emr describe-cluster', [['--cluster-id', nameInArn(key.replace(/^aws:/, ''))]]),
    role: (estate, resource) => {
      const profile = estate.facts(EMR_CLUSTER, resource).Ec2InstanceAttributes?.IamInstanceProfile;
      return profile === undefined ? undefined : roleOfProfile(estate, profile);
    },
  },
  'glue-job': {
    command: 'aws glue get-jobs',
    role: (estate, resource) => estate.facts(GLUE_JOB, resource).Role,
  },
  'glue-dev-endpoint': {
    command: 'aws glue get-dev-endpoints',
    role: (estate, resource) => estate.facts(GLUE_DEV_ENDPOINT, resource).RoleArn,
  },
  'codebuild-project': {
    command: `aws codebuild list-projects, then aws codebuild batch-get-projects --names NAMES${ALL_OF_THEM}`,
    of: byName('codebuild batch-get-projects', '--names'),
    role: (estate, resource) => estate.facts(BUILD_PROJECT, resource).serviceRole,
  },
  'cloudformation-stack': {
    command: 'aws cloudformation describe-stacks',
    role: (estate, resource) =>
      described(
        estate.facts(CLOUDFORMATION_STACK, resource).StackStatus,
        estate.facts(CLOUDFORMATION_STACK, resource).RoleARN,
      ),
  },
  'sagemaker-notebook': {
    command:
      'aws sagemaker list-notebook-instances, and of each aws sagemaker describe-notebook-instance --notebook-instance-name NAME',
    of: byName('sagemaker describe-notebook-instance', '--notebook-instance-name'),
    role: (estate, resource) => estate.facts(NOTEBOOK, resource).RoleArn,
  },
  'app-runner-service': {
    command: 'aws apprunner list-services, and of each aws apprunner describe-service --service-arn ARN',
    of: byArn('apprunner describe-service', '--service-arn'),
    role: (estate, resource) => {
      const { ServiceId, InstanceConfiguration } = estate.facts(APP_RUNNER_SERVICE, resource);
      return described(ServiceId, InstanceConfiguration?.InstanceRoleArn);
    },
  },
  'state-machine': {
    command:
      'aws stepfunctions list-state-machines, and of each aws stepfunctions describe-state-machine --state-machine-arn ARN',
    of: byArn('stepfunctions describe-state-machine', '--state-machine-arn'),
    role: (estate, resource) => estate.facts(STATE_MACHINE, resource).roleArn,
  },
  'eks-cluster': {
    command: 'aws eks list-clusters, and of each aws eks describe-cluster --name NAME',
    of: byName('eks describe-cluster', '--name'),
    role: (estate, resource) => estate.facts(EKS_CLUSTER, resource).roleArn,
  },
  'rds-instance': { command: 'aws rds describe-db-instances', role: () => undefined },
  'rds-cluster': { command: 'aws rds describe-db-clusters', role: () => undefined },
  'redshift-cluster': { command: 'aws redshift describe-clusters', role: () => undefined },
  'bedrock-code-interpreter': {
    command:
      'aws bedrock-agentcore-control list-code-interpreters, and of each aws bedrock-agentcore-control get-code-interpreter --code-interpreter-id ID',
    of: ({ key }) =>
      awsCall('bedrock-agentcore-control get-code-interpreter', [
        ['--code-interpreter-id', nameInArn(key.replace(/^aws:/, ''))],
      ]),
    role: (estate, resource) => estate.facts(CODE_INTERPRETER, resource).executionRoleArn,
  },
};

/** Types that may act as a role. */
export const WORKLOAD_TYPES: readonly string[] = Object.keys(WORKLOADS);

/** The command that shows the role of one resource. */
export function commandFor(resource: EstateResource): string {
  return WORKLOADS[resource.type]?.of?.(resource) ?? commandOf(resource.type);
}

/** The command that lists a type with its roles. */
export function commandOf(type: string): string {
  return WORKLOADS[type]?.command ?? OTHER_COMMANDS[type] ?? `the resources of type ${type}`;
}

const OTHER_COMMANDS: Readonly<Record<string, string>> = {
  'ecs-cluster': 'aws ecs list-clusters',
  'ssm-managed-instance': 'aws ssm describe-instance-information',
  'iam-role': 'aws iam get-account-authorization-details',
  'oidc-provider': 'aws iam list-open-id-connect-providers',
};

/** ARNs of all roles as which a resource acts; undefined where that is not known. */
export function rolesOfWorkload(estate: AwsEstate, resource: EstateResource): readonly string[] | undefined {
  if (resource.type === 'redshift-cluster')
    return estate.facts(REDSHIFT_CLUSTER, resource).IamRoles?.flatMap(({ IamRoleArn }) => IamRoleArn ?? []);
  if (resource.type === 'rds-instance')
    return estate.facts(DB_INSTANCE, resource).AssociatedRoles?.flatMap(({ RoleArn }) => RoleArn ?? []);
  if (resource.type === 'rds-cluster')
    return estate.facts(DB_CLUSTER, resource).AssociatedRoles?.flatMap(({ RoleArn }) => RoleArn ?? []);
  const role = roleOfWorkload(estate, resource);
  return role === undefined ? undefined : role === null ? [] : [role];
}

/** ARN of the role as which a resource acts; null where it acts as none, undefined where that is not known. */
export function roleOfWorkload(estate: AwsEstate, resource: EstateResource): string | null | undefined {
  const role = WORKLOADS[resource.type]?.role(estate, resource);
  if (role === undefined || role === null || role.startsWith('arn:')) return role;
  const named = estate.find('iam-role', role.slice(role.lastIndexOf('/') + 1));
  return named === undefined ? undefined : arnOf(named, estate.facts(IAM_ROLE, named).Arn);
}

/** A description that leaves the role out says that there is none; a bare mention says nothing. */
function described(isDescribed: string | undefined, role: string | undefined): string | null | undefined {
  return role ?? (isDescribed === undefined ? undefined : null);
}

function roleOfInstance(estate: AwsEstate, resource: EstateResource): string | null | undefined {
  const { InstanceId, IamInstanceProfile } = estate.facts(INSTANCE, resource);
  const profile = IamInstanceProfile?.Arn;
  if (profile === undefined) return InstanceId === undefined ? undefined : null;
  return roleOfProfile(estate, profile);
}

/** The role in an instance profile, by the ARN or the name of that. */
function roleOfProfile(estate: AwsEstate, profile: string): string | undefined {
  const known = estate.find('instance-profile', profile);
  const role = known === undefined ? undefined : estate.facts(INSTANCE_PROFILE, known).Roles?.[0]?.Arn;
  return role ?? estate.derived(rolesByProfile).get(profile);
}

function rolesByProfile(estate: AwsEstate): ReadonlyMap<string, string> {
  return new Map(
    estate.ofType('iam-role').flatMap((role) => {
      const facts = estate.facts(IAM_ROLE, role);
      return (facts.InstanceProfileList ?? []).flatMap(({ Arn }): [string, string][] =>
        Arn === undefined
          ? []
          : [Arn, nameInArn(Arn)].map((name): [string, string] => [name, arnOf(role, facts.Arn)]),
      );
    }),
  );
}

/** What a group launches has the profile that its instances have. */
function roleOfGroup(estate: AwsEstate, resource: EstateResource): string | null | undefined {
  const { Instances } = estate.facts(AUTO_SCALING_GROUP, resource);
  const role = roleOfAny(
    estate,
    Instances?.map(({ InstanceId }) => InstanceId),
  );
  if (role !== undefined) return role;
  const profile = profileLaunched(estate, resource);
  return profile === undefined || profile === null ? profile : roleOfProfile(estate, profile);
}

/** The profile, by name or ARN, of what a group starts; null for none, undefined where that is not told. */
function profileLaunched(estate: AwsEstate, resource: EstateResource): string | null | undefined {
  const facts = estate.facts(AUTO_SCALING_GROUP, resource);
  const used = launchTemplateOf(facts);
  if (used !== undefined) {
    const data = versionOf(estate, used)?.LaunchTemplateData;
    return data === undefined
      ? undefined
      : (data.IamInstanceProfile?.Arn ?? data.IamInstanceProfile?.Name ?? null);
  }
  const older = estate.find('launch-configuration', facts.LaunchConfigurationName, estate.regionOf(resource));
  return older === undefined
    ? undefined
    : (estate.facts(LAUNCH_CONFIGURATION, older).IamInstanceProfile ?? null);
}

/** Machines that are started alike have one role: that of the first of which it is known. */
function roleOfAny(
  estate: AwsEstate,
  instances: readonly (string | undefined)[] = [],
): string | null | undefined {
  for (const id of instances) {
    const instance = estate.find('ec2-instance', id);
    const role = instance === undefined ? undefined : roleOfInstance(estate, instance);
    if (role !== undefined) return role;
  }
  return undefined;
}

function roleOfDefinition(estate: AwsEstate, arn: string | undefined): string | null | undefined {
  const definition = estate.find('ecs-task-definition', arn);
  return definition === undefined ? undefined : WORKLOADS['ecs-task-definition']?.role(estate, definition);
}

/** The command that tells the role of what runs by a task definition. */
function definitionCall(definition: unknown): string | undefined {
  return typeof definition === 'string'
    ? awsCall('ecs describe-task-definition', [['--task-definition', definition]])
    : undefined;
}
