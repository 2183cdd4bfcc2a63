import { parseInstant } from '#base/instant.ts';
import { asBoolean, asObject, at, type JsonObject, parseJson } from '#base/json-value.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import { partitionOfRegion } from '#domain/resource/aws-region.ts';
import { type Facts, readFacts } from '#domain/resource/facts/fact-shape.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { severityOfScore } from '#domain/severity/severity.ts';
import { accountNumber, parseArn } from '../reading/aws/aws-names.ts';
import { respell } from '../reading/aws/respell.ts';
import { FINDING } from './guardduty-finding.ts';

export type MappedFinding = { readonly signal: SignalObservation } | { readonly reject: string };

type Finding = Facts<typeof FINDING>;

/** One GuardDuty finding, in either spelling, as the signal that it is. */
export function mapFinding(raw: JsonObject): MappedFinding {
  const finding = readFacts(FINDING, respell(FINDING, raw));
  const { type, service, severity } = finding;
  if (type === undefined) return { reject: 'Expected the "type" of a GuardDuty finding, found none.' };
  const lastAt =
    parseInstant(service?.eventLastSeen) ??
    parseInstant(finding.updatedAt) ??
    parseInstant(finding.createdAt);
  if (lastAt === null)
    return { reject: 'Expected "service.eventLastSeen" or "updatedAt" with a time, found neither.' };
  const firstAt = parseInstant(service?.eventFirstSeen) ?? parseInstant(finding.createdAt) ?? lastAt;
  const account = accountNumber(finding.accountId);
  const notAttack = whyNoAttack(finding);
  const techniques = techniqueOf(type);
  const resources = resourcesOf(finding, account);
  return {
    signal: {
      kind: 'signal',
      externalId: finding.id ?? finding.arn,
      tool: 'guardduty',
      rule: type,
      title: finding.title ?? type,
      severity: severity === undefined || severity <= 0 || severity > 10 ? null : severityOfScore(severity),
      firstAt: Math.min(firstAt, lastAt),
      lastAt,
      statedAt: parseInstant(finding.updatedAt) ?? undefined,
      count: Math.max(1, Math.floor(service?.count ?? 1)),
      resources: resources.length > 0 ? resources : affectedResources(raw, account),
      account,
      region: finding.region,
      ...(techniques.length === 0 ? {} : { techniques }),
      sourceAddress: sourceAddress(finding),
      isAttack: notAttack === null,
      ...(notAttack === null ? {} : { whyNoAttack: notAttack }),
    },
  };
}

/** A sentence for findings that report no attack; null for the others. */
function whyNoAttack({ type = '', title = '', service }: Finding): string | null {
  if (
    title.startsWith('[SAMPLE]') ||
    service?.additionalInfo?.sample === true ||
    sampleInValue(service?.additionalInfo?.value)
  ) {
    return 'GuardDuty made it as a sample finding; nothing happened.';
  }
  if (service?.archived === true) return 'It is archived in GuardDuty.';
  // The purpose `Policy` is for settings against good practice, done by people of the account.
  if (type.startsWith('Policy:')) return 'GuardDuty reports a setting against good practice, not an attack.';
  return null;
}

/** The API wraps the free part of a finding as JSON in a text. */
function sampleInValue(value: string | undefined): boolean {
  if (value === undefined || !value.includes('sample')) return false;
  try {
    return asBoolean(at(parseJson(value), 'sample')) === true;
  } catch {
    return false;
  }
}

function sourceAddress({ service }: Finding): string | undefined {
  const action = service?.action;
  return (
    action?.awsApiCallAction?.remoteIpDetails?.ipAddressV4 ??
    action?.networkConnectionAction?.remoteIpDetails?.ipAddressV4 ??
    action?.kubernetesApiCallAction?.remoteIpDetails?.ipAddressV4 ??
    action?.rdsLoginAttemptAction?.remoteIpDetails?.ipAddressV4 ??
    action?.portProbeAction?.portProbeDetails?.[0]?.remoteIpDetails?.ipAddressV4
  );
}

