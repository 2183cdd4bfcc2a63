import { asObject, asObjects, asText, asTexts, type JsonObject, type JsonValue } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import { policyFacts } from '#domain/resource/facts/fact-shape.ts';
import { readAccessFinding } from '../reading/aws/access-finding.ts';
import type { AwsKindName } from '../reading/aws/aws-kinds.ts';
import { awsListing } from '../reading/aws/aws-listing.ts';
import { describeAwsLink, describeAwsPart } from '../reading/aws/aws-part.ts';
import { describeAwsResource } from '../reading/aws/describe-aws-resource.ts';
import type { Asked } from './asked.ts';
import type { ObjectCall } from './object-call.ts';
import { requestParameter } from './request-parameter.ts';

/** Answers about one resource of a service, one line each. */
export const SERVICE_ANSWERS: readonly ObjectCall[] = [
  { members: ['DistributionList'], read: list('cloudfront-distribution', 'DistributionList') },
  { members: ['VpcOriginList'], read: list('cloudfront-vpc-origin', 'VpcOriginList') },
  { members: ['DomainStatus'], read: described('opensearch-domain', 'DomainStatus', 'DomainName') },
  { members: ['Service', 'OperationId'], read: described('app-runner-service', 'Service', 'ServiceArn') },
  { members: ['Service'], read: described('app-runner-service', 'Service', 'ServiceArn') },
  { members: ['Cluster'], read: described('emr-cluster', 'Cluster', 'ClusterArn') },
  {
    members: ['NotebookInstanceArn', 'NotebookInstanceName'],
    read: described('sagemaker-notebook', null, 'NotebookInstanceArn'),
  },
  {
    members: ['IdentityPoolId', 'AllowUnauthenticatedIdentities'],
    read: described('cognito-identity-pool', null, 'IdentityPoolId'),
  },
  {
    members: ['codeInterpreterArn', 'name'],
    read: described('bedrock-code-interpreter', null, 'codeInterpreterArn'),
  },
  { members: ['AllowedPrincipals'], read: endpointServicePermissions },
  { members: ['FirewallPolicyResponse', 'FirewallPolicy'], read: firewallPolicy },
  { members: ['Firewall', 'FirewallStatus'], read: firewall },
  { members: ['EnvironmentResources'], read: environmentResources },
  { members: ['securityPolicyDetail'], read: networkPolicy },
  { members: ['AccountIds', 'AccountSharingInfoList'], read: documentPermission },
  { members: ['ReplicationConfiguration'], read: replication },
  { members: ['LoggingEnabled'], read: logging },
  {
    members: ['IndexDocument'],
    read: (_answer, asked) => named(asked, 's3-bucket', 'get-bucket-website', { Website: true }),
  },
  { members: ['Name', 'Bucket', 'NetworkOrigin'], read: accessPoint },
  { members: ['FileSystemId', 'Policy'], read: policyOf('efs-file-system', 'FileSystemId', 'Policy') },
  { members: ['BackupVaultArn', 'Policy'], read: policyOf('backup-vault', 'BackupVaultArn', 'Policy') },
  { members: ['Name', 'Arn', 'Policy'], read: policyOf('event-bus', 'Arn', 'Policy') },
  { members: ['PolicyInJson', 'PolicyHash'], read: catalogPolicy },
  { members: ['Policies'], read: identityPolicies },
  { members: ['policy'], read: wrappedPolicy },
  { members: ['finding'], read: accessFinding },
  { members: ['findingDetails', 'findingType'], read: accessFinding },
];

/** A list that stands a level deeper than most. */
function list(type: AwsKindName, member: string): ObjectCall['read'] {
  return (answer, { place }) => [
    ...asObjects(asObject(answer[member])?.['Items']).flatMap(
      (each) => describeAwsResource(type, each, place) ?? [],
    ),
    ...(asText(asObject(answer[member])?.['NextMarker']) === undefined ? awsListing(type, place) : []),
  ];
}

/** A description that a list of names alone may be read after, so it is also kept as a part. */
function described(type: AwsKindName, member: string | null, id: string): ObjectCall['read'] {
  return (answer, { place }) => {
    const facts = member === null ? answer : (asObject(answer[member]) ?? {});
    const resource = describeAwsResource(type, facts, place);
    const name = asText(facts[id]);
    return resource === undefined || name === undefined
      ? []
      : [resource, describeAwsPart(type, name, 'description', facts, place)];
  };
}

function policyOf(type: AwsKindName, id: string, member: string): ObjectCall['read'] {
  return (answer, { place }) => {
    const of = asText(answer[id]);
    return of === undefined
      ? []
      : [describeAwsPart(type, of, 'policy', { Policy: answer[member] as JsonValue }, place)];
  };
}

/** A part of what the file's name says. */
function named(asked: Asked, type: AwsKindName, call: string, facts: JsonObject): readonly Observation[] {
  const of = requestParameter(asked.fileName, call);
  const place = type === 's3-bucket' ? { account: asked.place.account, region: undefined } : asked.place;
  return of === undefined ? [] : [describeAwsPart(type, of, call, facts, place)];
}

