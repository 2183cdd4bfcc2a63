import {
  asArray,
  asObject,
  asObjects,
  asText,
  asTexts,
  type JsonObject,
  type JsonValue,
} from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import { isAwsRegion } from '#domain/resource/aws-region.ts';
import { OBJECT_LIST } from '#domain/resource/facts/aws-facts.ts';
import { BLOCK_PUBLIC_ACCESS } from '#domain/resource/facts/aws-network-facts.ts';
import { policyFacts, trimFacts } from '#domain/resource/facts/fact-shape.ts';
import type { AwsKindName } from '../reading/aws/aws-kinds.ts';
import { accountNumber, parseArn } from '../reading/aws/aws-names.ts';
import { describeAwsLink, describeAwsPart } from '../reading/aws/aws-part.ts';
import { describeAccountSetting } from '../reading/aws/describe-account-setting.ts';
import { type AwsPlace, describeAwsResource } from '../reading/aws/describe-aws-resource.ts';
import { imageOfFunction } from '../reading/aws/running-images.ts';
import type { Asked } from './asked.ts';
import { credentialReport } from './credential-report.ts';
import { EKS_ANSWERS } from './eks-answers.ts';
import type { ObjectCall } from './object-call.ts';
import { organisation, organisationPolicyContent } from './organisation-calls.ts';
import { accountBlock, BLOCK_CALL, isAboutAccount } from './public-access-block.ts';
import { requestParameter } from './request-parameter.ts';
import { SERVICE_ANSWERS } from './service-answers.ts';

const NOTHING = (): readonly Observation[] => [];

/** Every answer of this kind that is read, one line each; the first whose members are all there decides. */
export const OBJECT_CALLS: readonly ObjectCall[] = [
  { members: ['Account', 'Arn', 'UserId'], read: callerIdentity },
  { members: ['SummaryMap'], read: NOTHING },
  { members: ['Content', 'GeneratedTime', 'ReportFormat'], read: credentialReport },
  { members: ['Organization'], read: organisation },
  { members: ['Policy'], read: organisationPolicyContent },
  ...SERVICE_ANSWERS,
  ...EKS_ANSWERS,
  { members: ['Policy', 'RevisionId'], read: revisedPolicy },
  { members: ['Policy', 'PolicyName'], read: keyPolicy },
  { members: ['Policy'], read: bucketPolicy },
  { members: ['taskDefinition'], read: one('ecs-task-definition', 'taskDefinition') },
  { members: ['Table'], read: one('dynamodb-table', 'Table') },
  { members: ['Code', 'Configuration'], read: describedFunction },
  { members: ['stateMachineArn', 'roleArn'], read: one('state-machine', null) },
  { members: ['PolicyStatus'], read: NOTHING },
  // Lists of buckets tell the region too, and nothing of a bucket is judged by it.
  { members: ['LocationConstraint'], read: NOTHING },
  { members: ['PublicAccessBlockConfiguration'], read: publicAccessBlock },
  {
    members: ['Owner', 'Grants'],
    read: accessControlList,
  },
  { members: ['Grants'], read: keyGrants },
  { members: ['OwnershipControls'], read: ownershipControls },
  { members: ['ServerSideEncryptionConfiguration'], read: bucketEncryption },
  { members: ['FunctionUrl', 'FunctionArn', 'AuthType'], read: functionUrl },
  { members: ['Attributes'], read: attributes },
  { members: ['policyText', 'repositoryName'], read: repositoryPolicy },
  {
    members: ['ARN', 'ResourcePolicy'],
    read: (answer, { place }) =>
      part('secret', asText(answer['ARN']), 'policy', { Policy: answer['ResourcePolicy'] ?? null }, place),
  },
  // Without a policy the answer names the secret alone.
  {
    members: ['ARN', 'Name'],
    read: (answer, { place }) =>
      part('secret', asText(answer['ARN']), 'policy', { Policy: { Statement: [] } }, place),
  },
  { members: ['cluster'], read: eksCluster },
  { members: ['association'], read: podIdentityAssociation },
  { members: ['DBSnapshotAttributesResult'], read: snapshotAttributes },
  { members: ['DBClusterSnapshotAttributesResult'], read: snapshotAttributes },
  { members: ['SnapshotId', 'CreateVolumePermissions'], read: volumePermissions },
  { members: ['VpcBlockPublicAccessOptions'], read: blockPublicAccess },
];

/** The answer's line in the table; undefined for an object that is no known answer. */
export function objectCallOf(answer: JsonObject): ObjectCall | undefined {
  return OBJECT_CALLS.find(
    (call) => call.members.every((member) => isThere(answer, member)) && provesItself(call, answer),
  );
}

