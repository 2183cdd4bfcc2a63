import type { JsonObject } from '#base/json-value.ts';
import {
  A,
  absent,
  arn,
  config,
  instance,
  MACHINE,
  NET,
  policy,
  row,
  type Settled,
  without,
} from './formats.settled.test-sample.ts';

const database = (more: JsonObject): JsonObject => ({
  DBInstances: [
    {
      DBInstanceArn: arn('rds', 'db:orders'),
      DBInstanceIdentifier: 'orders',
      DBClusterIdentifier: 'c',
      ...more,
    },
  ],
});
const OPEN_DATABASE = {
  PubliclyAccessible: true,
  Endpoint: { Port: 443 },
  VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1' }],
  DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-1' }] },
};
const REDSHIFT = {
  Clusters: [
    {
      ClusterIdentifier: 'dw',
      PubliclyAccessible: true,
      Endpoint: { Port: 443 },
      VpcId: 'vpc-1',
      ClusterSubnetGroupName: 'g',
      VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1' }],
    },
  ],
};
const DATA_ROWS: readonly Settled[] = [
  row(
    'aws rds describe-db-instances',
    {
      ...NET,
      'rds-describe-db-clusters.json': {
        DBClusters: [
          {
            DBClusterArn: arn('rds', 'cluster:c'),
            DBClusterIdentifier: 'c',
            DBClusterMembers: [{ DBInstanceIdentifier: 'orders' }],
          },
        ],
      },
    },
    database(OPEN_DATABASE),
  ),
  row(
    'aws rds describe-db-clusters',
    {
      ...NET,
      'rds-describe-db-instances.json': database(OPEN_DATABASE),
      'config.json': config('AWS::RDS::DBCluster', arn('rds', 'cluster:c'), 'c', {
        dBClusterIdentifier: 'c',
      }),
    },
    {
      DBClusters: [
        {
          DBClusterArn: arn('rds', 'cluster:c'),
          DBClusterIdentifier: 'c',
          DBClusterMembers: [{ DBInstanceIdentifier: 'orders' }],
        },
      ],
    },
  ),
  row(
    'aws rds describe-db-snapshot-attributes --db-snapshot-identifier s',
    {
      'rds-describe-db-snapshots.json': {
        DBSnapshots: [{ DBSnapshotIdentifier: 's', DBSnapshotArn: arn('rds', 'snapshot:s') }],
      },
    },
    {
      DBSnapshotAttributesResult: {
        DBSnapshotIdentifier: 's',
        DBSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: ['all'] }],
      },
    },
  ),
  row(
    'aws rds describe-db-cluster-snapshot-attributes --db-cluster-snapshot-identifier s',
    {
      'rds-describe-db-cluster-snapshots.json': {
        DBClusterSnapshots: [
          { DBClusterSnapshotIdentifier: 's', DBClusterSnapshotArn: arn('rds', 'cluster-snapshot:s') },
        ],
      },
    },
    {
      DBClusterSnapshotAttributesResult: {
        DBClusterSnapshotIdentifier: 's',
        DBClusterSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: [] }],
      },
    },
    'no',
  ),
  row(
    'aws rds describe-db-snapshots',
    {
      'rds-describe-db-snapshots.json': {
        DBSnapshots: [
          {
            DBSnapshotIdentifier: 's',
            DBSnapshotArn: arn('rds', 'snapshot:s'),
            Encrypted: true,
            KmsKeyId: 'alias/aws/rds',
          },
        ],
      },
      'rds-describe-db-snapshot-attributes.json': {
        DBSnapshotAttributesResult: {
          DBSnapshotIdentifier: 's',
          DBSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: ['all'] }],
        },
      },
    },
    {
      DBSnapshots: [{ DBSnapshotIdentifier: 's', DBSnapshotArn: arn('rds', 'snapshot:s'), Encrypted: false }],
    },
  ),
  row(
    'aws redshift describe-cluster-subnet-groups',
    { ...NET, 'redshift-describe-clusters.json': REDSHIFT },
    { ClusterSubnetGroups: [{ ClusterSubnetGroupName: 'g', Subnets: [{ SubnetIdentifier: 'subnet-1' }] }] },
  ),
  row(
    'aws redshift describe-clusters',
    {
      ...NET,
      'redshift-describe-cluster-subnet-groups.json': {
        ClusterSubnetGroups: [{ ClusterSubnetGroupName: 'g', Subnets: [{ SubnetIdentifier: 'subnet-1' }] }],
      },
      'config.json': config('AWS::Redshift::Cluster', arn('redshift', 'cluster:dw'), 'dw', {
        clusterIdentifier: 'dw',
      }),
    },
    REDSHIFT,
  ),
  row(
    'aws redshift-serverless list-workgroups',
    {
      ...NET,
      'config.json': config(
        'AWS::RedshiftServerless::Workgroup',
        arn('redshift-serverless', 'workgroup/1'),
        'w',
        {
          workgroupName: 'w',
        },
      ),
    },
    {
      workgroups: [
        {
          workgroupArn: arn('redshift-serverless', 'workgroup/1'),
          workgroupName: 'w',
          publiclyAccessible: true,
          subnetIds: ['subnet-1'],
          securityGroupIds: ['sg-1'],
          port: 443,
        },
      ],
    },
  ),
  row(
    'aws ec2 describe-snapshot-attribute --snapshot-id snap-1 --attribute createVolumePermission',
    {
      'ec2-describe-snapshots.json': {
        Snapshots: [
          { SnapshotId: 'snap-1', VolumeId: 'vol-1', OwnerId: A, Tags: [{ Key: 'Name', Value: 'nightly' }] },
        ],
      },
    },
    { SnapshotId: 'snap-1', CreateVolumePermissions: [{ Group: 'all' }] },
  ),
  row(
    'aws ec2 describe-images --owners self',
    { ...MACHINE, 'ec2-describe-images.json': { Images: [{ ImageId: 'ami-1', OwnerId: A }] } },
    { Images: [{ ImageId: 'ami-1', OwnerId: A, Public: true }] },
  ),
  row(
    'aws ec2 describe-instances',
    { 'ec2-describe-images.json': { Images: [{ ImageId: 'ami-1', OwnerId: A, Public: true }] } },
    instance(),
  ),
  row(
    'aws ssm describe-document-permission --name d --permission-type Share > ssm-describe-document-permission-d.json 2>&1',
    { 'ssm-list-documents.json': { DocumentIdentifiers: [{ Name: 'd', Owner: A }] } },
    { AccountIds: ['all'], AccountSharingInfoList: [] },
  ),
];

