import type { FactFields } from './fact-shape.ts';

/**
 * The facts of clusters, tasks and whom they let in in AWS, by resource type: what evaluation needs, under the names of the AWS API (`describe` shape),
 * read as those of `aws-facts.ts`.
 */

/** `eks-cluster`. */
export const EKS_CLUSTER = {
  name: 'text',
  arn: 'text',
  version: 'text',
  status: 'text',
  roleArn: 'text',
  resourcesVpcConfig: {
    endpointPublicAccess: 'boolean',
    endpointPrivateAccess: 'boolean',
    publicAccessCidrs: 'texts',
    clusterSecurityGroupId: 'text',
    vpcId: 'text',
  },
  accessConfig: { authenticationMode: 'text' },
  identity: { oidc: { issuer: 'text' } },
} as const satisfies FactFields;

/**
 * `eks-pod-identity-association`: which role the pods of a service account get, or which other one through it, and the
 * session policy within which they have its rights; lists leave all of them out.
 */
export const POD_IDENTITY_ASSOCIATION = {
  associationArn: 'text',
  clusterName: 'text',
  namespace: 'text',
  serviceAccount: 'text',
  roleArn: 'text',
  targetRoleArn: 'text',
  policy: 'policy',
} as const satisfies FactFields;

/** `ecs-task`; its attachments name its interface. */
export const ECS_TASK = {
  taskArn: 'text',
  clusterArn: 'text',
  taskDefinitionArn: 'text',
  containerInstanceArn: 'text',
  group: 'text',
  lastStatus: 'text',
  overrides: { taskRoleArn: 'text' },
  attachments: [{ type: 'text', details: [{ name: 'text', value: 'text' }] }],
  containers: [{ networkBindings: [{ hostPort: 'number', protocol: 'text' }] }],
} as const satisfies FactFields;

/** `ecs-container-instance`: the machine that tasks without an interface of their own run on. */
export const CONTAINER_INSTANCE = {
  containerInstanceArn: 'text',
  ec2InstanceId: 'text',
  status: 'text',
} as const satisfies FactFields;

/** `ecs-task-definition`; `family` is there where it was described and not only named. */
export const TASK_DEFINITION = {
  taskDefinitionArn: 'text',
  family: 'text',
  taskRoleArn: 'text',
  executionRoleArn: 'text',
  networkMode: 'text',
  pidMode: 'text',
  containerDefinitions: [
    {
      name: 'text',
      image: 'text',
      privileged: 'boolean',
      mountPoints: [{ sourceVolume: 'text', readOnly: 'boolean' }],
      linuxParameters: { capabilities: { add: 'texts' } },
    },
  ],
  volumes: [{ name: 'text', host: { sourcePath: 'text' } }],
} as const satisfies FactFields;

/** `ecs-service`; `launchType` is `EC2`, `FARGATE` or `EXTERNAL`, its tasks are registered with the target groups of `loadBalancers`. */
export const ECS_SERVICE = {
  serviceArn: 'text',
  serviceName: 'text',
  clusterArn: 'text',
  taskDefinition: 'text',
  enableExecuteCommand: 'boolean',
  launchType: 'text',
  desiredCount: 'number',
  runningCount: 'number',
  loadBalancers: [{ targetGroupArn: 'text' }],
} as const satisfies FactFields;

/** `eks-access-entry`: somebody of AWS whom a cluster of EKS lets in, and as whom. */
export const ACCESS_ENTRY = {
  clusterName: 'text',
  principalArn: 'text',
  kubernetesGroups: 'texts',
  username: 'text',
  type: 'text',
} as const satisfies FactFields;

/** `eks-access-entry-list`: all whom a cluster lets in by such an entry. */
export const ACCESS_ENTRY_LIST = {
  clusterName: 'text',
  principalArns: 'texts',
} as const satisfies FactFields;

/** `eks-access-policies`: policies of EKS for whoever is let in; all of them, or of Terraform (`IsPart`) one. */
export const ACCESS_POLICIES = {
  clusterName: 'text',
  principalArn: 'text',
  associatedAccessPolicies: [{ policyArn: 'text', accessScope: { type: 'text', namespaces: 'texts' } }],
  IsPart: 'boolean',
} as const satisfies FactFields;
