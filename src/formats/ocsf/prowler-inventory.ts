import { parseInstant } from '#base/instant.ts';
import {
  asObject,
  asObjects,
  asText,
  asTexts,
  at,
  type JsonObject,
  type JsonValue,
} from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { trimFacts } from '#domain/resource/facts/fact-shape.ts';
import { AWS_KINDS, type AwsKind, type AwsKindName } from '../reading/aws/aws-kinds.ts';
import { parseArn } from '../reading/aws/aws-names.ts';
import { respell } from '../reading/aws/respell.ts';
import { secondHand } from '../reading/aws/second-hand.ts';
import { detailsOf, type EventResource } from './event-resource.ts';

/**
 * What Prowler knew of a resource when it judged it, failed or passed (attack-paths §1.5, F): `data.metadata` holds the
 * answer of AWS, or Prowler's own model of it. Second hand, and as of the event. Nothing where it holds no fact.
 */
export function prowlerInventory(
  event: JsonObject,
  { resource, raw, account, region }: EventResource,
): readonly ResourceObservation[] {
  const metadata = asObject(detailsOf(raw)['metadata']);
  if (metadata === undefined || resource.kind !== 'cloud' || resource.provider !== 'aws') return [];
  const type = resource.type ?? '';
  const arn = parseArn(resource.id);
  if (!Object.hasOwn(AWS_KINDS, type) || arn === null) return [];
  const kind: AwsKind = AWS_KINDS[type as AwsKindName];
  const told = { ...respell(kind.shape, ofTheApi(metadata)), ...ownModel(type as AwsKindName, metadata) };
  const facts = trimFacts(kind.shape, told);
  const isNamed = (member: string) => [kind.id, kind.arn, kind.name].includes(member) || member === 'Arn';
  if (Object.keys(facts).every(isNamed)) return [];
  const bare = arn.resource.slice(Math.max(arn.resource.lastIndexOf('/'), arn.resource.lastIndexOf(':')) + 1);
  if (/[<>\s]/.test(bare)) return [];
  const names: Record<string, JsonValue> = { [kind.id]: bare };
  if (kind.name !== null && kind.name !== kind.id) names[kind.name] = resource.name ?? bare;
  if (kind.arn !== null) names[kind.arn] = resource.id;
  const capturedAt =
    parseInstant(event['time_dt']) ?? parseInstant(at(event, 'finding_info', 'created_time_dt'));
  return [
    secondHand({
      kind: 'resource',
      resource,
      type,
      name: resource.name ?? bare,
      account: arn.account || account,
      region: arn.region || region,
      facts: { ...trimFacts(kind.shape, { Arn: resource.id, ...names }), ...facts },
      ...(capturedAt === null ? {} : { capturedAt }),
    }),
  ];
}

/** Members in the spelling of the API; Prowler's own begin with a small letter and mean other things at times. */
function ofTheApi(metadata: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(metadata).filter(([member]) => /^[A-Z]/.test(member)));
}

/** Prowler's own models spell members with underscores; of some only what they share with the API is told. */
function ownModel(type: AwsKindName, model: JsonObject): JsonObject {
  switch (type) {
    case 'security-group':
      return present({ VpcId: model['vpc_id'], IpPermissions: model['ingress_rules'] });
    case 'network-acl':
      return present({ VpcId: model['vpc_id'], Entries: model['entries'] });
    case 'ec2-instance':
      // Without its groups it is a model of another version, of which an absent address says nothing.
      return Array.isArray(model['security_groups'])
        ? present({
            SubnetId: model['subnet_id'],
            VpcId: model['vpc_id'],
            ImageId: model['image_id'],
            PrivateIpAddress: model['private_ip'],
            PublicIpAddress: model['public_ip'],
            State: present({ Name: model['state'] }),
            SecurityGroups: asTexts(model['security_groups']).map((GroupId) => ({ GroupId })),
            IamInstanceProfile: present({ Arn: at(model, 'instance_profile', 'Arn') }),
            MetadataOptions: present({
              HttpTokens: model['http_tokens'],
              HttpEndpoint: model['http_endpoint'],
            }),
          })
        : {};
    case 's3-bucket':
      return bucket(model);
    case 'lambda-function':
      return present({
        Policy: policyOf(model),
        Runtime: model['runtime'],
        Url: urlOf(asObject(model['url_config'])),
      });
    case 'rds-instance':
      return present({
        PubliclyAccessible: model['public'],
        Engine: model['engine'],
        EngineVersion: model['engine_version'],
        StorageEncrypted: model['encrypted'],
        IAMDatabaseAuthenticationEnabled: model['iam_auth'],
        DBClusterIdentifier: model['cluster_id'],
        Endpoint: model['endpoint'],
        DBSubnetGroup: Array.isArray(model['subnet_ids'])
          ? present({
              VpcId: model['vpc_id'],
              Subnets: asTexts(model['subnet_ids']).map((SubnetIdentifier) => ({ SubnetIdentifier })),
            })
          : undefined,
        VpcSecurityGroups: Array.isArray(model['security_groups'])
          ? asTexts(model['security_groups']).map((VpcSecurityGroupId) => ({ VpcSecurityGroupId }))
          : undefined,
      });
    case 'iam-role':
      return present({
        AssumeRolePolicyDocument: model['assume_role_policy'],
        ...attached(model, 'RolePolicyList'),
      });
    case 'eks-cluster':
      return present({
        version: model['version'],
        resourcesVpcConfig: present({
          endpointPublicAccess: model['endpoint_public_access'],
          endpointPrivateAccess: model['endpoint_private_access'],
          publicAccessCidrs: model['public_access_cidrs'],
        }),
      });
    case 'sns-topic':
    case 'sqs-queue':
    case 'ecr-repository':
    case 'kms-key':
    case 'secret':
      return present({ Policy: policyOf(model) });
    default:
      return {};
  }
}

/** Prowler starts with nothing and fills in what it could read, so nothing proves no absence. */
function policyOf(model: JsonObject): JsonValue | undefined {
  const policy = asObject(model['policy']);
  return policy !== undefined && Object.keys(policy).length > 0 ? policy : undefined;
}

function bucket(model: JsonObject): JsonObject {
  const block = asObject(model['public_access_block']);
  const grantees = asObjects(model['acl_grantees']);
  return present({
    Policy: policyOf(model),
    PublicAccessBlock:
      block === undefined
        ? undefined
        : present({
            BlockPublicAcls: block['block_public_acls'],
            IgnorePublicAcls: block['ignore_public_acls'],
            BlockPublicPolicy: block['block_public_policy'],
            RestrictPublicBuckets: block['restrict_public_buckets'],
          }),
    Grants:
      grantees.length === 0
        ? undefined
        : grantees.map((grant) => ({
            Grantee: present({ URI: grant['URI'] }),
            Permission: asText(grant['permission']) ?? '',
          })),
    ObjectOwnership: model['ownership'],
  });
}

function urlOf(url: JsonObject | undefined): JsonObject | undefined {
  return url === undefined ? undefined : present({ FunctionUrl: url['url'], AuthType: url['auth_type'] });
}

/**
 * Inline policies are told by name alone: then the rights are not known, and no list is told. Both lists stay empty where
 * Prowler was refused them, so that an attached policy has to prove that it could look.
 */
function attached(model: JsonObject, inline: string): JsonObject {
  const isWhole = Array.isArray(model['inline_policies']) && model['inline_policies'].length === 0;
  const policies = asObjects(model['attached_policies']);
  return isWhole && policies.length > 0 ? { [inline]: [], AttachedManagedPolicies: [...policies] } : {};
}

function present(members: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}
