import type { JsonObject } from '#base/json-value.ts';
import type { AwsKindName } from '../reading/aws/aws-kinds.ts';
import { KEY_OF_SECRETS } from '../reading/aws/aws-names.ts';
import { added, type Piece, part, type ReadValues, resource } from './piece.ts';
import { block, blocks, isTrue, known, policy, renamed, text, texts, wrapped } from './values.ts';

/** Types of the AWS provider that hold data, and the policies that open them. */
export const DATA_TYPES: Readonly<Record<string, ReadValues>> = {
  aws_s3_bucket: bucket,
  aws_s3_bucket_policy: (values) =>
    part('s3-bucket', text(values, 'bucket'), 'policy', policy(values, 'policy')),
  aws_s3_bucket_public_access_block: (values) =>
    part('s3-bucket', text(values, 'bucket'), 'public-access-block', { PublicAccessBlock: flags(values) }),
  aws_s3_bucket_acl: (values) => part('s3-bucket', text(values, 'bucket'), 'acl', grants(values)),
  aws_s3_bucket_ownership_controls: (values) =>
    part(
      's3-bucket',
      text(values, 'bucket'),
      'ownership',
      renamed(block(values, 'rule'), { ObjectOwnership: 'object_ownership' }),
    ),
  aws_s3_bucket_website_configuration: (values) =>
    part('s3-bucket', text(values, 'bucket'), 'website', { Website: true }),
  aws_s3_bucket_server_side_encryption_configuration: (values) =>
    part(
      's3-bucket',
      text(values, 'bucket'),
      'encryption',
      renamed(block(block(values, 'rule'), 'apply_server_side_encryption_by_default'), {
        DefaultEncryption: 'sse_algorithm',
        EncryptionKey: 'kms_master_key_id',
      }),
    ),
  aws_s3_bucket_replication_configuration: (values) =>
    part('s3-bucket', text(values, 'bucket'), 'replication', {
      ReplicatesTo: blocks(values, 'rule')
        .filter((rule) => rule['status'] !== 'Disabled')
        .flatMap((rule) => text(block(rule, 'destination'), 'bucket') ?? []),
    }),
  aws_s3_bucket_logging: (values) =>
    part('s3-bucket', text(values, 'bucket'), 'logging', renamed(values, { LogsTo: 'target_bucket' })),
  aws_s3_account_public_access_block: (values) => [
    {
      is: 'link',
      type: 's3-account-public-access-block',
      name: '',
      facts: { PublicAccessBlock: flags(values) },
    },
  ],
  aws_db_instance: (values) =>
    resource(
      'rds-instance',
      known({
        ...renamed(values, {
          DBInstanceIdentifier: 'identifier',
          DBInstanceArn: 'arn',
          DBInstanceStatus: 'status',
          Engine: 'engine',
          EngineVersion: 'engine_version',
          PubliclyAccessible: 'publicly_accessible',
          IAMDatabaseAuthenticationEnabled: 'iam_database_authentication_enabled',
          StorageEncrypted: 'storage_encrypted',
          KmsKeyId: 'kms_key_id',
          AvailabilityZone: 'availability_zone',
        }),
        Endpoint: renamed(values, { Address: 'address', Port: 'port' }),
        VpcSecurityGroups: wrapped(texts(values, 'vpc_security_group_ids'), 'VpcSecurityGroupId'),
        DBSubnetGroup: subnetGroup(values),
      }),
    ),
  aws_rds_cluster: (values) =>
    resource(
      'rds-cluster',
      known({
        ...renamed(values, {
          DBClusterIdentifier: 'cluster_identifier',
          DBClusterArn: 'arn',
          Engine: 'engine',
          EngineVersion: 'engine_version',
          Port: 'port',
          HttpEndpointEnabled: 'enable_http_endpoint',
          StorageEncrypted: 'storage_encrypted',
          KmsKeyId: 'kms_key_id',
        }),
        DBClusterMembers: wrapped(texts(values, 'cluster_members'), 'DBInstanceIdentifier'),
        VpcSecurityGroups: wrapped(texts(values, 'vpc_security_group_ids'), 'VpcSecurityGroupId'),
      }),
    ),
  aws_rds_cluster_instance: (values) =>
    resource(
      'rds-instance',
      known({
        ...renamed(values, {
          DBInstanceIdentifier: 'identifier',
          DBInstanceArn: 'arn',
          DBClusterIdentifier: 'cluster_identifier',
          Engine: 'engine',
          EngineVersion: 'engine_version',
          PubliclyAccessible: 'publicly_accessible',
          StorageEncrypted: 'storage_encrypted',
          KmsKeyId: 'kms_key_id',
        }),
        Endpoint: renamed(values, { Address: 'endpoint', Port: 'port' }),
        DBSubnetGroup: subnetGroup(values),
      }),
    ),
  aws_redshift_cluster: (values) =>
    resource(
      'redshift-cluster',
      known({
        ...renamed(values, {
          ClusterIdentifier: 'cluster_identifier',
          PubliclyAccessible: 'publicly_accessible',
          ClusterSubnetGroupName: 'cluster_subnet_group_name',
          Encrypted: 'encrypted',
        }),
        Endpoint: renamed(values, { Address: 'endpoint', Port: 'port' }),
        VpcSecurityGroups: wrapped(texts(values, 'vpc_security_group_ids'), 'VpcSecurityGroupId'),
        IamRoles: wrapped(texts(values, 'iam_roles'), 'IamRoleArn'),
      }),
    ),
  aws_dynamodb_table: (values) =>
    resource(
      'dynamodb-table',
      known({
        ...renamed(values, { TableName: 'name', TableArn: 'arn', Name: 'name', Arn: 'arn' }),
        SSEDescription: tableEncryption(values),
      }),
    ),
  aws_sqs_queue: (values) =>
    resource('sqs-queue', {
      ...renamed(values, { Name: 'name', Arn: 'arn', QueueUrl: 'url', KmsKeyId: 'kms_master_key_id' }),
      ...policy(values, 'policy'),
    }),
  aws_sqs_queue_policy: (values) =>
    part('sqs-queue', text(values, 'queue_url')?.split('/').at(-1), 'policy', policy(values, 'policy')),
  aws_sns_topic: (values) =>
    resource('sns-topic', {
      ...renamed(values, { TopicArn: 'arn', Name: 'name', KmsKeyId: 'kms_master_key_id' }),
      ...policy(values, 'policy'),
    }),
  aws_sns_topic_policy: (values) =>
    part('sns-topic', text(values, 'arn'), 'policy', policy(values, 'policy')),
  aws_kms_key: (values) =>
    resource('kms-key', {
      ...renamed(values, { KeyId: 'key_id', KeyArn: 'arn', Arn: 'arn' }),
      KeyManager: 'CUSTOMER',
      ...policy(values, 'policy'),
    }),
  aws_kms_key_policy: (values) => part('kms-key', text(values, 'key_id'), 'policy', policy(values, 'policy')),
  aws_secretsmanager_secret: (values) =>
    resource('secret', {
      ...renamed(values, { ARN: 'arn', Arn: 'arn', Name: 'name', KmsKeyId: 'kms_key_id' }),
      ...('kms_key_id' in values && (values['kms_key_id'] ?? '') === '' ? { KmsKeyId: KEY_OF_SECRETS } : {}),
      ...policy(values, 'policy'),
    }),
  aws_secretsmanager_secret_policy: (values) =>
    part('secret', text(values, 'secret_arn'), 'policy', policy(values, 'policy')),
  aws_ecr_repository: (values) =>
    resource(
      'ecr-repository',
      renamed(values, {
        repositoryName: 'name',
        repositoryArn: 'arn',
        repositoryUri: 'repository_url',
        registryId: 'registry_id',
        Name: 'name',
        Arn: 'arn',
        Uri: 'repository_url',
      }),
    ),
  aws_ecr_repository_policy: (values) =>
    part('ecr-repository', text(values, 'repository'), 'policy', policy(values, 'policy')),
  aws_efs_file_system: (values) =>
    resource('efs-file-system', renamed(values, { FileSystemId: 'id', FileSystemArn: 'arn', Name: 'name' })),
  aws_efs_file_system_policy: (values) =>
    part('efs-file-system', text(values, 'file_system_id'), 'policy', policy(values, 'policy')),
  aws_elasticsearch_domain: (values) => searchDomain(values),
  aws_opensearch_domain: (values) => searchDomain(values),
  aws_ebs_volume: (values) =>
    resource(
      'volume',
      renamed(values, {
        VolumeId: 'id',
        Encrypted: 'encrypted',
        KmsKeyId: 'kms_key_id',
        AvailabilityZone: 'availability_zone',
      }),
    ),
  aws_volume_attachment: (values) =>
    added('volume', text(values, 'volume_id'), {
      Attachments: [renamed(values, { InstanceId: 'instance_id' })],
    }),
  aws_ebs_snapshot: (values) =>
    resource(
      'snapshot',
      renamed(values, {
        SnapshotId: 'id',
        VolumeId: 'volume_id',
        OwnerId: 'owner_id',
        Encrypted: 'encrypted',
      }),
    ),
  aws_cloudtrail: (values) =>
    resource(
      'cloudtrail-trail',
      renamed(values, { Name: 'name', TrailARN: 'arn', S3BucketName: 's3_bucket_name' }),
    ),
  aws_cloudfront_distribution: distribution,
};