/** ATT&CK tactics by the purpose that a finding's type begins with, where GuardDuty names its purposes after them. */
const TACTIC: Readonly<Record<string, string>> = {
  CredentialAccess: 'TA0006',
  DefenseEvasion: 'TA0005',
  Stealth: 'TA0005',
  Discovery: 'TA0007',
  Recon: 'TA0043',
  Execution: 'TA0002',
  Exfiltration: 'TA0010',
  Impact: 'TA0040',
  InitialAccess: 'TA0001',
  Persistence: 'TA0003',
  PrivilegeEscalation: 'TA0004',
};

function techniqueOf(type: string): readonly string[] {
  const purpose = type.split(':', 1)[0] ?? '';
  return Object.hasOwn(TACTIC, purpose) ? [TACTIC[purpose] as string] : [];
}

/** What the finding is about: the most exact thing that it names first. */
function resourcesOf(finding: Finding, account: string | undefined): readonly ResourceDescription[] {
  const { resource, region } = finding;
  const found: ResourceDescription[] = [];
  const cloud = (arn: string | undefined, type: string, name?: string): void => {
    if (parseArn(arn) === null) return;
    found.push({
      kind: 'cloud',
      provider: 'aws',
      id: arn as string,
      type,
      ...(name === undefined ? {} : { name }),
      ...where(account, region),
    });
  };
  const partition = partitionOfRegion(region);

  const instance = resource?.instanceDetails?.instanceId;
  if (instance !== undefined) {
    if (account !== undefined && region !== undefined)
      cloud(`arn:${partition}:ec2:${region}:${account}:instance/${instance}`, 'ec2-instance', instance);
    else
      found.push({
        kind: 'cloud',
        provider: 'aws',
        id: instance,
        type: 'ec2-instance',
        ...where(account, region),
      });
  }
  const cluster = resource?.eksClusterDetails?.arn;
  const workload = resource?.kubernetesDetails?.kubernetesWorkloadDetails;
  if (workload?.name !== undefined && workload.type !== undefined) {
    const [objectKind, group] = kubernetesKind(workload.type);
    found.push({
      kind: 'kubernetes',
      cluster: cluster ?? null,
      group,
      objectKind,
      namespace: workload.namespace ?? '',
      name: workload.name,
    });
  }
  cloud(cluster, 'eks-cluster', resource?.eksClusterDetails?.name);
  cloud(resource?.ecsClusterDetails?.arn, 'ecs-cluster', resource?.ecsClusterDetails?.name);
  for (const bucket of resource?.s3BucketDetails ?? [])
    cloud(
      bucket.arn ?? (bucket.name === undefined ? undefined : `arn:${partition}:s3:::${bucket.name}`),
      's3-bucket',
      bucket.name,
    );
  cloud(resource?.lambdaDetails?.functionArn, 'lambda-function', resource?.lambdaDetails?.functionName);
  cloud(
    resource?.rdsDbInstanceDetails?.dbInstanceArn,
    'rds-instance',
    resource?.rdsDbInstanceDetails?.dbInstanceIdentifier,
  );
  cloud(
    resource?.rdsLimitlessDbDetails?.dbShardGroupArn,
    'rds-shard-group',
    resource?.rdsLimitlessDbDetails?.dbShardGroupIdentifier,
  );
  for (const volume of resource?.ebsVolumeDetails?.scannedVolumeDetails ?? [])
    cloud(volume.volumeArn, 'volume');
  const principal = principalOf(resource?.accessKeyDetails, account, partition);
  if (principal !== undefined) found.push(principal);
  for (const member of finding.service?.detection?.sequence?.resources ?? [])
    cloud(member.uid, sequenceType(member.resourceType), member.name);
  return found;
}

const TYPE_OF_AFFECTED: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'iam-role',
  'AWS::IAM::User': 'iam-user',
  'AWS::EC2::Instance': 'ec2-instance',
  'AWS::S3::Bucket': 's3-bucket',
  'AWS::CloudTrail::Trail': 'cloudtrail-trail',
};

