import type { Instant } from '#base/instant.ts';
import { asObject, asText, asTexts, type JsonObject } from '#base/json-value.ts';
import { addToList } from '#base/list-map.ts';
import { leftBySession } from '#domain/privilege/aws/session-policy.ts';
import {
  type AssociatedRole,
  type CloudIdentities,
  type CloudIdentity,
  UNTOLD_ROLE,
} from '#domain/privilege/cloud-identity.ts';
import { POD_IDENTITY_ASSOCIATION } from '#domain/resource/facts/aws-container-facts.ts';
import { IAM_ROLE } from '#domain/resource/facts/aws-identity-facts.ts';
import { readFacts } from '#domain/resource/facts/fact-shape.ts';
import type { EstateResource, InventoryRisks } from '#domain/risk/estate.ts';
import type { Connection } from '../database.ts';
import { clusterName } from './cluster-name.ts';
import { toldAccounts, workloadIdentitiesOf } from './workload-identities.ts';

/** What pods of a cluster may be in clouds, as the evaluations of those found it last. */
export async function identitiesOfCluster(
  connection: Connection,
  shard: bigint,
  estate: string,
  resources: readonly EstateResource[],
): Promise<CloudIdentities> {
  const associated = await associationsOf(connection, shard, clusterName(estate));
  const arns = new Set([
    ...resources.flatMap(({ type, facts }) =>
      type === 'service-account' ? asTexts(facts['cloudIdentities']) : [],
    ),
    ...[...associated.values()].flatMap((given) => given.map(({ arn }) => arn)),
  ]);
  const keys = [...arns].filter((arn) => arn.startsWith('arn:aws')).map((arn) => `aws:${arn}`);
  return {
    roles: keys.length === 0 ? new Map() : await rolesByArn(connection, shard, keys),
    associated,
    others: await workloadIdentitiesOf(connection, shard, estate, resources),
    told: await toldAccounts(connection, shard, resources),
  };
}

interface RoleRow {
  readonly key: string;
  readonly facts: JsonObject;
  readonly seen_at: Instant;
  readonly source_id: string;
  readonly privileged_access: InventoryRisks['privilegedAccess'];
  readonly privilege: InventoryRisks['privilege'];
}

async function rolesByArn(
  connection: Connection,
  shard: bigint,
  keys: readonly string[],
): Promise<ReadonlyMap<string, CloudIdentity>> {
  const result = await connection.query<RoleRow>(
    `select key, facts, seen_at, source_id, privileged_access, privilege from resource
     where shard = $1 and key = any($2::text[]) and type = 'iam-role' and facts is not null and gone_at is null`,
    [shard, keys],
  );
  return new Map(
    result.rows.map(({ key, facts, seen_at, source_id, privileged_access, privilege }) => [
      key.slice('aws:'.length),
      {
        privilege,
        missing: privileged_access.missing,
        trust: readFacts(IAM_ROLE, facts).AssumeRolePolicyDocument ?? null,
        provenance: source_id,
        at: seen_at,
      },
    ]),
  );
}

interface AssociationRow {
  readonly estate: string;
  readonly region: string | null;
  readonly facts: JsonObject;
}

