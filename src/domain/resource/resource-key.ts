import { compareBytes } from '#base/compare.ts';
import { boundedKey } from '#base/digest.ts';
import { oneLine } from '#base/text.ts';
import { onDockerHub, parseImageName } from './image-name.ts';
import type {
  CloudObjectDescription,
  ImageDescription,
  ResourceDescription,
} from './resource-description.ts';

/** A resource under its one spelling. */
export interface ResourceIdentity {
  /** Canonical key: equal for equal resources, whatever scanner names them. */
  readonly key: string;
  /** `image`, `repository`, `artifact`, `cloud`, `account`, `kubernetes`, `cluster`, `host`, `endpoint`. */
  readonly kind: ResourceDescription['kind'];
  /** For people. */
  readonly name: string;
}

/** What stands in where a report names too little: absent and relative names of two sources never meet. */
export interface Naming {
  readonly sourceId: string;
  /** `--scope cluster=`: a person's word about which cluster this is. */
  readonly cluster: string | null;
  /** `--scope repository=`. */
  readonly repository: string | null;
  /** `--scope artifact=`. */
  readonly artifact: string | null;
}

/** Gives a resource its one spelling (design: identity, resource; attack-paths, node identity). */
export function identifyResource(description: ResourceDescription, naming: Naming): ResourceIdentity {
  const { key, kind, name } = spellResource(description, naming);
  return { key: boundedKey(key), kind, name: oneLine(name, NAME_MAX) };
}

const NAME_MAX = 500;

function spellResource(description: ResourceDescription, naming: Naming): ResourceIdentity {
  switch (description.kind) {
    case 'image':
      return identifyImage(description, naming);
    case 'repository': {
      const name = description.name ?? naming.repository;
      const spelled = name === null ? null : repositoryName(name);
      return {
        kind: 'repository',
        key: spelled === null ? `repo:@${naming.sourceId}` : `repo:${spelled}`,
        name: spelled ?? `code of ${naming.sourceId}`,
      };
    }
    case 'artifact': {
      const name = description.name ?? naming.artifact;
      // Files without a name of their own are those of the repository that somebody named.
      if (name === null && naming.repository !== null)
        return spellResource({ kind: 'repository', name: null }, naming);
      if (name === null)
        return { kind: 'artifact', key: `artifact:@${naming.sourceId}`, name: `files of ${naming.sourceId}` };
      // A path on somebody's disk says nothing to another source; a package name does.
      const everywhere = name.startsWith('pkg:') || naming.artifact !== null;
      return {
        kind: 'artifact',
        key: everywhere ? `artifact:${name}` : `artifact:@${naming.sourceId}/${name}`,
        name,
      };
    }
    case 'cloud':
      return identifyCloudObject(description, naming);
    case 'account': {
      const region = description.region ?? '';
      return {
        kind: 'account',
        key: `${description.provider}:account/${description.account}/${region}`,
        name: region === '' ? description.account : `${description.account} ${region}`,
      };
    }
    case 'kubernetes': {
      const cluster = clusterKey(description.cluster, naming);
      const { group, objectKind, namespace, name } = description;
      return {
        kind: 'kubernetes',
        key: `k8s:${cluster}/${group}/${objectKind}/${namespace}/${name}`,
        name: `${objectKind} ${namespace === '' ? name : `${namespace}/${name}`}`,
      };
    }
    case 'cluster': {
      const cluster = clusterKey(description.cluster, naming);
      return {
        kind: 'cluster',
        key: `k8s:${cluster}`,
        name: naming.cluster ?? description.cluster ?? `cluster of ${naming.sourceId}`,
      };
    }
    case 'host':
      return identifyHost(description.name, description.instanceId, naming);
    case 'endpoint':
      return identifyEndpoint(description.url);
  }
}

function identifyImage(description: ImageDescription, naming: Naming): ResourceIdentity {
  // Of several names the one that the scan was asked for, else the smallest, in whatever order they are listed.
  const candidates = [description.reference, ...(description.tags ?? []).toSorted(compareBytes)];
  const named =
    candidates.map((reference) => parseImageName(reference)).find((name) => name !== null) ?? null;
  if (named === null) {
    const name = description.reference;
    return { kind: 'image', key: `image:@${naming.sourceId}/${name}`, name };
  }
  if (named.registry !== null) {
    const path = `${named.registry}/${named.repository}`;
    return { kind: 'image', key: `image:${path}`, name: path };
  }
  if (description.inRegistry === true) {
    const path = `docker.io/${onDockerHub(named.repository)}`;
    return { kind: 'image', key: `image:${path}`, name: path };
  }
  return { kind: 'image', key: `image:@${naming.sourceId}/${named.repository}`, name: named.repository };
}

/**
 * `git@github.com:Acme/Shop.git` and `https://github.com/acme/shop` are `github.com/acme/shop`. Who logs in is no part of the
 * name, nor is any of his password, which ends at the last `@` before the path; where no password can stand, `@` may
 * be a part of the path.
 */
