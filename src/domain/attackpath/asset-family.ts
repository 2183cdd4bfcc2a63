import type { AssetFamily } from './state.ts';

/** Types of inventories that run code for whoever takes them over. */
const WORKLOADS: readonly string[] = [
  'workload',
  'pod',
  'ec2-instance',
  'auto-scaling-group',
  'lambda-function',
  'lightsail-instance',
  'ecs-service',
  'ecs-task',
  'app-runner-service',
  'beanstalk-environment',
  'sagemaker-notebook',
  'azure-vm',
  'azure-vmss',
  'azure-web-app',
  'azure-function-app',
  'azure-container-app',
  'azure-container-instance',
  'gcp-instance',
  'gcp-run-service',
  'gcp-function',
];

/** Types of inventories that hold data. */
const DATASTORES: readonly string[] = [
  's3-bucket',
  'rds-instance',
  'rds-cluster',
  'rds-snapshot',
  'rds-cluster-snapshot',
  'snapshot',
  'dynamodb-table',
  'redshift-cluster',
  'opensearch-domain',
  'secret',
  'efs-file-system',
  'backup-vault',
  'azure-storage-account',
  'azure-blob-container',
  'azure-key-vault',
  'azure-cosmos-account',
  'azure-sql-server',
  'azure-sql-managed-instance',
  'azure-redis',
  'azure-managed-redis',
  'azure-app-configuration',
  'azure-postgresql-server',
  'azure-mysql-server',
  'azure-mariadb-server',
  'gcp-bucket',
  'gcp-dataset',
  'gcp-sql-instance',
  'gcp-secret',
];

/** Types of inventories whose messages others act on. */
const QUEUES: readonly string[] = ['sqs-queue', 'sns-topic'];

/** Types of inventories that others become. */
const PRINCIPALS: readonly string[] = ['iam-role', 'gcp-identity-provider'];

/** What an attacker may hold on a resource of this type; null where rules have nothing to say of it. */
export function familyOfType(type: string): AssetFamily | null {
  if (WORKLOADS.includes(type)) return 'workload';
  if (DATASTORES.includes(type)) return 'datastore';
  if (QUEUES.includes(type)) return 'queue';
  return PRINCIPALS.includes(type) ? 'principal' : null;
}

/** Types of which somebody may hold something from the start. */
export const ENTERED_TYPES: readonly string[] = [...WORKLOADS, ...DATASTORES, ...QUEUES, ...PRINCIPALS];

/** Types that hold data. */
export const DATASTORE_TYPES = DATASTORES;

/** Types that run code inside a network of AWS, where another machine may reach them. */
export const INNER_TYPES: readonly string[] = ['ec2-instance', 'lambda-function'];
