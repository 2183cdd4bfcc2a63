import { isHostName } from './alias-text.ts';
import { partitionOfRegion } from './aws-region.ts';
import type { CloudObjectDescription } from './resource-description.ts';

/**
 * A store of data that a report knows by its address alone. `name` is what an inventory knows of it: of Azure the end of its
 * id behind the provider (`microsoft.storage/storageaccounts/acme`), of any other a host name.
 */
export interface NamedStore {
  readonly kind: 'named-store';
  readonly name: string;
}

/** A store that an address leads to. */
export interface AddressedStore {
  readonly store: NamedStore | CloudObjectDescription;
  /** The address is that of the store itself, and not of something in it. */
  readonly isWhole: boolean;
}

const ADDRESS_MAX = 4_096;
const NAME_MAX = 300;

/** Services of Azure that hold data: their hosts begin with a name that is nobody else's (attack-paths §1.1, alias table). */
const AZURE: readonly {
  /** The name is its first group, for storage the service its second. */
  readonly host: RegExp;
  /** Types of which one bears the name. */
  readonly types: readonly string[];
  /** What the beginning of the path names within it, as the end of an id; null where it names nothing. */
  readonly part: (path: readonly string[], service: string | undefined) => string | null;
}[] = [
  {
    host: /^([a-z0-9]{3,24})(?:\.z\d{1,2})?(?:\.(blob|dfs|file|queue|table|web))?\.(?:core\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)|storage\.azure\.net)$/,
    types: ['microsoft.storage/storageaccounts'],
    part: ([container], service) =>
      container !== undefined && (service === 'blob' || service === 'dfs')
        ? `blobservices/default/containers/${container}`
        : null,
  },
  {
    host: /^([a-z0-9-]{1,63})\.database\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)$/,
    types: ['microsoft.sql/servers'],
    part: ([database]) => (database === undefined ? null : `databases/${database}`),
  },
  {
    host: /^([a-z0-9-]{1,50}?)(?:-ondemand)?\.sql\.azuresynapse\.(?:net|usgovcloudapi\.net|azure\.cn)$/,
    types: ['microsoft.synapse/workspaces'],
    part: ([pool]) => (pool === undefined ? null : `sqlpools/${pool}`),
  },
  {
    host: /^([a-z0-9-]{3,50})\.(?:documents\.azure\.(?:com|cn|us)|(?:mongo|cassandra|gremlin|table)\.cosmos\.azure\.(?:com|cn|us))$/,
    types: ['microsoft.documentdb/databaseaccounts'],
    part: ([dbs, database]) => (dbs === 'dbs' && database !== undefined ? `sqldatabases/${database}` : null),
  },
  ...[
    ['postgresql', 'postgres'],
    ['mysql', 'mysql'],
    ['mariadb', 'mariadb'],
  ].map(([engine, word]) => ({
    host: new RegExp(
      `^([a-z0-9-]{3,63})\\.${word}\\.database\\.(?:azure\\.com|chinacloudapi\\.cn|usgovcloudapi\\.net)$`,
    ),
    types: [`microsoft.dbfor${engine}/servers`, `microsoft.dbfor${engine}/flexibleservers`],
    part: ([database]: readonly string[]) => (database === undefined ? null : `databases/${database}`),
  })),
];

/**
 * The store that an address leads to, as narrow as it tells: `https://acme.blob.core.windows.net/exports/a.csv` is in the container of a
 * storage account. Empty for what is no address of a store: other texts, bare addresses of networks, hosts that many have. Of a
 * service of which two types bear such names (servers of PostgreSQL) both are named; one of them exists.
 */