const ALL_OFF = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
const SHOP = 'arn:aws:s3:::shop/*';
/** A bucket of which everything is told. */
export const BUCKET = {
  's3api-list-buckets.json': { Buckets: [{ Name: 'shop' }] },
  's3api-get-bucket-policy-shop.json': { Policy: policy('s3:GetObject', SHOP) },
  's3api-get-public-access-block-shop.json': { PublicAccessBlockConfiguration: ALL_OFF },
  [`s3control-get-public-access-block-${A}.json`]: { PublicAccessBlockConfiguration: ALL_OFF },
  's3api-get-bucket-acl-shop.json': {
    Owner: { ID: 'x' },
    Grants: [{ Permission: 'READ', Grantee: { URI: 'http://acs.amazonaws.com/groups/global/AllUsers' } }],
  },
  's3api-get-bucket-ownership-controls-shop.json': {
    OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
  },
} satisfies Settled['known'];
const PRIVATE_BUCKET = without(BUCKET, 's3api-get-bucket-policy-shop');
const NO_POLICY = {
  's3api-get-bucket-policy-shop.json': absent('NoSuchBucketPolicy', 'GetBucketPolicy'),
} satisfies Settled['known'];
const POINT = arn('s3', 'accesspoint/p');
const POINTS = {
  ...without(BUCKET, 's3api-get-bucket-acl-shop'),
  's3api-get-bucket-policy-shop.json': {
    Policy: JSON.stringify({
      Statement: [
        {
          Effect: 'Allow',
          Principal: '*',
          Action: '*',
          Resource: ['arn:aws:s3:::shop', SHOP],
          Condition: { StringEquals: { 's3:DataAccessPointAccount': A } },
        },
      ],
    }),
  },
  's3api-get-bucket-ownership-controls-shop.json': {
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  },
  's3control-list-access-points.json': {
    AccessPointList: [{ Name: 'p', AccessPointArn: POINT, Bucket: 'shop', NetworkOrigin: 'Internet' }],
  },
} satisfies Settled['known'];
const POINT_POLICY = { Policy: policy('s3:GetObject', `${POINT}/object/*`) };
const POINT_BLOCK = {
  Name: 'p',
  AccessPointArn: POINT,
  Bucket: 'shop',
  NetworkOrigin: 'Internet',
  PublicAccessBlockConfiguration: ALL_OFF,
};

