import { partitionOfRegion } from '#domain/resource/aws-region.ts';
import type {
  CloudObjectDescription,
  ImageDescription,
  ResourceDescription,
} from '#domain/resource/resource-description.ts';
import { AWS_KINDS, type AwsKind, type AwsKindName } from './aws-kinds.ts';
import { parseArn } from './aws-names.ts';

/** A resource as findings of AWS name it: an id or ARN, and the type in the spelling of Security Hub. */
export interface NamedAwsResource {
  readonly id: string;
  /** `AwsEc2Instance`, `AwsAccount`, `Other`. */
  readonly type: string | undefined;
  readonly name?: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** Tags of a container image. */
  readonly imageTags?: readonly string[] | undefined;
}

/**
 * The resource that a finding of AWS is about (design: identity, resource): an image of ECR by its repository,
 * an object by its ARN, and by account and region what is a setting of them (`Macie`, `No trails`, the bare
 * account number). An id that is neither stays what it is, with account and region beside it.
 */
export function describeNamedResource(named: NamedAwsResource): ResourceDescription {
  const { id, type, account, region } = named;
  const accountId = ACCOUNT_ID.exec(id)?.[1];
  if (accountId !== undefined && (type === undefined || !type.startsWith('AwsIam')))
    return { kind: 'account', provider: 'aws', account: accountId, region };
  const image = describeEcrImage(named);
  if (image !== null) return image;
  const kind = type === undefined ? undefined : KINDS.get(type);
  const described = {
    kind: 'cloud',
    provider: 'aws',
    type: kind ?? type,
    name: named.name,
    account,
    region,
  } as const;
  const arn = parseArn(id);
  if (arn !== null)
    return {
      ...described,
      id: repairedArn(id),
      account: arn.account || account,
      region: arn.region || region,
    };
  if (account !== undefined && isSetting(id, type))
    return { kind: 'account', provider: 'aws', account, region };
  return bareObject(id, kind, described);
}

