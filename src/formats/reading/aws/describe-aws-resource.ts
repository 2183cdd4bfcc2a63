import { asObject, asObjects, asText, asTexts, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { partitionOfRegion } from '#domain/resource/aws-region.ts';
import { trimFacts } from '#domain/resource/facts/fact-shape.ts';
import type { CloudObjectDescription } from '#domain/resource/resource-description.ts';
import { accountOfAccessKey } from './access-key-account.ts';
import { AWS_KINDS, type AwsKind, type AwsKindName, isGlobal } from './aws-kinds.ts';
import { accountNumber, parseArn, readAllTags, regionOfZone } from './aws-names.ts';

/** Where a description comes from as far as its surroundings tell: flags, the envelope around it. */
export interface AwsPlace {
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/**
 * One resource out of its description in the AWS API's spelling; undefined when it names no id.
 * Account and region come from its ARN, its owner and its zone, else from `place`. Without them the
 * id stays bare: nothing is invented.
 */
export function describeAwsResource(
  type: AwsKindName,
  raw: JsonObject,
  place: AwsPlace,
): ResourceObservation | undefined {
  const kind: AwsKind = AWS_KINDS[type];
  const arnText = kind.arn === null ? undefined : asText(raw[kind.arn]);
  const arn = parseArn(arnText);
  const bare = asText(raw[kind.id]) ?? (arn === null ? undefined : lastPart(arn.resource));
  if (bare === undefined || bare.length > 2_048) return undefined;

  const account =
    accountNumber(arn?.account) ??
    accountNumber(raw['OwnerId']) ??
    accountNumber(raw['registryId']) ??
    accountNumber(raw['AccountId']) ??
    accountNumber(raw['AWSAccountId']) ??
    place.account ??
    (type === 'iam-access-key' ? accountOfAccessKey(bare) : undefined);
  const region = isGlobal(type)
    ? asText(raw['BucketRegion'])
    : (nonEmpty(arn?.region) ?? regionOf(raw) ?? place.region);
  const id = arn === null ? (spellArn(kind, bare, account, region) ?? bare) : (arnText as string);
  const whole = WITHOUT_TAGS_WHERE_NONE[type];
  const tags = readAllTags(
    raw['Tags'] ??
      raw['tags'] ??
      raw['TagList'] ??
      raw['TagSet'] ??
      (whole !== undefined && raw[whole] !== undefined ? [] : undefined),
  );
  const name =
    (kind.name === null ? undefined : asText(raw[kind.name])) ??
    tags?.['Name'] ??
    (arn !== null && bare === arnText ? lastPart(arn.resource) : bare);

  const resource: CloudObjectDescription = {
    kind: 'cloud',
    provider: 'aws',
    id,
    type,
    name,
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  };
  const aliases = aliasesOf(raw, id, bare);
  return {
    kind: 'resource',
    resource,
    type,
    name,
    account,
    region,
    ...(tags === undefined ? {} : { tags }),
    facts: factsOf(kind, raw, bare),
    ...(aliases.length === 0 ? {} : { aliases }),
  };
}

/** What is described without anything that is kept of its kind is there all the same; without a fact it would be a mention. */
function factsOf(kind: AwsKind, raw: JsonObject, id: string): JsonObject {
  const facts = trimFacts(kind.shape, raw);
  return Object.keys(facts).length > 0 ? facts : { [kind.id]: id };
}

/** EC2 leaves tags out where there are none: by a member that no whole description lacks. */
const WITHOUT_TAGS_WHERE_NONE: Partial<Record<AwsKindName, string>> = {
  'ec2-instance': 'NetworkInterfaces',
  'security-group': 'IpPermissions',
  vpc: 'CidrBlock',
  subnet: 'CidrBlock',
  'route-table': 'Routes',
  'network-acl': 'Entries',
};

/** The ARN of a kind by its pattern; undefined while a part of it is not known. */
function spellArn(
  kind: AwsKind,
  id: string,
  account: string | undefined,
  region: string | undefined,
): string | undefined {
  if (kind.pattern === null) return undefined;
  const { service, prefix, holds } = kind.pattern;
  const partition = partitionOfRegion(region);
  const rest = `${prefix}${id}`;
  switch (holds) {
    case 'neither':
      return `arn:${partition}:${service}:::${rest}`;
    case 'account':
      return account === undefined ? undefined : `arn:${partition}:${service}::${account}:${rest}`;
    case 'region':
      return region === undefined ? undefined : `arn:${partition}:${service}:${region}::${rest}`;
    case 'account-and-region':
      return account === undefined || region === undefined
        ? undefined
        : `arn:${partition}:${service}:${region}:${account}:${rest}`;
  }
}

function regionOf(raw: JsonObject): string | undefined {
  return (
    regionOfZone(raw['AvailabilityZone']) ??
    regionOfZone(asObject(raw['Placement'])?.['AvailabilityZone']) ??
    regionOfZone(asObjects(raw['AvailabilityZones'])[0]?.['ZoneName'])
  );
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** `instance/i-1` and `db:orders` end in the bare id. */
function lastPart(resource: string): string {
  return resource.slice(Math.max(resource.lastIndexOf('/'), resource.lastIndexOf(':')) + 1);
}

const EXACT = 1;
const UNIQUE_NAME = 0.9;
const ADDRESS = 0.6;

/** Members with another spelling of the resource, and how sure a match by it is (design: attack paths, node identity). */
const ALIAS_MEMBERS: readonly (readonly [member: string, confidence: number])[] = [
  ['UserId', EXACT],
  ['RoleId', EXACT],
  ['GroupId', EXACT],
  ['PolicyId', EXACT],
  ['repositoryUri', EXACT],
  ['QueueUrl', EXACT],
  ['DNSName', UNIQUE_NAME],
  ['PublicDnsName', ADDRESS],
  ['PrivateDnsName', ADDRESS],
  ['PublicIpAddress', ADDRESS],
  ['PrivateIpAddress', ADDRESS],
  ['PublicIp', ADDRESS],
];

function aliasesOf(raw: JsonObject, id: string, bare: string): { text: string; confidence: number }[] {
  const found = new Map<string, number>();
  const add = (text: unknown, confidence: number): void => {
    if (typeof text !== 'string' || text === '' || text === id || text.length > 2_048) return;
    found.set(text, Math.max(found.get(text) ?? 0, confidence));
  };
  // A bare name (a bucket, a function, a user) is unique for its type only; an id with a prefix of AWS is everywhere.
  add(bare, /^[a-z]{1,8}-[0-9a-f]{8,17}$/.test(bare) ? EXACT : UNIQUE_NAME);
  for (const [member, confidence] of ALIAS_MEMBERS) add(raw[member], confidence);
  if (/\.cloudfront\.net$/.test(asText(raw['DomainName']) ?? '')) {
    add(raw['DomainName'], UNIQUE_NAME);
    for (const name of asTexts(asObject(raw['Aliases'])?.['Items'])) add(name, UNIQUE_NAME);
  }
  const endpoint = asObject(raw['Endpoint']);
  if (endpoint !== undefined) add(endpoint['Address'], UNIQUE_NAME);
  for (const nic of [raw, ...asObjects(raw['NetworkInterfaces'])]) {
    for (const address of asObjects(nic['PrivateIpAddresses'])) {
      add(address['PrivateIpAddress'], ADDRESS);
      add(asObject(address['Association'])?.['PublicIp'], ADDRESS);
    }
    add(asObject(nic['Association'])?.['PublicIp'], ADDRESS);
    for (const address of asObjects(nic['Ipv6Addresses'])) add(address['Ipv6Address'], ADDRESS);
  }
  return [...found].map(([text, confidence]) => ({ text, confidence }));
}