export function repositoryName(address: string): string {
  return address
    .trim()
    .replace(/^git\+/, '')
    .replace(/^(?:[a-z][a-z0-9+.-]*:\/\/|(?=[^@:/]*:[^@/]*@))[^/]*@/i, '')
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/^[^@/]+@/, '')
    .replace(/^([^/:]+):(?!\d+\/)/, '$1/')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/i, '')
    .toLowerCase();
}

const CLUSTER_UID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A person's word, an ARN, a UID or a cloud's resource id name a cluster everywhere; any other name only within its source. */
export function clusterKey(reported: string | null, naming: Naming): string {
  if (naming.cluster !== null) return naming.cluster;
  if (reported === null) return `@${naming.sourceId}`;
  if (
    reported.startsWith('arn:') ||
    reported.startsWith('//') ||
    CLUSTER_UID.test(reported) ||
    /^\/subscriptions\//i.test(reported)
  )
    return reported;
  return `@${naming.sourceId}:${reported}`;
}

function identifyCloudObject(description: CloudObjectDescription, naming: Naming): ResourceIdentity {
  const { provider, id } = description;
  const name = description.name ?? id;
  // An address in a state is the key of what the cloud has not named yet.
  if (id.startsWith('terraform:')) return { kind: 'cloud', key: id, name };
  if (id.startsWith('arn:')) {
    const ecr = parseImageName(id);
    if (ecr !== null && ecr.registry !== null && id.includes(':ecr:') && ecr.digest !== null) {
      return {
        kind: 'image',
        key: `image:${ecr.registry}/${ecr.repository}`,
        name: `${ecr.registry}/${ecr.repository}`,
      };
    }
    const arn = canonicalArn(id);
    return { kind: 'cloud', key: `aws:${arn}`, name: description.name ?? shortArn(arn) };
  }
  if (provider === 'azure') return { kind: 'cloud', key: `azure:${id.toLowerCase()}`, name };
  if (provider === 'gcp') return { kind: 'cloud', key: `gcp:${id}`, name };
  const { account, region = '', type = '' } = description;
  if (account === undefined)
    return { kind: 'cloud', key: `${provider}:@${naming.sourceId}/${region}/${type}/${id}`, name };
  return { kind: 'cloud', key: `${provider}:${account}/${region}/${type}/${id}`, name };
}

/**
 * Partition, service and region in lower case; no version of a function; no account in images, snapshots and APIs; a
 * scaling group by its name, which its instances tell and its id changes under.
 */
function canonicalArn(arn: string): string {
  const parts = arn.split(':');
  if (parts.length < 6) return arn;
  const [, partition = '', service = '', region = '', account = ''] = parts;
  const lowerService = service.toLowerCase();
  let rest = parts.slice(5).join(':');
  let owner = account;
  if (lowerService === 'lambda') rest = rest.replace(/^(function:[^:]+):(?:\$LATEST|\d+)$/, '$1');
  if (lowerService === 'ec2' && /^(?:image\/ami|snapshot\/snap)-/.test(rest)) owner = '';
  if (lowerService === 'apigateway') owner = '';
  if (lowerService === 'autoscaling')
    rest = rest.replace(/^autoScalingGroup:[^:]*:(?=autoScalingGroupName\/)/, 'autoScalingGroup::');
  return ['arn', partition.toLowerCase(), lowerService, region.toLowerCase(), owner, rest].join(':');
}

function shortArn(arn: string): string {
  const [, , service = '', , , ...rest] = arn.split(':');
  return `${service}:${rest.join(':')}`;
}

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]+)$/i;

function identifyHost(name: string, instanceId: string | undefined, naming: Naming): ResourceIdentity {
  if (instanceId !== undefined) return { kind: 'host', key: `host:${instanceId}`, name };
  const lower = name.toLowerCase();
  // An address or a bare host name is many machines' name; only a full one is told apart everywhere.
  const everywhere =
    lower.includes('.') && !ADDRESS.test(lower) && !lower.endsWith('.local') && !lower.endsWith('.internal');
  return { kind: 'host', key: everywhere ? `host:${lower}` : `host:@${naming.sourceId}/${lower}`, name };
}

/**
 * A machine of which nothing is known but its address, as one network sees it: the same address seen from two networks is
 * that of two machines (attack-paths §1.1). `network` names the provider, the account and the place of the network.
 */
export function identifyAddressIn(network: string, address: string): ResourceIdentity {
  return {
    kind: 'host',
    key: boundedKey(`host:${network}/${address}`),
    name: oneLine(`${address} behind ${network.slice(network.lastIndexOf('/') + 1)}`, NAME_MAX),
  };
}

/** An endpoint by scheme, host and port. */
export function identifyEndpoint(url: string): ResourceIdentity {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null) return { kind: 'endpoint', key: `endpoint:${url}`, name: url };
  const port =
    parsed.port || (parsed.protocol === 'https:' ? '443' : parsed.protocol === 'http:' ? '80' : '');
  const key = `${parsed.protocol}//${parsed.hostname}:${port}`;
  return { kind: 'endpoint', key: `endpoint:${key}`, name: key };
}