const BUCKET_ROWS: readonly Settled[] = [
  row(
    'aws s3api get-bucket-policy --bucket shop > s3api-get-bucket-policy-shop.json 2>&1',
    without(BUCKET, 's3api-get-bucket-policy-shop', 's3api-get-bucket-acl-shop'),
    BUCKET['s3api-get-bucket-policy-shop.json'],
  ),
  row(
    'aws s3api get-bucket-policy --bucket shop > s3api-get-bucket-policy-shop.json 2>&1',
    {
      ...without(BUCKET, 's3api-get-bucket-policy-shop', 's3api-get-bucket-acl-shop'),
      's3api-get-bucket-ownership-controls-shop.json': {
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      },
    },
    absent('NoSuchBucketPolicy', 'GetBucketPolicy'),
    'no',
  ),
  row(
    'aws s3api get-public-access-block --bucket shop > s3api-get-public-access-block-shop.json 2>&1',
    without(BUCKET, 's3api-get-public-access-block-shop'),
    absent('NoSuchPublicAccessBlockConfiguration', 'GetPublicAccessBlock'),
  ),
  row(
    `aws s3control get-public-access-block --account-id ${A} > s3control-get-public-access-block-${A}.json 2>&1`,
    without(BUCKET, `s3control-get-public-access-block-${A}`),
    { PublicAccessBlockConfiguration: { ...ALL_OFF, IgnorePublicAcls: true, RestrictPublicBuckets: true } },
    'no',
  ),
  row(
    'aws s3api get-bucket-acl --bucket shop > s3api-get-bucket-acl-shop.json 2>&1',
    { ...without(PRIVATE_BUCKET, 's3api-get-bucket-acl-shop'), ...NO_POLICY },
    BUCKET['s3api-get-bucket-acl-shop.json'],
  ),
  ...(['yes', 'no'] as const).map((becomes) =>
    row(
      'aws s3api get-object-acl --bucket shop --key KEY > s3api-get-object-acl-shop.json 2>&1',
      {
        ...without(BUCKET, 's3api-get-bucket-policy-shop'),
        ...NO_POLICY,
        's3api-get-bucket-acl-shop.json': { Owner: { ID: 'x' }, Grants: [] },
      },
      becomes === 'yes' ? BUCKET['s3api-get-bucket-acl-shop.json'] : { Owner: { ID: 'x' }, Grants: [] },
      becomes,
    ),
  ),
  row(
    'aws s3api get-bucket-ownership-controls --bucket shop > s3api-get-bucket-ownership-controls-shop.json 2>&1',
    { ...without(PRIVATE_BUCKET, 's3api-get-bucket-ownership-controls-shop'), ...NO_POLICY },
    absent('OwnershipControlsNotFoundError', 'GetBucketOwnershipControls'),
  ),
  row(
    `aws s3control get-access-point-policy --account-id ${A} --name p > s3control-get-access-point-policy-p.json 2>&1`,
    { ...POINTS, 's3control-get-access-point-p.json': POINT_BLOCK },
    POINT_POLICY,
  ),
  row(
    `aws s3control get-access-point --account-id ${A} --name p > s3control-get-access-point-p.json 2>&1`,
    { ...POINTS, 's3control-get-access-point-policy-p.json': POINT_POLICY },
    POINT_BLOCK,
  ),
  row(
    'aws kms get-key-policy --key-id k > kms-get-key-policy-k.json 2>&1',
    {
      ...without(BUCKET, 's3api-get-bucket-acl-shop'),
      's3api-get-bucket-ownership-controls-shop.json': {
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      },
      's3api-get-bucket-policy-shop.json': {
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: '*',
              Action: 's3:GetObject',
              Resource: SHOP,
              Condition: { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/reader' } },
            },
          ],
        }),
      },
      's3api-get-bucket-encryption-shop.json': {
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault: {
                SSEAlgorithm: 'aws:kms',
                KMSMasterKeyID: arn('kms', 'key/k'),
              },
            },
          ],
        },
      },
      'kms-list-keys.json': { Keys: [{ KeyId: 'k', KeyArn: arn('kms', 'key/k') }] },
    },
    { PolicyName: 'default', Policy: policy('kms:Decrypt', '*') },
  ),
  row(
    'aws s3api list-buckets of its account',
    {
      ...without(BUCKET, 's3api-list-buckets'),
      'cloudtrail-describe-trails.json': {
        trailList: [{ Name: 'main', TrailARN: arn('cloudtrail', 'trail/main'), S3BucketName: 'shop' }],
      },
    },
    BUCKET['s3api-list-buckets.json'],
  ),
];

/** Questions of databases, copies and buckets of AWS. */
export const AWS_DATA_SETTLED: readonly Settled[] = [...DATA_ROWS, ...BUCKET_ROWS];