/** AWS calls the location of a bucket in its first region null. */
function isThere(answer: JsonObject, member: string): boolean {
  return answer[member] !== undefined && (answer[member] !== null || member === 'LocationConstraint');
}

const NAMED_ALONE = new Set(['ARN', 'Name', 'ResourcePolicy', 'ResponseMetadata', '$metadata']);

const BESIDE_A_LOCATION = new Set(['LocationConstraint', 'ResponseMetadata', '$metadata']);

/** Members with everyday names are believed only with the value that AWS gives them. */
function provesItself(call: ObjectCall, answer: JsonObject): boolean {
  const [first] = call.members;
  switch (first) {
    case 'Account':
      return accountNumber(answer['Account']) !== undefined && parseArn(asText(answer['Arn'])) !== null;
    case 'Policy':
      return call.read === organisationPolicyContent
        ? asObject(asObject(answer['Policy'])?.['PolicySummary']) !== undefined
        : policyFacts(answer['Policy'])?.['Statement'] !== undefined &&
            asObject(asObject(answer['Policy'])?.['PolicySummary']) === undefined;
    case 'Organization':
      return asText(asObject(answer['Organization'])?.['Id'])?.startsWith('o-') === true;
    case 'taskDefinition':
      return parseArn(asText(asObject(answer['taskDefinition'])?.['taskDefinitionArn'])) !== null;
    case 'Table':
      return parseArn(asText(asObject(answer['Table'])?.['TableArn']))?.service === 'dynamodb';
    case 'Attributes': {
      const named = asObject(answer['Attributes']);
      return parseArn(asText(named?.['QueueArn']) ?? asText(named?.['TopicArn'])) !== null;
    }
    case 'Service':
      return parseArn(asText(asObject(answer['Service'])?.['ServiceArn']))?.service === 'apprunner';
    case 'Cluster':
      return parseArn(asText(asObject(answer['Cluster'])?.['ClusterArn'])) !== null;
    case 'Policies':
      return Object.values(asObject(answer['Policies']) ?? {}).some(
        (each) => policyFacts(each) !== undefined,
      );
    case 'policy':
      return (
        asText(asObject(answer['policy'])?.['document'] ?? asObject(answer['policy'])?.['Policy']) !==
        undefined
      );
    case 'DistributionList':
    case 'VpcOriginList':
      return (
        asObject(answer[first])?.['Quantity'] !== undefined ||
        asObject(answer[first])?.['Items'] !== undefined
      );
    case 'LocationConstraint':
      return (
        Object.keys(answer).every((member) => BESIDE_A_LOCATION.has(member)) &&
        (answer[first] === null || answer[first] === 'EU' || isAwsRegion(asText(answer[first]) ?? ''))
      );
    case 'IndexDocument':
      return asText(asObject(answer['IndexDocument'])?.['Suffix']) !== undefined;
    case 'cluster':
      return parseArn(asText(asObject(answer['cluster'])?.['arn']))?.service === 'eks';
    case 'ARN':
      return (
        parseArn(asText(answer['ARN']))?.service === 'secretsmanager' &&
        Object.keys(answer).every((member) => NAMED_ALONE.has(member))
      );
    case 'accessEntries':
      return (
        Array.isArray(answer['accessEntries']) &&
        asArray(answer['accessEntries']).every((each) => parseArn(asText(each)) !== null)
      );
    case 'accessEntry':
      return parseArn(asText(asObject(answer['accessEntry'])?.['principalArn'])) !== null;
    case 'associatedAccessPolicies':
      return parseArn(asText(answer['principalArn'])) !== null;
    case 'association':
      return parseArn(asText(asObject(answer['association'])?.['associationArn']))?.service === 'eks';
    case 'finding':
      return parseArn(asText(asObject(answer['finding'])?.['resource'])) !== null;
    case 'findingDetails':
      return parseArn(asText(answer['resource'])) !== null;
    case 'Owner':
      return asObjects(answer['Grants']).every((grant) => asText(grant['Permission']) !== undefined);
    case 'Grants':
      return (
        Array.isArray(answer['Grants']) &&
        asObjects(answer['Grants']).every(
          (grant) => grant['GrantId'] !== undefined && grant['KeyId'] !== undefined,
        )
      );
    default:
      return true;
  }
}

function part(
  type: Parameters<typeof describeAwsPart>[0],
  of: string | undefined,
  what: string,
  facts: JsonObject,
  place: AwsPlace,
): readonly Observation[] {
  return of === undefined ? [] : [describeAwsPart(type, of, what, facts, place)];
}

