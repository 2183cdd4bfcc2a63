import { parseInstant } from '#base/instant.ts';
import {
  asObject,
  asObjects,
  asText,
  asTexts,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '#base/json-value.ts';
import type { GoneObservation, Observation, ResourceObservation } from '#domain/finding/observation.ts';
import { EKS_CLUSTER } from '#domain/resource/facts/aws-container-facts.ts';
import { ACCOUNT_PUBLIC_ACCESS_BLOCK, BUCKET } from '#domain/resource/facts/aws-facts.ts';
import { DISTRIBUTION, SECURITY_GROUP } from '#domain/resource/facts/aws-network-facts.ts';
import { trimFacts } from '#domain/resource/facts/fact-shape.ts';
import { AWS_KINDS, type AwsKind, type AwsKindName } from '../reading/aws/aws-kinds.ts';
import { accountNumber, parseArn, readAllTags } from '../reading/aws/aws-names.ts';
import { describeAccountSetting } from '../reading/aws/describe-account-setting.ts';
import { type AwsPlace, describeAwsResource } from '../reading/aws/describe-aws-resource.ts';
import { respell } from '../reading/aws/respell.ts';
import { describeApiLink } from './api-links.ts';
import { TYPE_OF_CONFIG, typeOfArn } from './config-types.ts';

/** What one configuration item says; `reject` is a sentence about why it says nothing. */
export type MappedItem = { readonly observations: readonly Observation[] } | { readonly reject: string };

const NOTHING: MappedItem = { observations: [] };

/** One configuration item, in any of the spellings of snapshots, the API, events and queries. */
export function mapItem(item: JsonObject, from: AwsPlace): MappedItem {
  const arnText = asText(item['ARN']) ?? asText(item['arn']);
  const told = asObject(unwrapped(item['configuration']));
  const configuration = told ?? {};
  const arn = parseArn(arnText) ?? parseArn(asText(configuration['arn']) ?? asText(configuration['Arn']));
  const configType = asText(item['resourceType']);
  const resourceId = asText(item['resourceId']);
  if (configType === undefined && arn === null)
    return { reject: 'Expected a configuration item with "resourceType" or an ARN, found neither.' };

  const status = asText(item['configurationItemStatus']) ?? '';
  // What is not recorded any more may still be there.
  if (status === 'ResourceNotRecorded') return NOTHING;
  const isGone = status.startsWith('ResourceDeleted');

  const place: AwsPlace = {
    account:
      accountNumber(item['awsAccountId']) ??
      accountNumber(item['accountId']) ??
      accountNumber(arn?.account) ??
      from.account,
    region: regionName(item['awsRegion']) ?? from.region,
  };
  const supplementary = asObject(unwrapped(item['supplementaryConfiguration'])) ?? {};
  if (configType === 'AWS::S3::AccountPublicAccessBlock')
    return { observations: [accountPublicAccessBlock(isGone ? ALL_OFF : configuration, place, item)] };

  const link = describeApiLink(configType, configuration, arnText ?? resourceId, place);
  if (link !== undefined) return { observations: [asCaptured(link, item, isGone)] };

  const type = configType === undefined ? typeOfArn(arn) : TYPE_OF_CONFIG.get(configType);
  const own = readAllTags(unwrapped(item['tags']));
  // Of some types the tags stand in the configuration alone.
  const tags =
    own !== undefined && Object.keys(own).length > 0
      ? own
      : (readAllTags(configuration['tags'] ?? configuration['Tags']) ?? own);
  if (type === undefined)
    return otherResource(
      item,
      configType ?? arn?.service ?? 'unknown',
      arnText ?? resourceId,
      place,
      tags,
      isGone,
    );

  const kind: AwsKind = AWS_KINDS[type];
  const described: Record<string, JsonValue> = {
    ...respell(kind.shape, configuration),
    ...respell({ [kind.id]: 'text', ...(kind.name === null ? {} : { [kind.name]: 'text' }) }, configuration),
    ...ofType(type, configuration, supplementary, place),
    ...(tags === undefined ? {} : { Tags: { ...tags } }),
  };
  const name = asText(item['resourceName']);
  described[kind.id] ??= (kind.id === kind.name ? (name ?? resourceId) : resourceId) ?? null;
  if (kind.name !== null && name !== undefined) described[kind.name] ??= name;
  if (kind.arn !== null)
    described[kind.arn] = arnText ?? described[kind.arn] ?? asText(configuration['Arn']) ?? null;
  const observation = describeAwsResource(type, described, place);
  if (observation === undefined) return { reject: `Expected the id of a ${type}, found none.` };
  const isMentioned = told === undefined && Object.keys(supplementary).length === 0;
  const facts = isMentioned ? {} : asFarAsSelected(type, observation.facts);
  return { observations: [asCaptured({ ...observation, facts }, item, isGone)] };
}

/**
 * A query selects members, so what is missing of it is not known to be absent. What counts as described, and then has no
 * role where it names none, is only taken so where it tells what no whole description lacks.
 */
function asFarAsSelected(type: AwsKindName, facts: JsonObject): JsonObject {
  const rule = WHOLE_WITH[type];
  if (rule === undefined || facts[rule.told] !== undefined) return facts;
  const { [rule.mark]: _, ...selected } = facts;
  return selected;
}

/** Member by which a description counts as one, and the member that no whole description lacks. */
const WHOLE_WITH: Partial<Record<AwsKindName, { readonly mark: string; readonly told: string }>> = {
  'ec2-instance': { mark: 'InstanceId', told: 'NetworkInterfaces' },
  'ecs-task-definition': { mark: 'family', told: 'containerDefinitions' },
};

/** An item is what was found at its time: the resource, or that it is deleted. */
function asCaptured(
  observation: ResourceObservation,
  item: JsonObject,
  isGone: boolean,
): ResourceObservation | GoneObservation {
  const at = parseInstant(item['configurationItemCaptureTime']) ?? undefined;
  return isGone
    ? { kind: 'gone', resource: observation.resource, ...(at === undefined ? {} : { at }) }
    : { ...observation, ...(at === undefined ? {} : { capturedAt: at }) };
}

/** `global` and `Not Applicable` are no regions. */
function regionName(value: unknown): string | undefined {
  const text = asText(value);
  return text !== undefined && /^[a-z]{2}(?:-[a-z]+){1,3}-\d$/.test(text.slice(0, 40)) ? text : undefined;
}

/** AWS Config writes JSON as text, at times twice; anything else stays as it is. */
function unwrapped(value: JsonValue | undefined): JsonValue | undefined {
  let current = value;
  for (let layer = 0; layer < 3 && typeof current === 'string'; layer++) {
    try {
      current = parseJson(current);
    } catch {
      return current;
    }
  }
  return current;
}

/** Members that AWS Config keeps somewhere else, or spells otherwise than the API. */
function ofType(
  type: AwsKindName,
  configuration: JsonObject,
  supplementary: JsonObject,
  place: AwsPlace,
): JsonObject {
  switch (type) {
    case 'security-group': {
      const permissions = configuration['ipPermissions'] ?? configuration['IpPermissions'];
      return Array.isArray(permissions) ? { IpPermissions: asObjects(permissions).map(permission) } : {};
    }
    case 's3-bucket':
      return {
        ...bucket(supplementary),
        ...(place.region === undefined ? {} : { BucketRegion: place.region }),
      };
    case 'lambda-function':
    case 'kms-key':
      return policyOf(supplementary['Policy']);
    case 'ecr-repository':
      return policyOf(configuration['RepositoryPolicyText']);
    case 'sns-topic':
    case 'sqs-queue':
      return policyOf(configuration['Policy'] ?? configuration['policy']);
    case 'secret': {
      const key = asText(configuration['KmsKeyId']);
      return {
        ...policyOf(supplementary['ResourcePolicy']),
        ...(key === undefined ? {} : { KmsKeyId: key }),
      };
    }
    case 'dynamodb-table': {
      // The schema of CloudFormation tells what was asked for: without it a key that AWS owns, without a key the one that AWS keeps.
      const asked = asObject(configuration['SSESpecification']);
      if (asked === undefined) return {};
      const key = asText(asked['KMSMasterKeyId']) ?? 'alias/aws/dynamodb';
      return {
        SSEDescription:
          asked['SSEEnabled'] === true ? { SSEType: 'KMS', KMSMasterKeyArn: key } : { SSEType: 'DEFAULT' },
      };
    }
    case 'eks-cluster':
      return {
        resourcesVpcConfig: respell(
          EKS_CLUSTER.resourcesVpcConfig,
          configuration['ResourcesVpcConfig'] ?? configuration['resourcesVpcConfig'],
        ),
      };
    case 'efs-file-system':
      return policyOf(configuration['FileSystemPolicy']);
    case 'event-bus':
      return policyOf(configuration['Policy']);
    case 'backup-vault':
      return policyOf(configuration['AccessPolicy']);
    case 'codeartifact-repository':
      return policyOf(configuration['PermissionsPolicyDocument']);
    case 'cloudfront-distribution':
      return respell(
        DISTRIBUTION,
        configuration['distributionConfig'] ?? configuration['DistributionConfig'] ?? {},
      );
    case 'iam-policy':
      return { Document: policyInForce(configuration) };
    default:
      return {};
  }
}

function permission(entry: JsonObject): JsonObject {
  const addresses = asObjects(entry['ipv4Ranges']).flatMap((range) => asText(range['cidrIp']) ?? []);
  const cidrs = addresses.length > 0 ? addresses : asTexts(entry['ipRanges']);
  const spelled = respell(SECURITY_GROUP.IpPermissions[0], entry);
  return cidrs.length === 0 ? spelled : { ...spelled, IpRanges: cidrs.map((cidr) => ({ CidrIp: cidr })) };
}

/** A policy that stands empty (`{}`, null within its wrapper) is known to be absent; no member at all is not. */
function policyOf(value: JsonValue | undefined): JsonObject {
  return value === undefined || value === null ? {} : { Policy: value };
}

function bucket(supplementary: JsonObject): JsonObject {
  const facts: Record<string, JsonValue> = {};
  const policy = asObject(unwrapped(supplementary['BucketPolicy']));
  if (policy !== undefined && 'policyText' in policy)
    facts['Policy'] = policy['policyText'] ?? { Statement: [] };
  const block = asObject(unwrapped(supplementary['PublicAccessBlockConfiguration']));
  if (block !== undefined) facts['PublicAccessBlock'] = respell(BUCKET.PublicAccessBlock, block);
  const list = asObject(unwrapped(supplementary['AccessControlList']));
  if (list !== undefined) facts['Grants'] = asObjects(list['grantList']).map(grant);
  const ownership = asObject(
    unwrapped(supplementary['OwnershipControls'] ?? supplementary['BucketOwnershipControls']),
  );
  const rule = asObjects(ownership?.['rules'] ?? ownership?.['Rules'])[0];
  const owner = asText(rule?.['objectOwnership']) ?? asText(rule?.['ObjectOwnership']);
  if (owner !== undefined) facts['ObjectOwnership'] = owner;
  facts['Website'] = supplementary['BucketWebsiteConfiguration'] !== undefined;
  return { ...facts, ...encryption(supplementary), ...copies(supplementary) };
}

/** How objects are encrypted that do not say it themselves. */
function encryption(supplementary: JsonObject): JsonObject {
  const told = asObject(unwrapped(supplementary['ServerSideEncryptionConfiguration']));
  const byDefault = asObject(asObjects(told?.['rules'])[0]?.['applyServerSideEncryptionByDefault']);
  const algorithm = asText(byDefault?.['sseAlgorithm']);
  const key = asText(byDefault?.['kmsMasterKeyID']);
  return {
    ...(algorithm === undefined ? {} : { DefaultEncryption: algorithm }),
    ...(key === undefined ? {} : { EncryptionKey: key }),
  };
}

/** Buckets that hold its objects once more, and who read them. */
function copies(supplementary: JsonObject): JsonObject {
  const told = asObject(unwrapped(supplementary['ReplicationConfiguration']));
  const targets = Object.values(asObject(told?.['rules']) ?? {})
    .map((rule) => asObject(rule) ?? {})
    .filter((rule) => rule['status'] !== 'Disabled')
    .flatMap((rule) => asText(asObject(rule['destinationConfig'])?.['bucketARN']) ?? []);
  const logging = asObject(unwrapped(supplementary['BucketLoggingConfiguration']));
  const log = asText(logging?.['destinationBucketName']);
  return {
    ...(targets.length === 0 ? {} : { ReplicatesTo: targets }),
    ...(log === undefined ? {} : { LogsTo: log }),
  };
}

const GROUPS: Readonly<Record<string, string>> = {
  AllUsers: 'http://acs.amazonaws.com/groups/global/AllUsers',
  AuthenticatedUsers: 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers',
};
const PERMISSIONS: Readonly<Record<string, string>> = {
  FullControl: 'FULL_CONTROL',
  Read: 'READ',
  Write: 'WRITE',
  ReadAcp: 'READ_ACP',
  WriteAcp: 'WRITE_ACP',
};

function grant(entry: JsonObject): JsonObject {
  const grantee = asText(entry['grantee']);
  const words = asText(entry['permission']) ?? '';
  const group = grantee !== undefined && Object.hasOwn(GROUPS, grantee) ? GROUPS[grantee] : grantee;
  return {
    Grantee: group === undefined ? {} : { URI: group },
    Permission: Object.hasOwn(PERMISSIONS, words) ? (PERMISSIONS[words] as string) : words,
  };
}

function policyInForce(configuration: JsonObject): JsonValue {
  const versions = asObjects(configuration['policyVersionList'] ?? configuration['PolicyVersionList']);
  const inForce = versions.find(
    (version) => (version['isDefaultVersion'] ?? version['IsDefaultVersion']) === true,
  );
  return inForce?.['document'] ?? inForce?.['Document'] ?? null;
}

/** Where nobody keeps an account's setting any more, none of its flags is on. */
const ALL_OFF: JsonObject = Object.fromEntries(
  Object.keys(ACCOUNT_PUBLIC_ACCESS_BLOCK.PublicAccessBlock).map((flag) => [flag, false]),
);

function accountPublicAccessBlock(configuration: JsonObject, place: AwsPlace, item: JsonObject): Observation {
  const flags = respell(ACCOUNT_PUBLIC_ACCESS_BLOCK.PublicAccessBlock, configuration);
  const facts = trimFacts(ACCOUNT_PUBLIC_ACCESS_BLOCK, { PublicAccessBlock: flags });
  const { account } = place;
  const described = describeAccountSetting('s3-account-public-access-block', { account }, facts);
  return asCaptured(described, item, false);
}

/** A type that nothing is known about is still there, with its name and tags and without facts. */
function otherResource(
  item: JsonObject,
  configType: string,
  id: string | undefined,
  place: AwsPlace,
  tags: Readonly<Record<string, string>> | undefined,
  isGone: boolean,
): MappedItem {
  if (id === undefined) return { reject: 'Expected "resourceId" or an ARN, found neither.' };
  const type = configType
    .replace(/^AWS::/, '')
    .replaceAll('::', '-')
    .toLowerCase()
    .slice(0, 100);
  const name = asText(item['resourceName']) ?? tags?.['Name'] ?? id;
  const { account, region } = place;
  const where = {
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  };
  const observation: ResourceObservation = {
    kind: 'resource',
    resource: { kind: 'cloud', provider: 'aws', id, type, name, ...where },
    type,
    name,
    account,
    region,
    ...(tags === undefined ? {} : { tags }),
    facts: {},
  };
  return { observations: [asCaptured(observation, item, isGone)] };
}
