import { expect, test } from 'vitest';
import { CODE_RUNNERS } from '../resource/code-runner.ts';
import { ENTERED_TYPES, familyOfType } from './asset-family.ts';

test('whatever runs the code of a service runs code for whoever takes it over, and may be entered', () => {
  const runners = [...CODE_RUNNERS, 'ecs-task', 'sagemaker-notebook'];
  expect(runners.filter((type) => familyOfType(type) !== 'workload')).toEqual([]);
  expect(runners.filter((type) => !ENTERED_TYPES.includes(type))).toEqual([]);
});

test.each([
  ['objects', 's3-bucket azure-storage-account azure-blob-container gcp-bucket'],
  [
    'databases',
    'rds-instance rds-cluster dynamodb-table redshift-cluster azure-sql-server azure-sql-managed-instance azure-postgresql-server azure-mysql-server azure-mariadb-server azure-cosmos-account gcp-sql-instance gcp-dataset',
  ],
  ['copies of them', 'snapshot rds-snapshot rds-cluster-snapshot backup-vault'],
  ['secrets', 'secret azure-key-vault azure-app-configuration gcp-secret'],
  ['files, caches and what is searched', 'efs-file-system azure-redis azure-managed-redis opensearch-domain'],
])('stores of %s hold data, and may be entered', (_what, types) => {
  for (const type of types.split(' ')) {
    expect([type, familyOfType(type)]).toEqual([type, 'datastore']);
    expect(ENTERED_TYPES).toContain(type);
  }
});

test.each([
  ['sqs-queue', 'queue'],
  ['sns-topic', 'queue'],
  ['iam-role', 'principal'],
  ['gcp-identity-provider', 'principal'],
  ['load-balancer', null],
  ['subnet', null],
])('%s is %s', (type, family) => {
  expect(familyOfType(type)).toBe(family);
  expect(ENTERED_TYPES.includes(type)).toBe(family !== null);
});
