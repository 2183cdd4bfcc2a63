import type { Instant } from '#base/instant.ts';
import { asText, asTexts, type JsonObject } from '#base/json-value.ts';
import { addToList } from '#base/list-map.ts';
import type { WorkloadIdentity } from '#domain/privilege/cloud-identity.ts';
import { workloadFacts } from '#domain/resource/facts/kubernetes-facts.ts';
import type { EstateResource, InventoryRisks } from '#domain/risk/estate.ts';
import type { Connection } from '../database.ts';

interface IdentityRow {
  readonly key: string;
  readonly name: string;
  readonly facts: JsonObject;
  readonly seen_at: Instant;
  readonly source_id: string;
  readonly privileged_access: InventoryRisks['privilegedAccess'];
  readonly privilege: InventoryRisks['privilege'];
}

const IDENTITY_COLUMNS = 'key, name, facts, seen_at, source_id, privileged_access, privilege';

/**
 * Whom Google Cloud and Azure take the service accounts of a cluster for, by `namespace/name`: what policies call the
 * workloads of the project that its nodes are in, and identities of Azure that service accounts name and whose federated
 * credentials trust them (attack-paths §4.12).
 */
export async function workloadIdentitiesOf(
  connection: Connection,
  shard: bigint,
  estate: string,
  resources: readonly EstateResource[],
): Promise<ReadonlyMap<string, readonly WorkloadIdentity[]>> {
  const found = new Map<string, WorkloadIdentity[]>();
  for (const project of projectsOf(estate, resources))
    for (const row of await membersOf(connection, shard, project)) {
      const [, namespace, name] = /\[([^/\]]+)\/([^/\]]+)\]$/.exec(row.name) ?? [];
      if (namespace !== undefined)
        addToList(found, `${namespace}/${name}`, identityOf(row, 'Google Cloud', null));
    }
  for (const [account, clients] of clientsOf(resources))
    for (const row of await trustingIdentities(connection, shard, account, clients))
      addToList(found, account, identityOf(row, 'Azure', row.client));
  return found;
}

/** Of the accounts of Google Cloud that service accounts name those whose policies were told, by their addresses. */
export async function toldAccounts(
  connection: Connection,
  shard: bigint,
  resources: readonly EstateResource[],
): Promise<ReadonlySet<string>> {
  const named = new Set(
    resources.flatMap(({ type, facts }) =>
      type === 'service-account'
        ? asTexts(facts['cloudIdentities']).filter((each) => each.endsWith('.gserviceaccount.com'))
        : [],
    ),
  );
  if (named.size === 0) return new Set();
  const result = await connection.query<{ email: string }>(
    `select facts ->> 'email' as email from resource
     where shard = $1 and type = 'gcp-service-account' and gone_at is null and facts ->> 'email' = any($2::text[]) and privilege ->> 'level' <> 'unknown'`,
    [shard, [...named]],
  );
  return new Set(result.rows.map(({ email }) => email));
}

/** Clusters of which service accounts may be somebody in a cloud that was judged anew. */
export async function clustersOfWorkloads(
  connection: Connection,
  shard: bigint,
  evaluated: readonly string[],
): Promise<readonly string[]> {
  const isInGoogle = evaluated.some((estate) => estate.startsWith('gcp:'));
  const isInAzure = evaluated.some((estate) => estate.startsWith('azure:'));
  if (!isInGoogle && !isInAzure) return [];
  const result = await connection.query<{ estate: string }>(
    `select distinct estate from resource where shard = $1 and estate like 'k8s:%' and gone_at is null and (
       $2 and type = 'service-account' and estate like 'k8s:gke\\_%'
       or $2 and type = 'node' and facts ->> 'providerId' like 'gce://%'
       or $3 and type = 'service-account' and jsonb_array_length(facts -> 'cloudIdentities') > 0) order by estate`,
    [shard, isInGoogle, isInAzure],
  );
  return result.rows.map(({ estate }) => estate);
}

/** The projects whose pool of workloads a cluster belongs to: by the name that Google gives its context, or by its nodes. */
function projectsOf(estate: string, resources: readonly EstateResource[]): ReadonlySet<string> {
  const named = /^k8s:gke_([^_]+)_/.exec(estate)?.[1];
  const nodes = resources.flatMap(({ type, facts }) =>
    type === 'node' ? (/^gce:\/\/([^/]+)\//.exec(asText(facts['providerId']) ?? '')?.[1] ?? []) : [],
  );
  return new Set(named === undefined ? nodes : [named]);
}

async function membersOf(
  connection: Connection,
  shard: bigint,
  project: string,
): Promise<readonly IdentityRow[]> {
  const result = await connection.query<IdentityRow>(
    `select ${IDENTITY_COLUMNS} from resource
     where shard = $1 and type = 'gcp-workload-identity' and facts is not null and gone_at is null and starts_with(name, $2) order by key`,
    [shard, `${project}.svc.id.goog[`],
  );
  return result.rows;
}

/** Ids of clients of Azure that service accounts name, of those that some workload uses as Azure's webhook asks for. */
function clientsOf(resources: readonly EstateResource[]): ReadonlyMap<string, readonly string[]> {
  const using = new Set(
    resources.flatMap(({ type, facts }) => {
      if (type !== 'workload' && type !== 'pod') return [];
      const { namespace, serviceAccount, podLabels } = workloadFacts(facts);
      return podLabels['azure.workload.identity/use'] === 'true' ? [`${namespace}/${serviceAccount}`] : [];
    }),
  );
  return new Map(
    resources.flatMap(({ type, facts }): [string, string[]][] => {
      if (type !== 'service-account') return [];
      const account = `${asText(facts['namespace'])}/${asText(facts['name'])}`;
      const clients = asTexts(facts['cloudIdentities']).filter((each) => /^[0-9a-f-]{36}$/i.test(each));
      return using.has(account) && clients.length > 0
        ? [[account, clients.map((each) => each.toLowerCase())]]
        : [];
    }),
  );
}

async function trustingIdentities(
  connection: Connection,
  shard: bigint,
  account: string,
  clients: readonly string[],
): Promise<readonly (IdentityRow & { readonly client: string })[]> {
  const subject = `system:serviceaccount:${account.replace('/', ':')}`;
  const result = await connection.query<IdentityRow & { readonly client: string }>(
    `select ${IDENTITY_COLUMNS}, lower(facts ->> 'clientId') as client from resource as identity
     where shard = $1 and type = 'azure-managed-identity' and facts is not null and gone_at is null
       and lower(facts ->> 'clientId') = any($2::text[])
       and exists (select from resource as credential where credential.shard = identity.shard
         and credential.type = 'azure-federated-credential' and credential.gone_at is null
         and credential.facts ->> 'subject' = $3 and starts_with(credential.key, identity.key || '/'))
     order by key`,
    [shard, clients, subject],
  );
  return result.rows;
}

function identityOf(
  row: IdentityRow,
  cloud: WorkloadIdentity['cloud'],
  client: string | null,
): WorkloadIdentity {
  return {
    key: row.key,
    name: row.name,
    cloud,
    client,
    privilege: row.privilege,
    missing: row.privileged_access.missing,
    provenance: row.source_id,
    at: row.seen_at,
  };
}