/** Each principal names the service; where there is none, the file's name does. One page of several is not all. */
function endpointServicePermissions(answer: JsonObject, asked: Asked): readonly Observation[] {
  const allowed = asObjects(answer['AllowedPrincipals']);
  const of =
    asText(allowed[0]?.['ServiceId']) ??
    requestParameter(asked.fileName, 'describe-vpc-endpoint-service-permissions');
  if (of === undefined || asText(answer['NextToken']) !== undefined) return [];
  const AllowedPrincipals = allowed.flatMap((each) => asText(each['Principal']) ?? []);
  return [describeAwsPart('vpc-endpoint-service', of, 'permissions', { AllowedPrincipals }, asked.place)];
}

function environmentResources(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const facts = asObject(answer['EnvironmentResources']) ?? {};
  const name = asText(facts['EnvironmentName']);
  return name === undefined
    ? []
    : [describeAwsPart('beanstalk-environment', name, 'resources', facts, place)];
}

/** Endpoints stand in the status, one for each zone. */
function firewall(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const zones = Object.values(asObject(asObject(answer['FirewallStatus'])?.['SyncStates']) ?? {});
  const endpoints = zones.flatMap(
    (zone) => asText(asObject(asObject(zone)?.['Attachment'])?.['EndpointId']) ?? [],
  );
  const resource = describeAwsResource(
    'network-firewall',
    { ...asObject(answer['Firewall']), EndpointIds: endpoints },
    place,
  );
  return resource === undefined ? [] : [resource];
}

function firewallPolicy(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const policy = asObject(answer['FirewallPolicy']) ?? {};
  const facts = {
    ...asObject(answer['FirewallPolicyResponse']),
    ...policy,
    RuleGroups:
      asObjects(policy['StatelessRuleGroupReferences']).length +
      asObjects(policy['StatefulRuleGroupReferences']).length,
  };
  const resource = describeAwsResource('network-firewall-policy', facts, place);
  return resource === undefined ? [] : [resource];
}

function networkPolicy(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const detail = asObject(answer['securityPolicyDetail']) ?? {};
  const name = asText(detail['name']) ?? 'policy';
  if (detail['type'] !== 'network') return [];
  return asObjects(detail['policy']).map((rule, index) =>
    describeAwsLink(
      'opensearch-network-policy',
      `${name}/${index}`,
      {
        Resources: asObjects(rule['Rules']).flatMap((each) => [...asTexts(each['Resource'])]),
        AllowFromPublic: rule['AllowFromPublic'] === true,
      },
      place,
    ),
  );
}

function documentPermission(answer: JsonObject, asked: Asked): readonly Observation[] {
  return named(asked, 'ssm-document', 'describe-document-permission', {
    AccountIds: [...asTexts(answer['AccountIds'])],
  });
}

function replication(answer: JsonObject, asked: Asked): readonly Observation[] {
  const rules = asObjects(asObject(answer['ReplicationConfiguration'])?.['Rules']);
  return named(asked, 's3-bucket', 'get-bucket-replication', {
    ReplicatesTo: rules
      .filter((rule) => rule['Status'] !== 'Disabled')
      .flatMap((rule) => asText(asObject(rule['Destination'])?.['Bucket']) ?? [])
      .map((arn) => arn.replace(/^arn:[a-z-]+:s3:::/, '')),
  });
}

function logging(answer: JsonObject, asked: Asked): readonly Observation[] {
  const LogsTo = asText(asObject(answer['LoggingEnabled'])?.['TargetBucket']);
  return LogsTo === undefined ? [] : named(asked, 's3-bucket', 'get-bucket-logging', { LogsTo });
}

function accessPoint(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const facts = { ...answer, PublicAccessBlock: answer['PublicAccessBlockConfiguration'] ?? null };
  const resource = describeAwsResource('s3-access-point', facts, place);
  const name = asText(answer['Name']);
  return resource === undefined || name === undefined
    ? []
    : [resource, describeAwsPart('s3-access-point', name, 'description', facts, place)];
}

function catalogPolicy(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const facts = { Name: 'catalog', Policy: answer['PolicyInJson'] as JsonValue };
  const resource = describeAwsResource('glue-catalog', facts, place);
  return resource === undefined ? [] : [resource];
}

/** Several policies of one identity of SES say together what one would. */
function identityPolicies(answer: JsonObject, asked: Asked): readonly Observation[] {
  const statements = Object.values(asObject(answer['Policies']) ?? {}).flatMap((policy) =>
    asObjects(policyFacts(policy)?.['Statement']),
  );
  return named(asked, 'ses-identity', 'get-identity-policies', { Policy: { Statement: [...statements] } });
}

/** A vault of Glacier, and domains and repositories of CodeArtifact, keep the policy in an object. */
function wrappedPolicy(answer: JsonObject, asked: Asked): readonly Observation[] {
  const policy = asObject(answer['policy']) ?? {};
  const arn = asText(policy['resourceArn']);
  if (arn === undefined)
    return named(asked, 'glacier-vault', 'get-vault-access-policy', { Policy: policy['Policy'] ?? null });
  const type = arn.includes(':repository/') ? 'codeartifact-repository' : 'codeartifact-domain';
  return [describeAwsPart(type, arn, 'policy', { Policy: policy['document'] ?? null }, asked.place)];
}

function accessFinding(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const finding = readAccessFinding(asObject(answer['finding']) ?? answer, place);
  return finding === undefined ? [] : [finding];
}