/** The list of a bucket, or of one of its objects: both answer alike, and only the file's name tells. */
function accessControlList(answer: JsonObject, asked: Asked): readonly Observation[] {
  const sample = sampledObject(asked.fileName);
  if (sample === null) return bucketPart(asked, 'get-bucket-acl', { Grants: answer['Grants'] ?? null });
  const { bucket, key } = sample;
  const facts = trimFacts(OBJECT_LIST, { Bucket: bucket, Key: key, Grants: answer['Grants'] ?? null });
  return [
    describeAwsLink('s3-object-acl', `${bucket}/${key}`, facts, {
      account: asked.place.account,
      region: undefined,
    }),
  ];
}

/** `s3api-get-object-acl-shop.json` is about one object of `shop`, `s3api-get-object-acl-shop/a.json` about `a`; null for neither. */
function sampledObject(fileName: string): { readonly bucket: string; readonly key: string } | null {
  const bucket = requestParameter(fileName, 'get-object-acl');
  if (bucket !== undefined) return { bucket, key: '' };
  const [, folder, file] =
    /(?:^|[/\\!_-])get-object-acl-([^/\\]+)[/\\]([^/\\]+)\.(?:json|txt)$/i.exec(fileName) ?? [];
  return folder === undefined || file === undefined ? null : { bucket: folder, key: file };
}

function bucketPart(asked: Asked, call: string, facts: JsonObject): readonly Observation[] {
  return part('s3-bucket', requestParameter(asked.fileName, call), call, facts, {
    account: asked.place.account,
    region: undefined,
  });
}

/** A description that is the whole answer, or one member of it. */
function one(type: AwsKindName, member: string | null): ObjectCall['read'] {
  return (answer, { place }) => {
    const resource = describeAwsResource(
      type,
      member === null ? answer : (asObject(answer[member]) ?? {}),
      place,
    );
    return resource === undefined ? [] : [resource];
  };
}

/** `get-function` tells the image that a function is made of, as no list of functions does. */
function describedFunction(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const described = describeAwsResource(
    'lambda-function',
    {
      ...asObject(answer['Configuration']),
      ...(answer['Tags'] === undefined ? {} : { Tags: answer['Tags'] }),
    },
    place,
  );
  return described === undefined
    ? []
    : [described, ...imageOfFunction(described, asObject(answer['Code']) ?? {})];
}

function callerIdentity(answer: JsonObject): readonly Observation[] {
  const account = answer['Account'] as string;
  return [
    {
      kind: 'resource',
      resource: { kind: 'account', provider: 'aws', account },
      type: 'aws-account',
      name: account,
      account,
      facts: {},
    },
  ];
}

/** A bucket's policy names its bucket in every statement; AWS accepts no other. */
function bucketPolicy(answer: JsonObject, asked: Asked): readonly Observation[] {
  const policy = policyFacts(answer['Policy']);
  const point = requestParameter(asked.fileName, 'get-access-point-policy');
  if (point !== undefined)
    return part('s3-access-point', point, 'policy', { Policy: answer['Policy'] as JsonValue }, asked.place);
  const buckets = new Set<string>();
  for (const statement of asObjects(policy?.['Statement'])) {
    for (const resource of asTexts(statement['Resource'])) {
      const arn = parseArn(resource);
      if (arn?.service === 's3' && arn.account === '') buckets.add(arn.resource.split('/')[0] as string);
    }
  }
  const [only] = buckets;
  const named =
    requestParameter(asked.fileName, 'get-bucket-policy') ?? (buckets.size === 1 ? only : undefined);
  return part(
    's3-bucket',
    named,
    'get-bucket-policy',
    { Policy: answer['Policy'] as JsonValue },
    { account: asked.place.account, region: undefined },
  );
}

/** Functions, layers and tables answer alike; the resource that the policy names tells them apart. */
function revisedPolicy(answer: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const statements = asObjects(policyFacts(answer['Policy'])?.['Statement']);
  const named = asTexts(statements[0]?.['Resource'])[0];
  const arn = parseArn(named);
  const facts = { Policy: answer['Policy'] as JsonValue };
  const table = requestParameter(fileName, 'get-resource-policy');
  if (arn?.service === 'dynamodb' || table !== undefined)
    return part(
      'dynamodb-table',
      named?.replace(/\/(?:index|stream)\/.*$/, '') ?? table,
      'policy',
      facts,
      place,
    );
  if (arn?.resource.startsWith('layer:') === true)
    return part('lambda-layer', named?.replace(/:\d+$/, ''), 'policy', facts, place);
  return part('lambda-function', named, 'policy', facts, place);
}

function keyPolicy(answer: JsonObject, asked: Asked): readonly Observation[] {
  return part(
    'kms-key',
    requestParameter(asked.fileName, 'get-key-policy'),
    'policy',
    { Policy: answer['Policy'] as JsonValue },
    asked.place,
  );
}

