import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { expose, group, NETWORK, resource, tcp } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** Rows of attack-paths §2.5 beside those of `aws-exposure.rows.test.ts`: databases, their snapshots, images and documents. */
type Row = readonly [
  title: string,
  state: 'yes' | 'no' | 'unknown',
  of: EstateResource,
  ...others: EstateResource[],
];

const open = group('sg-web', tcp(443, '0.0.0.0/0'), tcp(9094, '0.0.0.0/0'), tcp(5439, '0.0.0.0/0'));
const check = ([, state, of, ...others]: Row): void => {
  expect(expose([...NETWORK, open, ...others], of).state).toBe(state);
};

describe('databases', () => {
  const cluster = (facts: JsonObject) =>
    resource('rds-cluster', 'orders', { DBClusterIdentifier: 'orders', ...facts });
  const redshift = (facts: JsonObject) =>
    resource('redshift-cluster', 'house', {
      ClusterSubnetGroupName: 'house',
      VpcId: 'vpc-1',
      PubliclyAccessible: true,
      Endpoint: { Port: 5439 },
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-web' }],
      ...facts,
    });
  const subnets = resource('redshift-subnet-group', 'house', {
    ClusterSubnetGroupName: 'house',
    Subnets: [{ SubnetIdentifier: 'subnet-1' }],
  });
  const workgroup = (facts: JsonObject) =>
    resource('redshift-workgroup', 'lake', {
      publiclyAccessible: true,
      securityGroupIds: ['sg-web'],
      subnetIds: ['subnet-1'],
      port: 5439,
      ...facts,
    });
  const snapshot = (facts: JsonObject) => resource('rds-snapshot', 'nightly', facts);
  const image = (facts: JsonObject) => resource('ami', 'ami-1', facts);
  const document = (facts: JsonObject) => resource('ssm-document', 'setup', facts);

  it.each<Row>([
    [
      'a cluster with an unknown instance',
      'unknown',
      cluster({ DBClusterMembers: [{ DBInstanceIdentifier: 'x' }] }),
    ],
    [
      'a cluster with its switch off',
      'no',
      cluster({ PubliclyAccessible: false, HttpEndpointEnabled: true }),
    ],
    ['a cluster without instances', 'no', cluster({ DBClusterMembers: [], HttpEndpointEnabled: true })],
    ['a cluster of which nothing is told', 'unknown', cluster({})],
    ['Redshift in an open subnet', 'yes', redshift({}), subnets],
    ['Redshift that is paused', 'no', redshift({ ClusterStatus: 'paused' }), subnets],
    ['Redshift with its switch off', 'no', redshift({ PubliclyAccessible: false }), subnets],
    ['Redshift without its subnets', 'unknown', redshift({})],
    ['Redshift of which nothing is told', 'unknown', redshift({ PubliclyAccessible: null }), subnets],
    ['a workgroup in an open subnet', 'yes', workgroup({})],
    ['a workgroup with its own port', 'yes', workgroup({ endpoint: { port: 443 }, port: 1 })],
    ['a workgroup on a closed port', 'no', workgroup({ port: 5440 })],
    ['a workgroup with its switch off', 'no', workgroup({ publiclyAccessible: false })],
    ['a snapshot for everybody', 'yes', snapshot({ Restore: ['all'] })],
    ['a snapshot for two accounts', 'no', snapshot({ Restore: ['222222222222', '111111111111'] })],
    ['a snapshot for its owner', 'no', snapshot({ Restore: ['111111111111'] })],
    [
      'a shared snapshot that cannot be',
      'unknown',
      snapshot({ Restore: ['all'], Encrypted: true, KmsKeyId: 'alias/aws/rds' }),
    ],
    ['a snapshot of which nothing is told', 'unknown', snapshot({})],
    ['an image for everybody', 'yes', image({ Public: true })],
    ['an image of its own', 'no', image({ Public: false })],
    ['an image of Amazon', 'no', image({ Public: true, ImageOwnerAlias: 'amazon' })],
    ['an image of the marketplace', 'no', image({ Public: true, ImageOwnerAlias: 'aws-marketplace' })],
    ['an image of which nothing is told', 'unknown', image({})],
    ['a document for everybody', 'yes', document({ AccountIds: ['All'] })],
    ['a document of Amazon', 'no', document({ Owner: 'Amazon' })],
    ['a document of which nothing is told', 'unknown', document({})],
    ['a volume snapshot of which nothing is told', 'unknown', resource('snapshot', 'snap-1', {})],
  ])('%s', (...row) => check(row as unknown as Row));
});