function bucket(values: JsonObject): readonly Piece[] {
  const name = text(values, 'bucket');
  return [
    ...resource('s3-bucket', known({ Name: name, BucketRegion: text(values, 'region') })),
    ...(text(values, 'policy') === undefined
      ? []
      : part('s3-bucket', name, 'own-policy', policy(values, 'policy'))),
    ...(text(values, 'acl') === undefined && blocks(values, 'grant').length === 0
      ? []
      : part('s3-bucket', name, 'own-acl', grants(values))),
    ...(blocks(values, 'website').length === 0
      ? []
      : part('s3-bucket', name, 'own-website', { Website: true })),
  ];
}

const EVERYBODY = 'http://acs.amazonaws.com/groups/global/AllUsers';
const ANY_ACCOUNT = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';

/** Canned lists by what they grant to groups; grants to single accounts open nothing to the public. */
const CANNED: Readonly<Record<string, readonly (readonly [uri: string, right: string])[]>> = {
  'public-read': [[EVERYBODY, 'READ']],
  'public-read-write': [
    [EVERYBODY, 'READ'],
    [EVERYBODY, 'WRITE'],
  ],
  'authenticated-read': [[ANY_ACCOUNT, 'READ']],
};

function grants(values: JsonObject): JsonObject {
  const canned = text(values, 'acl');
  const listed = [
    ...blocks(block(values, 'access_control_policy'), 'grant').map((grant) => ({
      uri: text(block(grant, 'grantee'), 'uri'),
      rights: [text(grant, 'permission') ?? ''],
    })),
    ...blocks(values, 'grant').map((grant) => ({
      uri: text(grant, 'uri'),
      rights: texts(grant, 'permissions') ?? [],
    })),
  ];
  return {
    Grants: [
      ...(CANNED[canned ?? ''] ?? []).map(([uri, right]) => ({ Grantee: { URI: uri }, Permission: right })),
      ...listed.flatMap(({ uri, rights }) =>
        rights.map((right) => ({ Grantee: uri === undefined ? {} : { URI: uri }, Permission: right })),
      ),
    ],
  };
}