/** Who may use a key beside its policy; each grant repeats the key, an answer without any is about what its file names. */
function keyGrants(answer: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const grants = asObjects(answer['Grants']);
  const key = asText(grants[0]?.['KeyId']) ?? requestParameter(fileName, 'list-grants');
  return part('kms-key', key, 'grants', { Grants: answer['Grants'] as JsonValue }, place);
}

function publicAccessBlock(answer: JsonObject, asked: Asked): readonly Observation[] {
  const flags = asObject(answer['PublicAccessBlockConfiguration']) ?? {};
  return isAboutAccount(asked.fileName)
    ? accountBlock(flags, asked.fileName, asked.place)
    : bucketPart(asked, BLOCK_CALL, { PublicAccessBlock: flags });
}

function ownershipControls(answer: JsonObject, asked: Asked): readonly Observation[] {
  const rule = asObjects(asObject(answer['OwnershipControls'])?.['Rules'])[0];
  return bucketPart(asked, 'get-bucket-ownership-controls', {
    ObjectOwnership: rule?.['ObjectOwnership'] ?? null,
  });
}

function bucketEncryption(answer: JsonObject, asked: Asked): readonly Observation[] {
  const rule = asObjects(asObject(answer['ServerSideEncryptionConfiguration'])?.['Rules'])[0];
  const algorithm = asObject(rule?.['ApplyServerSideEncryptionByDefault'])?.['SSEAlgorithm'];
  const key = asObject(rule?.['ApplyServerSideEncryptionByDefault'])?.['KMSMasterKeyID'];
  return bucketPart(asked, 'get-bucket-encryption', {
    DefaultEncryption: algorithm ?? null,
    EncryptionKey: key ?? null,
  });
}

function functionUrl(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const arn = asText(answer['FunctionArn']);
  return part('lambda-function', arn, 'url', { Url: answer }, place);
}

function attributes(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const named = asObject(answer['Attributes']) ?? {};
  const facts: JsonObject = {
    Policy: named['Policy'] ?? { Statement: [] },
    KmsKeyId: named['KmsMasterKeyId'] ?? null,
  };
  const queue = asText(named['QueueArn']);
  return queue === undefined
    ? part('sns-topic', asText(named['TopicArn']), 'attributes', facts, place)
    : part('sqs-queue', queue, 'attributes', facts, place);
}

function repositoryPolicy(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const account = accountNumber(answer['registryId']) ?? place.account;
  return part(
    'ecr-repository',
    asText(answer['repositoryName']),
    'policy',
    { Policy: answer['policyText'] ?? null },
    { ...place, account },
  );
}

/** `list-clusters` gives names alone and may be read later, so the description is also kept as a part. */
function eksCluster(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const cluster = asObject(answer['cluster']) ?? {};
  const resource = describeAwsResource('eks-cluster', cluster, place);
  return resource === undefined
    ? []
    : [resource, ...part('eks-cluster', asText(cluster['arn']), 'description', cluster, place)];
}

/** The list does not hold the role, and may be read later. */
function podIdentityAssociation(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const type = 'eks-pod-identity-association';
  const association = asObject(answer['association']) ?? {};
  const resource = describeAwsResource(type, association, place);
  return resource === undefined
    ? []
    : [resource, ...part(type, asText(association['associationArn']), 'description', association, place)];
}

function snapshotAttributes(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const ofCluster = asObject(answer['DBClusterSnapshotAttributesResult']);
  const result = ofCluster ?? asObject(answer['DBSnapshotAttributesResult']) ?? {};
  const restore = asObjects(result['DBClusterSnapshotAttributes'] ?? result['DBSnapshotAttributes']).find(
    (attribute) => attribute['AttributeName'] === 'restore',
  );
  return part(
    ofCluster === undefined ? 'rds-snapshot' : 'rds-cluster-snapshot',
    asText(result['DBClusterSnapshotIdentifier'] ?? result['DBSnapshotIdentifier']),
    'attributes',
    { Restore: [...asArray(restore?.['AttributeValues'])] },
    place,
  );
}

function volumePermissions(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const who = asObjects(answer['CreateVolumePermissions']).flatMap(
    (each) => asText(each['Group']) ?? asText(each['UserId']) ?? [],
  );
  return part(
    'snapshot',
    asText(answer['SnapshotId']),
    'permissions',
    { CreateVolumePermissions: who },
    place,
  );
}

function blockPublicAccess(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const options = asObject(answer['VpcBlockPublicAccessOptions']) ?? {};
  const account = accountNumber(options['AwsAccountId']) ?? place.account;
  const region = asText(options['AwsRegion']) ?? place.region;
  const facts = trimFacts(BLOCK_PUBLIC_ACCESS, options);
  return [describeAccountSetting('vpc-block-public-access', { account, region }, facts)];
}
