import type { EstateResource } from '../risk/estate.ts';
import { exposeAccelerator } from './aws-accelerator-exposure.ts';
import { withAccessFindings } from './aws-access-finding.ts';
import { exposeApi } from './aws-api-exposure.ts';
import { exposeAccessPoint, exposeBucket } from './aws-bucket-exposure.ts';
import {
  exposeBeanstalk,
  exposeEmrCluster,
  exposeScalingGroup,
  exposeService,
  exposeSubnet,
  exposeTask,
  exposeTaskDefinition,
} from './aws-composite-exposure.ts';
import {
  exposeDbCluster,
  exposeDbInstance,
  exposeRedshiftCluster,
  exposeRedshiftWorkgroup,
} from './aws-database-exposure.ts';
import { exposeDistribution } from './aws-distribution-exposure.ts';
import {
  calledByIdentities,
  exposeAppRunner,
  exposeAppSync,
  exposeCollection,
  exposeDevEndpoint,
  exposeEksCluster,
  exposeKafkaCluster,
  exposeLightsail,
  exposeNotebook,
  exposeOpenSearchDomain,
  exposePublicRepository,
  exposeTrail,
  neverOnInternet,
} from './aws-endpoint-exposure.ts';
import type { AwsEstate } from './aws-estate.ts';
import { exposeFunction } from './aws-function-exposure.ts';
import { exposeInstance, exposeInterface } from './aws-instance-exposure.ts';
import { exposeClassicLoadBalancer, exposeLoadBalancer } from './aws-load-balancer-exposure.ts';
import { exposeOutsideMachine } from './aws-outside-machine-exposure.ts';
import { exposeByPolicy } from './aws-policy-holder.ts';
import { POLICY_SERVICES } from './aws-policy-services.ts';
import { exposeRole } from './aws-role-exposure.ts';
import {
  exposeDbSnapshot,
  exposeDocument,
  exposeMachineImage,
  exposeSnapshot,
} from './aws-shared-exposure.ts';
import { ownCredentialsOnly } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';

type Expose = (estate: AwsEstate, resource: EstateResource) => readonly ExposureRecord[];

const withoutNetwork: Expose = (_estate, resource) => ownCredentialsOnly(resource);

/** Every type whose exposure is evaluated; those of `aws-policy-services.ts` besides. */
const EXPOSE: Readonly<Record<string, Expose>> = {
  'ec2-instance': exposeInstance,
  'network-interface': exposeInterface,
  'outside-machine': exposeOutsideMachine,
  subnet: exposeSubnet,
  'auto-scaling-group': exposeScalingGroup,
  'load-balancer': exposeLoadBalancer,
  'classic-load-balancer': exposeClassicLoadBalancer,
  'global-accelerator': exposeAccelerator,
  'cloudfront-distribution': exposeDistribution,
  'rest-api': exposeApi,
  'http-api': exposeApi,
  'appsync-api': exposeAppSync,
  'lambda-function': exposeFunction,
  'app-runner-service': exposeAppRunner,
  'beanstalk-environment': exposeBeanstalk,
  'lightsail-instance': exposeLightsail,
  'sagemaker-notebook': exposeNotebook,
  'emr-cluster': exposeEmrCluster,
  'ecs-task': exposeTask,
  'ecs-service': exposeService,
  'ecs-task-definition': exposeTaskDefinition,
  'eks-cluster': exposeEksCluster,
  'rds-instance': exposeDbInstance,
  'rds-cluster': exposeDbCluster,
  'rds-snapshot': exposeDbSnapshot,
  'rds-cluster-snapshot': exposeDbSnapshot,
  'rds-proxy': neverOnInternet,
  'redshift-cluster': exposeRedshiftCluster,
  'redshift-workgroup': exposeRedshiftWorkgroup,
  'opensearch-domain': exposeOpenSearchDomain,
  'opensearch-collection': exposeCollection,
  'elasticache-cluster': neverOnInternet,
  'memorydb-cluster': neverOnInternet,
  'kafka-cluster': exposeKafkaCluster,
  's3-bucket': exposeBucket,
  's3-access-point': exposeAccessPoint,
  'cloudtrail-trail': exposeTrail,
  'ecr-public-repository': exposePublicRepository,
  snapshot: exposeSnapshot,
  ami: exposeMachineImage,
  'ssm-document': exposeDocument,
  'glue-dev-endpoint': exposeDevEndpoint,
  'glue-job': calledByIdentities,
  'codebuild-project': calledByIdentities,
  'cloudformation-stack': calledByIdentities,
  'state-machine': calledByIdentities,
  'bedrock-code-interpreter': calledByIdentities,
  'iam-role': exposeRole,
  'iam-root': withoutNetwork,
  'iam-user': withoutNetwork,
  'iam-group': withoutNetwork,
};

/** Every way in to a resource; undefined for types about which nothing is said. */
export function awsExposure(
  estate: AwsEstate,
  resource: EstateResource,
): readonly ExposureRecord[] | undefined {
  const { type } = resource;
  const expose = Object.hasOwn(POLICY_SERVICES, type)
    ? exposeByPolicy
    : Object.hasOwn(EXPOSE, type)
      ? EXPOSE[type]
      : undefined;
  return expose && withAccessFindings(estate, resource, expose(estate, resource));
}