/** A flag that is not set is off. */
function flags(values: JsonObject): JsonObject {
  return {
    BlockPublicAcls: isTrue(values, 'block_public_acls') ?? false,
    IgnorePublicAcls: isTrue(values, 'ignore_public_acls') ?? false,
    BlockPublicPolicy: isTrue(values, 'block_public_policy') ?? false,
    RestrictPublicBuckets: isTrue(values, 'restrict_public_buckets') ?? false,
  };
}

/** The group's subnets stand in a resource of their own, and are joined to it by name. */
function subnetGroup(values: JsonObject): JsonObject | undefined {
  const name = text(values, 'db_subnet_group_name');
  return name === undefined ? undefined : { DBSubnetGroupName: name };
}

function searchDomain(values: JsonObject): readonly Piece[] {
  const type: AwsKindName = 'opensearch-domain';
  const vpc = block(values, 'vpc_options');
  const isInside = blocks(values, 'vpc_options').length > 0;
  return resource(
    type,
    known({
      ...renamed(values, { DomainName: 'domain_name', ARN: 'arn' }),
      Endpoint: isInside ? undefined : text(values, 'endpoint'),
      Endpoints: isInside ? renamed(values, { vpc: 'endpoint' }) : undefined,
      VPCOptions: isInside
        ? known({
            VPCId: text(vpc, 'vpc_id'),
            SubnetIds: texts(vpc, 'subnet_ids'),
            SecurityGroupIds: texts(vpc, 'security_group_ids'),
          })
        : undefined,
      AccessPolicies: policy(values, 'access_policies')['Policy'],
      AdvancedSecurityOptions: renamed(block(values, 'advanced_security_options'), { Enabled: 'enabled' }),
    }),
  );
}