/** The roles that EKS gives to service accounts; of equal names of clusters nobody knows which one this is. */
async function associationsOf(
  connection: Connection,
  shard: bigint,
  cluster: string,
): Promise<CloudIdentities['associated']> {
  const result = await connection.query<AssociationRow>(
    `select estate, region, case type when 'resource-part' then facts -> 'Facts' else facts end as facts from resource
     where shard = $1 and estate like 'aws:%' and gone_at is null and
       (type = 'eks-pod-identity-association' and facts ->> 'clusterName' = $2
         or type = 'resource-part' and facts ->> 'OfType' = 'eks-pod-identity-association' and facts -> 'Facts' ->> 'clusterName' = $2
           and not exists (select from resource as whole where whole.shard = resource.shard and whole.key = 'aws:' || (resource.facts ->> 'Of') and whole.gone_at is not null))
     order by key`,
    [shard, cluster],
  );
  const places = new Set(
    result.rows.map(({ facts }) => asText(facts['associationArn'])?.split(':').slice(3, 5).join(':')),
  );
  const found = new Map<string, (AssociatedRole & { readonly left: ReturnType<typeof leftBySession> })[]>();
  for (const row of result.rows) {
    const facts = readFacts(POD_IDENTITY_ASSOCIATION, asObject(row.facts));
    const { namespace, serviceAccount, roleArn, targetRoleArn, policy } = facts;
    if (namespace === undefined || serviceAccount === undefined) continue;
    const left = policy === undefined ? 'all' : leftBySession(policy);
    addToList(found, `${namespace}/${serviceAccount}`, {
      left,
      arn: places.size > 1 ? UNTOLD_ROLE : (targetRoleArn ?? roleArn ?? UNTOLD_ROLE),
      isThroughAnother: targetRoleArn !== undefined,
      isNarrowed: left === 'some',
    });
  }
  // A list says that there is a role, its description which one, and a session policy may leave nothing of it.
  return new Map(
    [...found].map(([account, roles]) => {
      const told = roles.filter(({ arn }) => arn !== UNTOLD_ROLE);
      return [account, told.length > 0 ? told.filter(({ left }) => left !== 'none') : roles];
    }),
  );
}

/** Clusters of which a service account acts as a role of one of these accounts, or as one that is judged otherwise now. */
export async function clustersOfIdentities(
  connection: Connection,
  shard: bigint,
  accounts: readonly string[],
  rewritten: readonly string[],
): Promise<readonly string[]> {
  const ids = new Set(accounts.map((estate) => estate.slice('aws:'.length)));
  const roles = new Set(
    rewritten.flatMap((key) => (key.includes(':role/') ? [key.slice('aws:'.length)] : [])),
  );
  const touches = (arn: string | undefined): boolean =>
    arn !== undefined && (roles.has(arn) || ids.has(arn.split(':')[4] ?? ''));
  const annotated = await connection.query<{ estate: string; identities: readonly string[] }>(
    `select estate, facts -> 'cloudIdentities' as identities from resource
     where shard = $1 and type = 'service-account' and estate like 'k8s:%' and gone_at is null and jsonb_array_length(facts -> 'cloudIdentities') > 0`,
    [shard],
  );
  const found = new Set(
    annotated.rows.flatMap(({ estate, identities }) => (asTexts(identities).some(touches) ? [estate] : [])),
  );
  const associated = await connection.query<{ estate: string; cluster: string; role: string | null }>(
    `select estate, facts ->> 'clusterName' as cluster, null as role from resource
       where shard = $1 and type = 'eks-pod-identity-association' and facts ->> 'clusterName' is not null
     union all select estate, facts -> 'Facts' ->> 'clusterName', coalesce(facts -> 'Facts' ->> 'targetRoleArn', facts -> 'Facts' ->> 'roleArn') from resource
       where shard = $1 and type = 'resource-part' and facts ->> 'OfType' = 'eks-pod-identity-association' and facts -> 'Facts' ->> 'clusterName' is not null`,
    [shard],
  );
  const names = new Set(
    associated.rows.flatMap(({ estate, cluster, role }) =>
      ids.has(estate.slice('aws:'.length)) || touches(role ?? undefined) ? [cluster] : [],
    ),
  );
  if (names.size === 0) return [...found];
  const clusters = await connection.query<{ estate: string }>(
    `select distinct estate from resource where shard = $1 and estate like 'k8s:%' and type = 'service-account' and gone_at is null`,
    [shard],
  );
  for (const { estate } of clusters.rows) if (names.has(clusterName(estate))) found.add(estate);
  return [...found].sort();
}
