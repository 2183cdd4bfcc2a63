import { type EstateResource, evidence } from '../risk/estate.ts';
import { exposeBucket } from './aws-bucket-exposure.ts';
import { exposeDbCluster, exposeDbInstance, exposeRedshiftCluster } from './aws-database-exposure.ts';
import type { AwsEstate } from './aws-estate.ts';
import { type AwsExposure, notExposed } from './aws-exposure-record.ts';
import { exposeInstance, exposeInterface } from './aws-instance-exposure.ts';
import { exposeClassicLoadBalancer, exposeLoadBalancer } from './aws-load-balancer-exposure.ts';
import {
  exposeByPolicy,
  exposeDbSnapshot,
  exposeEksCluster,
  exposeFunction,
  exposeMachineImage,
  exposeRole,
  exposeSnapshot,
} from './aws-service-exposure.ts';

type Expose = (estate: AwsEstate, resource: EstateResource) => AwsExposure;

/** Every type whose exposure is evaluated. */
const EXPOSE: Readonly<Record<string, Expose>> = {
  'ec2-instance': exposeInstance,
  'network-interface': exposeInterface,
  'load-balancer': exposeLoadBalancer,
  'classic-load-balancer': exposeClassicLoadBalancer,
  'rds-instance': exposeDbInstance,
  'rds-cluster': exposeDbCluster,
  'rds-snapshot': exposeDbSnapshot,
  'rds-cluster-snapshot': exposeDbSnapshot,
  'redshift-cluster': exposeRedshiftCluster,
  's3-bucket': exposeBucket,
  'lambda-function': exposeFunction,
  'sqs-queue': exposeByPolicy,
  'sns-topic': exposeByPolicy,
  secret: exposeByPolicy,
  'kms-key': exposeByPolicy,
  'ecr-repository': exposeByPolicy,
  'eks-cluster': exposeEksCluster,
  snapshot: exposeSnapshot,
  ami: exposeMachineImage,
  'iam-role': exposeRole,
  'iam-user': withoutNetwork,
  'iam-group': withoutNetwork,
};

/** Whether and how a resource is publicly accessible; undefined for types about which nothing is said. */
export function awsExposure(estate: AwsEstate, resource: EstateResource): AwsExposure | undefined {
  return Object.hasOwn(EXPOSE, resource.type) ? EXPOSE[resource.type]?.(estate, resource) : undefined;
}

function withoutNetwork(_estate: AwsEstate, resource: EstateResource): AwsExposure {
  return notExposed(evidence(`${resource.name} is reached with its own credentials only.`, resource));
}