function distribution(values: JsonObject): readonly Piece[] {
  return resource(
    'cloudfront-distribution',
    known({
      ...renamed(values, { Id: 'id', ARN: 'arn', DomainName: 'domain_name', Enabled: 'enabled' }),
      Aliases: { Items: texts(values, 'aliases') ?? [] },
      Origins: {
        Items: blocks(values, 'origin').map((origin) =>
          known({
            ...renamed(origin, {
              Id: 'origin_id',
              DomainName: 'domain_name',
              OriginAccessControlId: 'origin_access_control_id',
            }),
            S3OriginConfig: renamed(block(origin, 's3_origin_config'), {
              OriginAccessIdentity: 'origin_access_identity',
            }),
          }),
        ),
      },
      OriginGroups: {
        Items: blocks(values, 'origin_group').map((group) =>
          known({
            ...renamed(group, { Id: 'origin_id' }),
            Members: {
              Items: blocks(group, 'member').map((each) => renamed(each, { OriginId: 'origin_id' })),
            },
          }),
        ),
      },
      DefaultCacheBehavior: behaviour(block(values, 'default_cache_behavior')),
      CacheBehaviors: { Items: blocks(values, 'ordered_cache_behavior').map(behaviour) },
    }),
  );
}

function behaviour(values: JsonObject): JsonObject {
  return known({
    ...renamed(values, { PathPattern: 'path_pattern', TargetOriginId: 'target_origin_id' }),
    TrustedSigners: { Enabled: (texts(values, 'trusted_signers') ?? []).length > 0 },
    TrustedKeyGroups: { Enabled: (texts(values, 'trusted_key_groups') ?? []).length > 0 },
  });
}

/**
 * With an empty block, or turned off, a table has a key that AWS owns; without a key of its own, the one that AWS keeps.
 * Where a plan does not know the block yet, nothing is told.
 */
function tableEncryption(values: JsonObject): JsonObject | undefined {
  if (values['server_side_encryption'] === undefined) return undefined;
  const encryption = block(values, 'server_side_encryption');
  const key = text(encryption, 'kms_key_arn') ?? 'alias/aws/dynamodb';
  return isTrue(encryption, 'enabled') ? { SSEType: 'KMS', KMSMasterKeyArn: key } : { SSEType: 'DEFAULT' };
}
