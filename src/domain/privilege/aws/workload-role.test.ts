import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { AwsEstate } from '../../exposure/aws-estate.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { iam, resource } from './iam-principal.test-sample.ts';
import { rolesOfWorkload, WORKLOAD_TYPES } from './workload-role.ts';

const ROLE = iam('role', 'app');
const PROFILE = iam('instance-profile', 'web');
const DEFINITION = 'arn:aws:ecs:eu-west-1:111111111111:task-definition/web:7';

const profile = resource('instance-profile', PROFILE, {
  Arn: PROFILE,
  InstanceProfileName: 'web',
  Roles: [{ Arn: ROLE, RoleName: 'app' }],
});
const definition = (more: JsonObject): EstateResource =>
  resource('ecs-task-definition', DEFINITION, { taskDefinitionArn: DEFINITION, ...more });
const template = resource('launch-template-version', 'launch-template-version/lt-1/3', {
  LaunchTemplateId: 'lt-1',
  VersionNumber: 3,
  DefaultVersion: true,
  LaunchTemplateData: { IamInstanceProfile: { Name: 'web' } },
});
const configuration = resource('launch-configuration', 'launch-configuration/old', {
  LaunchConfigurationName: 'old',
  IamInstanceProfile: PROFILE,
});
const machine = resource('ec2-instance', 'arn:aws:ec2:eu-west-1:111111111111:instance/i-1', {
  InstanceId: 'i-1',
  IamInstanceProfile: { Arn: PROFILE },
});

/** As whom a resource of a type acts, by what its description tells. */
function rolesOf(type: string, facts: JsonObject, ...others: readonly EstateResource[]) {
  const workload = resource(type, `workload/${type}`, facts);
  return rolesOfWorkload(new AwsEstate([workload, ...others]), workload);
}

type Row = readonly [type: string, facts: JsonObject, ...others: EstateResource[]];

const spread = (rows: readonly Row[]) =>
  rows.map(([type, facts, ...others]) => ({ type, facts, others, told: JSON.stringify(facts) }));

describe('runs-as (attack-paths §1.3)', () => {
  const rows: readonly Row[] = [
    ['ec2-instance', { InstanceId: 'i-2', IamInstanceProfile: { Arn: PROFILE } }, profile],
    ['lambda-function', { Role: ROLE }],
    ['auto-scaling-group', { Instances: [{ InstanceId: 'i-1' }] }, machine, profile],
    ['auto-scaling-group', { LaunchTemplate: { LaunchTemplateId: 'lt-1' } }, template, profile],
    ['auto-scaling-group', { LaunchConfigurationName: 'old' }, configuration, profile],
    ['ecs-task-definition', { family: 'web', taskRoleArn: ROLE, executionRoleArn: iam('role', 'other') }],
    ['ecs-service', { taskDefinition: DEFINITION }, definition({ family: 'web', taskRoleArn: ROLE })],
    ['ecs-task', { taskDefinitionArn: DEFINITION }, definition({ family: 'web', taskRoleArn: ROLE })],
    [
      'ecs-task',
      { taskDefinitionArn: DEFINITION, overrides: { taskRoleArn: ROLE } },
      definition({ family: 'web', taskRoleArn: iam('role', 'other') }),
    ],
    ['beanstalk-environment', { Instances: [{ Id: 'i-1' }] }, machine, profile],
    ['emr-cluster', { Ec2InstanceAttributes: { IamInstanceProfile: 'web' } }, profile],
    ['glue-job', { Role: ROLE }],
    ['glue-dev-endpoint', { RoleArn: ROLE }],
    ['codebuild-project', { serviceRole: ROLE }],
    ['cloudformation-stack', { StackStatus: 'CREATE_COMPLETE', RoleARN: ROLE }],
    ['sagemaker-notebook', { RoleArn: ROLE }],
    ['app-runner-service', { ServiceId: 's', InstanceConfiguration: { InstanceRoleArn: ROLE } }],
    ['state-machine', { roleArn: ROLE }],
    ['eks-cluster', { roleArn: ROLE }],
    ['rds-instance', { AssociatedRoles: [{ RoleArn: ROLE }] }],
    ['rds-cluster', { AssociatedRoles: [{ RoleArn: ROLE }] }],
    ['redshift-cluster', { IamRoles: [{ IamRoleArn: ROLE }] }],
    ['bedrock-code-interpreter', { executionRoleArn: ROLE }],
  ];

  test.each(spread(rows))('$type $told acts as its role', ({ type, facts, others }) => {
    expect(rolesOf(type, facts, ...others)).toEqual([ROLE]);
  });

  test('every type that may act as a role has a row', () => {
    expect([...new Set(rows.map(([type]) => type))].sort()).toEqual([...WORKLOAD_TYPES].sort());
  });

  test.each(
    spread([
      ['ec2-instance', { InstanceId: 'i-2' }],
      ['ecs-task-definition', { family: 'web', executionRoleArn: ROLE }],
      ['ecs-service', { taskDefinition: DEFINITION }, definition({ family: 'web' })],
      ['ecs-task', { taskDefinitionArn: DEFINITION }, definition({ family: 'web' })],
      ['cloudformation-stack', { StackStatus: 'CREATE_COMPLETE' }],
      ['app-runner-service', { ServiceId: 's' }],
    ]),
  )('$type $told acts as none', ({ type, facts, others }) => {
    expect(rolesOf(type, facts, ...others)).toEqual([]);
  });

  test.each(
    spread([
      ['ec2-instance', {}],
      ['ec2-instance', { InstanceId: 'i-2', IamInstanceProfile: { Arn: PROFILE } }],
      ['lambda-function', {}],
      ['auto-scaling-group', { LaunchTemplate: { LaunchTemplateId: 'lt-1' } }],
      ['ecs-task-definition', {}],
      ['ecs-service', { taskDefinition: DEFINITION }],
      ['ecs-service', { taskDefinition: DEFINITION }, definition({})],
      ['ecs-task', { taskDefinitionArn: DEFINITION }],
      ['beanstalk-environment', { Instances: [{ Id: 'i-9' }] }, machine],
      ['emr-cluster', {}],
      ['cloudformation-stack', {}],
      ['rds-instance', {}],
    ]),
  )('$type $told: nobody said', ({ type, facts, others }) => {
    expect(rolesOf(type, facts, ...others)).toBeUndefined();
  });
});