/** What the observed API call changed, for a finding that names no resource of its own. */
function affectedResources(raw: JsonObject, account: string | undefined): readonly ResourceDescription[] {
  const affected = asObject(
    at(raw, 'service', 'action', 'awsApiCallAction', 'affectedResources') ??
      at(raw, 'Service', 'Action', 'AwsApiCallAction', 'AffectedResources'),
  );
  return Object.entries(affected ?? {}).flatMap(([kind, arn]) =>
    typeof arn === 'string' && parseArn(arn) !== null && Object.hasOwn(TYPE_OF_AFFECTED, kind)
      ? [
          {
            kind: 'cloud',
            provider: 'aws',
            id: arn,
            type: TYPE_OF_AFFECTED[kind] as string,
            ...where(account, undefined),
          } as const,
        ]
      : [],
  );
}

function where(
  account: string | undefined,
  region: string | undefined,
): { readonly account?: string; readonly region?: string } {
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}

/** Whose access key or session it is. A user's path is not told, so the ARN is the one without a path. */
function principalOf(
  details: NonNullable<Finding['resource']>['accessKeyDetails'],
  account: string | undefined,
  partition: string,
): ResourceDescription | undefined {
  if (details === undefined || account === undefined) return undefined;
  const { userName, userType } = details;
  if (userType === 'Root') return { kind: 'account', provider: 'aws', account };
  if (userName === undefined) return undefined;
  const isUser = userType === 'IAMUser';
  const isRole = userType === 'AssumedRole' || userType === 'Role';
  if (!isUser && !isRole) return undefined;
  const id = `arn:${partition}:iam::${account}:${isUser ? 'user' : 'role'}/${userName}`;
  return {
    kind: 'cloud',
    provider: 'aws',
    id,
    type: isUser ? 'iam-user' : 'iam-role',
    name: userName,
    account,
  };
}

/** GuardDuty writes the plural in lower case (`deployments`); Kubernetes the kind and its group. */
const KUBERNETES_KINDS: Readonly<Record<string, readonly [kind: string, group: string]>> = {
  pods: ['Pod', ''],
  deployments: ['Deployment', 'apps'],
  daemonsets: ['DaemonSet', 'apps'],
  statefulsets: ['StatefulSet', 'apps'],
  replicasets: ['ReplicaSet', 'apps'],
  jobs: ['Job', 'batch'],
  cronjobs: ['CronJob', 'batch'],
};

function kubernetesKind(type: string): readonly [kind: string, group: string] {
  const lower = type.toLowerCase();
  const plural = lower.endsWith('s') ? lower : `${lower}s`;
  return Object.hasOwn(KUBERNETES_KINDS, plural)
    ? (KUBERNETES_KINDS[plural] as readonly [string, string])
    : [type, ''];
}

function sequenceType(resourceType: string | undefined): string {
  switch (resourceType) {
    case 'EC2_INSTANCE':
      return 'ec2-instance';
    case 'S3_BUCKET':
      return 's3-bucket';
    case 'EKS_CLUSTER':
      return 'eks-cluster';
    case 'ACCESS_KEY':
      return 'access-key';
    case 'LAMBDA':
      return 'lambda-function';
    default:
      return 'aws-resource';
  }
}

/** True for an object that only GuardDuty writes; the Security Hub form of the same finding has a product. */
export function isGuardDutyFinding(value: unknown): boolean {
  const object = asObject(value);
  if (object === undefined) return false;
  const finding = respell(
    {
      schemaVersion: 'text',
      type: 'text',
      productArn: 'text',
      service: { detectorId: 'text', serviceName: 'text' },
    },
    object,
  );
  if (finding['productArn'] !== undefined || typeof finding['type'] !== 'string') return false;
  const service = asObject(finding['service']);
  return typeof service?.['detectorId'] === 'string' || service?.['serviceName'] === 'guardduty';
}