export function storesOfAddress(address: string): readonly AddressedStore[] {
  const parsed = parseAddress(address);
  if (parsed === null) return [];
  const bucket = bucketOf(parsed);
  if (bucket !== null) return [bucket];
  const { scheme, host, path } = parsed;
  for (const service of AZURE) {
    const [, name, kind] = service.host.exec(host) ?? [];
    if (name === undefined) continue;
    const part = service.part(path, kind)?.toLowerCase();
    const depth = part === undefined ? 0 : path[0] === 'dbs' ? 2 : 1;
    return service.types.map((type) =>
      named(part === undefined ? `${type}/${name}` : `${type}/${name}/${part}`, path.length === depth),
    );
  }
  // A host of the web may serve anything; a database is a store.
  const isStore = isHostName(host) && host.split('.').length > 2 && !/^https?$/.test(scheme);
  return isStore ? [named(host, path.length === 0)] : [];
}

/**
 * The name under which a resource of Azure is known by its address; null for others. Such a name is one store's alone: where two
 * resources bear it, one of them is where the store was before it moved.
 */
export function storeNameOfKey(key: string): string | null {
  return /^azure:\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/(.+)$/.exec(key)?.[1] ?? null;
}

const TYPES = new Set(AZURE.flatMap(({ types }) => types));

/** Whether a name that an id of Azure ends in is one that addresses lead to, or within one. */
export function isStoreName(name: string): boolean {
  return TYPES.has(name.split('/', 2).join('/'));
}

/** The account, server or workspace of Azure that a name is within; the name itself where it is of none. */
export function wholeOfStore(name: string): string {
  return name.split('/', 3).join('/');
}

function named(name: string, isWhole: boolean): AddressedStore {
  return { store: { kind: 'named-store', name: name.slice(0, NAME_MAX) }, isWhole };
}

interface Address {
  readonly scheme: string;
  readonly host: string;
  /** Its segments; empty for the store itself. */
  readonly path: readonly string[];
}

function parseAddress(address: string): Address | null {
  if (address.length > ADDRESS_MAX) return null;
  const [, scheme, authority, rest = ''] =
    /^([a-z][a-z0-9+.-]{0,30}):\/\/([^/?#\s]{1,300})([^?#]*)/i.exec(address.trim()) ?? [];
  if (scheme === undefined || authority === undefined) return null;
  const host = authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(/[:,]\d{1,5}$/, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const path = rest
    .split('/')
    .map((segment) => segment.trim())
    .filter((segment) => segment !== '');
  return /^[a-z0-9._-]+$/.test(host) ? { scheme: scheme.toLowerCase(), host, path } : null;
}

const BUCKET = /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/;
const S3 = /^(?:(.+)\.)?s3[.-](?:dualstack\.)?(?:([a-z0-9-]+)\.)?amazonaws\.com(?:\.cn)?$/;

/** Buckets have ids that follow from their names. */
function bucketOf({ scheme, host, path }: Address): AddressedStore | null {
  if (/^s3[an]?$/.test(scheme)) return s3Bucket(host, undefined, path);
  const isGoogle = host === 'storage.googleapis.com' || host === 'storage.cloud.google.com';
  if (scheme === 'gs') return googleBucket(host, path);
  if (isGoogle) return path[0] === undefined ? null : googleBucket(path[0], path.slice(1));
  const [isS3, bucket, region] = S3.exec(host) ?? [];
  if (isS3 === undefined) return null;
  if (bucket !== undefined) return s3Bucket(bucket, region, path);
  return path[0] === undefined ? null : s3Bucket(path[0], region, path.slice(1));
}

function s3Bucket(name: string, region: string | undefined, path: readonly string[]): AddressedStore | null {
  if (!BUCKET.test(name)) return null;
  const id = `arn:${partitionOfRegion(region)}:s3:::${name}`;
  return {
    store: { kind: 'cloud', provider: 'aws', id, type: 's3-bucket', name },
    isWhole: path.length === 0,
  };
}

function googleBucket(name: string, path: readonly string[]): AddressedStore | null {
  if (!BUCKET.test(name)) return null;
  const id = `//storage.googleapis.com/${name}`;
  return { store: { kind: 'cloud', provider: 'gcp', id, name }, isWhole: path.length === 0 };
}