/** `AWS::::Account:123456789012`, `arn:aws:iam::123456789012:root` and the number alone. */
const ACCOUNT_ID = /^(?:AWS::::Account:|arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?$/;

const ECR_IMAGE = /^arn:aws[a-z-]*:ecr:[a-z0-9-]+:\d{12}:repository\/.+\/(sha256:[0-9a-f]{64})$/i;

function describeEcrImage({ id, imageTags = [] }: NamedAwsResource): ImageDescription | null {
  const digest = ECR_IMAGE.exec(id)?.[1];
  if (digest === undefined) return null;
  const repository = repositoryAddress(id.slice(0, -digest.length - 1));
  if (repository === null) return null;
  const tags = [...imageTags].sort().map((tag) => `${repository}:${tag}`);
  return {
    kind: 'image',
    reference: tags[0] === undefined ? `${repository}@${digest}` : `${tags[0]}@${digest}`,
    digest,
    tags: tags.length === 0 ? undefined : tags,
    inRegistry: true,
  };
}

function repositoryAddress(text: string): string | null {
  const arn = parseArn(text);
  if (arn === null) return null;
  const host = arn.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `${arn.account}.dkr.ecr.${arn.region}.${host}/${arn.resource.slice('repository/'.length)}`;
}

/** Inspector leaves the word `instance/` out of the ARN of some instances. */
function repairedArn(id: string): string {
  return !id.includes(':i-')
    ? id
    : id.replace(/^(arn:aws[a-z-]*:ec2:[^:]*:[^:]*:)(i-[0-9a-f]+)$/, '$1instance/$2');
}

/** Names that stand where there is no object to name, as scanners of accounts print them. */
const SETTING_NAMES = new Set([
  'macie',
  'password_policy',
  'cloudwatch-crossaccountsharingrole',
  'unknown',
  'not found',
  'n/a',
]);
const SETTING_TYPES = new Set([
  'AwsAccount',
  'AwsMacieSession',
  'AwsIamPasswordPolicy',
  'AwsSecurityHubHub',
  'AwsCloudWatch',
]);

function isSetting(id: string, type: string | undefined): boolean {
  return (
    id.includes(' ') || SETTING_NAMES.has(id.toLowerCase()) || (type !== undefined && SETTING_TYPES.has(type))
  );
}

/** An ARN where the kind's pattern and the record's account and region give one: `vpc-1` is an id, not a name. */
function bareObject(
  id: string,
  kind: AwsKindName | undefined,
  described: Omit<CloudObjectDescription, 'id'>,
): CloudObjectDescription {
  const bare = id.startsWith('AWS::') ? id.slice(id.lastIndexOf(':') + 1) : id;
  const pattern = kind === undefined ? null : (AWS_KINDS[kind] as AwsKind).pattern;
  const { account, region } = described;
  if (pattern === null || bare === '' || /[\s:]/.test(bare))
    return { ...described, id: bare === '' ? id : bare };
  const start = `arn:${partitionOfRegion(region)}:${pattern.service}`;
  if (pattern.holds === 'neither') return { ...described, id: `${start}:::${pattern.prefix}${bare}` };
  if (pattern.holds === 'account-and-region' && account !== undefined && region !== undefined)
    return { ...described, id: `${start}:${region}:${account}:${pattern.prefix}${bare}` };
  // The path of a user or role is not told, so the ARN is the one without a path.
  if (pattern.holds === 'account' && account !== undefined)
    return { ...described, id: `${start}::${account}:${pattern.prefix}${bare}` };
  return { ...described, id: bare };
}

/** The kind of a resource in the spelling of this product; a type that is not listed stands for itself. */
export function kindOfSecurityHubType(type: string): string {
  return KINDS.get(type) ?? type;
}

/** Types of Security Hub by the kind of this product. A type that is not listed stands for itself. */
const KINDS: ReadonlyMap<string, AwsKindName> = new Map([
  ['AwsEc2Instance', 'ec2-instance'],
  ['AwsEc2NetworkInterface', 'network-interface'],
  ['AwsEc2SecurityGroup', 'security-group'],
  ['AwsEc2Subnet', 'subnet'],
  ['AwsEc2RouteTable', 'route-table'],
  ['AwsEc2Vpc', 'vpc'],
  ['AwsEc2NetworkAcl', 'network-acl'],
  ['AwsEc2InternetGateway', 'internet-gateway'],
  ['AwsEc2Eip', 'elastic-ip'],
  ['AwsEc2VpcEndpoint', 'vpc-endpoint'],
  ['AwsEc2VpcPeeringConnection', 'vpc-peering-connection'],
  ['AwsEc2Volume', 'volume'],
  ['AwsEc2Snapshot', 'snapshot'],
  ['AwsElbv2LoadBalancer', 'load-balancer'],
  ['AwsElbLoadBalancer', 'classic-load-balancer'],
  ['AwsAutoScalingAutoScalingGroup', 'auto-scaling-group'],
  ['AwsRdsDbInstance', 'rds-instance'],
  ['AwsRdsDbCluster', 'rds-cluster'],
  ['AwsRdsDbSnapshot', 'rds-snapshot'],
  ['AwsRdsDbClusterSnapshot', 'rds-cluster-snapshot'],
  ['AwsRedshiftCluster', 'redshift-cluster'],
  ['AwsDynamoDbTable', 'dynamodb-table'],
  ['AwsS3Bucket', 's3-bucket'],
  ['AwsLambdaFunction', 'lambda-function'],
  ['AwsSnsTopic', 'sns-topic'],
  ['AwsSqsQueue', 'sqs-queue'],
  ['AwsSecretsManagerSecret', 'secret'],
  ['AwsKmsKey', 'kms-key'],
  ['AwsEcrRepository', 'ecr-repository'],
  ['AwsEksCluster', 'eks-cluster'],
  ['AwsEcsCluster', 'ecs-cluster'],
  ['AwsEcsService', 'ecs-service'],
  ['AwsEcsTaskDefinition', 'ecs-task-definition'],
  ['AwsOpenSearchServiceDomain', 'opensearch-domain'],
  ['AwsElasticsearchDomain', 'opensearch-domain'],
  ['AwsCloudTrailTrail', 'cloudtrail-trail'],
  ['AwsGuardDutyDetector', 'guardduty-detector'],
  ['AwsCloudFormationStack', 'cloudformation-stack'],
  ['AwsIamUser', 'iam-user'],
  ['AwsIamRole', 'iam-role'],
  ['AwsIamGroup', 'iam-group'],
  ['AwsIamPolicy', 'iam-policy'],
]);
